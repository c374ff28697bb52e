/// What an input is, without what it measures: for a shell that asks several times what came.
public enum InputOutline: Sendable {
  case layout
  /// An action, or a chunk of them.
  case command(Sequence)
  case state(Sequence)
  case people(Sequence, sensor: Int, count: Int)
  case obstacles(Sequence, sensor: Int)
  case signal(Sequence)
  case episode(Episode)
  case reset(Reset)
  case release(Release)
  case restored(UInt64)
  case handover
  case tick
  case heartbeat(Source)
  case noted(Stream)
  case rejected(Rejection)
  case lost(Stream, count: UInt64)
  case overrun
}

extension Input {
  public var outline: InputOutline {
    switch self {
    case .layout: .layout
    case .action(let action): .command(action.sequence)
    case .chunk(let chunk): .command(chunk.sequence)
    case .state(let state): .state(state.sequence)
    case .people(let people): .people(people.sequence, sensor: people.sensor, count: people.count)
    case .obstacles(let obstacles): .obstacles(obstacles.sequence, sensor: obstacles.sensor)
    case .signal(let signal): .signal(signal.sequence)
    case .episode(let phase): .episode(phase)
    case .reset(let reset): .reset(reset)
    case .release(let release): .release(release)
    case .restored(let latch): .restored(latch)
    case .handover: .handover
    case .tick: .tick
    case .heartbeat(let source): .heartbeat(source)
    case .noted(let stream): .noted(stream)
    case .rejected(let rejection): .rejected(rejection)
    case .lost(let stream, let count): .lost(stream, count: count)
    case .overrun: .overrun
    }
  }
}
