/// Which zones people are in, worked out once when a frame comes and not by each rule.
struct Occupancy: Sendable {
  private let zones: [Solid]
  /// Of each sensor's last frame, one after the other.
  private var isInside: [Bool]

  init(_ cell: Cell) {
    zones = cell.zones.map { .box($0.box) }
    isInside = [Bool](repeating: false, count: cell.peopleSensors.count * zones.count)
  }

  /// - Parameter error: how far a part may be from where the sensor sees it, m.
  mutating func see(_ frame: borrowing People, error: Double) {
    for zone in zones.indices {
      isInside[frame.sensor * zones.count + zone] = Occupancy.has(frame, within: error, of: zones[zone])
    }
  }

  /// A part of a person that any sensor sees is in the zone, or may be.
  func holds(_ zone: Int) -> Bool {
    var place = zone
    while place < isInside.count {
      if isInside[place] { return true }
      place += zones.count
    }
    return false
  }

  private static func has(_ frame: borrowing People, within error: Double, of zone: Solid) -> Bool {
    for index in 0..<frame.count {
      let person = frame.storage.span[index]
      for part in 0..<person.count where !(nearest(person[part], to: zone).distance > error) { return true }
    }
    return false
  }
}

extension World {
  /// A person is in the zone, or nobody knows.
  func mayHavePerson(inZone index: Int) -> Bool {
    peopleUnknown != nil || people.isEmpty || occupancy.holds(index)
  }
}
