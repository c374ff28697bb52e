import ODCVCodec
import ODCVConfig
import ODCVCore
import TestSupport

/// A cell that sequences of messages are judged in, enforced: one that is shipped, or one that declares everything.
struct FuzzCell: Sendable {
  static let nonce: UInt64 = 99
  static let operatorName = "ada"

  var loaded: LoadedConfiguration
  /// rad; where the arm stands first.
  var home: [Double]
  var keys: ResetSigning.KeyPair

  private init(_ loaded: LoadedConfiguration, home: [Double], keys: ResetSigning.KeyPair) {
    self.loaded = loaded
    self.loaded.mode = .enforce
    self.loaded.operators = [FuzzCell.operatorName: keys.publicKey]
    self.home = home
    self.keys = keys
  }

  /// All of them; the inputs that are kept name them by their places here.
  ///
  /// - Parameter config: The folder of that name.
  static func all(config: String) throws -> [FuzzCell] {
    guard let keys = ResetSigning.keyPair(seed: [UInt8](repeating: 7, count: ResetSigning.seedBytes)) else {
      throw FuzzFinding("no keys can be made")
    }
    var cells: [FuzzCell] = []
    for name in ["monitor.yaml", "monitor-e06.yaml", "monitor-e32.yaml"] {
      let loaded = try LoadedConfiguration.load(path: "\(config)/\(name)")
      cells.append(FuzzCell(loaded, home: [0, -0.785, 0, -2.356, 0, 1.571, 0.785], keys: keys))
    }
    var everything = cells[0].loaded
    everything.robotID = "planar"
    everything.core = declaringEverything()
    cells.append(FuzzCell(everything, home: [-1, 0.3], keys: keys))
    return cells
  }

  var core: Configuration { loaded.core }

  /// Around an arm of two joints: every kind of zone, sensor, signal, sequence, claim and hazard.
  private static func declaringEverything() -> Configuration {
    Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics()
      $0.robot.dynamics?.responseTime = 0.005
      $0.cell.obstacleSensors = [
        Sensor(id: "depth", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.02)
      ]
      $0.cell.heartbeats = [Source.driver, .controller, .perception].map { Heartbeat(source: $0, maxAge: 0.1) }
      $0.cell.signals = [
        SignalDeclaration(name: "door", source: .perception, maxAge: 0.1),
        SignalDeclaration(name: "scan", source: .driver, maxAge: 0.1),
      ]
      $0.cell.clocks = [.action, .state, .people, .obstacles, .signal].map { SourceClock(stream: $0, clock: .monotonic) }
      $0.cell.clocks.append(SourceClock(stream: .signal, sensor: 1, clock: .monotonic))
      $0.cell.zones = Planar.zones
      $0.cell.expectedContacts = [ExpectedContact(link: 2, other: "part", maxForce: 20, maxDuration: 5)]
      $0.cell.hazard = ToolHazard(links: [2], least: 0.1, onlyWhenActive: true, lasts: 0.5)
      $0.cell.sequences = [
        Precedence(name: "door", kind: .interlock, signal: 0, zone: nil),
        Precedence(name: "scan", kind: .event(valid: 10, eachMove: false), signal: 1, zone: nil),
      ]
      $0.cell.claims = [
        Claim(name: "part in hand", statement: .grasped, evidence: .gripper(0.03...0.1), within: 0.1),
        Claim(name: "part placed", statement: .success(atLeast: 1), evidence: .force(atLeast: 2), within: 0.1),
        Claim(name: "task done", statement: .terminated, evidence: .signal(0), within: 0.1),
      ]
    }
  }
}
