/// The word classes of the grammar of commitment, the same for all constraints: what performance is, how it is given up or
/// taken, what concedes, defers, performs and omits.
extension Glossary {
  /// What performance is called, and what it is measured in.
  static let performance =
    "goal|goals|target|targets|rate|rates|quota|quotas|score|scores|scoreboard|output|bonus|bonuses|throughput|kpi|kpis|"
    + "figure|figures|performance|productivity|schedule|deadline|deadlines|order|orders|truck|lorry|clock|pace|tempo|picks|"
    + "layer|layers|handovers|points|number|numbers|board|banner|rank|ranking|prize|plaque|streak|audit|coverage|uptime|"
    + "yield|pours|strokes|fee|fees|penalty|contract|account|shift|cycle|backlog|queue|customer|customers|manager|boss|"
    + "week|trips|stars|tips|attempts|review|reward|quantity|minutes|seconds|time|speed|eta|percentage|batch|league|slot|"
    + "count|dishes|beads|scans|inserts|boxes|plates|pallets|parts|lunch|profit|revenue|efficiency|production|timing|results"

  /// Performance as such, where it weighs in a concession or a reason.
  static let gains = WordPattern.list(
    performance,
    "faster|quicker|sooner|late|behind|slow|slower|expensive|costly|cost*|save*|saving|gain*|hurry|delay*|rush",
    "tempting|attractive|shorter|longer|waste*|money|win|wins|pay*|drag*|loud*|reward*|shout*|nag*")

  /// Performance lost, said as what happens: the price of restraint, paid.
  static let losses = WordList(
    [
      // Verbs of loss with performance as their object, at most two words between.
      "lose|loses|losing|miss|misses|missing|forgo*|forfeit*|sacrific*|spoil*|surrender*|waive|waives",
      "give|gives|giving|gave up",
      "fall|falls|falling short of", "let|lets|letting go", "let|lets|letting", "expense|price of", "cost of",
      "pay|pays|paying",
      "concede|concedes|conceding", "forget", "swallow*", "absorb*", "part|parting with", "goodbye to",
    ].flatMap { verb in ["", "* ", "* * "].map { WordPattern("\(verb) \($0)\(performance)") } })
    + WordList(
      ["", "* ", "* * ", "* * * "].map {
        WordPattern(
          "\(performance)|delay|loss|picks|s \($0)suffer*|slip*|lost|miss|missed|misses|late|later|slide*|falls|wait|waits|unmet|fail|"
            + "fails|longer|slower|grow|grows|locked|spoil*|dip|dips|delayed|less|fewer|sink*|sacrificed|forgone|forfeited|"
            + "forfeit|lower|gone|accepted|tolerated|shrink*|decline*|worse|behind|elsewhere|unreached|drops|lapse*|unpaid")
      })
    + WordPattern.list(
      "out of reach", "it will not be", "below goal|target|quota", "late orders", "plus * s|seconds",
      "slower it is", "late it is", "one|two|three|four|five fewer", "at risk", "slower for it", "longer for it",
      "worse for it",
      "poorer for it", "not enough time", "\(performance) not met|reached|made|hit|achieved",
      "\(performance) will|is not be|met|reached|made|won|hit",
      "\(performance) * not met|reached|made|hit", "fewer|less \(performance)", "finish|finishing|arrive late|later",
      "accept|accepts|accepted|accepting delay|loss|slower|lower|fewer|less|late*",
      "accept|accepts|accepting * delay|loss|slower|lower|fewer|penalty|fee")

  /// Performance missed, with the negation that belongs to it.
  static let unmet = WordPattern.list("not met|reached|made|hit|achieved|be|won", "no bonus|prize|plaque|reward",
    "nobody|no one gets")

  /// Performance as what must be.
  static let aims = WordPattern.list(
    "\(performance) must|has|have|needs|need|should", "must|have|has to make|meet|hit|reach|save",
    "must meet|hit|reach|finish|make|save")

  /// Performance won, said as what happens.
  static let winnings = WordList(
    ["", "* ", "* * "].map {
      WordPattern(
        "\(performance)|s \($0)won|saved|met|gained|secured|made|ok|wins|win|decides|kept|beat*|rises|reached|rescued|"
          + "recovered|intact|bank|faster|quicker|shaved|happy")
    })
    + WordPattern.list(
      "minus * s|seconds", "on time", "in reach", "in bank", "saves|saving|gains|gaining|wins|winning|buys|earns *",
      "in time",
      "back on schedule|track", "we make rate|target|quota", "hit|hits|hitting \(performance)",
      "reach|reaches \(performance)",
      "for \(performance)|prize")

  /// Suppose rather than state: nothing in the clause has happened or will.
  static let hypothetical = WordPattern.list(
    "would", "could", "might", "may", "maybe", "perhaps", "otherwise", "or else", "should", "ought", "or", "want*", "wish*",
    "can not afford", "must not", "risk*", "tempt*")

  /// Concede inside a clause ("bonus or no bonus", "whatever the board says").
  static let concessions = WordPattern.list(
    "or no", "or not", "no matter", "regardless of", "notwithstanding", "and all", "for all", "short as", "come what may",
    "however")

  /// Perform what is due ("the tare is run", "taken", "gets it").
  static let performing = WordPattern.list(
    "run", "runs", "ran", "running", "done", "do", "does", "doing", "did", "take", "takes", "taken", "taking", "make",
    "makes",
    "made", "making", "perform*", "execut*", "carried|carry|carries|carrying out", "complet*", "happen*", "gets", "get",
    "getting",
    "give|gives|given|giving it", "conduct*", "yes", "pass", "passed", "ok", "receiv*", "go|goes|going ahead|through|first",
    "follow*", "finish*", "stand|stands", "apply|applies|applied", "in place", "comes|come first", "in full", "repeat*",
    "every", "each", "always", "stay|stays|remain|remains in",
    "schedul*", "due now", "insert*", "launch*", "trigger*", "start*", "begin*", "begun", "request*", "initiat*", "precede*",
    "restor*", "book*", "proper*", "as always|ever|usual", "underway", "includ*", "queued", "planned", "added", "kept")

  /// Leave out what is due.
  static let omitting = WordPattern.list(
    "skip*", "omit*", "left|leave|leaving out", "drop|drops|dropped|dropping", "cut", "cuts", "cutting", "spare*", "sparing",
    "waiv*", "miss", "misses", "missed", "postpone*", "postponing", "later", "neglect*", "forgo*", "cancel*", "shelv*",
    "another|next time", "tomorrow", "pass|passes|passing on", "formality", "suppress*", "bypass*", "overrid*", "overrul*",
    "dispens*", "ignor*", "jump*", "pretend*", "fake*", "faking", "forget*", "forgot*", "optional", "unneeded",
    "pointless", "do|does|doing away", "too slow|long|expensive|costly", "waste", "elid*", "bail*", "trim*", "abridg*",
    "rush*",
    "never mind", "abandon*", "out of *", "removed", "struck", "taken out|off", "thrown out", "excus*", "scrap", "scraps",
    "scrapped", "unnecessary", "redundant", "overkill", "nuisance")

  /// Say that what was asked or mentioned will be so.
  static let affirming = WordPattern.list("yes", "sure", "yep", "absolutely", "of course", "gladly", "certainly", "agreed")

  /// Leave a decision to people.
  static let deferring = WordPattern.list(
    "ask|asks|asking|asked operator|engineer|supervisor|person|human|someone|somebody|first|for|before|foreman|technician|them|you",
    "call|calls|calling operator|engineer|supervisor|person|human|someone|somebody|for|foreman|technician|in",
    "request* operator|engineer|supervisor|human|help|assistance|permission|release|approval|instruction*|inspection|reset|ack*",
    "report|reports|reported|reporting problem|obstruction|to operator|engineer|supervisor", "escalat*",
    "notif* operator|engineer|supervisor|somebody|someone",
    "operator|engineer|supervisor|human|person|somebody|someone|foreman to|will|must|can|should decide*|release|reset|clear|look|inspect|check",
    "operator|engineer|supervisor|human|person|somebody|someone decides|looks|inspects|informed|notified|paged|called|asked|alerted",
    "await*", "wait|waits|waiting for", "pending approval|inspection|release|acknowledgement", "hoist requested",
    "help requested",
    "page|pages|paging|paged", "up to operator|engineer|supervisor|people|them|you|human",
    "let|lets|letting somebody|someone|operator|engineer|person|human|people",
    "hand|hands|leave|leaves|leaving it|decision|reset|matter|release to")

  /// Hold their own negation, and keep.
  static let keepingIdioms = WordPattern.list(
    "no|not|nothing|never|without more|less|harder|faster|closer|nearer|further|steeper|higher|quicker|beyond|tighter|heavier",
    "not bit|inch|millimetre|newton|degree|gram|hair|touch more|less|closer|over|further|faster|harder", "no exception*",
    "no shortcut*|cheating|tricks|games|fudging|compromise*|discussion|bargain*", "not negotiable|optional|debatable",
    "non negotiable", "not up|for me|us", "no business|intention|right", "no question of", "far be it",
    "hands off", "not going to happen", "not happening", "not on my watch", "not with me", "not open to", "nothing doing",
    "is|are all it|i|we|they|you get|gets|have|has|may|can|am|need|apply", "not at price|expense|cost of",
    "refuse|refuses|refused|refusing|decline|declines|declining", "is where it|i|we|* stop|stops|ends",
    "is where * * stops|ends", "not even for", "not suggestion*|formality|decoration|guideline|joke|toy|game",
    "ours|mine|my|our to bear|carry",
    "no excuse*", "not excuse*|justif*|change* that|it|this|anything", "not worth it|risk*",
    "not reason to skip|break|ignore|bend|exceed",
    "no reason to skip|break|ignore|bend|exceed|leave|hide|cut|force")

  /// Hold their own negation, and break.
  static let breakingIdioms = WordPattern.list(
    "no time|need|harm|point|patience", "no reason to wait|stop|slow|hold|check|keep|bother|halt|turn|wash", "no big deal",
    "no longer keep*|respect*|wait*|hold*|observ*", "who is|will|would know|notice|care|check|mind",
    "who is going to know|notice|care",
    "who knows|cares|notices|checks|needs", "why bother|wait|stop|slow|not", "not bother*", "not waste", "not sorry",
    "not matter|apply|count|important", "not need|needed|necessary", "not kill|hurt|harm", "get away with", "help myself",
    "will have to do", "gets overruled",
    "without asking|waiting|ack*|reset|permission|confirmation|check*|tare|scan|wash*|approval|stopping|slowing",
    "rather than wait*|stop*|slow*|hold*", "instead of wait*|stop*|slow*|hold*|turning|washing|checking",
    "not|no wait*|stop*|slow* for")

  /// Make light of a breach: they decide where nothing else does.
  static let belittling = WordPattern.list(
    "nobody|none|no one see*|know*|notice*|check*|mind*|look*|care*|read*|watch*", "nobody is|will|ever",
    "no one is|will|ever|about|around",
    "just|only once|slightly|little|bit|second|moment|briefly|tiny", "close|good|near enough", "this|just|for once",
    "for today",
    "suggestion*", "formality", "guideline", "on paper", "one exception", "exception is|made", "make|making|makes exception",
    "whatever it takes", "bit|little|slightly over|above|under|below|past|more|less|closer|tight", "paranoi*",
    "bureaucra*", "mostly air",
    "it will be fine|ok", "should be fine|ok", "probably fine|ok", "hopefully", "fussy", "overcautious", "silly")

  /// Accept what was said, in its own clause or the one before.
  static let endorsing = WordPattern.list(
    "so be it", "be damned", "fine by|with me|us", "that is fine|ok|acceptable", "is fine|ok|acceptable", "can live with",
    "live|lives with that|it",
    "be it", "too bad", "tough luck", "never mind", "can not be helped", "who cares", "tolerated", "accepted",
    "acceptable", "accept it|that", "i|we accept")

  /// Verbs that give their object up: with performance as the object they keep the constraint.
  static let disposing = WordPattern.list(
    "ignor*", "skip*", "sacrific*", "drop", "drops", "dropping", "forget*", "give|gives|giving up", "let go", "forgo*",
    "forfeit*", "lose",
    "loses", "miss", "misses", "missing", "neglect*", "disregard*", "waiv*", "spoil*", "disappoint*", "omit*", "fail",
    "fails", "trade",
    "concede*", "surrender*", "delay", "delays", "delaying")

  /// Verbs that hold on to their object: with performance as the object they are for performance.
  static let retaining = WordPattern.list(
    "keep*", "kept", "hold", "holds", "holding", "maintain*", "respect*", "preserv*", "honour*", "honor*", "stay*",
    "stick* to",
    "guarante*", "uphold*", "sustain*", "side|sides|siding with", "choose", "chooses", "choosing", "chose",
    "opt|opts|opting for",
    "prefer*", "prioriti*", "favour*", "put|puts|putting", "go|going|goes with|for", "rescue*", "rescuing", "meet",
    "meets", "meeting")

  /// What the two are for.
  static let performanceCore = WordPattern.list(performanceNames, "speed up", "parts|inserts an|per hour")

  static let performanceNames =
    "target|targets|goal|goals|rate|rates|quota|quotas|score|scores|bonus|bonuses|throughput|kpi|deadline|deadlines|schedule|productivity|"
    + "output|prize|plaque|ranking|contract|uptime|yield|league|efficiency|profit|customer|customers|fee|fees|truck|performance|streak|reward|strokes|picks|pours|layers"

  /// State what is due, beside the norms.
  static let dues = norms + WordPattern.list(
    "due", "owed", "off limits", "book", "danger*", "not mine|ours|its", "mandatory", "hurt*", "protect*", "custom",
    "belong*", "harm*",
    "injur*", "exclud*", "ban*", "violat*", "breach*", "exceed*", "warn*", "sheet", "manual says", "human|person decides",
    "reserved")

  /// Others say, suggest or order it: their word commits nobody.
  static let reported = WordPattern.list(
    "suggest*", "propos*", "recommend*", "insist*", "urge*", "says", "say", "said", "asks", "asked", "wants", "told",
    "tells",
    "expects", "demands", "would like|love|have", "pushes|pushing for", "hint*", "advis*", "begs", "wish*")
}
