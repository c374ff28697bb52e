"""The pytest fixture `odcv_monitor`: a monitor beside a test, which fails the test when a rule is broken.

A test that asks for the fixture passes only when every command in it was judged, on complete data, and every rule held. It *fails* on
a violation, and is in *error* when that can't be said: nothing was judged, something was unknown, refused or lost, or the monitor died.
"""
from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any, Generator, Optional

import pytest

if TYPE_CHECKING:
    from odcv.checking import Result
    from odcv.trial import Session, Trial

OPTIONS = {
    "config": "the monitor's configuration file",
    "binary": "the daemon, a path or a name on the PATH (odcv-monitor)",
    "mode": "observe or enforce; the configuration's when not given",
    "fail-on": "possible (the default) or certain: which violations fail a test",
    "realtime": "off (the default), auto or require: what the monitor asks of this host",
    "daemon": "session (the default), reset between tests, or test: another one for each, where a simulation puts its arm elsewhere",
    "evidence": "folder that keeps the recordings and violation logs; pytest's own temporary folder when not given",
}
CHOICES = {"mode": ("observe", "enforce"), "fail-on": ("possible", "certain"), "realtime": ("off", "auto", "require"),
           "daemon": ("session", "test")}
EXPECTS = "odcv_expects(*rules, unknown=()): the test must violate these rules, or leave those unknown; any other still fails it"


class OdcvViolation(pytest.fail.Exception):  # type: ignore[name-defined,misc]
    """A rule was broken, or one that should have been was not."""


class OdcvIncomplete(pytest.fail.Exception):  # type: ignore[name-defined,misc]
    """What was seen is not enough to say that every rule held."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("odcv", "odcv, the robot safety monitor")
    for name, words in OPTIONS.items():
        group.addoption(f"--odcv-{name}", choices=CHOICES.get(name), default=None, help=words)
        parser.addini(f"odcv_{name.replace('-', '_')}", words)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", EXPECTS)


def option(config: pytest.Config, name: str) -> Optional[str]:
    """Of the command line, else of the ini file, where a path counts from that file."""
    given = config.getoption(f"--odcv-{name}")
    if given is not None:
        return str(given)
    value = str(config.getini(f"odcv_{name.replace('-', '_')}") or "")
    if not value:
        return None
    if name in CHOICES and value not in CHOICES[name]:
        raise pytest.UsageError(f"odcv_{name.replace('-', '_')} is {value!r} in {config.inipath}; it is one of {', '.join(CHOICES[name])}")
    if name in ("config", "evidence") or (name == "binary" and "/" in value):
        return str((config.inipath.parent if config.inipath else config.rootpath) / value)
    return value


SESSION: pytest.StashKey[Session] = pytest.StashKey()
TRIAL: pytest.StashKey[Trial] = pytest.StashKey()


@pytest.fixture(scope="session")
def _odcv_session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Session, None, None]:
    # Not above: pytest loads this file for everybody who has the package installed.
    from odcv.errors import Error
    from odcv.trial import Session, Settings

    config = option(request.config, "config")
    if config is None:
        pytest.fail("odcv_monitor needs to know your cell: --odcv-config=FILE, or odcv_config in the ini file", pytrace=False)
    evidence = option(request.config, "evidence")
    if evidence:
        try:
            pathlib.Path(evidence).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            pytest.fail(f"--odcv-evidence={evidence} can't be made: {error.strerror}; name a folder that you may write", pytrace=False)
    session = Session(Settings(
        pathlib.Path(config), option(request.config, "binary") or "odcv-monitor", option(request.config, "mode"),
        option(request.config, "fail-on") or "possible", option(request.config, "realtime") or "off",
        pathlib.Path(evidence) if evidence else tmp_path_factory.mktemp("odcv-evidence"), option(request.config, "daemon") == "test"))
    request.config.stash[SESSION] = session
    yield session
    said = None
    try:
        session.close()
    except Error as error:
        said = str(error)
    stop(said)


@pytest.fixture
def odcv_monitor(request: pytest.FixtureRequest, _odcv_session: Session) -> Generator[Trial, None, None]:
    """A running monitor, reset for this test. See odcv.trial.Trial for what it offers."""
    from odcv.errors import Error

    said = trial = None
    try:
        trial = _odcv_session.begin(request.node.nodeid)
        for mark in request.node.iter_markers("odcv_expects"):
            further = mark.kwargs.keys() - {"unknown"}
            if further:
                raise Error(f"{EXPECTS}; it takes no {', '.join(further)}")
            unknown = mark.kwargs.get("unknown", ())
            trial.expect(mark.args, (unknown,) if isinstance(unknown, str) else tuple(unknown))
    except Error as error:
        said = str(error)
        if trial is not None:
            trial.end()
    stop(said)
    assert trial is not None
    request.node.stash[TRIAL] = trial
    yield trial
    result = trial.end()
    if result.broken or result.incomplete:
        pytest.fail(words(trial, result, "while it was torn down"), pytrace=False)


def stop(said: Optional[str]) -> None:
    """Ends a fixture with what was said. Not where it was caught: pytest would show where it came from, too."""
    if said is not None:
        pytest.fail(f"odcv: {said}", pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    raised: Optional[BaseException] = None
    returned = None
    try:
        returned = yield
    except (KeyboardInterrupt, SystemExit, pytest.exit.Exception):
        raise
    except BaseException as error:  # pytest's own outcomes are no Exceptions
        raised = error
    trial = item.stash.get(TRIAL, None)
    if trial is None:
        if raised is not None:
            raise raised
        return returned
    result = trial.finish()
    item.user_properties += [("odcv_commands", result.commands), ("odcv_evidence", str(trial.evidence))]
    told = words(trial, result, "")
    # A test that gives up half-way, or says that it is known to fail, did not mean this. Where nothing was judged, what the arm broke
    # is not what the test is known to break.
    gives_up = isinstance(raised, (pytest.skip.Exception, pytest.xfail.Exception))
    if result.broken and (gives_up or raised is None and not result.is_empty):
        raise OdcvViolation(told, pytrace=False)
    if raised is not None:
        if result.broken or result.incomplete:
            item.add_report_section("call", "odcv", told)
        raise raised
    if result.broken or result.incomplete:
        raise OdcvIncomplete(told, pytrace=False)
    return returned


def words(trial: Trial, result: Result, when: str) -> str:
    commands = f"{result.commands} commands judged, {trial.mode} mode"
    lines = []
    if result.broken:
        lines += [f"odcv: rules were broken {when}".rstrip() + f" ({commands})", *(f"  {line}" for line in result.broken)]
    if result.incomplete:
        lines += [f"odcv: not everything could be checked {when}".rstrip() + f" ({commands})", *(f"  {line}" for line in result.incomplete)]
    return "\n".join([*lines, f"  evidence: {trial.evidence}"])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.excinfo is not None and call.excinfo.errisinstance(OdcvIncomplete):
        # Also where the test is marked as one that is expected to fail: what was not looked at has not failed as expected.
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
        report.odcv_incomplete = True  # type: ignore[attr-defined]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> Optional[tuple[str, str, str]]:
    return ("error", "E", "ERROR") if getattr(report, "odcv_incomplete", False) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    session = config.stash.get(SESSION, None)
    if session is not None and session.trials:
        terminalreporter.write_line(
            f"odcv: {session.commands} commands judged in {session.trials} tests; evidence: {session.settings.evidence}")
