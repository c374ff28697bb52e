import Glibc
import TestSupport

@testable import ODCVEvidence

/// A disk in memory that forgets, at a crash, what it was not made to keep.
///
/// Every call that changes something is a step. A plan says at which step the machine stops, or what that call answers
/// instead of working. What was written and not synced may then be there in part: any of its sectors, one of them torn at
/// any byte, in any order, whether or not the file's name or size is there too.
///
/// Unchecked: the tests that use it have one thread.
final class FaultyDisk: FileCalls, @unchecked Sendable {
  enum Fault: Equatable {
    /// The machine stops before the step.
    case crash
    /// The call answers with this error number, and so does every call of its kind after it when `stays`.
    case error(Int32, stays: Bool)
    /// A write takes half of the bytes and says so; any other call works.
    case short
    /// A sync says that it worked and keeps nothing: a bug, or a disk that lies.
    case unsynced
  }

  final class Inode {
    /// What a process reads.
    var visible: [UInt8] = []
    /// What is there after a crash whatever happens.
    var durable: [UInt8] = []
    var pending: [Change] = []
  }

  enum Change {
    case write(Int, [UInt8])
    case size(Int)

    func apply(to bytes: inout [UInt8]) {
      switch self {
      case .write(let offset, let data):
        if bytes.count < offset + data.count { bytes += [UInt8](repeating: 0, count: offset + data.count - bytes.count) }
        bytes.replaceSubrange(offset..<offset + data.count, with: data)
      case .size(let size):
        if bytes.count > size { bytes.removeLast(bytes.count - size) }
        bytes += [UInt8](repeating: 0, count: size - bytes.count)
      }
    }
  }

  private struct NameChange {
    var name: String
    /// `nil`: the name is gone.
    var inode: Inode?
  }

  private var names: [String: Inode] = [:]
  private var durableNames: [String: Inode] = [:]
  private var pendingNames: [NameChange] = []
  private var open: [Int32: Inode] = [:]
  private var nextDescriptor: Int32 = 100
  private(set) var step = 0
  private(set) var hasCrashed = false
  private var broken: [String: Int32] = [:]
  private let faultStep: Int
  private let fault: Fault
  private var random: SeededGenerator
  static let sector = 512

  init(_ fault: Fault = .short, at step: Int = .max, seed: UInt64 = 1) {
    self.fault = fault
    faultStep = step
    random = SeededGenerator(seed: seed)
  }

  // MARK: - After a crash

  /// What a power cut at this moment leaves, one of the many ways it may; how much by `luck`, 0 to 4.
  func afterPowerCut(luck: Int, _ fault: Fault = .short, at step: Int = .max, seed: UInt64) -> FaultyDisk {
    let disk = FaultyDisk(fault, at: step, seed: seed &* 31 &+ 7)
    var random = SeededGenerator(seed: seed)
    var kept = durableNames
    for change in pendingNames where Self.survives(luck, &random) { kept[change.name] = change.inode }
    for (name, inode) in kept {
      let copy = Inode()
      copy.durable = Self.surviving(inode, luck, &random)
      copy.visible = copy.durable
      disk.names[name] = copy
      disk.durableNames[name] = copy
    }
    return disk
  }

  /// What a process that was killed leaves: everything that it wrote, none of it safer than before.
  func afterKill(_ fault: Fault = .short, at step: Int = .max, seed: UInt64) -> FaultyDisk {
    let disk = FaultyDisk(fault, at: step, seed: seed)
    (disk.names, disk.durableNames, disk.pendingNames) = (names, durableNames, pendingNames)
    return disk
  }

  private static func survives(_ luck: Int, _ random: inout SeededGenerator) -> Bool {
    switch luck {
    case 0: false
    case 1: true
    case 2: random.next() % 8 == 0
    case 3: random.next() % 8 != 0
    default: random.next() % 2 == 0
    }
  }

  private static func surviving(_ inode: Inode, _ luck: Int, _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = inode.durable
    for change in inode.pending {
      switch change {
      case .size: if survives(luck, &random) { change.apply(to: &bytes) }
      case .write(let offset, let data):
        var start = 0
        while start < data.count {
          let end = min(data.count, (offset + start) / sector * sector + sector - offset)
          if survives(luck, &random) {
            // Now and then the power goes while the sector is written.
            let torn = luck > 1 && random.next() % 8 == 0 ? start + Int(random.next() % UInt64(end - start + 1)) : end
            Change.write(offset + start, Array(data[start..<torn])).apply(to: &bytes)
          }
          start = end
        }
      }
    }
    return bytes
  }

  // MARK: - Calls

  /// An answer that the plan has for this step instead of the call's own.
  private func fails(_ kind: String) -> Int32? {
    if hasCrashed { return EIO }
    defer { step += 1 }
    if let code = broken[kind] { return code }
    guard step == faultStep else { return nil }
    switch fault {
    case .crash:
      hasCrashed = true
      return EIO
    case .error(let code, let stays):
      if stays { broken[kind] = code }
      return code
    case .short, .unsynced: return nil
    }
  }

  private var isFaulty: Bool { step - 1 == faultStep }

  func create(_ path: String, isSecret: Bool) -> Int32 {
    if let code = fails("create") { return -code }
    guard names[path] == nil else { return -EEXIST }
    let inode = Inode()
    names[path] = inode
    pendingNames.append(NameChange(name: path, inode: inode))
    return descriptor(inode)
  }

  func open(_ path: String) -> Int32 {
    guard let inode = names[path] else { return -ENOENT }
    return descriptor(inode)
  }

  private func descriptor(_ inode: Inode) -> Int32 {
    nextDescriptor += 1
    open[nextDescriptor] = inode
    return nextDescriptor
  }

  func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: UInt64) -> Int {
    if let code = fails("write") { return -Int(code) }
    let count = isFaulty && fault == .short ? (bytes.count + 1) / 2 : bytes.count
    change(file, .write(Int(offset), Array(bytes[..<count])))
    return count
  }

  func reserve(_ file: Int32, _ bytes: UInt64) -> Int32 {
    if let code = fails("reserve") { return -code }
    change(file, .size(Int(bytes)))
    return 0
  }

  func truncate(_ file: Int32, to bytes: UInt64) -> Int32 {
    if let code = fails("truncate") { return -code }
    change(file, .size(Int(bytes)))
    return 0
  }

  private func change(_ file: Int32, _ change: Change) {
    guard let inode = open[file] else { preconditionFailure("a closed file") }
    change.apply(to: &inode.visible)
    inode.pending.append(change)
  }

  func synchronize(_ file: Int32) -> Int32 {
    let code = fails("synchronize")
    guard let inode = open[file] else { preconditionFailure("a closed file") }
    if let code {
      // The kernel has tried: some of it is there, none of it is tried again, and a process still reads all of it.
      if !hasCrashed {
        inode.durable = Self.surviving(inode, 4, &random)
        inode.pending.removeAll()
      }
      return -code
    }
    if fault == .unsynced, faultStep <= step - 1 { return 0 }
    // Only what is waiting: what a failed sync dropped is not tried again.
    for change in inode.pending { change.apply(to: &inode.durable) }
    inode.pending.removeAll()
    return 0
  }

  func synchronizeDirectory(_ path: String) -> Int32 {
    if let code = fails("synchronizeDirectory") { return -code }
    for change in pendingNames where Self.directory(change.name) == path { durableNames[change.name] = change.inode }
    pendingNames.removeAll { Self.directory($0.name) == path }
    return 0
  }

  func rename(_ path: String, to new: String) -> Int32 {
    if let code = fails("rename") { return -code }
    guard let inode = names.removeValue(forKey: path) else { return -ENOENT }
    names[new] = inode
    pendingNames += [NameChange(name: path, inode: nil), NameChange(name: new, inode: inode)]
    return 0
  }

  func renameNew(_ path: String, to new: String) -> Int32 { names[new] == nil ? rename(path, to: new) : -EEXIST }

  func place(_ file: Int32, _ path: String) -> FilePlace {
    guard let named = names[path] else { return .gone }
    return open[file] === named ? .own : .another
  }

  func remove(_ path: String) -> Int32 {
    if let code = fails("remove") { return -code }
    guard names.removeValue(forKey: path) != nil else { return -ENOENT }
    pendingNames.append(NameChange(name: path, inode: nil))
    return 0
  }

  func close(_ file: Int32) { open[file] = nil }

  func list(_ directory: String) throws(EvidenceError) -> [String] {
    names.keys.filter { Self.directory($0) == directory }.map { String($0.dropFirst(directory.count + 1)) }.sorted()
  }

  func readWhole(_ path: String) throws(EvidenceError) -> [UInt8] {
    guard let inode = names[path] else { throw System.failure("open it", path, ENOENT) }
    return inode.visible
  }

  func exists(_ path: String) -> Bool { names[path] != nil }

  func lockDirectory(_ path: String) throws(EvidenceError) -> Int32 { 1 }

  private static func directory(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// Puts a file there as it were before all that a test does.
  func place(_ path: String, _ bytes: [UInt8]) {
    let inode = Inode()
    inode.visible = bytes
    inode.durable = bytes
    names[path] = inode
    durableNames[path] = inode
  }
}
