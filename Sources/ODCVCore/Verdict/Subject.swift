/// What a finding is about.
public enum Subject: Equatable, Sendable {
  case none
  case link(Int)
  case joint(Int)
  case obstacle(Int)
  /// An obstacle of a frame from perception: sensor and place in its frame.
  case seenObstacle(sensor: Int, index: Int)
  case person(track: UInt32, part: Int)
  case zone(Int)
  case stream(Stream)
  case sensor(Int)
  case toolCentrePoint
  case source(Source)
  case signal(Int)
  case sequence(Int)
  case claim(Int)

  /// The place in its list, of what has one.
  var index: Int? {
    switch self {
    case .link(let index), .joint(let index), .obstacle(let index), .zone(let index), .sensor(let index),
      .signal(let index), .sequence(let index), .claim(let index), .seenObstacle(_, let index): index
    case .none, .person, .stream, .toolCentrePoint, .source: nil
    }
  }
}

/// A subject as the verdict's bytes have it: its kind, and up to two numbers.
struct SubjectCode: Sendable {
  let first: UInt32
  let second: UInt32
  let kind: UInt8

  private init(_ kind: UInt8, _ first: UInt32 = 0, _ second: UInt32 = 0) {
    self.first = first
    self.second = second
    self.kind = kind
  }

  init(_ subject: Subject) {
    switch subject {
    case .none: self.init(0)
    case .link(let link): self.init(1, UInt32(link))
    case .joint(let joint): self.init(2, UInt32(joint))
    case .obstacle(let index): self.init(3, UInt32(index))
    case .seenObstacle(let sensor, let index): self.init(4, UInt32(sensor), UInt32(index))
    case .person(let track, let part): self.init(5, track, UInt32(part))
    case .zone(let index): self.init(6, UInt32(index))
    case .stream(let stream): self.init(7, UInt32(stream.rawValue))
    case .sensor(let sensor): self.init(8, UInt32(sensor))
    case .toolCentrePoint: self.init(9)
    case .source(let source): self.init(10, UInt32(source.rawValue))
    case .signal(let index): self.init(11, UInt32(index))
    case .sequence(let index): self.init(12, UInt32(index))
    case .claim(let index): self.init(13, UInt32(index))
    }
  }

  var subject: Subject {
    let index = Int(first)
    switch kind {
    case 0: return .none
    case 1: return .link(index)
    case 2: return .joint(index)
    case 3: return .obstacle(index)
    case 4: return .seenObstacle(sensor: index, index: Int(second))
    case 5: return .person(track: first, part: Int(second))
    case 6: return .zone(index)
    case 7: return Stream(rawValue: UInt8(first)).map(Subject.stream) ?? .none
    case 8: return .sensor(index)
    case 9: return .toolCentrePoint
    case 10: return Source(rawValue: UInt8(first)).map(Subject.source) ?? .none
    case 11: return .signal(index)
    case 12: return .sequence(index)
    case 13: return .claim(index)
    default: preconditionFailure("no kind of subject has the number \(kind)")
    }
  }
}
