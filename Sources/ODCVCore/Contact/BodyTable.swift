/// Regions of the human body as ISO/TS 15066 divides it.
public enum BodyRegion: UInt8, Sendable, CaseIterable {
  case skull = 1
  case face = 2
  case neck = 3
  case back = 4
  case chest = 5
  case abdomen = 6
  case pelvis = 7
  case upperArm = 8
  case forearm = 9
  case hand = 10
  case thigh = 11
  case lowerLeg = 12
}

/// What one region bears, and how it gives way. All of it is data from a table file, never constants.
public struct BodyLimits: Sendable, Equatable {
  /// Of a contact that clamps or squeezes, N and Pa: the least of the region's places.
  public var force: Double
  public var pressure: Double
  /// Of a contact from which the part can recoil, as a multiple of both; `nil` where no such contact may be designed for.
  public var transientFactor: Double?
  /// Spring constant, N/m, and effective mass, kg.
  public var stiffness: Double
  public var mass: Double
  /// Greatest energy that published sources name, J; `nil` when none does.
  public var quotedEnergy: Double?

  public init(
    force: Double, pressure: Double, transientFactor: Double?, stiffness: Double, mass: Double,
    quotedEnergy: Double? = nil
  ) {
    self.force = force
    self.pressure = pressure
    self.transientFactor = transientFactor
    self.stiffness = stiffness
    self.mass = mass
    self.quotedEnergy = quotedEnergy
  }

  /// Greatest force, N; the quasi-static one where the region has no other.
  public func force(isTransient: Bool) -> Double { force * (isTransient ? transientFactor ?? 1 : 1) }

  /// Greatest pressure, Pa.
  public func pressure(isTransient: Bool) -> Double { pressure * (isTransient ? transientFactor ?? 1 : 1) }

  /// Greatest energy that may be transferred, J: E = F² / 2k, or what sources quote if that is less.
  public func energy(isTransient: Bool) -> Double {
    let force = force(isTransient: isTransient)
    let computed = force * force / (2 * stiffness)
    return min(computed, quotedEnergy ?? computed)
  }

  /// Mass of the impact, kg: 1 / (1/m_H + 1/m_R) with `robot` = m_R, kg.
  public func reducedMass(robot: Double) -> Double { mass * robot / (mass + robot) }

  /// Energy that an arm of the effective mass `robot`, kg, transfers at the relative speed v, m/s: E = μ v² / 2, J.
  public func energy(robot: Double, speed: Double) -> Double { 0.5 * reducedMass(robot: robot) * speed * speed }

  /// Greatest relative speed, m/s: v = F / √(μ k).
  public func speed(robot: Double, isTransient: Bool) -> Double {
    force(isTransient: isTransient) / (reducedMass(robot: robot) * stiffness).squareRoot()
  }

  /// The same from the greatest pressure over a contact area of `area` m²: v = p A / √(μ k).
  public func speed(robot: Double, area: Double, isTransient: Bool) -> Double {
    pressure(isTransient: isTransient) * area / (reducedMass(robot: robot) * stiffness).squareRoot()
  }
}

/// The limits of every region, as a site's table file has them.
public struct BodyTable: Sendable, Equatable {
  /// In the order of `BodyRegion.allCases`.
  private var rows: [BodyLimits]
  /// Contact that lasts longer is quasi-static, s.
  public var transientTime: Double

  public init(rows: [BodyLimits], transientTime: Double) {
    precondition(rows.count == BodyRegion.allCases.count)
    self.rows = rows
    self.transientTime = transientTime
  }

  public subscript(_ region: BodyRegion) -> BodyLimits { rows[Int(region.rawValue) - 1] }

  /// Greatest force on a region, N; where it is not known, the least of all, and no transient one.
  public func force(_ region: BodyRegion?, isTransient: Bool) -> Double {
    region.map { self[$0].force(isTransient: isTransient) } ?? rows.reduce(.infinity) { min($0, $1.force) }
  }

  /// Greatest pressure on a region, Pa, likewise.
  public func pressure(_ region: BodyRegion?, isTransient: Bool) -> Double {
    region.map { self[$0].pressure(isTransient: isTransient) } ?? rows.reduce(.infinity) { min($0, $1.pressure) }
  }
}
