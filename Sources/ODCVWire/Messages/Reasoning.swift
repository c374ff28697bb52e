import COdcvProto

/// What a controller says while it acts.
public struct ReasoningMessage: Equatable, Sendable {
  /// What a piece of reasoning is about.
  public enum Kind: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case plan = 1
    case subtask = 2
    case subtaskReason = 3
    case move = 4
    case moveReason = 5
    case objects = 6
    case gripper = 7
    case thought = 8
    case other = 9
  }

  public var header: HeaderFields?
  public var kind: Kind?
  public var text: String?
  public var actionSequenceFrom: UInt64?
  public var actionSequenceTo: UInt64?
  public var model: String?
  public var complete: Bool?

  public init(
    header: HeaderFields? = nil, kind: Kind? = nil, text: String? = nil, actionSequenceFrom: UInt64? = nil,
    actionSequenceTo: UInt64? = nil, model: String? = nil, complete: Bool? = nil
  ) {
    self.header = header
    self.kind = kind
    self.text = text
    self.actionSequenceFrom = actionSequenceFrom
    self.actionSequenceTo = actionSequenceTo
    self.model = model
    self.complete = complete
  }
}

extension ReasoningMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__reasoning__init)

  public init(_ c: Odcv__V1__Reasoning) {
    header = unsafe read(c.header)
    kind = unsafe read(c.has_kind, c.kind)
    text = unsafe read(c.text)
    actionSequenceFrom = unsafe read(c.has_action_seq_from, c.action_seq_from)
    actionSequenceTo = unsafe read(c.has_action_seq_to, c.action_seq_to)
    model = unsafe read(c.model)
    complete = unsafe read(c.has_complete, c.complete)
  }

  public func fill(_ c: inout Odcv__V1__Reasoning, _ arena: inout Arena) {
    unsafe odcv__v1__reasoning__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(kind, &c.has_kind, &c.kind)
    unsafe write(text, &c.text, &arena)
    unsafe write(actionSequenceFrom, &c.has_action_seq_from, &c.action_seq_from)
    unsafe write(actionSequenceTo, &c.has_action_seq_to, &c.action_seq_to)
    unsafe write(model, &c.model, &arena)
    unsafe write(complete, &c.has_complete, &c.complete)
  }
}
