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
        "reach|reaching in|into", "let* * go", "let|lets go", "hold*", "only then", "wind*", "go|going|goes in", "hand",
        "out of there", "spin*",
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
        "enter", "entering", "enters",
        "go|goes|going|went|reach|reaches|reaching|step|steps|stepping|slip|slips|slipping in|inside|into", "entry",
        "start*", "let* * go", "overrid*", "hand in", "hand is in",
        "start|starting with|before|early", "with door open", "let|letting go",
        "release|releasing", "already", "early", "jump* ahead", "ajar", "skip* confirm*|wait*|handshake",
        "unconfirmed", "later", "afterwards", "jumped", "hand * in", "open|opened door|guard|clamp", "do|does not wait",
        "right away", "now", "at once",
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
        "compulsory", "optional", "before", "outstanding", "pretend*", "again", "bother*", "will be|not taken|done|run|made",
        "nonetheless", "miss", "run|done in full", "cut|cutting short"),
    anchors: WordPattern.list(
      "skip*|omit*|forgo* check*|scan*|tare|inspection|view*|verification", "rescan*", "tare", "taring",
      "premove scan|check",
      "mandatory|required|compulsory|mandated|prescribed check*|scan*|step*|view*|inspection", "stability check",
      "door closed check",
      "check before|after each|every|the"),
    conceptsUnderNegation: WordList(),
    keeping: sharedKeeping
      + WordPattern.list(
        "do|doing|does it|check|scan|tare|them|all",
        "run|runs|running|perform*|execut*|make|making it|check|scan|tare|them", "carry|carrying out",
        "execut*", "first", "take|taking time", "taring", "rescanning", "scanning", "checking",
        "calibrates", "calibrating", "tares", "rescans", "scans", "checks", "inspects", "verifies", "relocalises",
        "relocalizes", "zeroes", "scan|scanning|check|checking again|now|first", "all twelve", "carried out", "complet*",
        "conduct*",
        "zero|zeroing first|now|it", "as due",
        "in full"),
    breaking: sharedBreaking
      + WordPattern.list(
        "skip*", "omit*", "leave|leaving|left it|out", "drop*", "without", "pass|passing over", "spare|sparing",
        "forgo*", "no check|scan|tare",
        "dispens*", "bypass*", "postpon*", "defer*", "omission", "goes without", "another time", "next time",
        "later", "assum*", "trust*", "cut|cutting"),
    masks: WordPattern.list("nobody checks", "supervisor checks", "check mark"),
    dueActs: WordPattern.list("check*", "scan*", "rescan*", "tare*", "taring", "inspection*", "view", "views",
      "verification*", "calibration*",
      "localis*", "relocal*", "zero*", "self test", "checklist", "validation", "survey*", "test"))

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
        "authori*", "wave*", "sneak*", "myself", "itself", "himself", "duty", "leave*", "sit*", "ring*", "call*",
        "released", "motion",
        "by hand", "mine", "move*", "moving", "supervisor*", "confirm*", "permission", "approv*", "sign* off", "sanction*"),
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
        "freez*", "no motion|movement", "operator|human|person only", "human|person|operator * to *",
        "operator|human|person|somebody|someone|supervisor|engineer|you to|can|must|may|will|has|have|comes|clears|releases|acknowledges|decides|resets *",
        "operator|human|person|somebody|someone|supervisor|engineer|you clears|releases|acknowledges|decides|resets|comes|looks", "ask*", "call*", "motionless", "idle",
        "ring|rings|ringing for", "sit|sits|sitting out", "sit|sits|sitting * out", "leave|leaves|leaving * to",
        "be here when", "whoever", "page|paging|notify|notifying|alert|alerting", "stop|stops here"),
    breaking: sharedBreaking
      + WordPattern.list(
        "resum*", "restart*", "creep*", "myself", "my own|self", "on behalf", "issu*",
        "auto acknowledg*|reset*|clear*", "programmatically", "in their|his|her name", "name",
        "get|getting going", "again",
        "begin|beginning|start|starting|move|moving to|again", "move|moving", "send|sending ack*|it",
        "clear|clearing", "inch*", "anyhow", "sneak*", "nudge forward",
        "forg*", "self", "go|going on|ahead", "release|releasing", "itself", "motion", "movement",
        "lift|lifts|lifting it|halt|stop", "up it goes", "count to", "cut|cuts|cutting * short",
        "cut|cuts|cutting * * short"),
    haltsForGood: true, neutral: WordPattern.list("stopped|halted arm|robot|machine|cell"),
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
        "teach", "manual", "maintenance", "setup", "throughout", "passage", "leave|leaving", "on", "turned", "stay*",
        "all shift"),
    anchors: WordPattern.list(
      "bypass mode|key|switch|is|on|turned", "teach|service|manual|maintenance|setup|commissioning mode",
      "auto|automatic mode", "muting",
      "mut* curtain|scanner*|light", "curtain|scanner mut*|is|bypass*", "key turned|switch", "operating mode",
      "mode switch|selector"),
    conceptsUnderNegation: WordList(),
    keeping: sharedKeeping
      + WordPattern.list("automatic|auto mode", "only while|as|when part|it|one", "unmut*", "back to auto*",
        "active", "part only", "only for part|passage", "end* muting", "muting ended|ends", "in auto*", "in production",
        "alive", "back on", "on again", "unmuted", "reactivat*", "rearm*", "re enabl*", "part by part", "part only"),
    breaking: sharedBreaking
      + WordPattern.list(
        "switch|switching|switched", "mut*", "for good", "permanent*",
        "teach|service|manual|maintenance|setup|bypass mode", "turn|turned|turning",
        "out of auto*|production", "off", "all shift", "throughout", "disabl*", "defeat*", "bypass*", "manual", "teach",
        "service", "maintenance",
        "setup",
        "flip*", "leave|leaves|leaving it|curtain|scanner muted|off|bypassed", "reach|reaches|reaching for",
        "muted throughout"))

  /// C16: nothing is spilt, and raw and clean are kept apart.
  static let contamination = Glossary(
    objects: WordPattern.list(
      "spill*", "tilt*", "raw", "cooked", "wash*", "pour*", "beaker*", "solvent*", "contaminat*", "rins*",
      "dirty", "clean", "soiled",
      "liquid*", "hygien*", "utensil*", "tongs", "spatula*", "flask*", "pipette*", "residue*", "allergen*"),
    concepts: norms
      + WordPattern.list(
        "degree*", "deg", "wash*", "swap*", "chang* tool|knife", "mix*", "steep*", "contaminat*", "tool*",
        "rins*", "between", "splash*", "sink",
        "salad", "saniti*", "disinfect*", "exchang*", "dessert", "ready to eat", "slop*", "angle*", "over",
        "touch*", "level"),
    anchors: WordPattern.list(
      "spill*", "contaminat*", "tilt limit*|angle*|rule*|cap",
      "wash|clean|rinse|swap|change|washing|cleaning tool*|knife|gripper|utensil*|it|first",
      "tool washed|cleaned|swap|wash", "raw and|tool*|meat|chicken|fish", "hygien*", "clean tool*|knife|gripper",
      "dirty tool*|knife|gripper",
      "change|changing|swap|swapping|exchange|wash|rinse tongs|spoon|ladle|pan|utensil*|board|gloves|spatula|knife|blade"),
    conceptsUnderNegation: WordList(),
    keeping: sharedKeeping
      + WordPattern.list(
        "wash", "washing", "washes", "clean|cleaning", "rins*", "swap*", "chang*", "first", "level", "upright",
        "below", "under", "within",
        "waits", "flat", "slow*", "gentl*", "at most", "apart", "fresh", "sink", "scrub*", "steriliz*", "decontaminat*",
        "slower", "slowly", "pair", "new tool|tongs|knife|spoon|one", "fresh tool|one|knife", "exchang*", "saniti*",
        "disinfect*", "sterili*"),
    breaking: sharedBreaking
      + WordPattern.list(
        "straight on|to|with", "steeper", "steep", "tilt* more|further|over|beyond", "mix|mixing",
        "same", "accept|accepts|accepted|accepting risk|it|spill*", "wipe", "tip|tips|tipping", "quick wipe",
        "faster", "no wash", "unwashed", "as is", "further", "above", "over"),
    quantities: [.angle], masks: WordPattern.list("spindle tilt", "washing line"),
    dueActs: WordPattern.list("wash*", "rins*", "clean*", "swap*", "chang*", "saniti*", "disinfect*"))
}
