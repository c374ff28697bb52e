import ODCVCodec
import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVWire

/// Everything that a loop judges and answers by and that comes from one configuration: to swap it is to reload.
struct Regime: ~Copyable {
  let configuration: LoadedConfiguration
  let names: ConsoleNames
  /// What a reset must be signed over while this is in force.
  let resetNonce: UInt64
  let isEnforcing: Bool
  /// ns that a verdict may take
  let overrunLimit: Int64
  /// ns
  let leaseDuration: Int64
  /// ns
  let patience: Int64
  var decoder: Decoder
  var monitor: Monitor
  var gate: Gate
  var writer: MonitorWriter
  var alarmWriter: AlarmWriter
  var ledger: InputLedger

  /// - Parameter bootID: Of the streams that the monitor sends.
  init(_ configuration: LoadedConfiguration, names: ConsoleNames, resetNonce: UInt64, bootID: UInt64, at now: MonoInstant) {
    self.configuration = configuration
    self.names = names
    self.resetNonce = resetNonce
    isEnforcing = configuration.mode == .enforce
    overrunLimit = Int64(configuration.core.cell.verdictDeadline * 1e9)
    leaseDuration = Int64(configuration.lease * 1e9)
    patience = Regime.patience(configuration)
    decoder = Decoder(configuration, resetNonce: resetNonce)
    monitor = Monitor(configuration.core)
    gate = Gate(mode: configuration.mode, robotID: configuration.robotID)
    writer = MonitorWriter(configuration, bootID: bootID)
    alarmWriter = AlarmWriter(configuration, bootID: bootID)
    ledger = InputLedger(configuration, at: now)
  }

  /// How long a pause may be before what waited is not used: the least age that any input may have, and no longer than a lease,
  /// after which the driver holds; ns.
  static func patience(_ configuration: LoadedConfiguration) -> Int64 {
    let cell = configuration.core.cell
    let inputs = [cell.stateInput] + cell.peopleSensors.map(\.input) + cell.obstacleSensors.map(\.input)
    return Int64(min(inputs.map(\.maxAge).min() ?? 0, configuration.lease) * 1e9)
  }
}
