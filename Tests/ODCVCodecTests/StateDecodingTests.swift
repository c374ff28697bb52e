import ODCVCodec
import ODCVCore
import ODCVWire
import Testing

@Suite struct StateDecodingTests {
  private func input(_ change: (inout StateMessage) -> Void) throws -> Input {
    var message = Good.state
    change(&message)
    return try decode(message, as: .state, on: .state)
  }

  private func state(_ change: (inout StateMessage) -> Void) throws -> State {
    guard case .state(let state) = try input(change) else {
      Issue.record("refused")
      throw CancellationError()
    }
    return state
  }

  @Test func positionsAndVelocitiesArriveInOrder() throws {
    let state = try state { _ in }
    #expect(state.position == JointVector(Good.ready))
    #expect(state.velocity.values == [0.1, 0, 0, 0, 0, 0, 0])
    #expect(state.sequence == Sequence(stream: 3, number: 41, boot: 77))
    #expect(state.externalEffort.isAbsent && state.externalForce == nil)
  }

  @Test func everyRequiredFieldIsMissedWhenAbsent() throws {
    #expect(try input { $0.header = nil }.reason == .missingField)
    #expect(try input { $0.header?.sequence = nil }.reason == .missingField)
    #expect(try input { $0.position = [] }.reason == .missingField)
    #expect(try input { $0.velocity = [] }.reason == .missingField)
  }

  @Test func wrongLengthsAndNumbersAreRefused() throws {
    #expect(try input { $0.position.removeLast() }.reason == .wrongLength)
    #expect(try input { $0.velocity.append(0) }.reason == .wrongLength)
    #expect(try input { $0.externalEffort = [1, 2] }.reason == .wrongLength)
    #expect(try input { $0.wrench = [1, 2] }.reason == .wrongLength)
    #expect(try input { $0.position[3] = .nan }.reason == .nonFinite)
    #expect(try input { $0.velocity[6] = .infinity }.reason == .nonFinite)
    #expect(try input { $0.externalEffort = [0, 0, 0, .nan, 0, 0, 0] }.reason == .nonFinite)
    #expect(try input { $0.wrench = [0, .nan, 0, 0, 0, 0] }.reason == .nonFinite)
    // Finite as it is written, its force is not.
    #expect(try input { $0.wrench = [0, 0, 1e300] }.reason == .nonFinite)
    let contact = StateMessage.Contact(link: "panda_hand", other: "part", normalForce: .nan)
    #expect(try input { $0.contacts = [contact] }.reason == .nonFinite)
    #expect(try input { $0.header?.robotID = "ur5e" }.reason == .wrongRobot)
  }

  @Test func anAbsentContactListIsNotAnEmptyOne() throws {
    #expect(try state { $0.contactComplete = true }.contacts?.count == 0)
    #expect(try state { $0.contactComplete = nil }.contacts == nil)
    #expect(try state { $0.contactComplete = false }.contacts == nil)
  }

  @Test func anUnexpectedContactCountsEvenInAnIncompleteList() throws {
    let unexpected = StateMessage.Contact(link: "panda_link5", other: "post", normalForce: 12)
    let expected = StateMessage.Contact(link: "panda_hand", other: "part", normalForce: 5)
    #expect(try state { ($0.contacts, $0.contactComplete) = ([unexpected], nil) }.contacts?.count == 1)
    #expect(try state { ($0.contacts, $0.contactComplete) = ([expected], nil) }.contacts == nil)
    #expect(try state { ($0.contacts, $0.contactComplete) = ([expected], true) }.contacts?.count == 1)
  }

  /// Which way a force is counted is the driver's own: a press of either sign is one.
  @Test func aContactsForceIsTakenByItsMagnitude() throws {
    let pressed = StateMessage.Contact(link: "panda_link5", other: "person", normalForce: -80)
    #expect(try state { ($0.contacts, $0.contactComplete) = ([pressed], true) }.contacts?[0].force == 80)
  }

  @Test func contactsAreMatchedToDeclaredPairsByBothNames() throws {
    let contacts: [StateMessage.Contact] = [
      .init(link: "panda_hand", other: "part", normalForce: 5), .init(link: "panda_hand", other: "person"),
      .init(link: "panda_link5", other: "part"), .init(link: "sleeve", other: "part"), .init(),
    ]
    let state = try state { $0.contacts = contacts }
    let list = try #require(state.contacts)
    #expect(list.count == 5)
    #expect(list[0].expected == 0 && list[0].force == 5 && list[0].link != nil)
    for index in 1..<5 { #expect(list[index].expected == nil && list[index].force == nil) }
    #expect(list[3].link == nil && list[4].link == nil)
  }

  @Test func moreContactsThanTheCoreHoldsAreRefusedNotCut() throws {
    let contact = StateMessage.Contact(link: "panda_hand", other: "part")
    #expect(try state { $0.contacts = Array(repeating: contact, count: 16) }.contacts?.count == 16)
    #expect(try input { $0.contacts = Array(repeating: contact, count: 17) }.reason == .oversized)
  }

  @Test func theExternalForceIsItsMagnitude() throws {
    #expect(try state { $0.wrench = [3, 0, -4, 9, 9, 9] }.externalForce == 5)
    #expect(try state { $0.wrench = [3, 0, -4] }.externalForce == 5)
  }

  @Test func effortsAreTakenWholeOrNotAtAll() throws {
    #expect(try state { $0.effort = [1, 2, 3, 4, 5, 6, 7] }.effort == JointVector([1, 2, 3, 4, 5, 6, 7]))
    #expect(try state { $0.effort = [] }.effort.isAbsent)
    #expect(try input { $0.effort = Array(repeating: .nan, count: 7) }.reason == .nonFinite)
    #expect(try input { $0.effort = [1, 2] }.reason == .wrongLength)
  }
}
