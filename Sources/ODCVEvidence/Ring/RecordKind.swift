/// What a record of the ring is, so what the recorder does with it.
///
/// | kind | topic | body | detail | goes to |
/// |---|---|---|---|---|
/// | layout ... instruction | as received | as received: a well-formed message of that type | | `<endpoint>/<topic>` |
/// | undecoded | as received | as received | | `undecoded` |
/// | tick | | | | `tick` |
/// | lost | | | how many | `fault` |
/// | overrun | | | ns that the turn took | `fault` |
/// | handover | | | | `fault` |
/// | restored | | | the number of a latch of the run before | `fault` |
/// | verdict, alarm | as published | an encoded `odcv.v1.Verdict`, `Alarm` | | `<endpoint>/<topic>` |
/// | sent | | the substitute, if not forwarded | 1 forwarded, 0 substituted | `sent` |
/// | violation | | an encoded `odcv.v1.Verdict` | | the violation log |
/// | prepared, turned, abandoned | | | what index 0 of this run is in the next | nowhere: see `NextRun` |
///
/// Where it goes is a channel of the recording; with an empty topic that is `<endpoint>` alone.
///
/// `channel` is the index of the endpoint in `RecorderConfiguration.endpoints`; `index` the arrival index of the
/// input (for outputs, of the input that they answer). Only the kinds for which `isInput` holds are read by a check.
public enum RecordKind: UInt8, Sendable, CaseIterable {
  case layout = 1
  case action = 2
  case state = 3
  case people = 4
  case obstacles = 5
  case reasoning = 6
  case heartbeat = 7
  /// A body of the control socket: reset, episode, pressure.
  case request = 8
  case instruction = 9
  case signal = 10
  /// Bytes that are not a well-formed message of their endpoint, exactly as they came. A message that has not two
  /// frames is recorded and decoded alike as an empty topic and all its frames (the first eight of more), joined, as body.
  case undecoded = 16
  case tick = 17
  case lost = 18
  case overrun = 19
  case restored = 20
  case handover = 21
  case verdict = 32
  case alarm = 33
  case sent = 34
  /// May use the space that the ring reserves.
  case violation = 48
  case prepared = 64
  case turned = 65
  case abandoned = 66

  /// `detail` of a message that only the run that is prepared takes in.
  public static let onlyNext: Int64 = 1

  /// Part of what is judged again.
  public var isInput: Bool {
    switch self {
    case .layout, .action, .state, .people, .obstacles, .reasoning, .heartbeat, .request, .instruction, .signal,
      .undecoded, .tick, .lost, .overrun, .restored, .handover:
      true
    case .verdict, .alarm, .sent, .violation, .prepared, .turned, .abandoned: false
    }
  }

  /// Came in by an endpoint.
  var isMessage: Bool {
    switch self {
    case .layout, .action, .state, .people, .obstacles, .reasoning, .heartbeat, .request, .instruction, .signal, .undecoded: true
    case .tick, .lost, .overrun, .restored, .handover, .verdict, .alarm, .sent, .violation, .prepared, .turned, .abandoned: false
    }
  }

  /// No record, but a word to the recorder: see `NextRun`.
  var isTurn: Bool {
    switch self {
    case .prepared, .turned, .abandoned: true
    case .layout, .action, .state, .people, .obstacles, .reasoning, .heartbeat, .request, .instruction, .signal,
      .undecoded, .tick, .lost, .overrun, .restored, .handover, .verdict, .alarm, .sent, .violation:
      false
    }
  }
}
