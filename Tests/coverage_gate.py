"""Reads llvm-cov's export: every line and region of the folders must have been run. Used by scripts/coverage."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def main(export, folders):
    data = json.loads(pathlib.Path(export).read_text())["data"][0]
    folders = [str((ROOT / folder).resolve()) + "/" for folder in folders]
    files = [file for file in data["files"] if any(file["filename"].startswith(folder) for folder in folders)]
    if not files:
        print(f"coverage: nothing in {', '.join(folders)} was measured", file=sys.stderr)
        return 1
    total = {"lines": [0, 0], "regions": [0, 0]}
    for file in files:
        name = pathlib.Path(file["filename"]).relative_to(ROOT)
        for kind, sums in total.items():
            sums[0] += file["summary"][kind]["covered"]
            sums[1] += file["summary"][kind]["count"]
        if all(file["summary"][kind]["covered"] == file["summary"][kind]["count"] for kind in total):
            continue
        # A segment: line, column, runs, has runs, begins a region, is a gap.
        for line, column, runs, has_runs, begins, gap in file["segments"]:
            if has_runs and begins and not gap and runs == 0:
                text = (ROOT / name).read_text().splitlines()[line - 1].strip()
                print(f"{name}:{line}:{column}: never run: {text}")
    words = ", ".join(f"{covered} of {count} {kind}" for kind, (covered, count) in total.items())
    print(f"{len(files)} files: {words}")
    return 0 if all(covered == count for covered, count in total.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
