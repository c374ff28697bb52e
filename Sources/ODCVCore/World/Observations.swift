/// Joint positions of the last states by their number, for chunks that name the one that they were computed from.
struct Observations: ~Copyable, Sendable {
  private let positions = Lanes<JointVector.Row>(repeating: JointVector.Row(repeating: 0), count: Capacity.observations)
  /// 0: none.
  private let numbers = Lanes<UInt64>(repeating: 0, count: Capacity.observations)
  private var boot: UInt64?
  private var joints: Int?

  mutating func add(_ state: State) {
    guard let number = state.sequence.number, number > 0 else { return }
    if state.sequence.boot != boot {
      boot = state.sequence.boot
      removeAll()
    }
    let place = Int(number % UInt64(Capacity.observations))
    joints = state.position.count
    numbers[place] = number
    positions[place] = state.position.row
  }

  mutating func removeAll() { for place in 0..<Capacity.observations { numbers[place] = 0 } }

  /// `nil` when there was no such state, or when it is too long ago.
  subscript(_ number: UInt64) -> JointVector? {
    let place = Int(number % UInt64(Capacity.observations))
    guard number > 0, numbers[place] == number, let joints else { return nil }
    return JointVector(row: positions[place], count: joints)
  }
}
