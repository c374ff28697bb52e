#if canImport(Glibc)
  import Glibc
#endif

/// A small feed-forward network: one hidden layer of tanh units, linear outputs.
public struct PolicyNetwork: Sendable, Equatable {
  public let inputs: Int
  public let hidden: Int
  public let outputs: Int
  /// Hidden weights with their biases, row by row, then the outputs'.
  public var weights: [Double]

  public static func count(inputs: Int, hidden: Int, outputs: Int) -> Int {
    hidden * (inputs + 1) + outputs * (hidden + 1)
  }

  /// - Returns: `nil` when the weights are not as many as the layers need.
  public init?(inputs: Int, hidden: Int, outputs: Int, weights: [Double]) {
    guard weights.count == Self.count(inputs: inputs, hidden: hidden, outputs: outputs) else { return nil }
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.weights = weights
  }

  public func evaluate(_ x: [Double]) -> [Double] {
    precondition(x.count == inputs)
    var place = 0
    func layer(_ x: [Double], _ units: Int, _ unit: (Double) -> Double) -> [Double] {
      (0..<units).map { _ in
        var sum = weights[place + x.count]
        for i in x.indices { sum += weights[place + i] * x[i] }
        place += x.count + 1
        return unit(sum)
      }
    }
    let middle = layer(x, hidden) { tanh($0) }
    return layer(middle, outputs) { $0 }
  }
}
