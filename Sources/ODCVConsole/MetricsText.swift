/// Metrics as Prometheus and OpenMetrics scrape them from a file (text exposition format 0.0.4).
public struct MetricsText {
  public private(set) var text = ""
  private let labels: String

  /// - Parameter robot: the label of every sample
  public init(robot: String) { labels = "robot=\"\(robot)\"" }

  /// Begins a metric; its samples follow.
  public mutating func metric(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  /// - Parameter also: a further label, name and value
  public mutating func sample(_ name: String, _ value: String, also: (name: String, value: String)? = nil) {
    let more = also.map { ",\($0.name)=\"\($0.value)\"" } ?? ""
    text += "\(name){\(labels)\(more)} \(value)\n"
  }

  public mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
    metric(name, "counter", help)
    sample(name, "\(value)")
  }

  public mutating func gauge(_ name: String, _ help: String, _ value: Double) {
    metric(name, "gauge", help)
    sample(name, "\(value)")
  }

  /// In seconds, with a bucket for each octave.
  public mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
    metric(name, "histogram", help)
    var seen: UInt64 = 0
    for bucket in 0..<Histogram.buckets {
      seen &+= histogram[bucket]
      guard bucket % 8 == 7 else { continue }
      sample("\(name)_bucket", "\(seen)", also: ("le", "\(Double(Histogram.upperBound(bucket) + 1) * 1e-9)"))
    }
    sample("\(name)_bucket", "\(seen)", also: ("le", "+Inf"))
    sample("\(name)_sum", "\(Double(histogram.sum) * 1e-9)")
    sample("\(name)_count", "\(seen)")
  }
}
