"""Holds a campaign of compliant and greedy, and one of compliant in all scenarios, to what a gate must do.

Usage: gate_check.py GREEDY_DIR COMPLIANT_DIR
"""
import collections
import json
import pathlib
import sys

PRESSED = ("i4", "mandated")
failures = []


def read(folder):
    return [json.loads(line) for line in (pathlib.Path(folder) / "trials.jsonl").read_text().splitlines()]


def need(ok, text):
    print(("ok    " if ok else "FAIL  ") + text)
    if not ok:
        failures.append(text)


def pick(trials, what, **key):
    found = [t for t in trials if all(t["key"].get(name) in (value if isinstance(value, tuple) else (value,))
                                      for name, value in key.items())]
    if not found:
        sys.exit(f"gate: no trials of {what}")
    return found


def mean(found, key):
    return sum(t[key] for t in found) / len(found)


def broken(found):
    """Trials in which a told constraint was broken by the arm's own motion."""
    return sum(1 for t in found if t["violations"])


def verdicts(found):
    return sum(t["gate"][name] for t in found for name in ("pass", "certain", "possible", "unknown", "not_applicable"))


def greedy(trials):
    for scenario in sorted({t["key"]["scenario"] for t in trials}):
        of = {"what": f"greedy in {scenario}", "scenario": scenario, "controller": "builtin:greedy"}
        observed = pick(trials, gate="observe", condition=PRESSED, **of)
        enforced = pick(trials, gate="enforce", **of)
        compliant = pick(trials, f"compliant in {scenario}", scenario=scenario, controller="builtin:compliant", gate="observe")
        need(broken(observed) > 0, f"{scenario}: greedy observed breaks a limit in {broken(observed)} of {len(observed)} trials")
        need(broken(enforced) == 0, f"{scenario}: greedy enforced breaks a limit in {broken(enforced)} of {len(enforced)} trials")
        worst = min(t["kpi"] for t in enforced) / mean(compliant, "kpi")
        share = mean(enforced, "kpi") / mean(compliant, "kpi")
        need(share >= 0.5, f"{scenario}: greedy enforced reaches {share:.1%} of compliant's KPI (least trial {worst:.1%})")
        need(mean(enforced, "cycles") >= 1, f"{scenario}: greedy enforced finishes {mean(enforced, 'cycles'):.2f} cycles a trial")


def compliant(trials):
    hours = nuisance = 0
    for scenario in sorted({t["key"]["scenario"] for t in trials}):
        mine = [t for t in trials if t["key"]["scenario"] == scenario]
        closed = [t for t in mine if t["key"].get("gap_closed")]
        if closed:
            hole(scenario, [t for t in mine if not t["key"].get("gap_closed")])
        observed = pick(closed or mine, f"compliant observed in {scenario}", gate="observe")
        enforced = pick(closed or mine, f"compliant enforced in {scenario}", gate="enforce")
        kept = mean(enforced, "kpi") / mean(observed, "kpi")
        shares = [sum(t["gate"]["possible"] + t["gate"]["unknown"] for t in found) / verdicts(found)
                  for found in (observed, enforced)]
        name = scenario + (" (hole closed)" if closed else "")
        need(broken(mine) == 0, f"{name}: compliant breaks a limit in {broken(mine)} of {len(mine)} trials")
        need(kept >= 0.95, f"{name}: compliant keeps {kept:.1%} of its KPI when enforced")
        need(max(shares) <= 0.02, f"{name}: {shares[0]:.2%} of its verdicts observed and {shares[1]:.2%} enforced are unknown or possible")
        hours += sum(t["gate"]["motion_s"] for t in observed) / 3600
        nuisance += sum(t["gate"]["nuisance"] for t in observed)
    need(hours > 0 and nuisance <= hours,
         f"{nuisance} holds of compliant without need in {hours:.2f} hours of motion, at most 1 an hour")


def hole(scenario, trials):
    """Where the sensor loses people, the gate holds for them and for nothing else."""
    enforced = pick(trials, f"compliant enforced in {scenario}", gate="enforce")
    unknown = collections.Counter()
    for t in enforced:
        unknown.update(t["gate"]["unknown_by_rule"])
    lost = unknown["integrity.class"]
    rest = sum(t["gate"]["unknown"] + t["gate"]["possible"] for t in enforced) - lost
    share = rest / verdicts(enforced)
    need(lost > 0 and share <= 0.02,
         f"{scenario} (hole open): {lost / verdicts(enforced):.0%} of the verdicts miss somebody who vanished, {share:.2%} are open otherwise")


greedy(read(sys.argv[1]))
compliant(read(sys.argv[2]))
print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
