"""scripts/mutants: every mutant of the rules, the verdict, the gate and the limit tables is caught by a test.

One build holds all mutants (mutate.py); a test process runs with one of them switched on. A mutant that no test notices is a
survivor; those that change nothing that can be told are listed in equivalent.txt, each with its reason.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

import mutate

ROOT = pathlib.Path(__file__).resolve().parents[2]
TREE = ROOT / ".build-mutants" / "tree"
FILES = [
    "Sources/ODCVCore/Rules/*.swift", "Sources/ODCVCore/Verdict/*.swift", "Sources/ODCVCore/Monitor.swift",
    "Sources/ODCVCore/Configuration/*.swift", "Sources/ODCVCore/World/*.swift", "Sources/ODCVCodec/Gate.swift",
    "Sources/ODCVConfig/RulesFile.swift",
]
# In order: the first that fails ends the mutant.
SUITES = ["ODCVCoreTests.*(Rule|Conformance|Contact|Verdict|Monitor)", "ODCVCoreTests", "ODCVConfigTests|ODCVCodecTests"]


def tell(*words):
    print("mutants:", *words, file=sys.stderr, flush=True)


def copy_tree():
    """The files that git knows, as they are; unchanged ones keep their time, so that the build is incremental."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
    wanted = {name for name in names.stdout.splitlines() if (ROOT / name).is_file()}
    for name in wanted:
        source, target = ROOT / name, TREE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copyfile(source, target)
            shutil.copymode(source, target)
    for path in (TREE / "Sources").rglob("*.swift"):
        if str(path.relative_to(TREE)) not in wanted:
            path.unlink()


def write_mutants(patterns):
    """Writes the mutated files into the copy. Returns the mutants."""
    modules = collections.defaultdict(list)
    for pattern in patterns:
        found = sorted(ROOT.glob(pattern))
        if not found:
            raise SystemExit(f"mutants: {pattern} names no file")
        for path in found:
            name = str(path.relative_to(ROOT))
            if name not in modules[name.split("/")[1]]:
                modules[name.split("/")[1]].append(name)
    every = []
    for module, names in modules.items():
        mutator = mutate.Mutator()
        mutator.mutants = every  # numbers go on
        for name in names:
            (TREE / name).write_text(mutator.rewrite(name, (ROOT / name).read_text()))
        (TREE / "Sources" / module / "Mutation.swift").write_text(mutator.support())
    return every


def build():
    log = TREE.parent / "build.log"
    with open(log, "w") as out:
        done = subprocess.run(
            ["swift", "build", "--build-tests", "-c", "release", "-Xswiftc", "-enable-testing", "--package-path", str(TREE)],
            stdout=out, stderr=subprocess.STDOUT)
    if done.returncode:
        errors = [line for line in log.read_text().splitlines() if "error:" in line]
        raise SystemExit("mutants: the mutated copy does not build:\n" + "\n".join(errors[:20]))
    return next((TREE / ".build" / "release").glob("*PackageTests.xctest"))


def run(binary, suite, mutant, limit):
    """Whether the tests of a suite pass with a mutant switched on (0: none), and how long that took."""
    start = time.monotonic()
    environment = {**os.environ, "ODCV_MUTANT": str(mutant), "SWIFT_BACKTRACE": "enable=no"}
    try:
        done = subprocess.run(
            [binary, "--testing-library", "swift-testing", "--filter", suite], cwd=TREE, env=environment, timeout=limit,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0, time.monotonic() - start
    except subprocess.TimeoutExpired:
        return False, limit


def equivalent():
    """Names of mutants that can't be told from the original, each with its reason."""
    out, path = {}, pathlib.Path(__file__).with_name("equivalent.txt")
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, separator, reason = line.partition(" :: ")
        if not separator or not reason.strip():
            raise SystemExit(f"{path}:{number}: write `file: line [token -> other] :: reason`")
        out[name.strip()] = reason.strip()
    return out


def main():
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--files", nargs="*", default=FILES, metavar="PATTERN")
    parser.add_argument("--suites", nargs="*", default=SUITES, metavar="REGEX", help="of tests, the quickest first")
    parser.add_argument("--sample", type=int, help="that many mutants, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="names of all mutants, and nothing else")
    parser.add_argument("--resume", action="store_true", help="only mutants that an earlier run did not reach or did not kill")
    options = parser.parse_args()
    TREE.mkdir(parents=True, exist_ok=True)
    copy_tree()
    mutants = write_mutants(options.files)
    if options.list:
        for mutant in mutants:
            print(mutant.number, mutant.name)
        return 0
    known = equivalent()
    stale = set(known) - {mutant.name for mutant in mutants} if options.files == FILES else set()
    for name in sorted(stale):
        tell(f"equivalent.txt names a mutant that there is not: {name}")
    tell(f"{len(mutants)} mutants; building all of them at once")
    binary = build()
    limits = []
    for suite in options.suites:
        passed, seconds = run(binary, suite, 0, 1200)
        if not passed:
            raise SystemExit(f"mutants: {suite} fails without any mutant")
        limits.append(10 + 6 * seconds * options.jobs)
        tell(f"{suite}: {seconds:.1f} s")
    store = TREE.parent / "killed.json"
    before = set(json.loads(store.read_text())) if options.resume and store.exists() else set()
    todo = [mutant for mutant in mutants if mutant.name not in known and mutant.name not in before]
    if options.sample:
        todo = random.Random(options.seed).sample(todo, min(options.sample, len(todo)))
    killed, survivors = set(before), []

    def judge(mutant):
        for suite, limit in zip(options.suites, limits):
            if not run(binary, suite, mutant.number, limit)[0]:
                return mutant, True
        return mutant, False

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count, (mutant, dead) in enumerate(pool.map(judge, todo), 1):
            if dead:
                killed.add(mutant.name)
            else:
                survivors.append(mutant)
                print(f"SURVIVES {mutant.file}:{mutant.line}  {mutant.text}  [{mutant.token} -> {mutant.becomes}]", flush=True)
            if count % 20 == 0 or count == len(todo):
                store.write_text(json.dumps(sorted(killed)))
                tell(f"{count} of {len(todo)}, {len(survivors)} survive")
    print(f"{len(todo)} mutants run, {len(todo) - len(survivors)} killed, {len(survivors)} survive; "
          f"{len(known)} listed as equivalent, of {len(mutants)} in all")
    return 1 if survivors or stale else 0


if __name__ == "__main__":
    sys.exit(main())
