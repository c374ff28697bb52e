/// Saves the records of a cut or damaged segment that can be read, each with its bytes unchanged, in a new file.
public enum SegmentSalvage {
  public struct Report: Sendable, Equatable {
    public var records = 0
    /// Bytes that are no record.
    public var losses: [Loss] = []
  }

  public struct Loss: Sendable, Equatable, CustomStringConvertible {
    public var offset: Int
    public var bytes: Int

    public var description: String { "\(bytes) bytes from offset \(offset) are no record" }
  }

  /// - Parameter target: must not exist yet
  public static func recover(from path: String, to target: String) throws(EvidenceError) -> Report {
    let bytes = try System.readWhole(path)
    let scan = SegmentScan(bytes, keepingUnfinished: true)
    if let version = scan.foreignVersion {
      throw EvidenceError(
        "\(path): written in form `\(Character(UnicodeScalar(version)))` of the log, and this program reads form `1`: use the "
          + "odcv that wrote it")
    }
    var report = Report()
    var saved = LogRecord.magic
    var end = LogRecord.magic.count
    for entry in scan.entries {
      switch entry {
      case .damage(let offset, let length, _):
        report.losses.append(Loss(offset: offset, bytes: length))
        end = offset + length
      case .record(let record, let offset, _, _):
        let length = LogRecord.headerSize + record.payload.count
        saved += bytes[offset..<offset + length]
        report.records += 1
        end = offset + length
      }
    }
    if scan.cut > 0 { report.losses.append(Loss(offset: end, bytes: max(0, scan.end + scan.cut - end))) }
    guard report.records > 0 else {
      throw EvidenceError("\(path): there is no record of a violation log in its \(bytes.count) bytes; nothing was written")
    }
    let file = try System.create(target)
    try System.writeAll(file, saved, target)
    let code = System.synchronizeData(file.raw)
    guard code == 0 else { throw System.failure("make it durable", target, code) }
    return report
  }
}
