"""Runs the daemon for a test or a trial, on endpoints of its own."""
from __future__ import annotations

import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
from typing import Any, Optional

import yaml

from .configuration import Configuration, PathLike
from .control import Control
from .errors import ConfigurationError, MonitorFailed

ROLES = ("action", "state", "scene", "gated", "verdict", "control")


class Monitor:
    """Starts `odcv-monitor run` with a configuration's robot, cell and rules, on ipc endpoints in a private folder.

        with odcv.Monitor("config/monitor.yaml") as monitor:
            with odcv.Controller(config=monitor.config) as controller: ...

    config: your monitor file, which is not changed. binary: the daemon, a path or a name on the PATH.
    mode: "observe" or "enforce"; the configuration's when not given. evidence: folder for recording and violation log.
    realtime: "off" unless the host has a core to spare: "auto" or "require". timeout_s: to its ready line.

    `config` is then the file to give to publishers and listeners, also in other processes; `configuration` is it, read.
    """

    def __init__(
        self, config: PathLike, *, binary: PathLike = "odcv-monitor", mode: Optional[str] = None, evidence: Optional[PathLike] = None,
        realtime: str = "off", timeout_s: float = 30.0,
    ):
        self.source = pathlib.Path(config).resolve()
        found = shutil.which(str(binary))
        if found is None:
            raise ConfigurationError(
                f"there is no executable {binary}; build it (swift build -c release) and put .build/release on the PATH, or give its path")
        # Short: the address of a socket has at most 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="odcv-"))
        self.evidence = pathlib.Path(evidence) if evidence is not None else self.folder / "evidence"
        self.ready: dict[str, Any] = {}
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._control: Optional[Control] = None
        try:
            self.config = derive(self.source, self.folder)
            self.configuration = Configuration.load(self.config)
            command = [found, "run", "--config", str(self.config), "--headless", "--color", "never", "--realtime", realtime,
                       "--evidence", str(self.evidence.absolute())]
            self._start(command + (["--mode", mode] if mode is not None else []), timeout_s)
            self._control = Control(self.config, is_there=self.is_running)
        except BaseException:
            self.close(check=False)
            raise

    def _start(self, command: list[str], timeout_s: float) -> None:
        system = ctypes.CDLL(None)

        def end_with_parent() -> None:
            system.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG

        with open(self.folder / "stdout", "wb") as out, open(self.folder / "stderr", "wb") as said:
            self._process = subprocess.Popen(
                # Its latch lies here, as systemd would have it: another run's latch is not this one's.
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=said, env={**os.environ, "RUNTIME_DIRECTORY": str(self.folder)},
                preexec_fn=end_with_parent)
        deadline = time.monotonic() + timeout_s
        while True:
            line, complete, _ = (self.folder / "stdout").read_bytes().partition(b"\n")
            if complete:
                break
            if self._process.poll() is not None:
                raise MonitorFailed(f"{' '.join(command)}\nended with {self._process.returncode} before it was ready: {self.said()}")
            if time.monotonic() > deadline:
                raise MonitorFailed(f"{' '.join(command)}\nwas not ready after {timeout_s:g} s: {self.said()}")
            time.sleep(0.01)
        try:
            self.ready = json.loads(line)
        except ValueError as error:
            reason = f"said no ready line but {line[:200]!r}; is this odcv-monitor? {self.said()}"
            raise MonitorFailed(f"{' '.join(command)}\n{reason}") from error

    @property
    def endpoints(self) -> dict[str, str]:
        return dict(self.ready["endpoints"])

    @property
    def mode(self) -> str:
        return str(self.ready["mode"])

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def control(self) -> Control:
        assert self._control is not None, "it was closed"
        return self._control

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def how_it_ended(self) -> str:
        """For an error: its status and its last words."""
        status = self._process.poll() if self._process is not None else None
        if status is None:
            return "it is running"
        return f"it {'was ended by signal ' + str(-status) if status < 0 else 'ended with status ' + str(status)}: {self.said()}"

    def said(self) -> str:
        """The end of what it wrote to standard error."""
        try:
            text = (self.folder / "stderr").read_text(errors="replace").strip()
        except OSError:
            text = ""
        # The files that it read are links to these.
        return text.replace(str(self.folder / "config"), str(self.source.parent))[-4000:] or "it said nothing"

    def kill(self) -> None:
        """Ends it at once, for when it does not answer."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self, check: bool = True) -> None:
        """Ends it. Raises MonitorFailed when it did not end as it should, unless `check` is False."""
        if self._control is not None:
            self._control.close()
        process, failure = self._process, None
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                failure = f"the monitor did not end within 10 s of SIGTERM and was killed: {self.said()}"
        if process is not None and failure is None and process.returncode != 0:
            failure = f"the monitor was not there to its end: {self.how_it_ended()}"
        if failure is not None and process is not None and self.ready and self.evidence.is_relative_to(self.folder):
            failure += f"\n    its evidence is in {self.evidence}"
        else:
            shutil.rmtree(self.folder)
        self._process = self._control = None
        if failure is not None and check:
            raise MonitorFailed(failure)

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.close(check=kind is None)


def derive(source: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Writes `source`, a monitor file, with endpoints in `folder` to `folder`/config, beside links to the files beside `source`."""
    try:
        root = yaml.compose(source.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise ConfigurationError(f"{source} can't be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{source} is not YAML: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise ConfigurationError(f"{source} holds no mapping; is it a monitor file?")
    keys = [key.value for key, _ in root.value]
    if "loops" in keys:
        raise ConfigurationError(f"{source} names several arms; give the monitor file of one of them: it is listed under `loops`")
    endpoints = yaml.compose(yaml.safe_dump({role: f"ipc://{folder}/{role}" for role in ROLES}), Loader=yaml.SafeLoader)
    # As text, node by node: what a number or a word like `off` looks like is the daemon's to judge.
    root.value = [
        (key, endpoints if key.value == "endpoints" else value) for key, value in root.value
        # Another monitor of the same file may be writing there.
        if key.value != "metrics_file"
    ]
    derived = folder / "config"
    derived.mkdir()
    for entry in source.parent.iterdir():
        if entry.name != source.name:
            (derived / entry.name).symlink_to(entry)
    (derived / source.name).write_text(yaml.serialize(root, Dumper=yaml.SafeDumper), encoding="utf-8")
    return derived / source.name
