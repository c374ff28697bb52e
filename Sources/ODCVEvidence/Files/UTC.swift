import Glibc

/// Wall time for people and for names.
enum UTC {
  /// - Parameter wall: ns since 1970
  /// - Returns: as `20261123T162131Z`
  static func text(_ wall: Int64) -> String {
    var seconds = time_t(wall / 1_000_000_000)
    var date = tm()
    gmtime_r(&seconds, &date)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return digits(date.tm_year + 1900, 4) + digits(date.tm_mon + 1, 2) + digits(date.tm_mday, 2) + "T"
      + digits(date.tm_hour, 2) + digits(date.tm_min, 2) + digits(date.tm_sec, 2) + "Z"
  }
}
