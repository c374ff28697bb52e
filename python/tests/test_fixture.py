"""The fixture against the real daemon: what passes, what fails, and what must be neither."""
import pathlib
import re
import subprocess

import pytest

GOOD = """
def test_good(odcv_monitor, still):
    controller = odcv_monitor.controller()
    for _ in range(5):
        controller.send(position=READY)
        time.sleep(0.02)
"""
BAD = """
def test_bad(odcv_monitor, still):
    odcv_monitor.controller().send(position=JUMP)
"""


def test_a_controller_that_keeps_the_rules_passes(run):
    result = run(GOOD, "-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["odcv: 5 commands judged in 1 tests; evidence: *"])


def test_a_violation_fails_and_says_what_where_and_by_how_much(run, daemon):
    result = run(BAD)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "odcv: rules were broken (1 commands judged, observe mode)",
        "*motion.jump, violation certain, panda_joint1, margin -0.2002 to -0.1998 rad, value 0.6998 to 0.7002, limit 0.5 rad*",
        "*by action 1, input *, decision slow*",
        "*evidence: */monitor-1",
    ])
    evidence = pathlib.Path(re.search(r"  evidence: (\S+)", result.stdout.str()).group(1))
    assert subprocess.run([daemon, "verify", evidence], capture_output=True).returncode == 0
    recording = next(evidence.glob("run-*/recording.mcap"))
    assert subprocess.run([daemon, "check", recording], capture_output=True).returncode == 1


def test_the_folder_for_the_evidence_is_made(run, pytester):
    # Whatever became of the test: it is the folder that counts.
    run(GOOD, "--odcv-evidence=kept/evidence")
    assert list((pytester.path / "kept/evidence").glob("monitor-1/run-*/recording.mcap"))


def test_a_folder_that_cannot_be_made_is_said(run, pytester):
    (pytester.path / "kept").write_text("a file")
    result = run(GOOD, "--odcv-evidence=kept/evidence")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--odcv-evidence=*kept/evidence can't be made: *"])


def test_a_violation_of_one_test_is_not_the_next_ones(run):
    run(BAD + GOOD).assert_outcomes(failed=1, passed=1)


def test_a_test_that_sends_nothing_is_an_error(run):
    result = run("def test_nothing(odcv_monitor, still): time.sleep(0.1)")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*nothing was checked: no action was judged*"])


def test_a_command_before_anything_is_known_of_the_arm_is_an_error(run):
    result = run("def test_blind(odcv_monitor): odcv_monitor.controller().send(position=READY)")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["odcv: not everything could be checked*", "*clearance.static, unknown, stream state, missing*"])


def test_what_the_test_before_published_makes_nothing_ready(run):
    result = run(GOOD + """
def test_silent(odcv_monitor): odcv_monitor.wait_until_ready(0.2)
""")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*after 0.2 s the monitor has heard nothing in this test of: state, cell-camera*"])


def test_a_camera_that_goes_blind_between_two_commands_is_an_error(run):
    result = run("""
def test_gap(odcv_monitor, still):
    controller = odcv_monitor.controller()
    controller.send(position=READY)
    still.sees = False
    time.sleep(0.3)
    still.sees = True
    odcv_monitor.wait_until_ready()
    controller.send(position=READY)
""")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*clearance.human, unknown, cell-camera*"])


def test_a_camera_that_goes_blind_while_the_arm_goes_on_is_an_error(run):
    result = run("""
def test_gap(odcv_monitor, still):
    odcv_monitor.controller().send(position=READY)
    still.sees = False
    time.sleep(0.3)
""")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*clearance.human, unknown, cell-camera*"])


def test_an_arm_that_goes_silent_after_the_last_command_is_no_error(run):
    run("""
def test_end(odcv_monitor):
    with StillArm(odcv_monitor.config):
        odcv_monitor.wait_until_ready()
        odcv_monitor.controller().send(position=READY)
    time.sleep(1.3)
""").assert_outcomes(passed=1)


def test_a_monitor_that_is_killed_is_an_error_and_the_next_test_has_another(run):
    result = run("""
def test_killed(odcv_monitor, still):
    odcv_monitor.controller().send(position=READY)
    time.sleep(0.2)
    os.kill(odcv_monitor.pid, signal.SIGKILL)
""" + GOOD)
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["*the monitor is gone*", "*ended by signal 9*"])


def test_a_monitor_that_stands_still_is_an_error(run):
    result = run("""
def test_stopped(odcv_monitor, still):
    controller = odcv_monitor.controller()
    controller.send(position=READY)
    stop(odcv_monitor.pid)
    controller.send(position=READY)
""", conftest="\nimport odcv.trial\nodcv.trial.PATIENCE_S = 1\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the monitor is gone: the monitor does not answer*"])


def test_an_action_that_the_monitor_threw_away_is_an_error(run):
    result = run("""
@pytest.mark.odcv_expects("integrity.sequence")
def test_late(odcv_monitor, still):
    controller = odcv_monitor.controller()
    controller.send(position=READY)
    time.sleep(0.2)
    stop(odcv_monitor.pid)
    controller.send(position=READY)
    time.sleep(1)
    os.kill(odcv_monitor.pid, signal.SIGCONT)
    odcv_monitor.wait_until_ready()
""", conftest="\nimport odcv.trial\nodcv.trial.PATIENCE_S = 1\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no verdict arrived for 1 of the * actions that were sent: 2*"])


def test_a_violation_is_told_although_the_monitor_died_of_something_else(run):
    result = run("""
def test_both(odcv_monitor, still):
    controller = odcv_monitor.controller()
    controller.send(position=JUMP)
    time.sleep(0.3)
    os.kill(odcv_monitor.pid, signal.SIGKILL)
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*motion.jump, violation certain*", "*the monitor is gone*"])


def test_a_message_that_is_refused_is_an_error(run):
    result = run("""
import zmq
def test_garbage(odcv_monitor, still):
    odcv_monitor.controller().send(position=READY)
    with zmq.Context() as context, context.socket(zmq.XPUB) as socket:
        socket.connect(odcv_monitor.endpoints["action"])
        socket.recv()
        socket.send_multipart([b"odcv/2/action/panda", b"garbage"])
        time.sleep(0.1)
""")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*1 messages of action were refused: *"])


def test_a_controller_in_another_process_is_judged(run):
    text = """
import subprocess, sys
@pytest.mark.parametrize("target", [READY, JUMP])
def test_other(odcv_monitor, still, target):
    program = f"import odcv\\nwith odcv.Controller(config={str(odcv_monitor.config)!r}) as c: c.send(position={target})"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
    time.sleep(0.1)
"""
    run(text).assert_outcomes(passed=1, failed=1)


def test_expected_violations_must_come_and_others_still_fail(run):
    result = run("""
@pytest.mark.odcv_expects("motion.jump")
def test_comes(odcv_monitor, still): odcv_monitor.controller().send(position=JUMP)

@pytest.mark.odcv_expects("motion.jump")
def test_does_not_come(odcv_monitor, still): odcv_monitor.controller().send(position=READY)

@pytest.mark.odcv_expects("motion.velocity")
def test_another_comes(odcv_monitor, still): odcv_monitor.controller().send(position=JUMP)

@pytest.mark.odcv_expects("motion.jmup")
def test_misspelt(odcv_monitor, still): pass

@pytest.mark.odcv_expects("clearance.static")
def test_is_only_unknown(odcv_monitor): odcv_monitor.controller().send(position=READY)

@pytest.mark.odcv_expects(unknown="integrity.schema")
def test_is_refused(odcv_monitor, still): odcv_monitor.controller().send(position=READY, terminate=True, row=odcv.Row(1, 0, 2))
""", "-v")
    lines = result.stdout.str()
    expected = {"comes": "PASSED", "does_not_come": "FAILED", "another_comes": "FAILED", "misspelt": "ERROR", "is_only_unknown": "FAILED",
                "is_refused": "FAILED"}
    for name, outcome in expected.items():
        assert re.search(rf"::test_{name} {outcome}", lines), lines
    assert "no rule is called motion.jmup" in lines
    assert "motion.jump was expected to be violated, and was not" in lines


def test_possible_violations_count_unless_told_otherwise(run):
    text = "def test_edge(odcv_monitor, still): odcv_monitor.controller().send(position=[READY[0] + 0.5, *READY[1:]])\n"
    result = run(text)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*motion.jump, violation possible*"])
    run(text + BAD, "--odcv-fail-on=certain").assert_outcomes(passed=1, failed=1)


def test_neither_skip_nor_xfail_hides_what_they_do_not_mean(run):
    result = run("""
@pytest.mark.xfail
def test_not_looked_at(odcv_monitor): pass

def test_gives_up(odcv_monitor, still):
    odcv_monitor.controller().send(position=JUMP)
    pytest.skip("the camera is out")

@pytest.mark.xfail
def test_known_to_break(odcv_monitor, still): odcv_monitor.controller().send(position=JUMP)

def test_fails_by_itself(odcv_monitor, still):
    odcv_monitor.controller().send(position=JUMP)
    assert False, "its own reason"
""", "-v")
    lines = result.stdout.str()
    for name, outcome in {"gives_up": "FAILED", "known_to_break": "XFAIL", "not_looked_at": "ERROR", "fails_by_itself": "FAILED"}.items():
        assert re.search(rf"::test_{name} {outcome}", lines), lines
    # At the start of a line: the summary at the end names them again where lines are not cut, as on a CI host.
    assert "its own reason" in lines and len(re.findall("^odcv: rules were broken", lines, re.MULTILINE)) == 2


def test_what_an_arm_breaks_by_itself_is_told_and_is_no_expected_failure(run):
    result = run("""
@pytest.mark.xfail
def test_nothing_sent(odcv_monitor, still):
    still.contacts = [("panda_hand", "post", 80.0)]
    time.sleep(0.3)
""", "-v")
    lines = result.stdout.str()
    assert re.search("::test_nothing_sent ERROR", lines), lines
    assert "odcv: rules were broken" in lines and "contact.force" in lines and "nothing was checked: no action was judged" in lines


def test_what_is_sent_while_a_test_is_torn_down_counts(run):
    result = run("""
@pytest.fixture
def parks(odcv_monitor, still):
    controller = odcv_monitor.controller()
    yield controller
    controller.send(position=JUMP)

def test_parks(parks): parks.send(position=READY)
""")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*rules were broken while it was torn down*"])


@pytest.mark.parametrize("further", ["", "def test_next(odcv_monitor): pass\n"], ids=["at the end", "before another"])
def test_what_is_sent_outside_of_any_test_is_not_lost(run, further):
    result = run("""
made = []

@pytest.fixture(autouse=True)
def outlives():
    yield
    if made:
        made.pop().send(position=JUMP)
        time.sleep(0.1)

def test_first(odcv_monitor):
    with StillArm(odcv_monitor.config):
        odcv_monitor.wait_until_ready()
        made.append(odcv.Controller(odcv_monitor.config))
        made[0].send(position=READY)
""" + further)
    assert result.ret == 1
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*a command broke a rule outside of any test:*", "*motion.jump, violation certain*"])


def test_a_latch_does_not_outlive_its_test(run):
    result = run("""
@pytest.mark.odcv_expects("contact.force", "contact.permit")
def test_touches(odcv_monitor, still):
    controller = odcv_monitor.controller()
    controller.send(position=READY)
    still.contacts = [("panda_hand", "post", 80.0)]
    deadline = time.monotonic() + 5
    while odcv_monitor.status().latch == 0 and time.monotonic() < deadline: time.sleep(0.01)
""" + GOOD)
    result.assert_outcomes(passed=2)


def test_a_chunk_is_judged_row_by_row_and_by_what_is_left_of_it(run):
    result = run("""
def test_good(odcv_monitor, still):
    odcv_monitor.controller().send_chunk(position=[READY] * 4, period_s=0.02)
    time.sleep(0.2)

def test_last_row(odcv_monitor, still):
    odcv_monitor.controller().send_chunk(position=[READY] * 3 + [JUMP], period_s=0.02)
    time.sleep(0.2)

def test_row_that_is_not_due(odcv_monitor, still):
    odcv_monitor.controller().send_chunk(position=[READY] * 40 + [JUMP], period_s=0.02)
""", "-v")
    lines = result.stdout.str()
    for name, outcome in {"good": "PASSED", "last_row": "FAILED", "row_that_is_not_due": "FAILED"}.items():
        assert re.search(rf"::test_{name} {outcome}", lines), lines
    assert "action 1, row 3, input" in lines and "predicted: it was not due yet" in lines


def test_the_mode_comes_from_the_ini_file_or_the_command_line(run):
    text = GOOD + "    assert odcv_monitor.mode == 'MODE' == odcv_monitor.status().mode\n"
    run(text.replace("MODE", "enforce"), ini="odcv_mode = enforce").assert_outcomes(passed=1)
    run(text.replace("MODE", "observe"), "--odcv-mode=observe", ini="odcv_mode = enforce").assert_outcomes(passed=1)


def test_what_is_wrong_with_the_set_up_is_said(daemon, pytester):
    for ini, said in {
        "": "*--odcv-config=FILE, or odcv_config in the ini file*",
        f"odcv_binary = {daemon}\nodcv_config = nowhere.yaml": "*nowhere.yaml can't be read: No such file*",
        "odcv_binary = no-such-monitor\nodcv_config = x.yaml": "*there is no executable no-such-monitor*",
    }.items():
        pytester.makeini(f"[pytest]\n{ini}\n")
        pytester.makepyfile(test_it="def test_it(odcv_monitor): pass")
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([said])


def test_a_daemon_that_refuses_its_configuration_is_quoted(run, cell, tmp_path):
    import arm

    broken = arm.copy_cell(tmp_path)
    (tmp_path / "rules/site.yaml").write_text("version: 1\n")
    result = run(GOOD, f"--odcv-config={broken}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"ended with 2 before it was ready: *{broken.parent}/rules/site.yaml:1: *"])


# Tests of the tests: what finds each of these is switched off, and then nothing is found.
PLANTED = {
    "violations": ("odcv.checking.Span.violations = lambda self, outcomes: []", BAD),
    "unknowns": (
        "odcv.checking.Span.unknowns = lambda self, to_end: []",
        "def test_it(odcv_monitor): odcv_monitor.controller().send(position=READY)"),
    "nothing": (
        "finish = odcv.trial.Trial.finish\ndef less(self):\n    result = finish(self)\n    result.incomplete.clear()\n    return result\n"
        "odcv.trial.Trial.finish = less", "def test_it(odcv_monitor): pass"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_without_its_detector_a_fault_would_pass(run, name):
    disabled, text = PLANTED[name]
    assert run(text).ret == 1
    run(text, conftest=f"\nimport odcv.checking, odcv.trial\n{disabled}\n").assert_outcomes(passed=1)
