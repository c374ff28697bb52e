"""Reads llvm-cov's export: every line and region of the folders must have been run. Used by scripts/coverage and scripts/test.

    coverage_gate.py EXPORT.json FOLDER...      exit 0: all was run; 1: something was not, or was not measured; 2: no such export
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
KINDS = ("lines", "regions")


def unmeasured(files, folders):
    """Sources in the folders that the export does not speak of."""
    measured = {file["filename"] for file in files}
    sources = [source for folder in folders for source in sorted((ROOT / folder).rglob("*.swift"))]
    return [source for source in sources if str(source) not in measured]


def never_run(file):
    """Where regions begin that were never run."""
    # A segment: line, column, runs, has runs, begins a region, is a gap.
    for line, column, runs, has_runs, begins, gap in file["segments"]:
        if has_runs and begins and not gap and runs == 0:
            yield line, column


def judge(export, folders):
    data = json.loads(pathlib.Path(export).read_text())["data"][0]
    roots = [str((ROOT / folder).resolve()) + "/" for folder in folders]
    files = [file for file in data["files"] if file["filename"].startswith(tuple(roots))]
    if not files:
        print(f"coverage: nothing in {', '.join(folders)} was measured", file=sys.stderr)
        return 1
    failed = False
    for source in unmeasured(files, folders):
        print(f"{source.relative_to(ROOT)}: not measured")
        failed = True
    total = {kind: [0, 0] for kind in KINDS}
    for file in files:
        source = pathlib.Path(file["filename"])
        name = source.relative_to(ROOT)
        gaps = list(never_run(file))
        for line, column in gaps:
            print(f"{name}:{line}:{column}: never run: {source.read_text().splitlines()[line - 1].strip()}")
        short = [kind for kind in KINDS if file["summary"][kind]["covered"] != file["summary"][kind]["count"]]
        if short and not gaps:
            print(f"{name}: not all {' and '.join(short)} were run")
        failed = failed or bool(gaps or short)
        for kind, sums in total.items():
            sums[0] += file["summary"][kind]["covered"]
            sums[1] += file["summary"][kind]["count"]
    print(f"{len(files)} files: " + ", ".join(f"{covered} of {count} {kind}" for kind, (covered, count) in total.items()))
    return 1 if failed else 0


def main(export, folders):
    if not folders:
        print("coverage: name a folder", file=sys.stderr)
        return 2
    try:
        return judge(export, folders)
    except (OSError, ValueError, LookupError, TypeError) as error:
        print(f"coverage: {export} is no export of llvm-cov: {error!r}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
