"""scripts/mutants: every mutant of the rules, the verdict, the gate and the limit tables is caught by a test.

One build holds all mutants (mutate.py); a test process runs with one of them switched on. First every test runs alone with
none of them on, and records which mutants it meets and which would have come out otherwise there: a mutant is tried only with
tests that can tell it, the quickest first. A mutant that no test notices is a survivor; those that change nothing that can be
told are listed in equivalent.txt, each with its reason.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import mutate

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HOME = ROOT / ".build-mutants"
TREE = HOME / "tree"
FILES = [
    "Sources/ODCVCore/Rules/*.swift", "Sources/ODCVCore/Verdict/*.swift", "Sources/ODCVCore/Monitor.swift",
    "Sources/ODCVCore/World/*.swift", "Sources/ODCVCore/Configuration/*.swift", "Sources/ODCVCore/Contact/*.swift",
    "Sources/ODCVCore/Sweep/WorstPair.swift", "Sources/ODCVCore/Sweep/FailingPairs.swift",
    "Sources/ODCVCodec/Gate.swift", "Sources/ODCVConfig/RulesFile.swift",
]
# Whose tests may notice a mutant: a file's own module's, and of the core's limits those that load them.
TESTS = {
    "Sources/ODCVCore/": r"^ODCVCoreTests|\.LayerTests/|\.BodyTableTests/|\.SequenceFileTests/",
    "Sources/ODCVConfig/": r"^ODCVConfigTests",
    "Sources/ODCVCodec/": r"^ODCVCodecTests",
}
MODULES = ["ODCVCore", "ODCVConfig", "ODCVCodec"]
# The copy builds what these tests need, and nothing else.
MANIFEST = '''
let mutated: Set = %(modules)s
let kept = mutated.union(["CClearance", "CSodium", "CZMQ", "CProtobufC", "COdcvProto", "ODCVYAML", "ODCVModel", "ODCVWire", "TestSupport"])
  .union(mutated.map { $0 + "Tests" })
package.targets.removeAll { !kept.contains($0.name) }
package.products.removeAll()
package.targets.append(.target(name: "CMutation", path: "Tests/mutants/switch"))
for target in package.targets where mutated.contains(target.name) { target.dependencies.append("CMutation") }
'''
# s of tests in one process, as they take without a mutant: small at first, as most mutants are noticed by the first test.
BATCHES = [1, 4, 20, 60]
ISSUE = re.compile(r"Test (?:case passing .* )?(?:to )?(\S+)\(.* recorded an issue")


def tell(*words):
    print("mutants:", *words, file=sys.stderr, flush=True)


class Refused(Exception):
    """The run can't judge anything."""


def copy_tree():
    """The files that git knows, as they are; unchanged ones keep their time, so that the build is incremental."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
    wanted = {name: (ROOT / name).read_bytes() for name in names.stdout.splitlines() if (ROOT / name).is_file()}
    wanted["Package.swift"] += (MANIFEST % {"modules": json.dumps(MODULES)}).encode()
    return wanted


def write_mutants(wanted, patterns):
    """Puts the mutated files in place of those in the copy. Returns the mutants."""
    mutants, modules = [], collections.defaultdict(list)
    for pattern in patterns:
        found = sorted(ROOT.glob(pattern))
        if not found:
            raise Refused(f"{pattern} names no file")
        for path in found:
            name = str(path.relative_to(ROOT))
            if name not in modules[name.split("/")[1]]:
                modules[name.split("/")[1]].append(name)
    for module in MODULES:
        mutator = mutate.Mutator(mutants, vectors=module == "ODCVCore")
        for name in modules[module]:
            wanted[name] = mutator.rewrite(name, wanted[name].decode()).encode()
        wanted[f"Sources/{module}/Mutation.swift"] = mutator.support().encode()
    return mutants


def write_tree(wanted):
    for name, content in wanted.items():
        target = TREE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
            shutil.copymode(ROOT / name, target) if (ROOT / name).exists() else None
    for folder in ("Sources", "Tests"):
        for path in (TREE / folder).rglob("*.*"):
            if path.is_file() and str(path.relative_to(TREE)) not in wanted:
                path.unlink()


def build(jobs):
    log = HOME / "build.log"
    with open(log, "w") as out:
        done = subprocess.run(
            ["swift", "build", "--build-tests", "-c", "release", "-Xswiftc", "-enable-testing", "-j", str(jobs),
             "--package-path", str(TREE)], stdout=out, stderr=subprocess.STDOUT)
    if done.returncode:
        errors = [line for line in log.read_text().splitlines() if "error:" in line]
        raise Refused("the mutated copy does not build:\n" + "\n".join(errors[:40]))
    built = next((TREE / ".build" / "release").glob("*PackageTests.xctest"))
    # Kept apart, so that the next build may begin while this one is run.
    binary = HOME / hashlib.sha256(built.read_bytes()).hexdigest()[:16] / built.name
    if not binary.exists():
        for old in sorted(HOME.glob("*/*.xctest"), key=lambda path: path.stat().st_mtime)[:-2]:
            shutil.rmtree(old.parent)
        binary.parent.mkdir()
        shutil.copy(built, binary)
    return binary


class Tests:
    """The tests of the built copy, run one process at a time."""

    def __init__(self, binary, chosen, base=0):
        self.binary = binary
        self.base = base  # the mutant that is on when none is
        listed = subprocess.run([binary, "--testing-library", "swift-testing", "--list-tests"], cwd=TREE, check=True,
                                capture_output=True, text=True).stdout.split()
        self.names = [name for name in listed if re.search(chosen, name)]
        if not self.names:
            raise Refused(f"no test is called {chosen}")

    def run(self, names, limit, mutant=0, hits=None):
        """Whether they all pass, the name of the one that did not (or why they ended), and the seconds that it took."""
        start = time.monotonic()
        environment = {**os.environ, "ODCV_MUTANT": str(mutant or self.base), "SWIFT_BACKTRACE": "enable=no"}
        if hits:
            environment["ODCV_HITS"] = str(hits)
        pattern = "^(" + "|".join(re.escape(name) for name in names) + ")"
        process = subprocess.Popen(
            [self.binary, "--testing-library", "swift-testing", "--no-parallel", "--filter", pattern], cwd=TREE, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        late = threading.Event()

        def end():
            late.set()
            stop(process)

        timer = threading.Timer(limit, end)
        timer.start()
        failed, ran = None, False
        for line in process.stdout:
            if found := ISSUE.search(line):
                failed = found.group(1)
                stop(process)
                break
            ran = ran or " passed after " in line
        process.stdout.close()
        code = process.wait()
        timer.cancel()
        seconds = time.monotonic() - start
        if failed:
            return False, failed, seconds
        if late.is_set():
            return False, "time-out", seconds
        if code:
            return False, f"crash {code}" if code < 0 else f"exit {code}", seconds
        if not ran:
            raise Refused(f"nothing ran for {pattern[:200]}")
        return True, None, seconds


def stop(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def record(tests, mutants, jobs):
    """Runs every test alone, with no mutant on. Returns each one's seconds and what it meets, a byte for each mutant."""
    folder = tests.binary.parent / (f"hits-{tests.base}" if tests.base else "hits")
    folder.mkdir(exist_ok=True)
    times_file = folder / "times.json"
    times = json.loads(times_file.read_text()) if times_file.exists() else {}
    size = (len(mutants) + 2) // 4096 * 4096 + 4096

    def one(name):
        path = folder / re.sub(r"\W", "_", name)
        if name not in times or not path.exists():
            path.write_bytes(bytes(size))
            passed, why, seconds = tests.run([name], 1800, hits=path)
            if not passed:
                raise Refused(f"{name} fails without any mutant: {why}")
            times[name] = seconds
        return path.read_bytes()

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        met = dict(zip(tests.names, pool.map(one, tests.names)))
    times_file.write_text(json.dumps(times))
    return times, met


def batches(names, times):
    """The tests in the order in which they are tried, those of one process together."""
    names, out = sorted(names, key=times.get), []
    limits = iter(BATCHES)
    limit, taken = next(limits), BATCHES[0] + 1
    for name in names:
        if taken + times[name] > limit:
            if out:
                limit = next(limits, limit)
            out.append([])
            taken = 0
        out[-1].append(name)
        taken += times[name]
    return out


def judge(mutant, tests, times, met, killer, jobs):
    """Who notices the mutant; `None` when nobody does."""
    telling = tells(mutant, tests, met)
    first = [[killer]] if killer in telling else []
    for batch in first + batches([name for name in telling if name != killer], times):
        limit = 20 + 20 * jobs * sum(times[name] for name in batch)
        passed, why, _ = tests.run(batch, limit, mutant.number)
        if not passed:
            # A crash tells no name: the batch's.
            return why if why in telling or why == "time-out" else next((n for n in batch if n.endswith(f"/{why}()")), batch[0])
    return None


def tells(mutant, tests, met):
    """The tests that may notice the mutant."""
    own = next(pattern for prefix, pattern in TESTS.items() if mutant.file.startswith(prefix))
    return [name for name in tests.names if met[name][mutant.number] & 2 and re.search(own, name)]


def equivalent(path):
    """Names of mutants that can't be told from the original, each with its reason."""
    out = {}
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, separator, reason = line.partition(" :: ")
        if not separator or not reason.strip():
            raise Refused(f"{path}:{number}: write `file: line [token -> other] :: reason`")
        out[name.strip()] = reason.strip()
    return out


def search(options, base=0, remembers=True):
    known = equivalent(options.equivalent)
    HOME.mkdir(exist_ok=True)
    wanted = copy_tree()
    mutants = write_mutants(wanted, options.files)
    if options.list:
        for mutant in mutants:
            print(mutant.number, mutant.name)
        return 0
    names = {mutant.name for mutant in mutants}
    files = {mutant.file for mutant in mutants}
    stale = sorted(name for name in known if name not in names and (options.files == FILES or name.split(":")[0] in files))
    for name in stale:
        print(f"STALE equivalent.txt names a mutant that there is not: {name}", flush=True)
    start = time.monotonic()
    if options.built:
        binary = max(HOME.glob("*/*.xctest"), key=lambda path: path.stat().st_mtime)
    else:
        write_tree(wanted)
        tell(f"{len(mutants)} mutants; building all of them at once")
        binary = build(options.jobs)
        tell(f"built in {time.monotonic() - start:.0f} s; recording what each test meets")
    start = time.monotonic()
    tests = Tests(binary, options.tests, base)
    times, met = record(tests, mutants, options.jobs)
    tests.names = [name for name in tests.names if times[name] <= options.longest]
    met = {name: met[name] for name in tests.names}
    tell(f"{len(tests.names)} tests recorded in {time.monotonic() - start:.0f} s")

    store = HOME / "killed.json"
    killers = json.loads(store.read_text()) if store.exists() else {}
    todo = [mutant for mutant in mutants if mutant.name not in known]
    if options.only:
        todo = [mutant for mutant in todo if re.search(options.only, mutant.name)]
    if options.resume:
        todo = [mutant for mutant in todo if mutant.name not in killers]
    if options.sample:
        todo = random.Random(options.seed).sample(todo, min(options.sample, len(todo)))
    killed, survivors, late = 0, [], []
    # What no test can tell needs no run.
    for mutant in [mutant for mutant in todo if not tells(mutant, tests, met)]:
        survivors.append(mutant)
        show(mutant, met)
    met_by_none = set(id(mutant) for mutant in survivors)
    count_all = len(todo)
    todo = [mutant for mutant in todo if id(mutant) not in met_by_none]
    tell(f"{len(survivors)} mutants differ in no test; {len(todo)} to run")

    def one(mutant):
        return mutant, judge(mutant, tests, times, met, killers.get(mutant.name), options.jobs)

    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count, (mutant, killer) in enumerate(pool.map(one, todo), 1):
            if killer == "time-out":
                late.append(mutant)
            elif killer:
                killed += 1
                killers[mutant.name] = killer
            else:
                survivors.append(mutant)
                killers.pop(mutant.name, None)
                show(mutant, met)
            if count % 20 == 0 or count == len(todo):
                if remembers:
                    store.write_text(json.dumps(killers, indent=0))
                tell(f"{count} of {len(todo)} in {time.monotonic() - start:.0f} s, {len(survivors)} survive")
    # A time-out may have been the machine's: once more, each alone.
    hung = 0
    for mutant in late:
        killer = judge(mutant, tests, times, met, None, 4 * options.jobs)
        if killer is None:
            survivors.append(mutant)
            show(mutant, met)
        else:
            killed += 1
            hung += killer == "time-out"
            killers[mutant.name] = killer
            print(f"{'HANGS' if killer == 'time-out' else 'KILLED'} {mutant.file}:{mutant.line}  {mutant.text}  "
                  f"[{mutant.token} -> {mutant.becomes}]", flush=True)
    if remembers:
        store.write_text(json.dumps(killers, indent=0))
    print(f"{count_all} mutants, {killed} killed ({hung} of them by a time-out, twice), {len(survivors)} survive; "
          f"{len(known)} listed as equivalent, of {len(mutants)} in all")
    return 1 if survivors or stale else 0


def show(mutant, met):
    seen = max(hits[mutant.number] for hits in met.values())
    why = {0: "never run", 1: "never differs"}.get(seen, "unnoticed")
    again = f" #{mutant.again}" if mutant.again > 1 else ""
    print(f"SURVIVES {mutant.file}:{mutant.line}  {mutant.text}  [{mutant.token} -> {mutant.becomes}]{again}  ({why})", flush=True)


def parser():
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--files", nargs="*", default=FILES, metavar="PATTERN")
    parser.add_argument("--tests", default=".", metavar="REGEX", help="the tests that may notice a mutant")
    parser.add_argument("--only", metavar="REGEX", help="of the mutants' names")
    parser.add_argument("--sample", type=int, help="that many mutants, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--longest", type=float, default=float("inf"), metavar="SECONDS", help="leave out tests that take longer")
    parser.add_argument("--built", action="store_true", help="the copy as it was built last")
    parser.add_argument("--list", action="store_true", help="names of all mutants, and nothing else")
    parser.add_argument("--resume", action="store_true", help="only mutants that no earlier run killed")
    parser.add_argument("--equivalent", type=pathlib.Path, default=HERE / "equivalent.txt", metavar="FILE")
    parser.add_argument("--self-test", action="store_true", help="that this search itself can fail")
    return parser


def main():
    options = parser().parse_args()
    try:
        if options.self_test:
            import self_test
            return self_test.main()
        return search(options)
    except Refused as refused:
        print(f"mutants: {refused}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.modules["run"] = sys.modules["__main__"]  # one module, also for the self-test
    sys.exit(main())
