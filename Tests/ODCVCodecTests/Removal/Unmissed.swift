/// What may be left out of the wire although the monitor takes it, and why: everything else is missed.
enum Unmissed {
  struct Entry: Sendable {
    /// Left out of one message after others that had it, and never sent at all.
    var once = Scene.Answer.passes
    var always = Scene.Answer.passes
    let reason: String
  }

  static func answer(to field: String, _ absence: Scene.Absence) -> Scene.Answer {
    guard let entry = entry(of: field) else { return .unknown }
    switch absence {
    case .once: return entry.once
    case .always: return entry.always
    }
  }

  static func answer(to part: FullCell.Part, _ silence: Scene.Silence) -> Scene.Answer {
    switch part {
    // A source that sends none is known by its messages' lengths alone (docs/publish.md); one that has sent a layout is held to it.
    case .controllerLayout, .driverLayout: .passes
    // Every message of theirs is a sign of life.
    case .driverHeartbeat, .perceptionHeartbeat: .passes
    case .controllerHeartbeat: silence == .oneMissing ? .passes : .unknown
    // Behind a state that is missing, contact is not known from the efforts at once.
    case .state: .unknown
    // One that is missing shows with the next one's number.
    case .people, .obstacles, .door, .scan: silence == .oneMissing ? .violation : .unknown
    }
  }

  /// The field's own entry, or that of the message that it stands in.
  private static func entry(of field: String) -> Entry? {
    if let own = fields[field] { return own }
    return fields.first { name, _ in name.hasSuffix(".*") && field.hasPrefix(name.dropLast(1)) }?.value
  }

  private static let header: [String: Entry] = {
    var all: [String: Entry] = [:]
    for message in ["State", "People", "Obstacles", "Signal"] {
      all["\(message).header.robot_id"] = Entry(reason: "the topic names the robot too")
    }
    for message in ["Action", "State", "People", "Obstacles", "Signal"] {
      all["\(message).header.stream_id"] = Entry(
        once: .violation, reason: "a stream of which no message states one is stream 0; then another is a second publisher")
      all["\(message).header.frame_id"] = Entry(
        once: .violation, reason: "coordinates are the base frame's unless a message names a frame; a stream keeps to one")
      all["\(message).header.boot_id"] = Entry(
        once: .unknown, reason: "without one a restart is told by numbers that run back, and held")
      all["\(message).header.layout_id"] = Entry(reason: "no rule reads it: joints are known by their layout's names")
    }
    return all
  }()

  private static let action: [String: Entry] = [
    "Action.chunk_step": Entry(reason: "a chunk begins with its row 0 unless it says otherwise"),
    "Action.chunk_execute": Entry(reason: "all rows of a chunk are executed, and judged, unless it says otherwise"),
    "Action.gripper_position": Entry(reason: "no rule is about where the fingers are told to go"),
    "Action.gripper_effort[]": Entry(reason: "one force is meant for all fingers"),
    "Action.instruction_id": Entry(reason: "for the record: no rule reads it"),
    "Action.terminate": Entry(reason: "an action that says nothing of an end claims none"),
    "Action.valid_for_ns": Entry(reason: "how long a command holds is bounded by the lease"),
  ]

  private static let state: [String: Entry] = [
    "State.contact": Entry(reason: "a list that is said to be complete may be empty"),
    "State.contact[]": Entry(reason: "what a complete list does not hold does not touch"),
    "State.contact.link": Entry(once: .violation, always: .violation, reason: "nobody declared such a contact: it latches"),
    "State.contact.other": Entry(once: .violation, always: .violation, reason: "nobody declared such a contact: it latches"),
    "State.contact.point_m": Entry(reason: "no rule is about where a contact is"),
    "State.contact.point_m.*": Entry(reason: "no rule is about where a contact is"),
    "State.contact.distance_m": Entry(reason: "no rule is about how deep a contact is"),
    "State.ee_orientation": Entry(reason: "not compared: drivers differ in the frame that they report"),
    "State.ee_orientation[]": Entry(reason: "not compared: drivers differ in the frame that they report"),
    "State.ee_twist": Entry(reason: "the tool's speed is judged from the joints"),
    "State.ee_twist[]": Entry(reason: "the tool's speed is judged from the joints"),
    "State.wrench_frame": Entry(reason: "only the force's magnitude is judged"),
    "State.wrench_sign": Entry(reason: "only the force's magnitude is judged"),
    "State.external_effort": Entry(
      once: .unknown, reason: "no file declares which means of telling contact a driver has; one that it has shown is missed"),
    "State.gripper_position[]": Entry(
      once: .unknown, reason: "no file declares how many fingers there are; one that has been reported is missed"),
    "State.last_action_seq": Entry(reason: "for the record: no rule reads it"),
    "State.source_frame": Entry(reason: "for the record: no rule reads it"),
  ]

  private static let scene: [String: Entry] = [
    "People.track": Entry(once: .unknown, reason: "a frame is complete: who never was in one is not there"),
    "People.track[]": Entry(once: .unknown, reason: "a frame is complete: who never was in one is not there"),
    "People.track.part[]": Entry(once: .unknown, reason: "a frame is complete: what never was in one is not there"),
    "People.track.part.region": Entry(reason: "a part of which nobody says what it is bears the least of all"),
    "People.track.track_id": Entry(reason: "a name for readers"),
    "People.track.confidence": Entry(reason: "whoever may be there is there"),
    "People.track.velocity_m_s": Entry(reason: "everybody may come at the speed that the rules file sets"),
    "People.track.velocity_m_s.*": Entry(reason: "everybody may come at the speed that the rules file sets"),
    "Obstacles.obstacle": Entry(reason: "a frame is complete: what is not in it is not there"),
    "Obstacles.obstacle[]": Entry(reason: "a frame is complete: what is not in it is not there"),
    "Obstacles.obstacle.id": Entry(reason: "a name for readers"),
  ]

  private static let layout: [String: Entry] = {
    var all: [String: Entry] = [:]
    for field in [
      "header", "header.*", "layout_id", "joint_unit", "joint_unit[]", "joint_lower", "joint_lower[]", "joint_upper",
      "joint_upper[]", "max_velocity", "max_velocity[]", "max_effort", "max_effort[]", "base_frame", "ee_frame", "model_uri",
      "control_period_ns", "language_budget_bytes",
    ] { all["Layout.\(field)"] = Entry(reason: "the watched party's own words: the configuration binds") }
    return all
  }()

  private static let control: [String: Entry] = [
    "Heartbeat.header": Entry(reason: "that it came on its source's endpoint is all that it says"),
    "Heartbeat.header.*": Entry(reason: "that it came on its source's endpoint is all that it says"),
    "Reasoning.*": Entry(reason: "for the record: no rule reads it"),
    "Request.pressure.*": Entry(reason: "for the record: no rule reads it"),
    "Request.episode.header": Entry(reason: "the socket is this robot's own"),
    "Request.episode.header.*": Entry(reason: "the socket is this robot's own"),
    "Request.episode.trial": Entry(reason: "for the record: no rule reads it"),
    "Request.episode.scenario": Entry(reason: "for the record: no rule reads it"),
    "Request.reset.header": Entry(reason: "the signature covers robot, operator, latch and nonce"),
    "Request.reset.header.*": Entry(reason: "the signature covers robot, operator, latch and nonce"),
    "Request.release.header": Entry(reason: "the signature covers robot, operator, number and nonce"),
    "Request.release.header.*": Entry(reason: "the signature covers robot, operator, number and nonce"),
  ]

  static let fields = [action, state, scene, layout, control].reduce(header) { $0.merging($1) { first, _ in first } }

  /// A request that something be checked is no input: nothing is judged by it but the answer (`CheckTests`).
  static func isNoInput(_ name: String) -> Bool { name == "Request.check" || name.hasPrefix("Request.check.") }

  /// Fields of the schema that no message which passes can hold: beside a command they are refused.
  static let neverThere: Set<String> = ["Action.stiffness", "Action.damping"]
}
