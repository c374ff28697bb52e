import TestSupport
import Testing

@testable import ODCVCore

/// What becomes of parts of people from frame to frame, in numbers that are exact.
///
/// People walk 2 m/s. A camera sees 8 m to each side, 1/4 s late and to 1/8 m; a depth sensor 1/2 s late and to 1/4 m. Half a second
/// after a part was seen it is up to 1.75 m from there for the camera and up to 2.375 m for the depth sensor.
@Suite struct ClassWatchTests {
  private static let camera = Sensor(
    id: "camera", input: InputDeclaration(maxAge: 10, latency: 0.25), positionError: 0.125,
    coverage: [Box(pose: .identity, halfExtents: Vector3(8, 8, 8))])
  private static let depth = Sensor(
    id: "depth", input: InputDeclaration(maxAge: 10, latency: 0.5), positionError: 0.25, greatestSpeed: 2)

  private struct Part {
    var capsule: Capsule
    var region: BodyRegion?
    var track: UInt32 = 1
  }

  private enum Event {
    case wait(Int64)
    case people([Part], sensor: Int = 0, coverage: Bool = true, boot: UInt64 = 1)
    case obstacles([Solid], sensor: Int = 0)
    case restart
  }

  /// A ball of 1/4 m.
  private func ball(_ x: Double) -> Capsule { Capsule(a: Vector3(x, 0, 0), b: Vector3(x, 0, 0), radius: 0.25) }

  private func part(_ x: Double, _ region: BodyRegion? = nil, track: UInt32 = 1) -> Part {
    Part(capsule: ball(x), region: region, track: track)
  }

  private let half = Event.wait(500_000_000)

  private func readings(
    _ events: [Event], people: [Sensor] = [ClassWatchTests.camera], obstacles: [Sensor] = [ClassWatchTests.depth],
    up: Vector3? = nil
  ) -> [ClassWatch.Reading] {
    var world = World(
      Planar.configuration {
        if let up {
          $0.robot.dynamics = Planar.dynamics()
          $0.robot.dynamics?.gravity = -9.81 * up
        }
        $0.limits[.clearanceHuman, "human_speed_m_s"] = 2
        $0.cell.peopleSensors = people
        $0.cell.obstacleSensors = obstacles
      })
    var now = MonoInstant(nanoseconds: 1_000_000_000)
    var number: UInt64 = 0
    var readings: [ClassWatch.Reading] = []
    for event in events {
      number += 1
      switch event {
      case .wait(let nanoseconds):
        now.nanoseconds += nanoseconds
        continue
      case .restart:
        world.receive(.episode(.reset), at: now)
        number = 0
      case .people(let parts, let sensor, let coverage, let boot):
        var frame = People(sensor: sensor, sequence: Sequence(stream: 0, number: number, boot: boot), coverage: coverage)
        for part in parts {
          var person = Person(track: part.track)
          person.append(part.capsule, part.region)
          frame.append(person)
        }
        world.receive(.people(frame), at: now)
      case .obstacles(let solids, let sensor):
        var frame = Obstacles(sensor: sensor, sequence: Sequence(stream: 0, number: number, boot: 1), coverage: true)
        for solid in solids { frame.append(solid) }
        world.receive(.obstacles(frame), at: now)
      }
      readings.append(world.classes.reading)
    }
    return readings
  }

  private func last(
    _ events: [Event], people: [Sensor] = [ClassWatchTests.camera], obstacles: [Sensor] = [ClassWatchTests.depth]
  ) -> ClassWatch.Reading {
    readings(events, people: people, obstacles: obstacles).last!
  }

  private func isQuiet(_ reading: ClassWatch.Reading) -> Bool {
    reading.relabelled == 0 && reading.vanished == nil && !reading.isOverfull && reading.part == .none && reading.obstacle == .none
  }

  // MARK: - Shown again

  @Test func aPartIsShownAgainAsFarAsAPersonCanHaveCome() {
    for sign in [1.0, -1] {
      // 1.75 m between two surfaces, each 1/4 m off its middle.
      #expect(isQuiet(last([.people([part(0)]), half, .people([part(sign * 2.25, track: 7)])])))
      let farther = last([.people([part(0)]), half, .people([part(sign * 2.25.nextUp)])])
      #expect(farther.vanished == .person(track: 1, part: 0) && farther.relabelled == 0)
    }
    // At once it is only as far as both errors and the delay let it seem.
    #expect(isQuiet(last([.people([part(0)]), .people([part(1.25)])])))
    #expect(last([.people([part(0)]), .people([part(1.25.nextUp)])]).vanished != nil)
  }

  @Test func aGapLetsItComeFartherAndTheSensorsOwnDelayAndErrorCount() {
    #expect(isQuiet(last([.people([part(0)]), half, half, .people([part(3.25)])])))
    #expect(last([.people([part(0)]), half, half, .people([part(3.25.nextUp)])]).vanished != nil)
    var quick = Self.camera
    quick.input.latency = 0
    #expect(isQuiet(last([.people([part(0)]), half, .people([part(1.75)])], people: [quick])))
    #expect(last([.people([part(0)]), half, .people([part(1.75.nextUp)])], people: [quick]).vanished != nil)
    quick.positionError = 0
    #expect(isQuiet(last([.people([part(0)]), half, .people([part(1.5)])], people: [quick])))
    #expect(last([.people([part(0)]), half, .people([part(1.5.nextUp)])], people: [quick]).vanished != nil)
  }

  @Test func aPartIsOnlyOneOfItsOwnRegionOrOfNone() {
    func vanishes(_ before: BodyRegion?, _ after: BodyRegion?) -> Bool {
      last([.people([part(0, before)]), half, .people([part(0, after)])]).vanished != nil
    }
    #expect(vanishes(.hand, .forearm) && !vanishes(.hand, .hand))
    #expect(!vanishes(.hand, nil) && !vanishes(nil, .hand) && !vanishes(nil, nil))
  }

  @Test func onePartStandsForOneAlone() {
    let both = [part(0), part(0.5, track: 2)]
    #expect(isQuiet(last([.people(both), half, .people(both.reversed())])))
    #expect(last([.people(both), half, .people([part(0.5)])]).vanished == .person(track: 1, part: 0))
  }

  @Test func whatOnlyOneCanBeIsLeftToIt() {
    // The first can be both of the two that are shown, the second only the one that the first would take.
    let before = [part(0), part(-2, track: 2)]
    #expect(isQuiet(last([.people(before), half, .people([part(0), part(2)])])))
    // Along a row each gives way to the next: all four are shown 1 m farther on, and listed the other way round.
    let row = (0..<4).map { part(3 - 2 * Double($0), track: UInt32($0)) }
    #expect(isQuiet(last([.people(row), half, .people((0..<4).map { part(-2 + 2 * Double($0)) })])))
    // Three for two places: one is left over, once.
    let three = (0..<3).map { part(0, track: UInt32($0)) }
    #expect(last([.people(three), half, .people(Array(three.prefix(2)))]).vanished == .person(track: 2, part: 0))
  }

  @Test func whatIsLeftOverIsWhatHasNoneNearIt() {
    // An arm of which nobody says what is what, listed the other way round without its second part.
    let arm = [0.0, 0.5, 1, 1.5].map { part($0, track: UInt32($0 * 2)) }
    for left in arm.indices {
      let rest = arm.indices.filter { $0 != left }.map { part(Double($0) * 0.5 + 0.0625) }
      #expect(last([.people(arm), half, .people(rest)]).vanished == .person(track: UInt32(left), part: 0))
      #expect(last([.people(arm), half, .people(rest.reversed())]).vanished == .person(track: UInt32(left), part: 0))
    }
  }

  @Test func whoMayHaveLeftTakesNobodysPlace() {
    // The first stands at the edge, the second 2 m inside, and there is one where the first was.
    #expect(isQuiet(last([.people([part(6), part(4, track: 2)]), half, .people([part(6)])])))
    // Missing for longer, it is let go as well.
    #expect(isQuiet(last([.people([part(4)]), half, .people([]), .wait(2_000_000_000), .people([])])))
    // Those who stay are followed, whatever their places in the frame before.
    let three = [part(7), part(0, track: 2), part(7, track: 3), part(-4, track: 4)]
    let after = last([.people(three), half, .people([part(0)]), half, .people([])])
    #expect(after.vanished == .person(track: 1, part: 0))
    #expect(last([.people(three), half, .people([part(0)])]).vanished == .person(track: 4, part: 0))
  }

  @Test func whoWasShownLastGoesBeforeWhoIsMissing() {
    // The first is missing for two frames; the second is too far to be it, until one part may be either.
    let events: [Event] = [
      .people([part(0)]), half, .people([]), half, .people([part(4, track: 2)]), half, .people([part(4, track: 3)]),
    ]
    #expect(last(events).vanished == .person(track: 1, part: 0))
    // And is quiet when there are two.
    #expect(isQuiet(last(events + [half, .people([part(4), part(4)])])))
  }

  @Test func whoIsMissingIsFoundWhereTheyCanHaveComeSince() {
    let gone: [Event] = [.people([part(0)]), half, .people([]), half]
    #expect(isQuiet(last(gone + [.people([part(3.25, track: 9)])])))
    #expect(last(gone + [.people([part(3.25.nextUp, track: 9)])]).vanished == .person(track: 1, part: 0))
    // Seen again, it is expected again.
    #expect(last(gone + [.people([part(0, track: 9)]), half, .people([])]).vanished == .person(track: 9, part: 0))
  }

  @Test func aPersonsPartsAreFollowedOneByOne() {
    var person = Person(track: 5)
    person.append(ball(0), .forearm)
    person.append(ball(0.5), .hand)
    var less = Person(track: 5)
    less.append(ball(0), .forearm)
    var world = World(Planar.configuration())
    for (number, shown) in [person, less].enumerated() {
      var frame = People(sensor: 0, sequence: Sequence(stream: 0, number: UInt64(number + 1), boot: 1), coverage: true)
      frame.append(shown)
      world.receive(.people(frame), at: MonoInstant(nanoseconds: 1))
    }
    #expect(world.classes.reading.vanished == .person(track: 5, part: 1))
  }

  // MARK: - Leaving

  @Test func wherePartsCanHaveReachedTheEdgeTheyMayHaveLeft() {
    func vanishes(_ capsule: Capsule, _ boxes: [Box] = ClassWatchTests.camera.coverage) -> Bool {
      var camera = Self.camera
      camera.coverage = boxes
      return last([.people([Part(capsule: capsule)]), half, .people([])], people: [camera]).vanished != nil
    }
    for sign in [1.0, -1] {
      #expect(!vanishes(ball(sign * 6)) && vanishes(ball(sign * 6.0.nextDown)))
    }
    // All of a part, at either end.
    let (in_, out) = (Vector3(0, 0, 0), Vector3(0, 6, 0))
    #expect(!vanishes(Capsule(a: in_, b: out, radius: 0.25)) && !vanishes(Capsule(a: out, b: in_, radius: 0.25)))
    #expect(vanishes(Capsule(a: in_, b: Vector3(0, 6.0.nextDown, 0), radius: 0.25)))
    #expect(vanishes(Capsule(a: Vector3(0, 6.0.nextDown, 0), b: in_, radius: 0.25)))
    #expect(vanishes(Capsule(a: in_, b: out, radius: 0.25 - 1e-15)))
    // Of several boxes the one that holds most of it counts, wherever it stands in the list.
    let small = Box(pose: .identity, halfExtents: Vector3(1, 1, 1))
    #expect(vanishes(ball(0), [small] + Self.camera.coverage) && vanishes(ball(0), Self.camera.coverage + [small]))
    #expect(!vanishes(ball(0), [small]) && !vanishes(ball(0), []))
    // Whoever is seen outside of the field is nobody's to keep.
    #expect(!vanishes(ball(20)))
  }

  @Test func nobodyLeavesThroughAFloorOrACeiling() {
    func vanishes(_ place: Vector3, up: Vector3? = nil) -> Bool {
      let event = Event.people([Part(capsule: Capsule(a: place, b: place, radius: 0.25))])
      return readings([event, half, .people([])], up: up).last?.vanished != nil
    }
    for z in [-7.75, 0, 7.75, 8] { #expect(vanishes(Vector3(0, 0, z)) && !vanishes(Vector3(0, 6, z)) && !vanishes(Vector3(6, 0, z))) }
    #expect(!vanishes(Vector3(0, 0, 8.0.nextUp)) && !vanishes(Vector3(0, 0, -8.0.nextUp)))
    // Upright enough to walk through, however strong gravity is.
    #expect(!vanishes(Vector3(0, 6, 0), up: Vector3(0, 0.6, 0.8)) && !vanishes(Vector3(0, 0, 6), up: Vector3(0, 0.8, 0.6)))
    var tilted = Self.camera
    let rotation = Rotation(x: Vector3(1, 0, 0), y: Vector3(0, 0.8, 0.6), z: Vector3(0, -0.6, 0.8))
    tilted.coverage = [Box(pose: Pose(rotation: rotation, translation: .zero), halfExtents: Vector3(8, 8, 8))]
    let end = Vector3(0, 0.8 * 6.5, 0.6 * 6.5)
    let leaving: [Event] = [.people([Part(capsule: Capsule(a: end, b: end, radius: 0.25))]), half, .people([])]
    #expect(isQuiet(last(leaving, people: [tilted])))
    // An arm on a wall.
    for sign in [1.0, -1] {
      #expect(vanishes(Vector3(6, 0, 0), up: Vector3(sign, 0, 0)) && !vanishes(Vector3(0, 0, 6), up: Vector3(sign, 0, 0)))
      #expect(vanishes(Vector3(0, 6, 0), up: Vector3(0, sign, 0)) && !vanishes(Vector3(6, 0, 0), up: Vector3(0, sign, 0)))
    }
  }

  @Test func whoIsMissingMayHaveLeftInTime() {
    // 7.75 m to the edge at 2 m/s, 1/4 s of delay and 1/4 m of errors: three and a half seconds.
    let gone: [Event] = [.people([part(0)]), half, .people([])]
    #expect(last(gone + [.wait(2_999_999_999), .people([])]).vanished != nil)
    #expect(isQuiet(last(gone + [.wait(3_000_000_000), .people([])])))
    // Nobody looks: nobody has left.
    #expect(last(gone + [.wait(3_000_000_000), .obstacles([])]).vanished != nil)
  }

  @Test func aFrameThatDoesNotVouchForItsFieldClearsNothingByWhomItLeavesOut() {
    let near = [part(6)]
    #expect(isQuiet(last([.people(near), half, .people([])])))
    #expect(last([.people(near), half, .people([], coverage: false)]).vanished != nil)
    #expect(last([.people([part(0)]), half, .people([], coverage: false), .people([])]).vanished != nil)
    // Whom it shows, it shows.
    #expect(isQuiet(last([.people([part(0)]), half, .people([part(0)], coverage: false)])))
    #expect(last([.people([part(0)], coverage: false), half, .people([])]).vanished != nil)
    let again: [Event] = [.people([part(0)]), half, .people([]), .people([part(0)], coverage: false), .people([part(0)])]
    #expect(isQuiet(last(again)))
  }

  @Test func aSensorThatStartsAgainDoesNotForget() {
    #expect(last([.people([part(0)]), half, .people([], boot: 2)]).vanished != nil)
    #expect(last([.people([part(0)]), half, .restart, .people([], boot: 3)]).vanished != nil)
    #expect(last([.people([part(0)]), half, .people([]), .people([], boot: 2)]).vanished != nil)
  }

  // MARK: - Two sensors

  @Test func eachSensorVouchesForItsOwnField() {
    var other = Self.camera
    other.id = "other"
    let both: [Event] = [.people([part(0)]), .people([part(0)], sensor: 1), half]
    #expect(last(both + [.people([part(0)], sensor: 1), .people([])], people: [Self.camera, other]).vanished != nil)
    #expect(last(both + [.people([]), .people([part(0)], sensor: 1)], people: [Self.camera, other]).vanished != nil)
    #expect(isQuiet(last(both + [.people([part(0)]), .people([part(0)], sensor: 1)], people: [Self.camera, other])))
  }

  // MARK: - Obstacles

  private func object(_ x: Double) -> Solid { .capsule(ball(x)) }

  @Test func whatAppearsWhereThePartMayBeHasTakenItsPlace() {
    func isTaken(_ events: [Event]) -> Bool {
      let reading = last(events)
      #expect(reading.relabelled == 1 || reading.vanished == .person(track: 1, part: 0))
      if reading.relabelled == 1 {
        #expect(reading.part == .person(track: 1, part: 0) && reading.obstacle == .seenObstacle(sensor: 0, index: 1))
        #expect(reading.vanished == nil)
      }
      return reading.relabelled == 1
    }
    // 2 m/s for a second and 0.375 m of errors, and both radii, whichever of the frames comes first.
    for (x, takes) in [(0.0, true), (2.875, true), (2.875.nextUp, false)] {
      let begin: [Event] = [.obstacles([object(7)]), .people([part(0)]), half]
      #expect(isTaken(begin + [.people([]), .obstacles([object(7), object(x)])]) == takes, "\(x)")
      #expect(isTaken(begin + [.obstacles([object(7), object(x)]), .people([])]) == takes, "\(x)")
    }
  }

  @Test func whatWasThereBeforeHasTakenNobodysPlace() {
    let end: [Event] = [half, .people([])]
    // Already with the part, in the first frame at all, and where there is no sensor.
    #expect(last([.obstacles([]), .obstacles([object(0)]), .people([part(0)])] + end).vanished != nil)
    #expect(last([.people([part(0)]), .obstacles([object(0)])] + end).vanished != nil)
    #expect(last([.people([part(0)])] + end, obstacles: []).vanished != nil)
    // And what has come from where it was: 2 m/s for half a second and as much delay, and twice 1/4 m.
    func come(_ x: Double, _ waits: [Event] = [half]) -> ClassWatch.Reading {
      last([.obstacles([object(x)]), .people([part(0)])] + waits + [.obstacles([object(0)]), .people([])])
    }
    #expect(come(3.5, [half, half]).vanished != nil && come(3.5.nextUp, [half, half]).relabelled == 1)
    for sign in [1.0, -1] {
      #expect(come(sign * 2.5).vanished != nil && come(sign * 2.5.nextUp).relabelled == 1)
    }
    // Of two, the nearer one has come from there.
    let beside: [Event] = [.obstacles([object(-2)]), .people([part(0)]), half]
    for now in [[object(0), object(-2)], [object(-2), object(0)]] {
      #expect(last(beside + [.obstacles(now), .people([])]).relabelled == 1)
    }
    #expect(last(beside + [.obstacles([object(0)]), .people([])]).vanished != nil)
    // By its own number, whichever place it has in the frame.
    let swapped: [Event] = [
      .obstacles([]), .obstacles([object(7), object(0)]), .people([part(0)]), half, .obstacles([object(0), object(7)]), .people([]),
    ]
    #expect(last(swapped).vanished != nil)
  }

  @Test func whatAppearedWhileAPartWasFollowedTakesItsPlaceWhenItIsGone() {
    let followed: [Event] = [
      .obstacles([]), .people([part(0)]), half, .obstacles([object(0)]), .people([part(0)]), half, .people([part(0), part(6)]),
    ]
    #expect(isQuiet(last(followed)) && last(followed + [half, .people([])]).relabelled == 1)
    // Who has come since has found it there.
    #expect(last(followed + [half, .people([part(0)])]).relabelled == 0)
    let later: [Event] = [.obstacles([]), .obstacles([object(0)]), .people([part(0)]), half, .people([part(0)]), half, .people([])]
    #expect(last(later).vanished != nil)
  }

  @Test func aPlaceIsTakenForAsLongAsTheObstacleIsThere() {
    let taken: [Event] = [.obstacles([]), .people([part(0)]), half, .people([]), .obstacles([object(0)])]
    let long = Event.wait(60_000_000_000)
    #expect(last(taken + [long, .people([])]).relabelled == 1)
    // It may go far and be another one in its frame.
    let moved = last(taken + [half, .obstacles([object(7), object(1)]), .people([])])
    #expect(moved.relabelled == 1 && moved.obstacle == .seenObstacle(sensor: 0, index: 1))
    // Gone, the part is still missing until it is found: it has not left.
    let gone = taken + [half, .obstacles([])]
    #expect(last(gone).vanished == .person(track: 1, part: 0) && last(gone).relabelled == 0)
    #expect(isQuiet(last(gone + [.people([part(0)])])))
    #expect(last(gone + [long, .people([])]).vanished != nil)
    #expect(isQuiet(last(taken + [.people([part(0)])])))
  }

  @Test func whatAppearsLaterWhereThePartCanBeByThenTakesItsPlaceToo() {
    let gone: [Event] = [.obstacles([]), .people([part(0)]), half, .people([]), half]
    #expect(last(gone + [.obstacles([object(3.875)])]).relabelled == 1)
    let farther = gone + [.obstacles([object(3.875.nextUp)])]
    #expect(last(farther).vanished != nil)
    // Once it was too far, it is not taken for anybody later.
    #expect(last(farther + [half, .people([])]).vanished != nil)
    #expect(last(farther + [half, .obstacles([object(3.875.nextUp)])]).vanished != nil)
  }

  @Test func eachPartIsCountedAndTheFirstIsNamed() {
    let begin: [Event] = [.obstacles([]), .people([part(-3, track: 1), part(3, track: 2), part(3, track: 3)]), half, .people([])]
    let reading = last(begin + [.obstacles([object(3.5)])])
    #expect(reading.relabelled == 2 && reading.part == .person(track: 2, part: 0))
    #expect(reading.vanished == .person(track: 1, part: 0))
    // By the second sensor of obstacles.
    let second = last(begin + [.obstacles([], sensor: 1), .obstacles([object(3.5)], sensor: 1)], obstacles: [Self.depth, Self.depth])
    #expect(second.relabelled == 2 && second.obstacle == .seenObstacle(sensor: 1, index: 0))
    let before: [Event] = [
      .obstacles([], sensor: 1), .people([part(3)]), half, .obstacles([object(3)], sensor: 1), .people([]),
    ]
    #expect(last(before, obstacles: [Self.depth, Self.depth]).obstacle == .seenObstacle(sensor: 1, index: 0))
  }

  @Test func aSolidIsWhereItsMiddleOrItsPlaneIs() {
    let at = Vector3(1, 2, 3)
    let box = Solid.box(Box(pose: Pose(rotation: .identity, translation: at), halfExtents: Vector3(1, 1, 1)))
    #expect(box.anchor == at)
    #expect(Solid.capsule(Capsule(a: .zero, b: Vector3(2, 4, 6), radius: 1)).anchor == at)
    #expect(Solid.halfSpace(HalfSpace(normal: Vector3(0, 0, 1), offset: 2)).anchor == Vector3(0, 0, 2))
    #expect(Solid.hull(ConvexHull(vertices: [at, .zero], padding: 0, gap: 0)).anchor == at)
  }
}
