"""scripts/mutants --self-test: the search for mutants can fail, and refuses to judge what it can't.

Uses the copy as it was built last, and one more build for a test that does not compile.
"""
import contextlib
import io

import mutate
import run

failures = []


def expect(what, condition, shown=""):
    print(f"self-test: {what}: {'as expected' if condition else 'NOT AS EXPECTED'}", flush=True)
    if not condition:
        failures.append(what)
        print(shown, flush=True)


def search(*words, base=0):
    """Exit code and output of a search."""
    options = run.parser().parse_args(["--built", *words])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            code = run.search(options, base, remembers=False)
        except run.Refused as refused:
            code = 2
            print(refused, file=out)
    return code, out.getvalue()


def rewriting():
    mutants = []
    mutator = mutate.Mutator(mutants, vectors=True)
    text = mutator.rewrite("a.swift", "\n".join([
        "// 1 < 2 is a comment", 'let text = "1 < 2"', "case one = 1", "if a < 0, b { return min(a, 2.0) }", "guard !c else { return }",
        "failing += 1", "worst.add(x)", "return d && e || f == nil", ""]))
    found = {(mutant.token, mutant.becomes) for mutant in mutants}
    expect("every kind of token becomes a mutant", found == {
        ("<", "<="), ("<", ">="), ("0", "1"), ("b", "not b"), ("min", "max"), ("2.0", "0.0"), ("2.0", "2.5"), ("!", "itself"),
        ("+=", "-="), ("1", "0"), ("1", "2"), ("call", "none"), ("&&", "||"), ("||", "&&"), ("==", "!=")}, found)
    expect("comments, texts and raw values become none", "// 1 < 2 is a comment" in text and '"1 < 2"' in text and "case one = 1" in text)


def main():
    rewriting()
    mutants = run.write_mutants(run.copy_tree(), run.FILES)
    gate = [mutant for mutant in mutants if mutant.file.endswith("Gate.swift") and mutant.token == "=="]
    own, other = "^ODCVCodecTests.GateTests/", "^ODCVCodecTests.StateDecodingTests/"
    only = ["--only", r"Gate\.swift: .*\[== -> !="]

    code, out = search(*only, "--tests", own)
    expect("mutants that tests notice: exit 0", code == 0 and "SURVIVES" not in out, out)
    code, out = search(*only, "--tests", other)
    expect("mutants that no test runs survive: exit 1", code == 1 and out.count("SURVIVES") == len(gate) > 0 and "never run" in out, out)

    code, out = search("--only", r"Rules/ContactForce\.swift: .*\[false -> true\]", "--tests", "FactsTests/itsLimits")
    expect("a mutant that is run and not noticed survives: exit 1", code == 1 and "(unnoticed)" in out, out)

    listed = run.HOME / "equivalent.txt"
    listed.write_text("Sources/ODCVCodec/Gate.swift: no such line [< -> <=] :: the self-test's\n")
    code, out = search(*only, "--tests", own, "--equivalent", str(listed))
    expect("an equivalent mutant that there is not: exit 1", code == 1 and "STALE" in out and "SURVIVES" not in out, out)
    listed.write_text("Sources/ODCVCodec/Gate.swift: no reason [< -> <=]\n")
    code, out = search(*only, "--tests", own, "--equivalent", str(listed))
    expect("an equivalent mutant without a reason is refused: exit 2", code == 2, out)

    # A mutant that is on all the time is a bug of the original: its test fails.
    code, out = search(*only, "--tests", own, base=gate[0].number)
    expect("tests that fail without any mutant are refused: exit 2", code == 2 and "fails without any mutant" in out, out)
    code, out = search(*only, "--tests", "^NoSuchTests")
    expect("a suite that there is not is refused: exit 2", code == 2, out)

    broken = run.TREE / "Tests/ODCVCodecTests/Broken.swift"
    broken.write_text("let broken: Int = true\n")
    try:
        run.build(2)
        expect("a copy that does not build is refused", False)
    except run.Refused as refused:
        expect("a copy that does not build is refused", "does not build" in str(refused) and "Broken.swift" in str(refused), refused)
    finally:
        broken.unlink()
    print(f"self-test: {len(failures)} failed" if failures else "self-test: passed")
    return 1 if failures else 0
