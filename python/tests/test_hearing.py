"""What is made of verdicts, from verdicts made by hand: nothing that is missing counts as a pass."""
import threading
import types

import odcv
import pytest
import yaml
import zmq
from odcv import checking
from odcv.monitor import derive
from odcv.v1 import robot_pb2, verdict_pb2

ROBOT = "arm1"


class Mouth:
    """Says by hand what a monitor would."""

    def __init__(self, context):
        self._socket = context.socket(zmq.XPUB)
        self._socket.bind("tcp://127.0.0.1:*")
        self.address = self._socket.get_string(zmq.LAST_ENDPOINT)
        self.sequence = 0

    def await_listener(self):
        assert self._socket.poll(5000)
        self._socket.recv()

    def say(self, kind, message):
        message.header.boot_id = 1
        self._socket.send_multipart([f"odcv/2/{kind}/{ROBOT}".encode(), message.SerializeToString()])

    def verdict(self, index, outcome, judged=verdict_pb2.MEASURED_MOTION, skip=0, rule="clearance.static", margin=0.0, subject="", **further):
        self.sequence += 1 + skip
        verdict = verdict_pb2.Verdict(index=index, outcome=outcome, judged=judged, decision=verdict_pb2.ALLOW, **further)
        if outcome:
            verdict.finding.add(rule=rule, outcome=outcome, margin_lower=margin, subject=subject)
        verdict.header.seq = self.sequence
        self.say("verdict", verdict)

    def close(self):
        self._socket.close(0)


@pytest.fixture
def mouth():
    with zmq.Context() as context:
        mouth = Mouth(context)
        yield mouth
        mouth.close()


@pytest.fixture
def watcher(mouth, tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "Listener", lambda _: odcv.Listener(endpoint=mouth.address, robot=ROBOT))
    stopping = threading.Event()

    def beat():
        mouth.await_listener()
        while not stopping.wait(0.01):
            mouth.say("heartbeat", robot_pb2.Heartbeat())

    beating = threading.Thread(target=beat)
    beating.start()
    watcher = checking.Watcher(types.SimpleNamespace(config=None))
    stopping.set()
    beating.join()
    yield watcher
    watcher.close()


PASS, CERTAIN, UNKNOWN = verdict_pb2.PASS, verdict_pb2.VIOLATION_CERTAIN, verdict_pb2.UNKNOWN
BOTH = (CERTAIN, verdict_pb2.VIOLATION_POSSIBLE)


def span(watcher, until, after=0):
    watcher.await_index(until, 5)
    return watcher.take(after, until)


def test_a_verdict_that_is_lost_is_a_doubt(mouth, watcher):
    mouth.verdict(1, PASS)
    mouth.verdict(2, PASS)
    assert span(watcher, 2).doubts == []
    mouth.verdict(4, PASS, skip=1)
    assert span(watcher, 4, 2).doubts == ["1 verdicts or alarms were lost before input 2"]


def test_verdicts_that_never_come_are_a_doubt(mouth, watcher):
    mouth.verdict(1, PASS)
    watcher.await_index(1, 5)
    assert not watcher.await_index(3, 0.05)
    assert watcher.take(0, 3).doubts == ["the verdicts of the last 2 inputs did not arrive"]


def test_a_verdict_that_can_not_be_read_is_a_doubt(mouth, watcher):
    mouth._socket.send_multipart([f"odcv/2/verdict/{ROBOT}".encode(), b"\xff"])
    mouth.verdict(1, PASS)
    assert span(watcher, 1).doubts == ["1 verdicts or alarms were lost before input 0"]


def test_the_monitors_own_alarms_are_doubts(mouth, watcher):
    alarm = verdict_pb2.Alarm(id="evidence.disk", state=verdict_pb2.RAISED, text="no sync for 1.3 s")
    alarm.header.seq = 1
    mouth.say("alarm", alarm)
    mouth.verdict(1, PASS)
    assert span(watcher, 1).doubts == ["the monitor's own alarm evidence.disk: no sync for 1.3 s"]


def test_a_verdict_without_an_outcome_is_unknown(mouth, watcher):
    mouth.verdict(1, 0, verdict_pb2.COMMANDED, action_seq=1)
    lines, rules = checking.unknown(span(watcher, 1), frozenset(), to_end=False)
    assert rules == {"verdict"} and lines


def test_what_lasts_is_one_and_keeps_its_worst(mouth, watcher):
    for index in range(1, 101):
        mouth.verdict(index, CERTAIN, margin=-0.01 * min(index, 100 - index))
    heard = span(watcher, 100)
    assert len(heard.bad) == 1 and heard.bad[0].count == 100
    (line,), _ = checking.violated(heard, BOTH, frozenset())
    assert "margin -0.5" in line and "input 1 to 100" in line and "100 verdicts say so" in line


def test_what_was_better_in_between_is_not_one(mouth, watcher):
    for index in range(1, 10):
        mouth.verdict(index, PASS if index == 5 else UNKNOWN)
    assert [(one.first, one.last) for one in span(watcher, 9).bad] == [(1, 4), (6, 9)]


def test_unknown_counts_for_commands_and_between_them(mouth, watcher):
    mouth.verdict(1, UNKNOWN, rule="before")
    mouth.verdict(2, PASS, verdict_pb2.COMMANDED, action_seq=1)
    mouth.verdict(3, UNKNOWN, rule="between")
    mouth.verdict(4, UNKNOWN, verdict_pb2.COMMANDED, rule="command", action_seq=2)
    mouth.verdict(5, UNKNOWN, rule="after")
    mouth.verdict(6, UNKNOWN, rule="gone", subject="stream state")
    heard = span(watcher, 6)
    assert checking.unknown(heard, frozenset(), to_end=False)[1] == {"between", "command"}
    assert checking.unknown(heard, frozenset(), to_end=True)[1] == {"between", "command", "after"}


def test_violations_count_wherever_they_are_and_each_span_has_its_own(mouth, watcher):
    mouth.verdict(1, CERTAIN, rule="before")
    mouth.verdict(2, PASS, verdict_pb2.COMMANDED, action_seq=1)
    mouth.verdict(3, CERTAIN, rule="after")
    mouth.verdict(4, CERTAIN, rule="next")
    assert checking.violated(span(watcher, 3), BOTH, frozenset())[1] == {"before", "after"}
    assert checking.violated(span(watcher, 4, 3), BOTH, frozenset())[1] == {"next"}


def test_a_prediction_counts_until_its_row_has_come(mouth, watcher):
    def rules(until, after):
        return checking.violated(span(watcher, until, after), BOTH, frozenset())[1]

    predicted, commanded = verdict_pb2.PREDICTED, verdict_pb2.COMMANDED
    mouth.verdict(1, CERTAIN, predicted, action_seq=1, chunk_row=2)
    mouth.verdict(2, PASS, commanded, action_seq=1, chunk_row=1)
    assert rules(2, 0) == {"clearance.static"}
    mouth.verdict(3, CERTAIN, predicted, action_seq=2, chunk_row=2)
    mouth.verdict(4, PASS, commanded, action_seq=2, chunk_row=2)
    assert rules(4, 2) == set()
    mouth.verdict(5, CERTAIN, predicted, action_seq=3, chunk_row=2)
    mouth.verdict(6, PASS, commanded, action_seq=4)
    assert rules(6, 4) == set()


def test_a_derived_file_keeps_what_words_look_like(tmp_path):
    source = tmp_path / "cell/monitor.yaml"
    source.parent.mkdir()
    (source.parent / "robots").mkdir()
    source.write_text("version: 1\nrobot_id: on\nendpoints: {action: tcp://127.0.0.1:1}\nmetrics_file: x.prom\nlease_s: 0.10\n"
                      "realtime: {mode: off, priority: 80}\nnote: 'no'\n")
    folder = tmp_path / "run"
    folder.mkdir()
    text = derive(source, folder).read_text()
    plain = yaml.load(text, Loader=yaml.BaseLoader)
    assert plain["endpoints"]["action"] == f"ipc://{folder}/action" and len(plain["endpoints"]) == 6
    assert "metrics_file" not in plain and "lease_s: 0.10" in text and "robot_id: on" in text and "mode: off" in text and "'no'" in text
    assert (folder / "config/robots").is_symlink()


@pytest.mark.parametrize(("text", "said"), [
    ("loops: []\n", "names several arms"), ("- 1\n", "holds no mapping"), ("a: [\n", "is not YAML"), ("robot_id: x\n", "has no `robot`"),
])
def test_files_that_are_no_monitor_file_are_refused(tmp_path, text, said):
    path = tmp_path / "monitor.yaml"
    path.write_text(text)
    with pytest.raises(odcv.ConfigurationError, match=said):
        odcv.Configuration.load(path)


def test_any_free_port_is_nowhere_to_connect_to(cell):
    cell.with_name("free.yaml").write_text(cell.read_text().replace(":7410", ":0"))
    with pytest.raises(odcv.ConfigurationError, match="`action` is any free port; give `endpoint=`"):
        odcv.Controller(cell.with_name("free.yaml"))
