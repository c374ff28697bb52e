import ODCVEvidence

extension Excerpts {
  /// Why a recording of excerpts is no whole recording.
  func words(leftOut: UInt64) -> String {
    "only what surrounds violations was kept (\(Words.rounded(Double(before) * 1e-9)) s before, \(Words.rounded(Double(after) * 1e-9)) s after): "
      + "\(leftOut) inputs between were not, nor what the monitor knew when each excerpt begins; it shows nothing of the rest"
  }
}
