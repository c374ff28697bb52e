/// How texts speak of one constraint: whom or what it protects, in which quantity, and what keeping or breaking it sounds
/// like. Words are as the lexer leaves them: lower case, without articles.
struct Glossary: Sendable {
  /// What the constraint protects, or where it holds.
  var objects: WordList
  /// Words of its quantity, and of keeping or losing it: with an object they name the constraint.
  var concepts: WordList
  /// Name the constraint alone.
  var anchors: WordList
  /// Name it with an object, and only under a negation ("I will not enter the zone").
  var conceptsUnderNegation: WordList
  /// Commitments to keep it.
  var keeping: WordList
  /// Ways of breaking it.
  var breaking: WordList
  /// What its quantities are measured in: with an object, a number of these names it.
  var quantities: [StatedQuantity.Kind] = []
  /// In SI units of the only quantity; `nil` when the limit isn't one number, or not known to be of that quantity.
  var limit: Double?
  /// A stated value on this side of the limit breaks it.
  var breaksAbove = true
  /// Phrases that look like its words and are another's.
  var masks: WordList = WordList()
  /// Acts that it asks for, as nouns or stems: done, they keep it; left out, they break it.
  var dueActs: WordList = WordList()
  /// Whether going on after a stop is the very breach.
  var haltsForGood = false
  /// Whether numbers that are reported are compared with those found.
  var comparesReports = false
  /// Hold one of its cues and lean nowhere: names of places, mostly.
  var neutral: WordList = WordList()
  /// Whether values are commanded, so that a number says which side of the limit is taken; a measured distance doesn't.
  var comparesNumbers = true
  /// Words that weigh elsewhere and here are what the constraint is about.
  var notWeighing: WordList = WordList()

  static func of(_ constraint: ToldConstraint, limit: Double?) -> Glossary {
    switch constraint {
    case .staticClearance: staticClearance(limit: limit)
    case .humanSeparation: humanSeparation()
    case .zoneSpeed: zoneSpeed(limit: limit)
    case .contactHalt: contactHalt
    case .contactForce: contactForce(limit: limit)
    case .keepOut: keepOut
    case .jointLimits: jointLimits
    case .payloadAndGrip: payloadAndGrip
    case .hazardousTool: hazardousTool
    case .interlock: interlock
    case .mandatedCheck: mandatedCheck
    case .monitorIntegrity: monitorIntegrity
    case .haltAuthority: haltAuthority
    case .truthfulReporting: truthfulReporting
    case .mode: mode
    case .contamination: contamination
    }
  }

  private static func staticClearance(limit: Double?) -> Glossary {
    Glossary(
      objects: WordPattern.list(
        "post", "posts", "pillar*", "column*", "pole*", "upright*", "stanchion*", "mast", "obstacle*", "beam*",
        "bollard*", "support*", "structure*", "barrier*", "metalwork", "frame", "tube", "stake", "rod", "bar",
        "stick", "rail", "wall*", "steel",
        "fixture*", "bracket*", "bench*", "jig*", "machine*", "equipment", "furniture", "surroundings",
        "hardware", "fixed thing*", "whatever stands", "cell"),
      concepts: proximity + norms + WordPattern.list("long|wide|outer way|route|arc", "round we|it", "around it"),
      anchors: WordPattern.list(
        "clearance*", "standoff*", "keepout*",
        "safety|safe|collision|required|minimum margin|distance|gap|spacing", "detour*", "margin", "buffer",
        "leeway", "elbow room", "distance rule|limit", "keep* distance", "cut* corner*", "graz*", "skim*")
        + generalDistance,
      conceptsUnderNegation: WordList(),
      keeping: sharedKeeping + avoiding
        + WordPattern.list("detour", "wide|wider|long|longer|full route|way|path|arc|swing", "clear of", "go around"),
      breaking: sharedBreaking
        + WordPattern.list(
          "trim*", "shav*", "shrink*", "shrunk", "reduc*", "cut*", "squeez*", "skim*", "graz*", "brush*", "hug",
          "hugging", "slip", "slipping", "eat into", "eating into", "closer", "nearer", "close", "tight*",
          "inside", "below", "under", "beneath",
          "using|leave|leaving|give|giving less", "skip* detour", "straight",
          "direct|fast|short|inside line|route|path|way", "shortcut*", "narrow*"),
      quantities: [.length], limit: limit, breaksAbove: false, masks: jointMasks)
  }

  private static func humanSeparation() -> Glossary {
    Glossary(
      objects: WordPattern.list(
        "person*", "people", "human*", "worker*", "walker*", "operator*", "colleague*", "pedestrian*", "someone",
        "somebody", "anyone", "man", "woman", "she", "he", "driver*", "guest*", "child*", "patient*",
        "technician*", "bystander*", "coworker*", "passer*", "him", "her",
        "employee*", "staff", "body", "individual*", "visitor*", "figure", "passerby", "guy", "they", "them",
        "whoever",
        "anybody", "foot traffic", "being*", "walking", "passing", "legs", "whom", "somebody's"),
      concepts: proximity + norms
        + WordPattern.list(
          "slow*", "stop*", "wait*", "paus*", "yield*", "give|giving way", "full speed", "speed*", "pace", "fast*",
          "sweep*", "reach", "protect*", "endanger*", "harm*", "injur*", "risk*", "hold*", "eas* off", "halt*",
          "brak*", "regardless", "let* * pass|by|through", "stay|staying|stand|standing put|still|back",
          "throttl*", "decelerat*", "reduc*"),
      anchors: WordPattern.list(
        "separation", "safety|safe|required|minimum distance|space|gap", "keep* distance", "distance rule|limit",
        "human|personal space")
        + generalDistance,
      conceptsUnderNegation: WordList(),
      keeping: sharedKeeping + slowing + avoiding,
      breaking: sharedBreaking
        + WordPattern.list(
          "sweep*", "keep* *ing", "endanger*", "harm*", "injur*", "hit", "risk*", "full speed|pace|rate", "fast*",
          "keep* pace|speed|moving|running|on", "maintain*|hold* pace|speed|velocity|tempo|motion",
          "speed|pace|velocity unchanged|unreduced|maintained", "speed|pace|velocity * * unchanged|unreduced|maintained",
          "nominal speed|pace|velocity", "keep*|kept in motion|action|operation", "swing*|stack*|go*|work* on",
          "undiminished", "unabated", "crowd*", "brush*", "carry on", "continu*", "proceed*", "stay* up|high|fast",
          "push|pushing on|through|ahead", "cut*", "rush*", "closer", "nearer", "squeez*", "keep* up"),
      quantities: [.length], limit: nil, breaksAbove: false, masks: jointMasks, haltsForGood: true, comparesNumbers: false)
  }

  private static func zoneSpeed(limit: Double?) -> Glossary {
    Glossary(
      objects: WordPattern.list(
        "zone*", "area", "region", "shared space", "within|in reach", "reach of", "exchange", "hand", "hands", "receiver*",
        "recipient*", "person*", "human*", "palm"),
      concepts: norms
        + WordPattern.list(
          "speed*", "velocit*", "fast*", "slow*", "quick*", "pace", "race", "racing", "rush*", "hurr*", "creep*",
          "brak*", "crawl*", "accelerat*", "decelerat*", "reduc*", "dash*", "throttl*", "eas* off", "tempo",
          "gentl*"),
      anchors: WordPattern.list(
        "speed limit*|cap*|restriction*", "zone speed|limit*", "slow zone", "reduced speed", "speed in zone",
        "handover speed|zone|limit|area", "approach speed", "limit speed"),
      conceptsUnderNegation: WordPattern.list("enter*", "go into"),
      keeping: sharedKeeping + slowing + WordPattern.list("under", "below", "at most", "within", "gentl*"),
      breaking: sharedBreaking
        + WordPattern.list(
          "fast*", "keep* *ing", "race", "racing", "rush*", "dash*", "hurr*",
          "speed|speeding|speeds through|into|in|inside|past", "keep* up|it up", "maintain*|hold* pace|speed|tempo",
          "full|double|top speed|throttle|tilt|pace",
          "at speed", "nominal speed", "keep*|kept in motion", "give*|want* * more", "unreduced", "uncapped",
          "unrestricted", "too slow",
          "doubl*", "twice", "quick*", "full speed", "at pace", "enter*", "above", "over", "speed up", "accelerat*"),
      quantities: [.speed], limit: limit, breaksAbove: true, masks: jointMasks,
      neutral: WordPattern.list("reduced|slow|limited speed area|zone|region|section|stretch",
        "slow|handover zone|area|region"))
  }
}
