"""The gate on coverage can fail: it lets an export through as it is, and none with anything taken out of it.

    coverage_gate_test.py EXPORT.json FOLDER
"""
import contextlib
import copy
import io
import json
import pathlib
import sys
import tempfile

import coverage_gate


def verdict(content, folder):
    """The gate's exit status for a file of this content; None: for no file at all."""
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "export.json"
        if content is not None:
            path.write_bytes(content)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return coverage_gate.main(path, [folder])


def changed(export, folder, change):
    """The export with `change` made to its files."""
    root = str(coverage_gate.ROOT / folder) + "/"
    export = copy.deepcopy(export)
    files = export["data"][0]["files"]
    change(files, [file for file in files if file["filename"].startswith(root)])
    return json.dumps(export).encode()


def forget(ours, file, index):
    """The region that begins at a segment was never run."""
    ours[file]["segments"][index][2] = 0


def main(path, folder):
    export = json.loads(pathlib.Path(path).read_text())
    # Most of an export is about functions, which the gate does not read.
    export["data"][0].pop("functions", None)
    content = json.dumps(export).encode()
    root = str(coverage_gate.ROOT / folder) + "/"
    ours = [file for file in export["data"][0]["files"] if file["filename"].startswith(root)]
    wrong = []

    def expect(status, name, content):
        found = verdict(content, folder)
        if found != status:
            wrong.append(f"{name}: {found}, expected {status}")

    expect(0, "as it is", content)
    expect(2, "no file", None)
    expect(2, "an empty file", b"")
    expect(2, "half of it", content[: len(content) // 2])
    expect(2, "another document", b'{"data": 3}')
    expect(1, "no file of the folder", changed(export, folder, lambda files, ours: [files.remove(file) for file in ours]))
    regions = 0
    for place, file in enumerate(ours):
        expect(1, f"without {file['filename']}", changed(export, folder, lambda files, ours: files.remove(ours[place])))
        for kind in coverage_gate.KINDS:
            def miss(files, ours):
                ours[place]["summary"][kind]["covered"] -= 1
            expect(1, f"{file['filename']} with one of its {kind} not run", changed(export, folder, miss))
        starts = [i for i, s in enumerate(file["segments"]) if s[3] and s[4] and not s[5]]
        for index in (starts[0], starts[len(starts) // 2], starts[-1]):
            regions += 1
            expect(1, f"{file['filename']} without region {index}",
                   changed(export, folder, lambda files, ours: forget(ours, place, index)))
    for line in wrong:
        print(f"coverage gate: {line}", file=sys.stderr)
    print(f"the gate refused {len(ours)} missing files, {2 * len(ours)} sums and {regions} regions, each taken out alone")
    return 1 if wrong or not ours else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
