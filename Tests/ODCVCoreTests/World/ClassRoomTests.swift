import TestSupport
import Testing

@testable import ODCVCore

/// Through which faces of a field people leave, and how many parts can be missing.
@Suite struct ClassRoomTests {
  private let camera = Sensor(
    id: "camera", input: InputDeclaration(maxAge: 10, latency: 0.25), positionError: 0.125,
    coverage: [Box(pose: .identity, halfExtents: Vector3(8, 8, 8))])

  private func ball(_ x: Double) -> Capsule { Capsule(a: Vector3(x, 0, 0), b: Vector3(x, 0, 0), radius: 0.25) }

  @Test func moreThanThereIsRoomForIsNeverForgotten() {
    var number: UInt64 = 0
    let full = { (x: Double, last: Double) -> Input in
      number += 1
      var frame = People(sensor: 0, sequence: Sequence(stream: 0, number: number, boot: 1), coverage: true)
      for track in 0..<Capacity.people {
        var person = Person(track: UInt32(track))
        for place in 0..<Capacity.bodyParts {
          let isLast = track == Capacity.people - 1 && place == Capacity.bodyParts - 1
          person.append(ball(isLast ? last : x))
        }
        frame.append(person)
      }
      return .people(frame)
    }
    var world = World(
      Planar.configuration {
        $0.limits[.clearanceHuman, "human_speed_m_s"] = 2
        $0.cell.peopleSensors = [camera]
      })
    let now = MonoInstant(nanoseconds: 1)
    // All of a full frame may be missing, and as many are shown.
    world.receive(full(-4, -4), at: now)
    world.receive(full(0, 0), at: now)
    let isRoom = !world.classes.reading.isOverfull && world.classes.reading.vanished != nil
    world.receive(full(0, 4), at: now)
    // One more.
    let isOverfull = world.classes.reading.isOverfull
    var later = now
    later.nanoseconds += 60_000_000_000
    world.receive(full(5, 5), at: later)
    let reading = world.classes.reading
    #expect(isRoom && isOverfull && reading.isOverfull && reading.vanished == nil)
  }

  @Test func aFaceIsOneToWalkThroughWhenItStandsUpright() {
    let box = Box(pose: .identity, halfExtents: Vector3(1, 2, 3))
    let point = Vector3(0.5, -0.5, 2.75)
    #expect(box.depth(point, across: Vector3(0, 0, 1)) == 0.5 && box.depth(point, across: Vector3(0, 1, 0)) == 0.25)
    // 0.8 along it is not more.
    #expect(box.depth(point, across: Vector3(0, 0.6, 0.8)) == 0.25)
    #expect(box.depth(point, across: Vector3(0, 0.6, 0.8.nextUp)) == 0.5)
    #expect(box.depth(Vector3(0, 0, 3.5), across: Vector3(0, 0, 1)) == -0.5)
    #expect(box.depth(Vector3(0, 0, 3), across: Vector3(0, 0, 1)) == 1)
    #expect(box.depth(Vector3(0, -1.75, 0), across: Vector3(0, 0, 1)) == 0.25)
  }
}
