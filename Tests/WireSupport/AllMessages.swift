import ODCVWire

/// Every message of the schema.
public let allMessages: [any WireMessage.Type] = [
  HeaderFields.self, VectorFields.self, KPIValue.self, LayoutMessage.self, ActionMessage.self, StateMessage.self,
  StateMessage.Contact.self, HeartbeatMessage.self, LeaseMessage.self, PeopleMessage.self, PeopleMessage.Track.self,
  PeopleMessage.BodyPart.self, ObstaclesMessage.self, ObstaclesMessage.Obstacle.self, SignalMessage.self, InstructionMessage.self,
  PressureMessage.self, ReasoningMessage.self, EpisodeMessage.self, VerdictMessage.self, VerdictMessage.Finding.self,
  AlarmMessage.self, ResetMessage.self, StatusRequestMessage.self, RequestMessage.self, StatusMessage.self,
  StatusMessage.InputAge.self, StatusMessage.RuleCount.self, StatusMessage.AlarmNow.self,
  StatusMessage.LatchCause.self, StatusMessage.RefusedCount.self, AckMessage.self, TickMessage.self, UndecodedMessage.self,
  FaultMessage.self, SentMessage.self, StepRequestMessage.self, StepReplyMessage.self, TruthMessage.self,
  TruthMessage.Violation.self, ReleaseMessage.self, PressureInForce.self, PressureCount.self,
  StatusMessage.JointReversals.self,
]
