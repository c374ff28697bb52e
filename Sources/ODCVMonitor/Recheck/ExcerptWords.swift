import ODCVEvidence

extension Excerpts {
  /// Why a recording of excerpts is no whole recording.
  func words(leftOut: UInt64) -> String {
    let (before, after) = (Words.rounded(Double(before) * 1e-9), Words.rounded(Double(after) * 1e-9))
    return "only what surrounds violations was kept (\(before) s before, \(after) s after): "
      + "\(leftOut) inputs between were not, nor what the monitor knew when each excerpt begins; it shows nothing of the rest"
  }
}
