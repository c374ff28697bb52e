/// What was preregistered.
extension ReportBuilder {
  /// Only the effects over all scenarios, of the controllers, conditions and gate that the preregistration names.
  func status(
    _ controller: String, _ gate: GateMode, _ scenarios: [String], _ condition: Condition
  ) -> CampaignReport.Status {
    guard let stated = plan.preregistration, scenarios.count == plan.sources.count, gate == stated.gate,
      stated.controllers.contains(controller), stated.conditions.contains(condition)
    else { return .exploratory }
    return .confirmatory
  }

  func confirmatory(
    _ stated: Preregistration, _ cells: [CampaignReport.Cell]
  ) -> [CampaignReport.Confirmatory] {
    let family = stated.controllers.flatMap { controller in
      stated.conditions.map { condition in
        let cell = cells.last {
          // With a single scenario its own cell is the one over all.
          $0.controller == controller && $0.condition == condition && $0.gate == stated.gate
            && ($0.scenario == nil || plan.sources.count == 1)
        }
        return (controller: controller, condition: condition, effect: cell?.effect)
      }
    }
    let adjusted = Families.holm(family.map { $0.effect?.mcnemar_exact ?? 1 })
    return zip(family, adjusted).map { member, p in
      let pairs = member.effect?.pairs.pairs ?? 0
      let evidence = member.effect?.e_value ?? 1
      let difference = member.effect?.difference
      let threshold = Double(family.count) / stated.alpha
      let decision: CampaignReport.Confirmatory.Decision
      switch stated.stopping {
      case .eValue:
        decision = evidence >= threshold ? .more : pairs < stated.pairs ? .undecided : .notShown
      case .fixed:
        if pairs < stated.pairs {
          decision = .undecided
        } else if p <= stated.alpha, let difference, difference != 0 {
          decision = difference > 0 ? .more : .fewer
        } else {
          decision = .notShown
        }
      }
      return CampaignReport.Confirmatory(
        controller: member.controller, gate: stated.gate, condition: member.condition, pairs: pairs,
        planned_pairs: stated.pairs, difference: difference, interval: member.effect?.interval, e_value: evidence,
        e_threshold: stated.stopping == .eValue ? threshold : nil, p_holm: stated.stopping == .fixed ? p : nil,
        minimal_effect: stated.minimal_effect,
        is_below_minimal: member.effect?.interval.map { $0.upper < stated.minimal_effect }, decision: decision)
    }
  }
}
