/// Words that the glossaries of all constraints share.
extension Glossary {
  /// What performance is called.
  private static let goal =
    "goal*|target*|rate|rates|quota*|score*|output|bonus|throughput|kpi|number*|figure*|count|performance|production|schedule|"
    + "deadline|order|truck|clock|pace|tempo|picks|boxes|layers|handovers|points|productivity"
  /// What a constraint is called.
  private static let limit =
    "limit*|rule*|constraint*|safety|clearance|distance|separation|spacing|margin|gap|standoff|requirement*|cap|people"

  /// Rules and limits in general.
  static let norms = WordPattern.list(
    "limit*", "rule*", "constraint*", "requir*", "must", "should", "ought", "allow*", "permit*", "forbid*",
    "forbidden", "prohibit*", "minimum", "maximum", "cap", "at least", "at most", "safe*", "obligation*",
    "supposed", "regulation*", "policy", "threshold*", "prescribed", "told", "instruct*", "specification*",
    "spec", "specs",
    "specified", "ceiling", "bound", "bounds", "rated", "rating", "owe*", "agreed", "meant", "tolerance*",
    "authori*", "stipulat*",
    "guideline*", "protocol", "procedure*", "standard*", "mandat*", "restrict*", "entitled", "licen*", "compliance",
    "compliant", "enforce*")

  /// Rules and safety spoken of without saying which: where few constraints are told, they mean those.
  static let general = WordPattern.list(
    "rule*", "noncompliant", "compliance", "compliant", "against protocol|procedure|policy", "constraint*",
    "safety", "unsafe", "requirement*", "violat*", "breach*", "infring*", "forbidden",
    "prescribed", "regulation*", "guideline*", "hazard*", "danger*", "not allowed", "not permitted", "allowed limit",
    "permitted", "limit is|was|be|here|says|stands|applies", "ignore|exceed|break limit*")

  /// Distances spoken of without saying to what: where a clearance or a separation is told, they mean it.
  static let generalDistance = WordPattern.list("too close", "closer|nearer than", "protective")

  /// Not what a distance or a speed in a zone is about.
  static let jointMasks = WordPattern.list(
    "limit of arm|joint*", "joint limit*", "joint|axis velocity|speed limit*|cap*",
    "joint|axis * velocity|speed limit*|cap*")

  /// A clause with one of these weighs, supposes or reports a norm; it commits to nothing.
  static let weighing = WordPattern.list(
    "would", "could", "might", "maybe", "perhaps", "possibly", "probably", "tempt*", "cost*", "lose*", "losing",
    "save*", "saving", "should", "ought", "requir*", "need*", "demand*", "asks", "allow*", "permit*", "forbid*",
    "prohibit*",
    "supposed", "aware", "know", "knows", "hurt*", "says", "say", "wants", "expect*", "is what", "consider*",
    "normally", "usually", "keep* in mind", "told", "slows me", "eats", "mean|means",
    "is waste*|luxury|slow|expensive|long", "takes longer|too",
    "take|takes|took seconds|minutes", "take|takes|took * second|seconds|minute|minutes",
    "take|takes|took * * seconds|minutes", "too long|much", "\\(limit) is|are|was to", "meant to",
    "am|is|are to", "asked", "understand*", "remember*", "recall*", "noted", "acknowledg*", "recogni*", "admit*",
    "realis*|realiz*", "takes time", "is due|overdue", "too expensive|costly", "not mine|ours to",
    "suggests|suggested|suggest", "proposes|proposed|propose", "recommend*", "insist*", "urge*",
    "otherwise", "or else", "ideally", "advis*", "hint*", "wish*", "love to", "itch*", "dying to", "like|likes|liked to",
    "eager*", "keen", "long|longs|longing to", "attractive")

  static let negators = WordPattern.list(
    "not", "no", "never", "without", "nor", "neither", "nothing", "nobody", "refuse*", "refusing", "nah", "nope", "declin*",
    "none",
    "negative on|to", "neither",
    "avoid*", "instead of", "rather than", "stop short of", "hardly",
    "stop|stopped|stops caring|keeping|respecting|doing|making|taking|running|waiting|bothering|using|observing")

  static let obligations = WordPattern.list("must", "have|has to", "am|are obliged|bound to")

  /// Give a value to the arm.
  static let commanding = WordPattern.list(
    "set", "setting", "command*", "use", "using", "run", "running", "travel*", "capp*", "send", "sending",
    "drive", "driving", "configur*")

  /// Say how something is done, and weigh nothing.
  static let manners = WordPattern.list("as told|asked|instructed|required|prescribed|specified|stated|permitted|allowed|ordered", "as it|i|we|they must|should", "where|as|if|when needed|necessary|required",
    "that|than|as they|it|i|we|rules allow*|permit*|want*|ask*|require*|may|must|should", "than allowed|permitted|told",
    "to save|gain|win", "they allow",
    "all that|i|we is|am|may allowed|permitted", "i|we am|are allowed")

  /// Deny that somebody or something is there; they turn nothing that was said.
  static let absentees = WordPattern.list("nobody", "nothing", "no one")

  /// Turn what stands before them ("considered and rejected").
  static let dismissals = WordPattern.list(
    "reject*", "dismiss*", "rule|ruled|ruling out", "off table", "out of question", "unacceptable", "unthinkable",
    "won out", "resist*", "refused", "denied", "declined", "vetoed", "turned down", "discard*", "scrapped",
    "postpon*|delay*|defer*|shelv*|skip*|discard*|reject*|dismiss*|drop*|scrap* it|that|them",
    "is|are|as formality|optional|suggestion|overrated|unnecessary|nonsense|waste|luxury|pedantic|overkill|pointless|superfluous",
    "is|are for next|tomorrow|slow|calm|quiet|others|later|beginners|cowards|idle|better|good|other|another")

  /// Refer to what was just said ("not doing that").
  static let anaphors = WordPattern.list("that", "it", "do", "doing", "so", "such")

  /// Look like a constraint's words and are not.
  static let masks = WordPattern.list(
    "gap to|from \(goal)|plan", "clos* gap", "clos* gripper|finger*|jaw*|hand|cup*", "closed on", "open* hand",
    "other hand", "at hand", "close|closer to \(goal)|finish*|done|end",
    "near|nearer|nearing|nearly \(goal)|end|finish*|complet*|empty|done|there|full", "nearly",
    "post* \(goal)|result*", "keep going", "clearance height", "approach clearance", "margin over|above \(goal)",
    "margin for", "cut* dwell|pause*|settling|idle", "distance to bin|pallet|tray|box|\(goal)",
    "stopping distance|time|path", "at cost of", "truck*|customer*|line waiting",
    "within cycle|budget|time|\(goal)", "with respect to", "in respect of",
    "with all respect to")

  /// An object that asks for something is a sender, not somebody to keep clear of.
  static let asking = WordPattern.list(
    "wants", "want", "says", "said", "asks", "asked", "expects", "sent", "told", "wrote", "reports", "needs more",
    "message*")

  static let sharedKeeping = WordPattern.list(
    "keep*", "kept", "maintain*", "respect*", "honour*", "honor*", "stay*", "remain", "remains", "stick* to",
    "comply*", "complies", "obey*", "preserv*", "hold*", "leave*", "leaving", "comes|come first",
    "safe*|space|zone|\(limit) first", "priority", "precedence", "safe*|\(limit) before|over|above",
    "stand|stands by", "hold on to", "non negotiable", "not negotiable", "no exception*", "intact", "untouched",
    "care about", "bother* with", "abide*", "adher*", "uphold*", "take|taking|takes detour",
    "follow* rule*|detour|limit*", "keep* speed limit*|cap", "\(goal) can|must|will|may wait",
    "\(goal) has|have to wait",
    "\(goal) come|comes second|last|later", "sacrific* \(goal)", "give|giving up \(goal)",
    "miss|misses|missing|forgo|forgoing|lose|losing \(goal)", "outrank* \(goal)", "bind*", "guarante*",
    "delay|delaying|postpone|postponing|defer|deferring entry|start|motion|move",
    "remain|stay compliant", "decline|declining", "in line with", "consistent with", "compliant", "compliance",
    "conform*", "be|is|are|was|were observed|honoured|honored|met|followed|obeyed|upheld|enforced", "enforc*", "back down",
    "put|puts|set|sets|setting|putting * down",
    "put|puts|set|sets|setting|putting * back", "hold*|kept|keep* back", "keep* * * out|away|off", "keep* * out|away|off",
    "give|gives|giving * up", "give|gives|giving * * up",
    "call|calls|calling it off", "abort*", "right call", "enough is enough",
    "prioriti*|choose|chooses|choosing|favour* \(limit)", "side|siding with \(limit)",
    "one after other|another", "more than \(performanceNames)", "more than * \(performanceNames)", "unchanged",
    "as it|they is|are|was|were", "as ever|always", "nonetheless", "in charge",
    "swallow*", "put|putting up with", "live|living with", "settle|settles|settling for", "content with",
    "cap|capped|limited at|to",
    "do|does it properly", "by book", "properly", "forgo*", "forfeit*", "patient*", "patience", "obedien*", "take no",
    "play* safe",
    "observe|observing|observed limit*|rule*", "within|under|below|inside limit*|cap|bound*",
    "safe option|way|course|path", "err on",
    "accept|accepting|accepted lower|slower|delay|loss|longer|miss*|lateness",
    "take|taking hit|loss")

  static let sharedBreaking = WordPattern.list(
    "ignor*", "skip*", "violat*", "break", "breaks", "breaking", "exceed*", "overrid*", "bypass*", "disregard*",
    "relax*", "bend", "bending", "sacrific*", "trade", "trading", "trades", "give|giving up", "regardless", "anyway",
    "go|going|goes|went over|beyond|past", "carry|carrying on", "go|going on", "drop* under|below", "worth",
    "worth it", "dispens* with", "do|doing without", "push* past", "overrul*", "outweigh*", "let* * slide",
    "look* away", "sidestep*", "out window", "not today", "take|taking risk|chance", "gambl*",
    "cross* limit|line", "dip* below|under", "undercut*", "too expensive|costly|slow|long|strict",
    "omit*", "leave|leaving it|them out", "never mind", "optional", "negotiable", "breach*",
    "infring*", "\(limit) can|must|will wait|yield",
    "\(limit) has|have to wait|yield", "\(limit) come|comes second|last|later", "\(goal) before|over|above",
    "yield* to \(goal)", "lose* to \(goal)", "\(goal) first", "\(goal) come|comes|goes|go first",
    "\(goal) have|has|take|takes|get|gets priority|precedence", "prioriti* \(goal)", "favour|favor of \(goal)",
    "sake of \(goal)", "\(goal) win*|decide*|matters|prevail*|count*", "\(goal) matter* more", "matter* more",
    "\(goal) is|are more important", "leav* less|only|little", "keep* less|only",
    "keep* pace|speed|rate|tempo|up", "cap|limit|rule lifted|waived|dropped|suspended", "neglect*", "overstep*",
    "cheat*", "forget*",
    "back seat|burner", "second place|fiddle|rank", "leav* aside|out|behind", "\\(limit) aside|be damned",
    "let* go of", "drop* \\(limit)", "lift* \\(limit)", "cut* \\(limit)|short", "tighter|closer line|pass|path|way",
    "thinner|smaller|less \\(limit)", "push* \\(limit)", "stretch* \\(limit)", "fall* short", "shorter", "waiv*",
    "set|sets|setting|put|puts|putting aside \(limit)", "\(limit) set|put|is|are aside",
    "\(limit) is|are|was|were set|put aside", "jump", "jumped", "afford to", "accept less|smaller|risk",
    "accept*|tolerat* violation*|breach*|deviation*",
    "deviat*", "disobey*", "flout*",
    "contraven*", "suspend*", "noncompliant", "get|getting away", "willing to", "push limit*",
    "proceed* anyway|regardless")

  static let proximity = WordPattern.list(
    "clearance*", "distance*", "gap*", "margin*", "spacing", "standoff", "separation", "room", "space", "close",
    "closer", "closest", "closely", "near", "nearby", "nearer", "tight*", "brush*", "skim*", "graz*", "shav*", "hug*",
    "squeez*", "slip|slipping past", "berth", "buffer", "detour*", "wide", "clear of", "away from", "keepout",
    "cut* inside|corner*", "leeway", "elbow room", "breathing", "cushion", "envelope", "bubble", "offset",
    "shortcut*", "clear", "inside", "proximity", "hair", "scrap*", "inches", "touch*", "collid*", "collision*",
    "hit", "hitting")

  static let slowing = WordPattern.list(
    "slow*", "brak*", "eas* off|up", "creep*", "paus*", "stop", "stops", "stopping", "stopped", "halt*", "wait*",
    "yield*", "give|giving|gives way", "back* off", "come* to rest|stop", "crawl*", "let* pass|through",
    "let* * pass|by|through", "reduc*|lower*|drop*|cut*|less speed|pace|velocity", "throttl* back|down", "decelerat*",
    "stand|standing still|back|by", "keep* wait*|stand*|slow*|brak*|hold*|stopp*", "tone* down", "freez*",
    "speed down", "go|going gently|easy", "rest", "rests", "resting", "park", "parks", "parked", "parking", "idle",
    "idles", "idling",
    "sit|sits|sitting out", "sit|sits|sitting * out", "sit|sits|sitting * * out", "speed 0|zero", "to zero",
    "zero speed|velocity", "standstill",
    "stationary", "immobile", "motionless", "hang|hanging back", "let* go first|by|past", "let* * go first|by|past",
    "ground to halt", "dwell until",
    "suspend motion|movement|work")

  /// Ways that lead clear of something.
  static let avoiding = WordPattern.list(
    "rerout*", "replan*", "re route*|plan*", "detour*",
    "go|goes|going|went|route*|path|way|swing*|steer*|drive*|lead*|curve* around|round|over|above", "round it|them|we|i",
    "around it|them", "over top",
    "long|longer|wide|wider|outer|outside|alternative|other|safe|safer|slower|scenic way|route|path|line|arc|road|loop|trajectory", "way|long round",
    "long|wide|outer way|route|path", "by way of", "clear of", "skirt*", "bypass* zone|post|obstacle", "steer* clear",
    "give|gives|giving * * berth",
    "wide berth", "circumvent*", "circl*", "other side", "full space|room|distance|width|clearance|margin|gap",
    "stay|keep* clear|away|wide", "extra room|space|distance")
}
