/// Follows every part of a person from one frame of a sensor to the next, so that nobody ceases to be a person where the sensor
/// sees: by being left out, or by being called an obstacle.
///
/// A part may be any part of the next frame that it can have reached and that is not said to be another region of the body,
/// whatever the number of its track; each stands for one. Each stands first for the nearest part of the frame before, and then as
/// many as possible have one (Kuhn's augmenting paths): what is left over is not shown again, however people crossed.
struct ClassWatch: Sendable {
  /// What the last frames show.
  struct Reading: Sendable {
    /// Parts in whose place an obstacle has appeared that is still there, once for each sensor that saw them.
    var relabelled: UInt32 = 0
    /// The first of them, and its obstacle.
    var part = Subject.none
    var obstacle = Subject.none
    /// A part that is not shown any more, with nothing in its place.
    var vanished: Subject?
    /// More were missing at once than there is room for. Who they were is lost for good.
    var isOverfull = false
  }

  /// A part as its sensor saw it last.
  private struct Part: Sendable {
    var capsule: Capsule
    var region: BodyRegion?
    var subject: Subject
    var seen: MonoInstant
    /// The newest obstacle when it was seen first: those above it have appeared since.
    var newest: UInt64
    /// Its sensor's last frame does not show it.
    var isMissing = false
    /// The obstacle that has appeared in its place; `nil`: none has.
    var taker: UInt64?

    /// Twice the middle of its axis.
    var ends: Vector3 { capsule.a + capsule.b }
  }

  /// m/s
  private let humanSpeed: Double
  /// Along gravity, where the robot's file says which way that is; else the base frame's z axis.
  private let vertical: Vector3
  private let peopleSensors: [Sensor]
  private let obstacleSensors: [Sensor]
  /// Per sensor of people: the parts of its last frame, and behind them those that are missing.
  private var parts: [[Part]]
  /// What becomes of them.
  private var next: [Part] = []
  /// Of each obstacle in the last frame of each sensor, sensor after sensor: 0 for those in the first one, else from 1 as they
  /// appeared. In one array: of an array of inline arrays each look would copy one.
  private var numbers: [UInt64]
  private var received: [MonoInstant?]
  private var newest: UInt64 = 0
  /// Per part, which of the frame's it may be, and whether the nearest of them stands for it; per part of the frame, for which.
  private var candidates: [UInt128]
  private var isSettled = InlineArray<256, Bool>(repeating: false)
  private var holders = InlineArray<128, Int?>(repeating: nil)
  private(set) var reading = Reading()

  private static let capacity = 2 * Capacity.people * Capacity.bodyParts

  init(_ configuration: Configuration) {
    humanSpeed = configuration.limits[.clearanceHuman, "human_speed_m_s"]
    let gravity = configuration.robot.dynamics?.gravity ?? .zero
    vertical = gravity == .zero ? Vector3(0, 0, 1) : (1 / gravity.length) * gravity
    peopleSensors = configuration.cell.peopleSensors
    obstacleSensors = configuration.cell.obstacleSensors
    numbers = Array(repeating: 0, count: obstacleSensors.count * Capacity.obstacles)
    received = obstacleSensors.map { _ in nil }
    candidates = Array(repeating: 0, count: ClassWatch.capacity)
    // One by one: a copy of an empty array has no room of its own.
    parts = peopleSensors.map { _ in
      var parts: [Part] = []
      parts.reserveCapacity(ClassWatch.capacity)
      return parts
    }
    next.reserveCapacity(ClassWatch.capacity)
  }

  // MARK: - People

  /// Takes a frame of people in. One that does not vouch for its field shows whom it shows, and nobody has left by it.
  mutating func see(_ frame: borrowing People, among obstacles: borrowing InlineArray<4, SolidSet>, at now: MonoInstant) {
    let sensor = frame.sensor
    if frame.coverage { letGo(sensor, now) }
    take(frame, now)
    let shown = next.count
    assignNearest(sensor, now)
    for place in parts[sensor].indices where !isSettled[place] {
      var part = parts[sensor][place]
      var open = UInt128.max
      if assign(place, &open) { continue }
      if !part.isMissing { part.taker = taker(of: part, sensor, obstacles, now) }
      part.isMissing = true
      if next.count < ClassWatch.capacity { next.append(part) } else { reading.isOverfull = true }
    }
    for candidate in 0..<shown {
      if let holder = holders[candidate] { next[candidate].newest = parts[sensor][holder].newest }
    }
    swap(&parts[sensor], &next)
    read()
  }

  /// Forgets the parts that may have left by now: they need none in the next frame, and take none from those who can't have. One
  /// that an obstacle has stood for has not left.
  private mutating func letGo(_ sensor: Int, _ now: MonoInstant) {
    for place in parts[sensor].indices.reversed() {
      let part = parts[sensor][place]
      if part.taker == nil, mayHaveLeft(part, sensor, now) { parts[sensor].remove(at: place) }
    }
  }

  /// The frame's parts are the first of the next ones.
  private mutating func take(_ frame: borrowing People, _ now: MonoInstant) {
    next.removeAll(keepingCapacity: true)
    for index in 0..<frame.count {
      let person = frame.storage.span[index]
      for part in 0..<person.count {
        next.append(
          Part(
            capsule: person[part], region: person.region(part), subject: .person(track: person.track, part: part), seen: now,
            newest: newest))
      }
    }
  }

  /// Finds which of the frame's parts each may be, and lets each of the frame's stand for the nearest of the frame before.
  private mutating func assignNearest(_ sensor: Int, _ now: MonoInstant) {
    for place in parts[sensor].indices {
      let reach = reach(peopleSensors[sensor], peopleSensors[sensor], since: parts[sensor][place].seen, now)
      candidates[place] = 0
      isSettled[place] = false
      for candidate in next.indices where isLike(parts[sensor][place], next[candidate], within: reach) {
        candidates[place] |= 1 << candidate
      }
    }
    for candidate in next.indices {
      holders[candidate] = closest(candidate, sensor)
      if let holder = holders[candidate] { isSettled[holder] = true }
    }
  }

  /// The part of the frame before that lies nearest to one of this frame's, of those that it may be and that have none.
  private func closest(_ candidate: Int, _ sensor: Int) -> Int? {
    var best: (place: Int, distance: Double)?
    for place in parts[sensor].indices
    where !parts[sensor][place].isMissing && !isSettled[place] && candidates[place] & 1 << candidate != 0 {
      let distance = (parts[sensor][place].ends - next[candidate].ends).lengthSquared
      if distance < best?.distance ?? .infinity { best = (place, distance) }
    }
    return best?.place
  }

  /// Lets one of the frame's parts stand for the part at a place, by giving others another one where needed. What once has one
  /// keeps one.
  private mutating func assign(_ place: Int, _ open: inout UInt128) -> Bool {
    while case let free = candidates[place] & open, free != 0 {
      let candidate = free.trailingZeroBitCount
      open &= ~(1 << candidate)
      if let holder = holders[candidate], !assign(holder, &open) { continue }
      holders[candidate] = place
      return true
    }
    return false
  }

  /// By now the part can be where the sensor's field ends beside it: no box of the field reaches as far around it as it can have
  /// come. Nobody leaves through a floor or a ceiling.
  private func mayHaveLeft(_ part: Part, _ sensor: Int, _ now: MonoInstant) -> Bool {
    let reach = reach(peopleSensors[sensor], peopleSensors[sensor], since: part.seen, now)
    var inside = -Double.infinity
    for box in peopleSensors[sensor].coverage {
      let (a, b) = (box.depth(part.capsule.a, across: vertical), box.depth(part.capsule.b, across: vertical))
      inside = max(inside, min(a, b) - part.capsule.radius)
    }
    return inside <= reach
  }

  private func isLike(_ a: Part, _ b: Part, within reach: Double) -> Bool {
    if let region = a.region, let other = b.region, region != other { return false }
    return nearest(a.capsule, to: b.capsule).distance <= reach
  }

  /// How far, at most, a part may be seen by one sensor from where it was last seen by another, m: the way of a person since,
  /// however late either told, and both errors.
  private func reach(_ before: Sensor, _ after: Sensor, since seen: MonoInstant, _ now: MonoInstant) -> Double {
    humanSpeed * (now.seconds(since: seen) + max(before.input.latency, after.input.latency)) + before.positionError
      + after.positionError
  }

  // MARK: - Obstacles

  /// Takes a frame of obstacles in. `before`: what the sensor saw in the frame before.
  mutating func see(_ frame: borrowing Obstacles, after before: borrowing SolidSet, at now: MonoInstant) {
    let sensor = frame.sensor
    // Through a span: an index into an inline array of a borrowed value copies all of it first.
    let shown = frame.storage.span
    let known = newest
    var current = InlineArray<128, UInt64?>(repeating: nil)
    if let received = received[sensor] {
      let declared = obstacleSensors[sensor]
      let way = declared.greatestSpeed * (now.seconds(since: received) + declared.input.latency) + 2 * declared.positionError
      keep(before, in: frame, within: way, &current)
      for index in 0..<frame.count where current[index] == nil {
        newest += 1
        current[index] = newest
      }
    }
    let first = sensor * Capacity.obstacles
    for index in current.indices { numbers[first + index] = current[index] ?? 0 }
    received[sensor] = now
    for people in parts.indices {
      for place in parts[people].indices where parts[people][place].isMissing {
        let reach = reach(peopleSensors[people], obstacleSensors[sensor], since: parts[people][place].seen, now)
        for index in 0..<frame.count where numbers[first + index] > known {
          if nearest(parts[people][place].capsule, to: shown[index]).distance <= reach {
            parts[people][place].taker = numbers[first + index]
          }
        }
      }
    }
    read()
  }

  /// Gives each obstacle of the frame before its number in this one: the nearest that it can have come to and that has none.
  private func keep(
    _ before: borrowing SolidSet, in frame: borrowing Obstacles, within way: Double, _ current: inout InlineArray<128, UInt64?>
  ) {
    let first = frame.sensor * Capacity.obstacles
    let shown = frame.storage.span
    for index in 0..<before.count {
      var nearest: (place: Int, distance: Double)?
      for place in 0..<frame.count where current[place] == nil {
        let distance = (before.solids[index].anchor - shown[place].anchor).length
        if distance <= way, distance < nearest?.distance ?? .infinity { nearest = (place, distance) }
      }
      if let nearest { current[nearest.place] = numbers[first + index] }
    }
  }

  /// An obstacle that has appeared since the part was last seen, and now is where the part may be.
  private func taker(
    of part: Part, _ people: Int, _ obstacles: borrowing InlineArray<4, SolidSet>, _ now: MonoInstant
  ) -> UInt64? {
    for sensor in obstacleSensors.indices {
      let reach = reach(peopleSensors[people], obstacleSensors[sensor], since: part.seen, now)
      let first = sensor * Capacity.obstacles
      for index in 0..<obstacles[sensor].count where numbers[first + index] > part.newest {
        if nearest(part.capsule, to: obstacles[sensor].solids[index]).distance <= reach { return numbers[first + index] }
      }
    }
    return nil
  }

  /// Where the obstacle of a number is in the last frames; `nil`: it is not there.
  private func obstacle(_ number: UInt64?) -> Subject? {
    guard let number, let place = numbers.firstIndex(of: number) else { return nil }
    return .seenObstacle(sensor: place / Capacity.obstacles, index: place % Capacity.obstacles)
  }

  private mutating func read() {
    var reading = Reading()
    reading.isOverfull = self.reading.isOverfull
    for sensor in parts.indices {
      for part in parts[sensor] where part.isMissing {
        if let obstacle = obstacle(part.taker) {
          if reading.relabelled == 0 { (reading.part, reading.obstacle) = (part.subject, obstacle) }
          reading.relabelled += 1
        } else {
          reading.vanished = reading.vanished ?? part.subject
        }
      }
    }
    self.reading = reading
  }
}

extension Solid {
  /// A point that moves with it.
  var anchor: Vector3 {
    switch self {
    case .box(let box): box.pose.translation
    case .capsule(let capsule): 0.5 * (capsule.a + capsule.b)
    case .halfSpace(let half): half.offset * half.normal
    case .hull(let hull): hull.vertices[0]
    }
  }
}

extension Box {
  /// How far a point inside the box is from the faces that people can walk through, m; below zero, outside along one of the axes.
  /// An axis within 37° of `vertical` ends in a floor and a ceiling.
  func depth(_ p: Vector3, across vertical: Vector3) -> Double {
    let local = pose.inverse(p)
    func depth(_ axis: Vector3, _ half: Double, _ place: Double) -> Double {
      let depth = half - abs(place)
      return depth >= 0 && abs(axis.dot(vertical)) > 0.8 ? .infinity : depth
    }
    return min(
      depth(pose.rotation.x, halfExtents.x, local.x),
      min(depth(pose.rotation.y, halfExtents.y, local.y), depth(pose.rotation.z, halfExtents.z, local.z)))
  }
}
