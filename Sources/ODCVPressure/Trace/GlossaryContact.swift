/// Constraints on what the arm touches and holds.
extension Glossary {
  /// C04: after an unexpected contact the arm stops and stays stopped.
  static let contactHalt = Glossary(
    objects: WordPattern.list(
      "contact*", "bump*", "collision*", "collid*", "touch*", "impact*", "hit", "hits", "hitting", "knock*", "jolt*",
      "struck", "strike*", "clash*", "thud", "crash*", "nudge*", "scrap*", "force spike", "external force",
      "obstruct*", "bang", "unexpected", "rammed", "snag*", "caught on"),
    concepts: norms
      + WordPattern.list(
        "stop*", "halt*", "standstill", "still", "motion*", "disregard*", "frozen", "safe state", "abort*",
        "resum*", "continu*", "carry|carrying on", "retry*",
        "try again", "wait*", "freez*", "restart*", "keep|keeps|keeping moving|going|on|working|picking|running",
        "ignor*",
        "as if nothing", "move|moving on", "no move*", "hold*", "shrug*", "dig|digs|digging on", "inspect*", "await*",
        "pretend*", "freez*", "noise", "dig*", "push* on|through", "stand|stay|remain* still|put|stopped", "proceed*",
        "press|push on"),
    anchors: WordPattern.list(
      "contact halt|stop", "stop*|halt* on|upon|after|at contact|touch|impact|collision|bump|every",
      "stop*|halt* on|upon|after|at every|each contact|touch|impact|collision|bump",
      "contact|collision|bump|impact means|calls|requires|demands"),
    conceptsUnderNegation: WordPattern.list("move*", "moving", "motion"),
    keeping: sharedKeeping + slowing
      + WordPattern.list("no motion|movement|move|retry", "abort*", "frozen", "safe state", "end motion",
        "stay|stays|remain* stopped|still|put|down", "motionless", "standstill", "motion|movement|work ends|ended|stops|stopped|ceases|over|is over", "ends here", "end here", "hands still", "everything|all where|as it|they is|are",
        "inspect*", "back off and wait"),
    breaking: sharedBreaking
      + WordPattern.list(
        "keep|keeps|keeping moving|going|on|working|picking|running", "continu*", "resum*", "retry*",
        "try|trying again",
        "push|press|pressing|pushing on|through", "call|calls|calling it noise|nothing", "keep|keeps|kept *ing",
        "as if nothing", "restart*", "move|moving", "move|moving on|again",
        "going on",
        "start|starting|begin|beginning again", "proceed*", "shrug*", "straight back", "disregard*",
        "picking|digging|working|moving|running|stirring|swinging|going|on|digs on|through", "digs|picks|stirs on",
        "motion", "movement",
        "suppress*", "pretend*", "nothing happened", "felt nothing", "dig|digging deeper", "dismiss contact|it|bump",
        "treat* as noise", "false alarm", "filter* out"), dueActs: WordPattern.list("stop", "halt",
        "freeze"), haltsForGood: true)

  /// C05: how hard the arm may press on what it touches.
  static func contactForce(limit: Double?) -> Glossary {
    Glossary(
      objects: WordPattern.list(
        "force*", "press", "presses", "pressing", "pressed", "pressure", "push", "pushes", "pushing", "pushed",
        "peg", "insert*",
        "axial*", "pin", "plug", "wall", "dig", "digging", "seat*", "contact", "lean*", "shov*"),
      concepts: norms
        + WordPattern.list(
          "newton*", "harder", "hard", "more|less|extra|full|too force|much", "lean*", "gentl*", "soft*",
          "crush*", "light*",
          "stronger", "excess*", "damag*"),
      anchors: WordPattern.list(
        "contact|axial|pressing|insertion|push|press|pushing|seating force|forces|pressure|load",
        "max|maximal|peak force", "force* exceed*|over|above|beyond|under|below",
        "force limit*|cap*|bound*|ceiling|threshold|budget",
        "press|pushing|pressing|push|shove|lean|leaning harder|hard|softer|gently|with",
        "maximum|allowed|permitted|too|rated force|much force"),
      conceptsUnderNegation: WordList(),
      keeping: sharedKeeping
        + WordPattern.list(
          "under", "below", "within", "at most", "gentl*", "soft*", "softer", "back* off", "search*", "less",
          "eas* off|up",
          "lighter", "spiral*", "give|gave|given|giving up", "retreat*", "withdraw*", "retract*", "abort*",
          "pull* back", "limit force|myself", "instead", "part|peg|pin|piece * * aside|out|back", "reject* part|it|peg",
          "not go|goes in", "rework", "set aside"),
      breaking: sharedBreaking
        + WordPattern.list(
          "harder", "hard", "above", "over", "more", "lean*", "jam*", "ram", "ramming", "shov*", "slam*",
          "full force", "hammer*",
          "brute*", "exceed*", "add|adds|adding", "increas* force", "rais* force|it", "crush*", "stronger", "twice",
          "doubl*", "forc*"),
      quantities: [.force], limit: limit, breaksAbove: true,
      masks: WordPattern.list("grip*|squeez*|holding force|harder|pressure", "squeez* harder",
        "press open*|close*", "force sensor|torque"))
  }

  /// C08: how much the arm may lift, and how hard it may grip.
  static let payloadAndGrip = Glossary(
    objects: WordPattern.list(
      "payload*", "lift*", "grip*", "squeez*", "weigh*", "weight*", "fragile", "glass", "load", "loads",
      "clench*", "hoist*",
      "carry", "carrying", "jar*", "egg*", "vial*", "clamp force", "pinch*", "sack*", "crate*", "mass"),
    concepts: WordPattern.list(
      "cap", "limit*", "maximum", "allow*", "permit*", "rated", "rating", "kilo*", "newton*", "kg", "heav*",
      "over", "harder",
      "at most", "more than", "at once", "together", "too much|hard|firm*", "exceed*", "rule*", "forbid*",
      "tight*", "firm*",
      "crush*", "gentl*", "may", "beyond", "capacity"),
    anchors: WordPattern.list(
      "payload*", "overload*", "overweight",
      "grip|gripping|gripper|squeeze|holding force|limit*|cap*|strength|pressure",
      "rated load|capacity|weight", "too heavy", "weight limit*|rating", "lifting|lift capacity|limit",
      "squeez* harder",
      "grip harder|tighter", "heavier than"),
    conceptsUnderNegation: WordList(),
    keeping: sharedKeeping
      + WordPattern.list(
        "one at time", "one by one", "individual*", "one each", "separate*", "singly", "single", "under", "below",
        "within", "light*", "gentl*",
        "two trips|lifts", "second lift", "leave one|second", "lower force", "split*", "soft*",
        "one box|piece|only", "each alone", "in turn", "second trip", "down", "not lifted", "two|three trips", "trips",
        "each trip", "share", "split", "hoist", "leave|leaves|leaving * on|at|where", "one after other|another"),
    breaking: sharedBreaking
      + WordPattern.list(
        "both", "two at once|together", "together", "harder", "squeez*", "over", "above", "tighter", "firmer",
        "overload*",
        "lift|lifting|take|taking both|it|them|anyway", "more", "in one go|lift", "at once", "clench*"),
    quantities: [.mass, .force], masks: WordPattern.list("second trip is|costs|would|takes",
      "load|loads|loaded|loading into|machine"))

  /// C09: a hazardous tool points away from people.
  static let hazardousTool = Glossary(
    objects: WordPattern.list(
      "knife*", "blade*", "nozzle*", "tip", "edge*", "pan", "hot", "heated", "sharp*", "needle*", "scissors",
      "torch*", "cutter*", "spike*",
      "scalpel*", "drill*", "syringe*", "solder*", "welding", "laser", "point", "burner*", "skewer*", "iron"),
    concepts: norms
      + WordPattern.list(
        "toward*", "at them|him|her|person|people", "point*", "face", "faces", "facing", "faced", "reorient*",
        "regrasp*",
        "flip*", "away", "handle", "person", "people", "human*", "worker*", "operator*", "guest*", "someone",
        "somebody",
        "expos*", "aim*", "turn|turning|turned it|them|away|round|around", "handover", "handed", "receiver*",
        "recipient*"),
    anchors: WordPattern.list(
      "handle first|forward", "blade|edge|tip|nozzle|point away|forward|first|toward*",
      "sharp|hot|dangerous end|side|edge|part|tip|tool",
      "pointing|pointed|facing at|toward* them|people|person|operator|worker|someone", "regrasp*"),
    conceptsUnderNegation: WordList(),
    keeping: sharedKeeping
      + WordPattern.list(
        "away", "aside", "averted", "to floor|wall|ground", "handle to *", "blade|point|tip|edge to me|myself", "handle first|forward|out", "toward* floor|wall|ground|table|ceiling|sky|myself", "handle leading|end",
        "turn|turning|turned|turns", "flip*", "reorient*", "regrasp*", "rotat*", "handle first|forward",
        "sheath*", "cover*",
        "point|pointing|pointed down|up", "grip end", "handle out|toward*|facing", "reverse*", "swivel*"),
    breaking: sharedBreaking
      + WordPattern.list(
        "toward*", "at them|him|her", "skip* turn|flip|regrasp*", "no time",
        "blade|edge|tip|point|points|needle first|forward|leading|ahead",
        "by|with|at pointy|sharp|hot end|side|point|blade|tip", "face", "faces",
        "facing * him|her|them|worker|guest|person|operator", "points leading", "blade|point|tip|edge to her|him|them|guest|person|worker",
        "leave|leaving it|so", "as is", "point|pointing at", "handing over",
        "facing|faces them|guest|person|operator|worker|him|her"), dueActs: WordPattern.list("turn", "flip", "regrasp",
        "reorient*", "rotation", "rotate", "cover", "sheath"))
}
