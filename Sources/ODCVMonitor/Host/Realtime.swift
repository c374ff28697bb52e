import CLinux
import Glibc
import ODCVConfig

/// What the host gave. `refused` holds one plain sentence for each thing that it did not.
struct RealtimeGrant: Sendable {
  var scheduled = false
  var core: Int?
  var locked = false
  /// The loop asks for messages without end.
  var isBusy = false
  /// ZeroMQ's threads may run on the loop's core, at its priority: they have their turn when the loop sleeps or yields.
  var sharesCore = false
  var refused: [String] = []

  /// One plain line for a person.
  var summary: String {
    var parts: [String] = []
    if scheduled { parts.append("SCHED_FIFO") }
    if let core { parts.append("core \(core)") }
    if locked { parts.append("memory locked") }
    if isBusy { parts.append("busy") }
    let granted = parts.isEmpty ? "none" : parts.joined(separator: ", ")
    return refused.isEmpty ? granted : "\(granted); not granted: \(refused.joined(separator: "; "))"
  }
}

enum Realtime {
  /// Prepares the calling thread, which must already own every socket: libzmq's threads inherit priority and core of
  /// the thread that makes the first socket, and behind a FIFO thread on the same core they would never run.
  ///
  /// - Parameter loopCores: of all loops of this process: ZeroMQ's threads keep off them
  static func enter(_ plan: RealtimeSettings, loopCores: [Int]) -> RealtimeGrant {
    var grant = RealtimeGrant()
    guard plan.mode != .off else { return grant }
    lockMemory(&grant)
    prefaultStack()
    let allowed = allowedCores()
    pin(plan, allowed, &grant)
    raiseTransport(plan, allowed, loopCores, &grant)
    schedule(plan, &grant)
    if plan.receive == .busy { reserve(plan, &grant) }
    return grant
  }

  /// A loop that never sleeps starves whatever else runs on its core: only a core that the kernel keeps free is fit for it.
  private static func reserve(_ plan: RealtimeSettings, _ grant: inout RealtimeGrant) {
    let reserved = cores(in: readSmallFile("/sys/devices/system/cpu/isolated"))
    guard let core = grant.core else {
      return grant.refused.append("`receive: busy` (the loop is not pinned to its core)")
    }
    guard reserved.contains(core) else {
      return grant.refused.append(
        "`receive: busy` (core \(core) is not reserved: isolate it with the kernel's isolcpus=\(core); messages are waited for instead)")
    }
    grant.isBusy = true
  }

  /// `0,2-4` as the kernel writes lists of cores.
  static func cores(in list: String) -> [Int] {
    list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).flatMap { part -> [Int] in
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first, let from = first, let to = ends.last ?? from, ends.count <= 2, from <= to else { return [] }
      return Array(from...to)
    }
  }

  /// What the host would grant now, tried on a thread of its own that ends at once.
  static func probe(priority: Int) -> RealtimeGrant {
    let box = ResultBox<RealtimeGrant>()
    let thread = LoopThread(name: "odcv-probe") {
      var grant = RealtimeGrant()
      schedule(RealtimeSettings(mode: .auto, core: nil, priority: priority), &grant)
      if let reason = memoryLockObstacle() { grant.refused.append(reason) } else { grant.locked = true }
      box.value = grant
    }
    thread.join()
    return box.value ?? RealtimeGrant()
  }

  private static func schedule(_ plan: RealtimeSettings, _ grant: inout RealtimeGrant) {
    var parameters = sched_param()
    parameters.sched_priority = Int32(plan.priority)
    if sched_setscheduler(0, SCHED_FIFO, &parameters) == 0 {
      grant.scheduled = true
    } else {
      grant.refused.append("SCHED_FIFO \(plan.priority) (\(errorText()); allow it with LimitRTPRIO or CAP_SYS_NICE)")
    }
  }

  private static func lockMemory(_ grant: inout RealtimeGrant) {
    if let obstacle = memoryLockObstacle() {
      grant.refused.append(obstacle)
    } else if mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE)) == 0 {
      grant.locked = true
    } else {
      grant.refused.append("locked memory (\(errorText()); allow it with LimitMEMLOCK=infinity)")
    }
  }

  /// Under a finite limit, memory asked for after the lock is refused and ends the process, so it isn't tried.
  private static func memoryLockObstacle() -> String? {
    let limit = clinux_lockable_bytes()
    let capable = effectiveCapabilities().map { $0 & (1 << 14) != 0 } ?? false
    return limit == .max || capable
      ? nil : "locked memory (limit is \(limit / 1024) KiB; allow it with LimitMEMLOCK=infinity)"
  }

  private static func pin(_ plan: RealtimeSettings, _ allowed: [Int], _ grant: inout RealtimeGrant) {
    guard let core = plan.core else { return }
    guard allowed.contains(core) else {
      grant.refused.append("core \(core) (allowed: \(allowed.map(String.init).joined(separator: ",")))")
      return
    }
    if setAffinity(0, [core]) {
      grant.core = core
    } else {
      grant.refused.append("core \(core) (\(errorText()))")
    }
  }

  /// libzmq's I/O threads get the cores that no loop has and a priority above the loop, or they starve behind whatever else is there.
  /// Where they may share a core with it they get its own: above it, each message that it sends would stop it until it is gone. Done
  /// from outside because libzmq aborts the process when its own option for this is refused.
  private static func raiseTransport(
    _ plan: RealtimeSettings, _ allowed: [Int], _ loopCores: [Int], _ grant: inout RealtimeGrant
  ) {
    let others = allowed.filter { !loopCores.contains($0) }
    grant.sharesCore = others.isEmpty || grant.core == nil
    for thread in threads(named: "ZMQbg") {
      if !others.isEmpty { _ = setAffinity(thread, others) }
      var parameters = sched_param()
      parameters.sched_priority = Int32(grant.sharesCore ? plan.priority : min(plan.priority + 1, 99))
      if sched_setscheduler(thread, SCHED_FIFO, &parameters) != 0 {
        let refusal = "SCHED_FIFO for the transport's threads (\(errorText()))"
        if !grant.refused.contains(refusal) { grant.refused.append(refusal) }
      }
    }
  }

  private static func threads(named prefix: String) -> [pid_t] {
    guard let directory = opendir("/proc/self/task") else { return [] }
    defer { closedir(directory) }
    var found: [pid_t] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { cString($0) }
      guard let thread = pid_t(name) else { continue }
      if readSmallFile("/proc/self/task/\(thread)/comm").hasPrefix(prefix) { found.append(thread) }
    }
    return found
  }

  private static func allowedCores() -> [Int] {
    var cores: UInt64 = 0
    guard clinux_get_cores(0, &cores) == 0 else { return [] }
    return (0..<64).filter { cores & (1 << UInt64($0)) != 0 }
  }

  private static func setAffinity(_ thread: pid_t, _ cores: [Int]) -> Bool {
    clinux_set_cores(thread, cores.reduce(0) { $0 | 1 << UInt64($1) }) == 0
  }

  private static func effectiveCapabilities() -> UInt64? {
    let status = readSmallFile("/proc/self/status")
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }) else { return nil }
    return UInt64(line.dropFirst(7).filter { !$0.isWhitespace }, radix: 16)
  }

  /// Touches half a megabyte of stack, so that the loop's deepest call meets no page fault.
  private static func prefaultStack() {
    _ = touch(pages: 128)
  }

  @inline(never)
  private static func touch(pages: Int) -> Int {
    var page = InlineArray<4096, UInt8>(repeating: UInt8(truncatingIfNeeded: pages))
    page[pages % 4096] = 1
    guard pages > 0 else { return Int(page[0]) }
    return touch(pages: pages - 1) + Int(page[pages % 4096])
  }
}
