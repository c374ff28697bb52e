/// One number per joint, in the robot's joint order: rad and rad/s for revolute joints, m and m/s for prismatic ones.
///
/// Holds at most `Capacity.joints` values inline, so that copying one never allocates.
public struct JointVector: Sendable {
  public private(set) var count: Int
  private var storage: Row
  private let place = InPlace.always

  /// All the places of a vector, those beyond its count zero.
  typealias Row = InlineArray<32, Double>

  /// `count` zeros.
  public init(count: Int) {
    precondition(count >= 0 && count <= Capacity.joints)
    self.count = count
    storage = Row(repeating: 0)
  }

  public init(_ values: some Collection<Double>) {
    self.init(count: values.count)
    var index = 0
    for value in values {
      self[index] = value
      index += 1
    }
  }

  /// The first `count` of these.
  init(row: Row, count: Int) {
    precondition(count >= 0 && count <= Capacity.joints)
    self.count = count
    storage = row
  }

  /// All numbers at once; those beyond `count` are zero.
  var row: Row { storage }

  /// Nothing stated: the array was absent from its message.
  public static var absent: JointVector { JointVector(count: 0) }

  public var isAbsent: Bool { count == 0 }

  @inline(__always)
  public subscript(_ joint: Int) -> Double {
    get {
      precondition(joint < count)
      return storage[unchecked: joint & 31]
    }
    set {
      precondition(joint < count)
      storage[unchecked: joint & 31] = newValue
    }
  }

  /// Every value is a finite number.
  public var isFinite: Bool {
    for joint in 0..<count where !self[joint].isFinite { return false }
    return true
  }

  public var values: [Double] { (0..<count).map { self[$0] } }
}

extension JointVector: Equatable {
  public static func == (a: Self, b: Self) -> Bool {
    guard a.count == b.count else { return false }
    for joint in 0..<a.count where a[joint] != b[joint] { return false }
    return true
  }
}
