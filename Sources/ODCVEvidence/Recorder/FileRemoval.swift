import Synchronization

/// Removes files of recordings, one after the other, as long as that frees space.
final class FileRemoval: Sendable {
  struct Outcome: Sendable {
    /// Files that are still there.
    var kept: [RemovedFile] = []
    /// What stopped it.
    var failure: EvidenceError?
  }

  private let root: String
  private let freeBytes: @Sendable (String) -> UInt64?
  /// ns that a file system may take to give the space back: some do so with their next transaction.
  private let patience: Int64
  private let isCancelled = Atomic<Bool>(false)

  /// ns between two looks at the space
  private static let interval: Int64 = 50_000_000

  init(root: String, patience: Int64, freeBytes: @escaping @Sendable (String) -> UInt64?) {
    self.root = root
    self.patience = patience
    self.freeBytes = freeBytes
  }

  /// What is not removed yet stays.
  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  func run(_ files: [RetentionSearch.Removable]) -> Outcome {
    for (place, file) in files.enumerated() {
      guard !isCancelled.load(ordering: .relaxed) else { return Outcome(kept: files[place...].map(\.file)) }
      let run = root + "/" + file.run
      let free = freeBytes(root)
      do throws(EvidenceError) {
        try System.remove(file.name, file.status.identity, in: run)
      } catch {
        return Outcome(kept: files[place...].map(\.file), failure: error)
      }
      // Only when it is empty now: what else somebody put there stays.
      try? System.removeDirectory(run)
      guard let free, !isFreed(file.status.frees, since: free) else { continue }
      let failure = EvidenceError(
        "\(run)/\(file.name): its removal freed no space: something else holds it, such as a snapshot or a program that has it "
          + "open; nothing more is removed")
      return Outcome(kept: files[(place + 1)...].map(\.file), failure: failure)
    }
    return Outcome()
  }

  /// Others write meanwhile: what counts is how much space has come back from one look to the next.
  private func isFreed(_ bytes: UInt64, since before: UInt64) -> Bool {
    var (last, freed) = (before, UInt64(0))
    let began = System.monotonicNow()
    while true {
      let now = freeBytes(root) ?? last
      if now > last { freed += now - last }
      last = now
      if freed >= bytes / 2 || isCancelled.load(ordering: .relaxed) { return true }
      if System.monotonicNow() - began >= patience { return false }
      System.sleep(nanoseconds: Self.interval)
    }
  }
}
