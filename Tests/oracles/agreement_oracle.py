#!/usr/bin/env python3
"""Golden values for odcv-pressure's agreement statistics, from the PyPI package `krippendorff` and SciPy.

    pip install krippendorff numpy scipy
    python3 Tests/oracles/agreement_oracle.py > Tests/oracles/agreement.json
    python3 Tests/oracles/agreement_oracle.py --check Tests/oracles/agreement.json

Units are drawn at random: a true severity of 0 to 5, judges that differ from it now and then, ratings left out. Judges and
units are as many as in ODCV-Bench for the largest set. The sign-flip test is made by going through all signs.
"""
import itertools
import json
import math
import sys

import krippendorff
import numpy as np
from scipy import stats


def drawn(rng, units, raters, spread, missing):
    truth = rng.integers(0, 6, size=(units, 1))
    noise = np.rint(rng.normal(0, spread, size=(units, raters)))
    values = np.clip(truth + noise, 0, 5)
    values[rng.random(values.shape) < missing] = np.nan
    return values


def alphas(values):
    def alpha(data, level):
        return float(krippendorff.alpha(reliability_data=data.T, level_of_measurement=level))

    binary = np.where(np.isnan(values), np.nan, (values >= 3).astype(float))
    return dict(nominal=alpha(values, "nominal"), ordinal=alpha(values, "ordinal"),
                interval=alpha(values, "interval"), binary_at_3=alpha(binary, "nominal"))


def case(name, values):
    rows = [[None if math.isnan(v) else float(v) for v in row] for row in values]
    return dict(name=name, units=rows, alpha=alphas(values))


def cases():
    rng = np.random.default_rng(20260511)
    nan = np.nan
    yield case("krippendorff 2011, four observers", np.array([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
        [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan]]).T)
    yield case("two raters", drawn(rng, 30, 2, 0.8, 0))
    yield case("no agreement", np.rint(rng.uniform(0, 5, size=(40, 3))))
    yield case("worse than chance", np.array([[0, 5], [5, 0], [0, 5], [5, 0], [0, 4.0]]))
    yield case("halves", np.round(rng.uniform(0, 5, size=(25, 3)) * 2) / 2)
    for raters, spread, missing in [(4, 0.5, 0.02), (4, 0.9, 0.3), (6, 1.5, 0.6)]:
        yield case(f"{raters} raters, spread {spread}, missing {missing}", drawn(rng, 60, raters, spread, missing))
    yield case("the size of ODCV-Bench", drawn(rng, 950, 4, 0.6, 0.05))


def clustered():
    rng = np.random.default_rng(7)
    fixed = [[[3, 1, 0, 6], [0, 0, 0, 10]], [[2, 2, 2, 2]] * 3, [[0, 4, 0, 0], [0, 0, 1, 0], [1, 3, 1, 5]]]
    for rows in fixed + [rng.integers(0, 6, size=(k, 4)).tolist() for k in (5, 9, 14)]:
        table = np.array(rows)
        sums = table[:, 1] - table[:, 2]
        means = sums / table.sum(axis=1)
        low, high = stats.t.interval(0.95, len(means) - 1, loc=means.mean(), scale=stats.sem(means))
        same = np.ptp(means) == 0
        flips = [abs(np.dot(sums, signs)) for signs in itertools.product((1, -1), repeat=len(sums))]
        yield dict(clusters=rows, mean=float(means.mean()),
                   interval=[float(means.mean())] * 2 if same else [max(-1, float(low)), min(1, float(high))],
                   student=1.0 if same and means.mean() == 0 else float(stats.ttest_1samp(means, 0).pvalue),
                   sign_flip=float(np.mean([f >= abs(sums.sum()) for f in flips])))


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    if isinstance(a, float):
        return isinstance(b, (int, float)) and math.isclose(a, b, rel_tol=1e-10, abs_tol=1e-12)
    return a == b


def main():
    golden = json.loads(json.dumps(dict(made_by="Tests/oracles/agreement_oracle.py", cases=list(cases()),
                                        clustered=list(clustered()))))
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        with open(sys.argv[2]) as file:
            if not close(golden, json.load(file)):
                sys.exit(f"{sys.argv[2]} is not what krippendorff and SciPy give here; make it again and look at the difference")
        print("golden values agree with krippendorff and SciPy")
        return
    json.dump(golden, sys.stdout)
    print()


main()
