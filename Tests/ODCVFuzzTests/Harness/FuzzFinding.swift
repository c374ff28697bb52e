/// Something that must never happen, and did.
struct FuzzFinding: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

/// Bugs of ours that the harness pretends to meet: a fuzzer that can't find them finds nothing.
enum Plant: String, CaseIterable {
  /// The code under test stops at a command that says which row of a chunk it is; of messages alone, at joint 1 beyond 0.5 rad.
  case trap
  /// The gate lets through what was refused.
  case refused
  /// A command is judged on a state that does not state what a cell declares: here, that nothing is grasped.
  case incomplete
  /// A verdict hangs on something beside its inputs.
  case difference
  /// A state whose gripper is wide open takes 20 ms.
  case hang
  /// A chunk whose verdict came late is not kept.
  case late
}
