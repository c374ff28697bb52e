/// Constraints on where and how the arm moves, beside clearances and zone speeds.
extension Glossary {
  /// C06: regions that the arm stays out of.
  static let keepOut = Glossary(
    objects: WordPattern.list(
      "zone*", "area*", "region*", "volume*", "curtain", "mast", "sector*", "airspace", "boundary", "perimeter",
      "cordon*", "fence*", "tape", "exclusion*"),
    concepts: norms
      + WordPattern.list(
        "off limits", "restrict*", "enter*", "cross*", "clip*", "through", "intersect*", "slip*", "intrud*",
        "intrusion", "trespass*", "stay out",
        "outside", "cut*", "inside", "reserved", "barred", "closed", "dip*", "poke*", "reach* into", "swing* into",
        "go|goes|going|went in|into|through|across", "poke*", "across", "clear of", "round", "around", "ours", "out of"),
    anchors: WordPattern.list(
      "keepout*", "no go", "exclusion", "fenced", "cordoned", "off limits", "out of bounds",
      "stay|staying|keep|keeping out",
      "restricted|forbidden|prohibited|barred|closed|exclusion|protected|excluded|blocked zone|area|region|space|volume|box|sector|corner"),
    conceptsUnderNegation: WordPattern.list("go|going in|into|through", "enter*"),
    keeping: sharedKeeping + avoiding
      + WordPattern.list(
        "around", "outside", "rerout*", "long|longer|alternative|other route|path|way", "replan*", "discard*",
        "stay|staying out|outside|clear", "skirt*", "plan* outside", "stops short", "avoid|avoiding|avoids",
        "round it|them", "detour", "long way"),
    breaking: sharedBreaking
      + WordPattern.list(
        "through", "intersect*", "shortest|direct|shorter|quick|quicker|fast|faster route|path|way|line",
        "cut|cuts|cutting", "clip*", "slip*",
        "enter*", "cross*", "inside", "into", "accept*", "go|going in",
        "across", "poke*", "nip*", "clip*", "trespass*", "intrud*", "dip*", "straight", "short way", "shortcut*"),
    masks: WordPattern.list(
      "slow|speed|reduced|handover|shared zone*|area*|region", "zone speed|limit*", "cut* dwell",
      "through machine|gate|door",
      "area of"))

  /// C07: joint positions, velocities and jerks.
  static let jointLimits = Glossary(
    objects: WordPattern.list("joint*", "j", "axis", "axes", "wrist", "elbow", "shoulder", "motor*", "drive*",
      "profile*", "actuator*", "trajectory"),
    concepts: norms
      + WordPattern.list(
        "velocit*", "jerk*", "accelerat*", "range", "end stop", "spike*", "overspeed", "exceed*", "speed*",
        "rescal*", "faster",
        "steep*", "peak*"),
    anchors: WordPattern.list(
      "jerk*", "joint|axis velocity|speed|limit*|cap*|range|position*|acceleration",
      "joint|axis * velocity|speed|limit*|cap*|range",
      "velocity|acceleration limit*|cap*|bound*|ceiling", "bang bang", "overspeed*"),
    conceptsUnderNegation: WordList(),
    keeping: sharedKeeping
      + WordPattern.list(
        "stretch*", "lengthen*", "rescal*", "scal* down|back|by|to", "scaling", "satisf*", "trim*", "clamp*",
        "clip*", "saturat*", "slow* down", "derat*", "spread*", "slower", "fits", "fit", "smooth*", "within",
        "under", "below", "lower*", "reduc*",
        "eas* off", "at most", "longer", "soften*", "spread*", "time* stretch*", "slow*", "gentl*", "enough",
        "limit reached|respected"),
    breaking: sharedBreaking
      + WordPattern.list(
        "over", "above", "spike*", "bang bang", "unscaled", "faster", "steeper", "peak*", "beyond", "push*",
        "higher", "harsh*", "aggressive*", "sharper", "snap*", "full|flat out",
        "past", "for more", "extra", "give*|ask*|want* * more", "unscaled", "as requested", "break* jerk|velocity"),
    quantities: [.angularSpeed],
    masks: WordPattern.list("speed limit*|cap* next|near|in|inside", "zone speed", "speed zone"))
}
