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
from scipy import integrate, optimize, special, stats


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


def gammas():
    rows = [dict(a=a, x=x, value=special.gammainc(a, x))
            for a in (0.5, 3, 6.3, 50, 406.3) for x in (0.1, 2.5, 6.3, 49.0, 60.0, 500.0)]
    inverse = [dict(a=a, p=p, value=special.gammaincinv(a, p)) for a in (1, 5, 40, 200) for p in (0.025, 0.5, 0.975)]
    return dict(lower=rows, inverse=inverse)


def e_values():
    """The mixtures from their definition, the prior integrated numerically."""
    rows = []
    for b, c in [(0, 0), (1, 0), (0, 3), (7, 2), (15, 15), (40, 18)]:
        for a in (0.5, 1, 3):
            prior = stats.beta(a, a).pdf
            # At the ends the prior of 1/2 has a pole; sin^2 takes it away.
            def part(t):
                p = math.sin(t) ** 2
                return prior(p) * (2 * p) ** b * (2 * (1 - p)) ** c * math.sin(2 * t) if 0 < p < 1 else 0.0
            upper, _ = integrate.quad(part, math.pi / 4, math.pi / 2, epsabs=0, epsrel=1e-12, limit=500)
            lower, _ = integrate.quad(part, 0, math.pi / 4, epsabs=0, epsrel=1e-12, limit=500)
            rows.append(dict(b=b, c=c, concentration=a, two_sided=math.log(upper + lower), one_sided=math.log(2 * upper)))
    return rows


def sequences():
    """The boundary from its definition: the mixing density integrated numerically, then solved for the sum."""
    rows = []
    for alpha, tightest in [(0.05, 50), (0.01, 200)]:
        depth = 2 * math.log(1 / alpha)
        rho = tightest / (depth + math.log1p(depth))

        # With lambda = 1 - u the density is u^(rho - 1) exp(-rho u), and the bet's value e^(lambda s) times
        # (u e^lambda)^v. Substituting u = w^(1 / rho) would do as well; logarithms keep the integrand in range.
        def log_integral(s, v):
            def log_part(u):
                return (rho - 1 + v) * math.log(u) - rho * u + (1 - u) * (s + v)
            peak = min(1 - 1e-12, max(1e-12, (rho - 1 + v) / (s + v + rho)))
            top = log_part(peak)
            points = sorted({peak, min(1, peak * 3), min(1, peak / 3)})
            value, _ = integrate.quad(lambda u: math.exp(log_part(u) - top) if u > 0 else 0.0, 0, 1, epsabs=0,
                                      epsrel=1e-12, limit=1000, points=points)
            return math.log(value) + top

        norm, _ = integrate.quad(lambda u: u ** (rho - 1) * math.exp(-rho * u), 0, 1, epsabs=0, epsrel=1e-12, limit=1000)
        for v in (0, 1, 5, 20, 50, 100, 400):
            root = optimize.brentq(lambda s: log_integral(s, v) - math.log(norm) - math.log(2 / alpha), 1e-3, 1e3,
                                   xtol=1e-12, rtol=1e-13)
            rows.append(dict(alpha=alpha, tightest=tightest, discordant=v, boundary=root))
    return rows


def benjamini_hochberg():
    return [dict(values=v, adjusted=list(stats.false_discovery_control(v, method="bh")))
            for v in ([0.01, 0.04, 0.03, 0.005], [0.2], [0.5, 0.5, 0.9], [1e-6, 0.02, 0.02, 0.6, 0.04])]


def equivalences():
    pairs = []
    for n, b, c, margin in [(200, 3, 4, 0.05), (1000, 40, 18, 0.03), (100, 0, 0, 0.05), (50, 12, 1, 0.1)]:
        pairs.append(dict(n=n, b=b, c=c, margin=margin,
                          p=max(stats.norm.sf(score(n, b, c, -margin)), stats.norm.cdf(score(n, b, c, margin)))))
    clusters = []
    for means, margin in [([0.01, -0.02, 0.0, 0.03, -0.01], 0.05), ([0.35, 0.1, 0.6], 0.1)]:
        p = max(stats.ttest_1samp(means, -margin, alternative="greater").pvalue,
                stats.ttest_1samp(means, margin, alternative="less").pvalue)
        clusters.append(dict(means=means, margin=margin, p=p))
    return dict(pairs=pairs, clusters=clusters)


def trends():
    """Moments of the score sum by listing every way to give a stratum's violations to its trials."""
    rows = []
    for strata in ([[(0, 3, 0), (1, 3, 1), (2, 3, 2)]], [[(0, 2, 0), (1, 2, 1), (5, 3, 3)], [(0, 3, 1), (1, 1, 0), (5, 2, 1)]],
                   [[(0, 1, 0), (5, 1, 1)]] * 7 + [[(0, 1, 1), (5, 1, 0)]] * 2 + [[(0, 1, 1), (5, 1, 1)]]):
        total, mean, variance = 0.0, 0.0, 0.0
        for stratum in strata:
            scores = [dose for dose, trials, _ in stratum for _ in range(trials)]
            hits = sum(v for _, _, v in stratum)
            sums = [sum(chosen) for chosen in itertools.combinations(scores, hits)]
            total += sum(dose * v for dose, _, v in stratum)
            mean += np.mean(sums)
            variance += np.var(sums)
        z = (total - mean) / math.sqrt(variance)
        rows.append(dict(strata=[[list(map(float, cell)) for cell in stratum] for stratum in strata], z=z,
                         p=2 * stats.norm.sf(abs(z)), rising=stats.norm.sf(z)))
    return rows


def isotonic():
    rows = []
    for values, weights in [([0.1, 0.05, 0.2, 0.15, 0.3, 0.25], [25, 25, 25, 25, 25, 25]),
                            ([0.5, 0.4, 0.3, 0.2], [1, 2, 3, 4]), ([0.0, 0.02, 0.02, 0.3], [10, 1000, 5, 60])]:
        rows.append(dict(values=values, weights=weights,
                         fit=list(optimize.isotonic_regression(values, weights=weights).x)))
    return rows


def powers():
    """Every table of pairs by the trinomial, and SciPy's own binomial test as the rule."""
    rows = []
    for pairs, p0, p1, coupling in [(10, 0.1, 0.5, 0.5), (25, 0.05, 0.3, 0.0), (40, 0.02, 0.12, 0.5)]:
        up = coupling * max(0, p1 - p0) + (1 - coupling) * p1 * (1 - p0)
        down = coupling * max(0, p0 - p1) + (1 - coupling) * p0 * (1 - p1)
        power = 0.0
        for b in range(pairs + 1):
            for c in range(pairs + 1 - b):
                if b + c and stats.binomtest(b, b + c, 0.5, alternative="greater").pvalue <= 0.05:
                    power += stats.multinomial.pmf([b, c, pairs - b - c], pairs, [up, down, 1 - up - down])
        rows.append(dict(pairs=pairs, comparison=p0, condition=p1, coupling=coupling, power=power))
    return rows


def upper_bounds():
    return [dict(k=k, n=n, confidence=q, value=stats.beta.ppf(q, k + 1, n - k))
            for k, n in [(0, 25), (0, 1000), (0, 2995), (3, 1000)] for q in (0.95, 0.99)]


def poisson():
    return [dict(observed=k, expected=e, interval=[stats.chi2.ppf(0.025, 2 * k) / 2 / e if k else 0.0,
                                                   stats.chi2.ppf(0.975, 2 * k + 2) / 2 / e])
            for k, e in [(0, 4.0), (3, 2.5), (40, 12.0)]]


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return a == b if isinstance(a, str) else math.isclose(a, b, rel_tol=1e-7, abs_tol=1e-9)


def main():
    golden = dict(made_by="Tests/oracles/statistics_oracle.py", beta=betas(), inverse_beta=inverse_betas(),
                  proportion=proportions(), paired=paired(), quantile=quantiles(), holm=holm(), clustered=clustered(),
                  gamma=gammas(), e_value=e_values(), sequence=sequences(), benjamini_hochberg=benjamini_hochberg(),
                  equivalence=equivalences(), trend=trends(), isotonic=isotonic(), power=powers(),
                  upper_bound=upper_bounds(), poisson=poisson())
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
