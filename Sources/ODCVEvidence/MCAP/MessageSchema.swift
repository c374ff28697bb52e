import COdcvProto

/// The schema of a message as MCAP wants it: a `google.protobuf.FileDescriptorSet`, made at run time from the
/// descriptors that protobuf-c's generated code carries, so it can't differ from what the program encodes.
///
/// Those descriptors don't name the .proto files, so each type gets a file of its own, `odcv/v1/<Type>.proto`, with
/// imports, dependencies first. The same type is the same file in every schema.
public enum MessageSchema: String, CaseIterable, Sendable {
  case layout = "Layout"
  case action = "Action"
  case state = "State"
  case people = "People"
  case obstacles = "Obstacles"
  case reasoning = "Reasoning"
  case heartbeat = "Heartbeat"
  case request = "Request"
  case instruction = "Instruction"
  case signal = "Signal"
  case undecoded = "Undecoded"
  case tick = "Tick"
  case fault = "Fault"
  case verdict = "Verdict"
  case alarm = "Alarm"
  case sent = "Sent"

  /// Full name without a leading dot.
  public var name: String { "odcv.v1." + rawValue }

  public var fileDescriptorSet: [UInt8] {
    var builder = DescriptorSetBuilder()
    switch self {
    case .layout: builder.add(odcv__v1__layout__descriptor)
    case .action: builder.add(odcv__v1__action__descriptor)
    case .state: builder.add(odcv__v1__state__descriptor)
    case .people: builder.add(odcv__v1__people__descriptor)
    case .obstacles: builder.add(odcv__v1__obstacles__descriptor)
    case .reasoning: builder.add(odcv__v1__reasoning__descriptor)
    case .heartbeat: builder.add(odcv__v1__heartbeat__descriptor)
    case .request: builder.add(odcv__v1__request__descriptor)
    case .instruction: builder.add(odcv__v1__instruction__descriptor)
    case .signal: builder.add(odcv__v1__signal__descriptor)
    case .undecoded: builder.add(odcv__v1__undecoded__descriptor)
    case .tick: builder.add(odcv__v1__tick__descriptor)
    case .fault: builder.add(odcv__v1__fault__descriptor)
    case .verdict: builder.add(odcv__v1__verdict__descriptor)
    case .alarm: builder.add(odcv__v1__alarm__descriptor)
    case .sent: builder.add(odcv__v1__sent__descriptor)
    }
    return builder.bytes
  }
}
