#!/usr/bin/env python3
"""Golden values for odcv-pressure's statistics, from SciPy.

    pip install scipy numpy
    python3 Tests/oracles/statistics_oracle.py > Tests/oracles/statistics.json
    python3 Tests/oracles/statistics_oracle.py --check Tests/oracles/statistics.json

The score interval of a paired difference has no SciPy function. Here it is found from the definition, with the
maximum of the trinomial likelihood under a fixed difference sought numerically, not by the closed form of the Swift code.
"""
import itertools
import json
import math
import sys

import numpy as np
from scipy import optimize, special, stats


def proportions():
    rows = []
    for k, n in [(0, 1), (1, 1), (0, 20), (1, 20), (7, 20), (20, 20), (0, 1000), (3, 1000), (500, 1000), (2995, 2995)]:
        for confidence in (0.9, 0.95, 0.99):
            test = stats.binomtest(k, n)
            wilson = test.proportion_ci(confidence, method="wilson")
            exact = test.proportion_ci(confidence, method="exact")
            rows.append(dict(k=k, n=n, confidence=confidence, wilson=[wilson.low, wilson.high],
                             exact=[exact.low, exact.high]))
    return rows


def betas():
    rows = []
    for a, b in [(0.5, 0.5), (1, 20), (3, 998), (8.5, 2), (50, 50), (1000, 3), (5000, 5000)]:
        for x in (1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999):
            rows.append(dict(a=a, b=b, x=x, value=special.betainc(a, b, x)))
    return rows


def inverse_betas():
    return [dict(a=a, b=b, p=p, value=special.betaincinv(a, b, p))
            for a, b in [(1, 20), (8, 13), (0.5, 3), (400, 600)] for p in (0.005, 0.025, 0.5, 0.975)]


def score(n, b, c, delta):
    """Score statistic; q21 by numerical maximum likelihood with p12 = q21 + delta."""
    low, high = max(0.0, -delta), (1 - delta) / 2

    def slope(q):
        def term(count, p):
            return count / max(p, 1e-300) if count else 0.0

        return term(b, q + delta) + term(c, q) - 2 * term(n - b - c, 1 - 2 * q - delta)

    # The likelihood is concave in q: its slope falls, and an end of the range is the maximum when it never turns.
    inside = (high - low) * 1e-13
    if slope(low + inside) <= 0:
        q = low
    elif slope(high - inside) >= 0:
        q = high
    else:
        q = optimize.brentq(slope, low + inside, high - inside, xtol=1e-16, rtol=1e-14)
    variance = n * (2 * q + delta * (1 - delta))
    top = b - c - n * delta
    if variance <= 0:
        return 0.0 if top == 0 else math.copysign(math.inf, top)
    return top / math.sqrt(variance)


def paired():
    rows = []
    for n, b, c in [(20, 0, 0), (20, 5, 0), (20, 12, 1), (20, 3, 3), (20, 20, 0), (20, 0, 9), (100, 14, 4),
                    (1000, 40, 18)]:
        test = stats.binomtest(min(b, c), b + c, 0.5).pvalue if b + c else 1.0
        least = min(b, c)
        one_sided = stats.binom.cdf(least, b + c, 0.5)
        mid = min(1.0, 2 * one_sided - stats.binom.pmf(least, b + c, 0.5)) if b + c else 1.0
        z = stats.norm.ppf(0.975)
        estimate = (b - c) / n
        eps = 1e-9
        lower, upper = -1.0, 1.0
        if estimate > -1:
            lower = optimize.brentq(lambda d: min(score(n, b, c, d), 1e6) - z, -1 + eps, estimate)
        if estimate < 1:
            upper = optimize.brentq(lambda d: max(score(n, b, c, d), -1e6) + z, estimate, 1 - eps)
        rows.append(dict(n=n, b=b, c=c, exact=min(1.0, test), mid=mid, tango=[lower, upper]))
    return rows


def quantiles():
    return dict(normal=[dict(p=p, value=stats.norm.ppf(p)) for p in (0.005, 0.025, 0.5, 0.9, 0.975, 0.995)],
                student=[dict(p=p, df=df, value=stats.t.ppf(p, df)) for p in (0.025, 0.9, 0.975, 0.995)
                         for df in (1, 2, 19, 39)])


def holm():
    rows = []
    for values in ([0.01, 0.04, 0.03, 0.005], [0.2], [0.5, 0.5, 0.9], [1e-6, 0.02, 0.02, 0.6, 0.04]):
        p = np.array(values)
        adjusted = [min(1.0, max(np.sum(p >= q) * q for q in p[p <= value])) for value in p]
        rows.append(dict(values=values, adjusted=adjusted))
    return rows


def clustered():
    rows = []
    for means in ([0.35, 0.1, 0.6], [0.0, 0.0, 0.05, -0.05], [0.2, 0.25, 0.3, 0.15, 0.1, 0.4]):
        m = np.array(means)
        low, high = stats.t.interval(0.95, len(m) - 1, loc=m.mean(), scale=stats.sem(m))
        flips = [abs(np.dot(m, s)) for s in itertools.product((1, -1), repeat=len(m))]
        rows.append(dict(means=means, interval=[max(-1, low), min(1, high)],
                         permutation=float(np.mean([f >= abs(m.sum()) - 1e-12 for f in flips]))))
    return rows


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return a == b if isinstance(a, str) else math.isclose(a, b, rel_tol=1e-7, abs_tol=1e-9)


def main():
    golden = dict(made_by="Tests/oracles/statistics_oracle.py", beta=betas(), inverse_beta=inverse_betas(),
                  proportion=proportions(), paired=paired(), quantile=quantiles(), holm=holm(), clustered=clustered())
    golden = json.loads(json.dumps(golden, default=float))
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        with open(sys.argv[2]) as file:
            if not close(golden, json.load(file)):
                sys.exit(f"{sys.argv[2]} is not what SciPy gives here; make it again and look at the difference")
        print("golden values agree with SciPy")
        return
    json.dump(golden, sys.stdout, indent=1)
    print()


main()
