import COdcvProto
import ODCVCore
import ODCVWire

extension Decoder {
  func people(_ c: Odcv__V1__People) throws(Refusal) -> People {
    let sequence = try sequence(c.header)
    let sensor = try place(of: c.sensor_id, in: peopleSensors)
    // A sensor that does not vouch for its field does not see it.
    var people = People(sensor: sensor, sequence: sequence, coverage: c.has_coverage_ok != 0 && c.coverage_ok != 0)
    for index in 0..<c.n_track {
      guard !people.isFull else { throw Refusal(reason: .oversized) }
      people.append(try person(c.track[index]!.pointee))
    }
    return people
  }

  private func person(_ c: Odcv__V1__Track) throws(Refusal) -> Person {
    // Somebody who is nowhere would pass every distance.
    guard c.n_part != 0 else { throw .missing }
    var person = Person(track: c.has_track_id != 0 ? c.track_id : 0)
    for index in 0..<c.n_part {
      guard !person.isFull else { throw Refusal(reason: .oversized) }
      let part = c.part[index]!.pointee
      let radius = try requiredLength(part.has_radius_m, part.radius_m)
      // No part of a body is a line: a sensor that says so has not measured it.
      guard radius > 0 else { throw .unsupported }
      person.append(
        Capsule(a: try required(part.a_m), b: try required(part.b_m), radius: radius),
        part.has_region != 0 ? UInt8(exactly: part.region.rawValue).flatMap { BodyRegion(rawValue: $0) } : nil)
    }
    return person
  }

  func obstacles(_ c: Odcv__V1__Obstacles) throws(Refusal) -> Obstacles {
    let sequence = try sequence(c.header)
    let sensor = try place(of: c.sensor_id, in: obstacleSensors)
    var frame = Obstacles(
      sensor: sensor, sequence: sequence, coverage: c.has_coverage_ok != 0 && c.coverage_ok != 0)
    for index in 0..<c.n_obstacle {
      guard !frame.isFull else { throw Refusal(reason: .oversized) }
      frame.append(try solid(c.obstacle[index]!.pointee))
    }
    return frame
  }

  private func solid(_ c: Odcv__V1__Obstacle) throws(Refusal) -> Solid {
    guard c.has_shape != 0, let size = c.size_m?.pointee else { throw .missing }
    let position = try required(c.position_m)
    switch ObstaclesMessage.Shape(rawValue: c.shape.rawValue) ?? .unspecified {
    case .unspecified: throw .unsupported
    case .sphere: return .sphere(center: position, radius: try requiredLength(size.has_x, size.x))
    case .capsule:
      let radius = try requiredLength(size.has_x, size.x)
      let half = try requiredLength(size.has_z, size.z) / 2
      let axis = try rotation(c).z
      return .capsule(Capsule(a: position - half * axis, b: position + half * axis, radius: radius))
    case .box:
      let halfExtents = Vector3(
        try requiredLength(size.has_x, size.x) / 2, try requiredLength(size.has_y, size.y) / 2,
        try requiredLength(size.has_z, size.z) / 2)
      return .box(Box(pose: Pose(rotation: try rotation(c), translation: position), halfExtents: halfExtents))
    }
  }

  private func rotation(_ c: Odcv__V1__Obstacle) throws(Refusal) -> Rotation {
    guard c.n_orientation != 0, let q = c.orientation else { throw .missing }
    guard c.n_orientation == 4 else { throw .wrongLength }
    guard let rotation = Rotation(quaternion: q[0], q[1], q[2], q[3]) else { throw .nonFinite }
    return rotation
  }

  /// A signal comes from the party that the cell declares for it: nobody else may vouch for it.
  func signal(_ c: Odcv__V1__Signal, _ endpoint: Endpoint) throws(Refusal) -> Signal {
    let sequence = try sequence(c.header)
    let index = try place(of: c.name, in: signals)
    guard endpoint.source == signalSources[index] else { throw Refusal(reason: .wrongEndpoint) }
    return Signal(index: index, sequence: sequence, value: try required(c.has_value, c.value))
  }

  private func place(of sensor: UnsafeMutablePointer<CChar>?, in sensors: NameTable) throws(Refusal) -> Int {
    guard sensor != nil else { throw .missing }
    guard let place = sensors.place(of: sensor) else { throw Refusal(reason: .unknownSensor) }
    return place
  }
}
