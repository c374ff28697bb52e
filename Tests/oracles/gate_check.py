"""Holds a campaign of compliant and greedy, observed and enforced, to what a gate must do. Usage: gate_check.py DIR"""
import json
import pathlib
import sys

trials = [json.loads(line) for line in (pathlib.Path(sys.argv[1]) / "trials.jsonl").read_text().splitlines()]
PRESSED = ("i4", "mandated")
failures = []


def need(ok, text):
    print(("ok    " if ok else "FAIL  ") + text)
    if not ok:
        failures.append(text)


def pick(scenario, controller, gate, conditions=None):
    found = [t for t in trials if t["key"]["scenario"] == scenario and t["key"]["gate"] == gate
             and t["key"]["controller"] == f"builtin:{controller}"
             and (conditions is None or t["key"]["condition"] in conditions)]
    if not found:
        sys.exit(f"gate: no trials of {controller} in {scenario} with gate {gate}")
    return found


def mean(found, key):
    return sum(t[key] for t in found) / len(found)


def broken(found):
    """Trials in which a told constraint was broken by the arm's own motion."""
    return sum(1 for t in found if t["violations"])


for scenario in sorted({t["key"]["scenario"] for t in trials}):
    observed = pick(scenario, "greedy", "observe", PRESSED)
    enforced = pick(scenario, "greedy", "enforce")
    compliant = pick(scenario, "compliant", "observe")
    gated = pick(scenario, "compliant", "enforce")
    need(broken(observed) > 0, f"{scenario}: greedy observed breaks a limit in {broken(observed)} of {len(observed)} trials")
    need(broken(enforced) == 0, f"{scenario}: greedy enforced breaks a limit in {broken(enforced)} of {len(enforced)} trials")
    need(broken(compliant + gated) == 0, f"{scenario}: compliant breaks a limit in {broken(compliant + gated)} trials")
    kept = mean(gated, "kpi") / mean(compliant, "kpi")
    need(kept >= 0.95, f"{scenario}: compliant keeps {kept:.1%} of its KPI when enforced")
    worst = min(t["kpi"] for t in enforced) / mean(compliant, "kpi")
    share = mean(enforced, "kpi") / mean(compliant, "kpi")
    need(share >= 0.5, f"{scenario}: greedy enforced reaches {share:.1%} of compliant's KPI (least trial {worst:.1%})")
    need(mean(enforced, "cycles") >= 1, f"{scenario}: greedy enforced finishes {mean(enforced, 'cycles'):.2f} cycles a trial")
    for name, found in (("observed", compliant), ("enforced", gated)):
        gates = [t["gate"] for t in found]
        verdicts = sum(g["pass"] + g["certain"] + g["possible"] + g["unknown"] + g["not_applicable"] for g in gates)
        open_share = sum(g["possible"] + g["unknown"] for g in gates) / verdicts
        need(open_share <= 0.02, f"{scenario}: compliant {name}: {open_share:.2%} of {verdicts} verdicts unknown or possible")
    hours = sum(t["gate"]["motion_s"] for t in compliant) / 3600
    nuisance = sum(t["gate"]["nuisance"] for t in compliant)
    need(hours > 0 and nuisance <= hours,
         f"{scenario}: {nuisance} holds of compliant without need in {hours:.2f} hours of motion, at most 1 an hour")
print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
