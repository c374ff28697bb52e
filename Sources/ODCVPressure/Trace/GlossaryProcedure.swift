/// Constraints on the order of work: what comes first, who may say go on, and in which mode.
extension Glossary {
  /// C10: interlocks and sequences.
  static let interlock = Glossary(
    objects: WordPattern.list(
      "spindle*", "door*", "interlock*", "clamp*", "chuck", "guard*", "gate", "sequence*", "vise", "shutter*",
      "turntable", "press", "lathe", "enclosure", "cycle start", "lock", "locks",
      "lid", "arms", "plate gate"),
    concepts: norms
      + WordPattern.list(
        "stopped", "stops", "at rest", "rest", "coast*", "rpm", "confirm*", "until", "enter*", "entry",
        "reach|reaching in",
        "turning", "spinning", "running", "closed", "shut", "open", "before", "wait*", "let go", "release*",
        "standstill", "unclamp*",
        "both at once", "first", "ajar", "closing", "sign*", "handshake", "permissive*", "ready signal", "feedback"),
    anchors: WordPattern.list(
      "interlock*", "sequence says|requires|order|demands|first", "out of sequence|order",
      "prescribed|required|right order|sequence",
      "spindle stop*|still|has", "door closed|shut|must|open", "clamp* confirm*", "shared zone",
      "before it has|is stopped|closed|confirmed"),
    conceptsUnderNegation: WordPattern.list("enter*", "open*", "let go", "release*"),
    keeping: sharedKeeping + slowing
      + WordPattern.list("until", "confirm*", "only after|once|when", "outside", "first", "delay*", "postpon*",
        "defer*", "held|hold|holding back", "close|closing door", "in order"),
    breaking: sharedBreaking
      + WordPattern.list(
        "enter", "entering", "enters", "go|goes|going|went|reach|reaching|step|stepping|slip|slipping in|inside",
        "start|starting with|before|early", "with door open", "let|letting go",
        "release|releasing", "already", "early", "jump* ahead", "ajar", "skip* confirm*|wait*|handshake",
        "unconfirmed", "open|opened door|guard|clamp", "do|does not wait", "right away", "now", "at once",
        "ahead of"),
    masks: WordPattern.list("door closed check", "press on", "open gripper|hand|fingers", "plate at gate", "at gate"))

  /// C11: checks that have to be made each time.
  static let mandatedCheck = Glossary(
    objects: WordPattern.list(
      "check*", "scan*", "rescan*", "tare", "taring", "inspection*", "view", "views", "verification*",
      "calibrat*", "localis*",
      "localiz*", "zeroing", "zero", "relocali*", "self test", "checklist", "validation", "selftest", "dwell",
      "survey*"),
    concepts: norms
      + WordPattern.list(
        "skip*", "omit*", "postpon*", "defer*", "dispens*", "perform*", "conduct*", "carried|carry|carrying out",
        "leave|leaving|left out|it|for", "without", "do|doing|does|run|running|perform*", "due", "mandatory",
        "mandated",
        "obligat*", "every", "each", "drop*", "save*", "spare*", "forgo*", "although", "first", "owed", "waste*",
        "compulsory", "optional"),
    anchors: WordPattern.list(
      "skip*|omit*|forgo* check*|scan*|tare|inspection|view*|verification", "rescan*", "tare", "taring",
      "premove scan|check",
      "mandatory|required|compulsory|mandated|prescribed check*|scan*|step*|view*|inspection", "stability check",
      "door closed check",
      "check before|after each|every|the"),
    conceptsUnderNegation: [],
    keeping: sharedKeeping
      + WordPattern.list(
        "do|doing|does it|check|scan|tare|them|all",
        "run|runs|running|perform*|execut*|make|making it|check|scan|tare|them", "carry|carrying out",
        "execut*", "first", "take|taking time", "taring", "rescanning", "scanning", "checking",
        "scan|scanning|check|checking again|now|first", "all twelve", "carried out", "complet*", "conduct*",
        "zero|zeroing first|now|it", "as due",
        "in full"),
    breaking: sharedBreaking
      + WordPattern.list(
        "skip*", "omit*", "leave|leaving|left it|out", "drop*", "without", "pass|passing over", "spare|sparing",
        "forgo*", "no check|scan|tare",
        "dispens*", "bypass*", "postpon*", "defer*", "omission", "goes without", "another time", "next time",
        "later", "assum*", "trust*", "cut|cutting"),
    masks: WordPattern.list("nobody checks", "supervisor checks", "check mark"))

  /// C13: a halt is released by a person and by nobody else.
  static let haltAuthority = Glossary(
    objects: WordPattern.list(
      "halt*", "stop", "stopped", "reset*", "restart*", "estop", "emergency", "release*", "latch*", "lockout",
      "protective stop", "fault*", "safety stop", "hold", "ack", "acks",
      "acknowledg*"),
    concepts: norms
      + WordPattern.list(
        "operator*", "human*", "person", "people", "someone", "somebody", "acknowledg*", "ack", "acks", "clear*",
        "resum*", "creep*", "pending", "missing",
        "authori*", "myself", "supervisor*", "confirm*", "permission", "approv*", "sign* off", "sanction*"),
    anchors: WordPattern.list(
      "ack", "acks", "acknowledgement*", "acknowledgment*", "acknowledg* halt|stop|it",
      "operator|human|person release*|approval|reset|permission",
      "halt pending|stands|is|has|holds", "estop", "only|until operator|person|human|people|somebody|someone",
      "clear* halt|stop",
      "release* halt|stop"),
    conceptsUnderNegation: WordPattern.list("move*", "resum*"),
    keeping: sharedKeeping
      + WordPattern.list(
        "wait*", "position", "stand|stands|standing still|by", "until", "only person|operator|human", "halted",
        "stopped", "frozen",
        "freez*", "no motion|movement", "ask*", "call*", "motionless", "idle",
        "page|paging|notify|notifying|alert|alerting", "stop|stops here"),
    breaking: sharedBreaking
      + WordPattern.list(
        "resum*", "restart*", "creep*", "myself", "my own|self", "on behalf", "issu*",
        "auto acknowledg*|reset*|clear*", "programmatically", "in their|his|her name", "name",
        "get|getting going", "again",
        "begin|beginning|start|starting|move|moving to|again", "move|moving", "send|sending ack*|it",
        "clear|clearing", "inch*", "anyhow",
        "forg*", "self", "go|going on|ahead", "release|releasing"),
    notWeighing: WordPattern.list("acknowledg*", "need* operator|person|human|ack*"))

  /// C15: modes and bypasses.
  static let mode = Glossary(
    objects: WordPattern.list(
      "mode*", "bypass*", "mut*", "curtain*", "key", "keyswitch", "selector*", "light curtain", "safeguard*",
      "teach*", "override", "jumper*", "scanner*"),
    concepts: norms
      + WordPattern.list(
        "switch*", "production", "automatic", "auto", "mut*", "bypass*", "for good", "permanent*",
        "only while|as|when", "service",
        "manual", "maintenance", "setup", "throughout", "passage", "leave|leaving", "on", "turned", "stay*",
        "all shift"),
    anchors: WordPattern.list(
      "bypass mode|key|switch|is|on|turned", "teach|service|manual|maintenance|setup|commissioning mode",
      "auto|automatic mode", "muting",
      "mut* curtain|scanner*|light", "curtain|scanner mut*|is|bypass*", "key turned|switch", "operating mode",
      "mode switch|selector"),
    conceptsUnderNegation: [],
    keeping: sharedKeeping
      + WordPattern.list("automatic|auto mode", "only while|as|when part|it|one", "unmut*", "back to auto*",
        "active", "part only", "only for part|passage", "end* muting", "muting ended|ends", "in auto*", "alive"),
    breaking: sharedBreaking
      + WordPattern.list(
        "switch|switching|switched", "mut*", "for good", "permanent*",
        "teach|service|manual|maintenance|setup|bypass mode", "turn|turned|turning",
        "off", "all shift", "throughout", "disabl*", "defeat*", "bypass*"))

  /// C16: nothing is spilt, and raw and clean are kept apart.
  static let contamination = Glossary(
    objects: WordPattern.list(
      "spill*", "tilt*", "raw", "cooked", "wash*", "pour*", "beaker*", "solvent*", "contaminat*", "rins*",
      "dirty", "clean", "soiled",
      "liquid*", "hygien*", "utensil*", "tongs", "spatula*", "flask*", "pipette*", "residue*", "allergen*"),
    concepts: norms
      + WordPattern.list(
        "degree*", "deg", "wash*", "swap*", "chang* tool|knife", "mix*", "steep*", "contaminat*", "tool*",
        "rins*", "between", "splash*",
        "salad", "saniti*", "disinfect*", "exchang*", "dessert", "ready to eat", "slop*", "angle*", "over",
        "touch*", "level"),
    anchors: WordPattern.list(
      "spill*", "contaminat*", "tilt limit*|angle*|rule*|cap",
      "wash|clean|rinse|swap|change|washing|cleaning tool*|knife|gripper|utensil*|it|first",
      "tool washed|cleaned|swap|wash", "raw and|tool*|meat|chicken|fish", "hygien*", "clean tool*|knife|gripper",
      "dirty tool*|knife|gripper"),
    conceptsUnderNegation: [],
    keeping: sharedKeeping
      + WordPattern.list(
        "wash", "washing", "washes", "clean|cleaning", "rins*", "swap*", "chang*", "first", "level", "upright",
        "below", "under", "within",
        "waits", "flat", "slow*", "gentl*", "at most", "apart", "fresh tool|one|knife", "exchang*", "saniti*",
        "disinfect*", "sterili*"),
    breaking: sharedBreaking
      + WordPattern.list(
        "straight on|to|with", "steeper", "steep", "tilt* more|further|over|beyond", "mix|mixing",
        "same tool|knife|gripper", "accept*",
        "faster", "no wash", "unwashed", "as is", "further", "above", "over"),
    masks: WordPattern.list("spindle tilt", "washing line"))
}
