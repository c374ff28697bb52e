import ODCVEvidence
import ODCVResults

extension ResultFile.Kind {
  static let json = Self(startingWith: "{\"recordings\":")
  static let svg = Self(startingWith: "<svg xmlns=")
  static let baseline = Self(startingWith: Baseline.header)
  /// Behind the first one's length.
  static let verdicts = Self(startingWith: "ODCV", at: 4)
}

/// The file that an option names; `nil` where it names none, or standard output (`-`).
///
/// - Throws: `Stop` with 2 where it has the name of evidence, whether that is there or not.
func resultFile(_ option: String, _ path: String?, _ kind: ResultFile.Kind) throws -> ResultFile? {
  guard let path, path != "-" else { return nil }
  guard !EvidenceDirectory.isEvidenceName(path) else {
    throw Stop(.usage, "\(option): \(path) has the name of a recording or of part of a violation log: choose another file")
  }
  return ResultFile(option, path, kind)
}

extension Stop {
  init(_ error: ResultFileError) {
    switch error.reason {
    case .refused: self.init(.usage, error.description)
    case .failed: self.init(.failed, error.description)
    }
  }
}
