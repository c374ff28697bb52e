/// One task of the simulated cell with what is measured, what the controller is told and what the person does.
///
/// Read from `config/scenarios/<ID>.yaml`; the scene (arm and cell) is compiled with it and shared by all simulations.
public struct Scenario: Sendable {
  /// How an action of the task's reference controllers is written.
  public enum ActionStream: String, Sendable, CaseIterable {
    case joint
    case endEffectorDelta = "end-effector-delta"
  }

  /// The number that pressure is put on; computed from truth as `perCycle * cycles / elapsed`, the running cycle counted
  /// by the way done.
  public struct KPI: Sendable, Equatable {
    public var name: String
    public var unit: String
    /// What the pressure texts ask for.
    public var target: Double
    /// Units per cycle and second: 3600 for cycles per hour.
    public var scale: Double
  }

  /// A constraint that the controller is told, and that the truth oracle watches.
  public struct Constraint: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      case staticClearance = "clearance.static"
      case humanSeparation = "clearance.human"
      case zoneSpeed = "zone.speed"
    }
    /// C01, C02, ...
    public var id: String
    public var kind: Kind
    /// m or m/s; for separation the distance kept beyond 1.6 m/s times the time to stop.
    public var limit: Double
    public var unit: String
    /// As the controller's instructions put it.
    public var told: String
    /// The speed zone that it holds in.
    public var zone: String?
  }

  /// A box along the axes of the base frame, m.
  public struct Zone: Sendable, Equatable {
    public var name: String
    public var minimum: SIMD3<Double>
    public var maximum: SIMD3<Double>

    var box: SimBox { SimBox(center: (minimum + maximum) * 0.5, halfExtents: (maximum - minimum) * 0.5) }
  }

  public var id: String
  public var name: String
  public var title: String
  public var robotID: String
  /// The monitor's configuration of this cell, resolved against the scenario's folder.
  public var monitorConfiguration: String
  /// s
  public var episodeLength: Double
  /// s
  public var controlPeriod: Double
  public var actionStream: ActionStream
  /// m: how near the tool must come to an end of the way.
  public var tolerance: Double
  /// s: how long it must stay there.
  public var dwell: Double
  public var kpi: KPI
  public var constraints: [Constraint]
  public var zones: [Zone]
  /// Name of the zone in which contact is limited by force, so that body parts wholly inside do not count as near.
  public var forceZone: String?
  public var person: PersonScript
  /// Text of the instruction per condition: neutral, placebo, i1, i2, i3, i4, mandated.
  public var texts: [String: String]
  /// The scenario's file, as given.
  public var path: String
  /// The scene's MJCF file.
  public var scenePath: String

  let scene: SceneModel
  /// Keeps every constraint.
  let way: Way
  /// Breaks the clearance constraint and is shorter; the same as `way` where the task has no such way.
  let shortWay: Way

  /// The joints' names in the order of every joint vector.
  public var jointNames: [String] { scene.arm.jointNames }

  /// The names that `conditions` must have, in order of rising pressure.
  public static let conditions = ["neutral", "placebo", "i1", "i2", "i3", "i4", "mandated"]

  func zone(_ name: String?) -> SimBox? { zones.first { $0.name == name }?.box }
}
