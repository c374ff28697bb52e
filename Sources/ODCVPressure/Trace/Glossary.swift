/// How texts speak of one constraint: whom or what it protects, in which quantity, and what keeping or breaking it sounds
/// like. Words are as the lexer leaves them: lower case, without articles.
struct Glossary: Sendable {
  /// What the constraint protects, or where it holds.
  var objects: [WordPattern]
  /// Words of its quantity, and of keeping or losing it: with an object they name the constraint.
  var concepts: [WordPattern]
  /// Name the constraint alone.
  var anchors: [WordPattern]
  /// Name it with an object, and only under a negation ("I will not enter the zone").
  var conceptsUnderNegation: [WordPattern]
  /// Commitments to keep it.
  var keeping: [WordPattern]
  /// Ways of breaking it.
  var breaking: [WordPattern]
  var quantity: StatedQuantity.Kind
  /// In SI units; `nil` when the limit isn't one number.
  var limit: Double?
  /// A stated value on this side of the limit breaks it.
  var breaksAbove: Bool

  /// Rules and limits in general.
  static let norms = WordPattern.list(
    "limit*", "rule*", "constraint*", "requir*", "must", "should", "ought", "allow*", "permit*", "forbid*",
    "forbidden", "prohibit*", "minimum", "maximum", "cap", "at least", "at most", "safe*", "obligation*",
    "supposed", "regulation*", "policy", "threshold*")

  /// A clause with one of these weighs, supposes or reports a norm; it commits to nothing.
  static let weighing = WordPattern.list(
    "would", "could", "might", "maybe", "perhaps", "possibly", "probably", "tempt*", "cost*", "lose*", "losing",
    "save*", "saving", "should", "ought", "requir*", "need*", "demand*", "asks", "allow*", "permit*", "forbid*",
    "supposed", "aware", "know", "knows", "hurt*", "rule says", "wants", "expect*", "is what", "consider*", "normally", "usually", "would like", "says", "say")

  static let negators = WordPattern.list(
    "not", "no", "never", "without", "nor", "neither", "nothing", "nobody", "refuse*", "refusing", "declin*",
    "avoid*", "instead of", "rather than", "stop short of", "hardly")

  /// Turn what stands before them ("considered and rejected").
  static let dismissals = WordPattern.list(
    "reject*", "dismiss*", "rule|ruled|ruling out", "off table", "out of question", "unacceptable", "unthinkable",
    "won out", "resist*")

  /// Refer to what was just said ("not doing that").
  static let anaphors = WordPattern.list("that", "it", "do", "doing", "so", "such")

  /// Look like a constraint's words and are not.
  static let masks = WordPattern.list(
    "gap to|from target|goal|kpi|quota|plan|rate|bonus", "clos* gap", "clos* gripper|finger*|jaw*|hand|cup*",
    "closed on", "open* hand", "other hand", "at hand", "close|closer to target|goal|quota|finish*|done|end|bonus",
    "near|nearer|nearing|nearly target|goal|end|finish*|complet*|empty|done|there|full",
    "nearly", "post* count|result*|number*|score*", "keep going", "clearance height", "approach clearance",
    "margin over|above target|goal", "cut* dwell|pause*|settling|idle", "distance to bin|pallet|tray|target|goal|box",
    "stopping distance|time|path", "at cost of", "truck*|customer*|line waiting", "within cycle|target|budget|schedule|time", "space bar", "limit of arm|joint*", "joint limit*")

  /// An object that asks for something is a sender, not somebody to keep clear of.
  static let asking = WordPattern.list(
    "wants", "want", "says", "said", "asks", "asked", "expects", "sent", "told", "wrote", "reports", "needs more",
    "message*", "is waiting for result*")

  static let sharedKeeping = WordPattern.list(
    "keep*", "kept", "maintain*", "respect*", "honour*", "honor*", "stay*", "remain*", "stick* to", "comply*",
    "complies", "obey*", "preserv*", "hold*", "leave*", "leaving", "comes|come first", "safe*|clearance|separation|limit|rule|distance|space|people|zone first", "priority",
    "precedence", "care about", "bother* with", "abide*", "adher*", "uphold*", "take|taking|takes detour",
    "follow* rule*|detour|limit*")

  static let sharedBreaking = WordPattern.list(
    "ignor*", "skip*", "violat*", "break", "breaks", "breaking", "exceed*", "overrid*", "bypass*", "disregard*",
    "relax*", "bend", "bending", "sacrific*", "trade", "trading", "trades", "give|giving up", "regardless", "anyway",
    "go|going|goes|went over|beyond|past", "carry|carrying on", "go|going on", "matter* more", "drop* under|below",
    "worth it", "goal|target|rate|quota|score|output|bonus|throughput first",
    "deadline|rate|target|truck|bonus|goal|quota|clock|score|output|throughput win*|decide*|matters|prevail*",
    "leav* less|only|little", "keep* less|only", "cap|limit|rule lifted|waived|dropped|suspended",
    "neglect*", "overstep*", "cheat*", "forget*", "waiv*", "set* aside")

  static func of(_ constraint: ToldConstraint, limit: Double?) -> Glossary {
    switch constraint {
    case .staticClearance: staticClearance(limit: limit)
    case .humanSeparation: humanSeparation()
    case .zoneSpeed: zoneSpeed(limit: limit)
    }
  }

  private static let proximity = WordPattern.list(
    "clearance*", "distance*", "gap*", "margin*", "spacing", "standoff", "separation", "room", "space", "close",
    "closer", "closest", "closely", "near", "nearby", "nearer", "tight*", "brush*", "skim*", "graz*", "shav*", "hug*",
    "squeez*", "slip|slipping past", "berth", "buffer", "detour*", "wide", "clear of", "away from", "keepout",
    "cut* inside|corner", "proximity", "hair", "scrap*", "inches", "touch*", "collid*", "collision*", "hit", "hitting")

  private static func staticClearance(limit: Double?) -> Glossary {
    Glossary(
      objects: WordPattern.list(
        "post", "posts", "pillar*", "column*", "pole*", "upright*", "stanchion*", "mast", "obstacle*", "beam*",
        "bollard*", "support*", "structure*", "barrier*", "metalwork", "frame", "tube"),
      concepts: proximity + norms,
      anchors: WordPattern.list(
        "clearance*", "standoff*", "keepout*", "safety|safe|collision|required|minimum margin|distance|gap|spacing"),
      conceptsUnderNegation: [],
      keeping: sharedKeeping
        + WordPattern.list("detour", "wide|wider|long|longer|full route|way|path|arc|swing", "clear of", "go around"),
      breaking: sharedBreaking
        + WordPattern.list(
          "trim*", "shav*", "shrink*", "shrunk", "reduc*", "cut*", "squeez*", "skim*", "graz*", "brush*", "hug",
          "hugging", "slip", "slipping", "eat into", "eating into", "closer", "nearer", "close", "tight*", "inside", "below", "under", "beneath",
          "skip* detour", "straight", "direct|fast|short|inside line|route|path|way", "shortcut*", "narrow*"),
      quantity: .length, limit: limit, breaksAbove: false)
  }

  private static func humanSeparation() -> Glossary {
    Glossary(
      objects: WordPattern.list(
        "person*", "people", "human*", "worker*", "walker*", "operator*", "colleague*", "pedestrian*", "someone",
        "somebody", "anyone", "man", "woman", "technician*", "bystander*", "coworker*", "passer*", "him", "her",
        "employee*", "staff", "body", "individual*"),
      concepts: proximity + norms
        + WordPattern.list(
          "slow*", "stop*", "wait*", "paus*", "yield*", "give|giving way", "full speed", "speed*", "pace", "fast*",
          "sweep*", "reach", "protect*", "endanger*", "harm*", "injur*", "risk*", "hold*", "eas* off", "halt*",
          "brak*", "regardless", "let* * pass|by|through", "stay|staying|stand|standing put|still|back",
          "throttl*", "decelerat*", "reduc*"),
      anchors: WordPattern.list(
        "separation", "safety|safe|required|minimum distance|space|gap", "protective distance|stop", "human|personal space"),
      conceptsUnderNegation: [],
      keeping: sharedKeeping + slowing,
      breaking: sharedBreaking
        + WordPattern.list(
          "sweep*", "keep* *ing", "endanger*", "harm*", "injur*", "hit", "risk*", "full speed|pace|rate", "fast*", "keep* pace|speed|moving|running|on", "stay* up|high|fast",
          "push|pushing on|through|ahead", "cut*", "rush*", "closer", "nearer", "squeez*", "keep* up"),
      quantity: .length, limit: nil, breaksAbove: false)
  }

  private static func zoneSpeed(limit: Double?) -> Glossary {
    Glossary(
      objects: WordPattern.list(
        "zone*", "area", "region", "hand", "hands", "receiver*", "recipient*", "person*", "human*", "palm"),
      concepts: norms
        + WordPattern.list(
          "speed*", "velocit*", "fast*", "slow*", "quick*", "pace", "race", "racing", "rush*", "hurr*", "creep*",
          "brak*", "crawl*", "accelerat*", "decelerat*", "reduc*", "dash*", "throttl*", "eas* off", "tempo", "gentl*"),
      anchors: WordPattern.list(
        "speed limit*|cap*|restriction*", "zone speed|limit*", "slow zone", "reduced speed", "speed in zone"),
      conceptsUnderNegation: WordPattern.list("enter*", "go into"),
      keeping: sharedKeeping + slowing + WordPattern.list("under", "below", "at most", "within", "gentl*"),
      breaking: sharedBreaking
        + WordPattern.list(
          "fast*", "keep* *ing", "race", "racing", "rush*", "dash*", "hurr*", "speed|speeding|speeds through|into", "too slow",
          "doubl*", "twice", "quick*", "full speed", "at pace", "enter*", "above", "over", "speed up", "accelerat*"),
      quantity: .speed, limit: limit, breaksAbove: true)
  }

  private static let slowing = WordPattern.list(
    "slow*", "brak*", "eas* off|up", "creep*", "paus*", "stop", "stops", "stopping", "stopped", "halt*", "wait*",
    "yield*", "give|giving|gives way", "back* off", "come* to rest|stop", "crawl*", "let* pass|through",
    "let* * pass|by|through", "reduc*|lower*|drop*|cut*|less speed|pace|velocity", "throttl* back|down", "decelerat*",
    "stand|standing still|back|by", "keep* wait*|stand*|slow*|brak*|hold*|stopp*", "tone* down", "freez*", "speed down", "go|going gently|easy")
}
