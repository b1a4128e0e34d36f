"""The portal's own processes: started together, watched, stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from launcher import child
from launcher.places import ROOT

RESTART_WAIT_SECONDS = 2
MAX_RESTARTS = 5
STOP_SECONDS = 15


class Processes:
    """One that dies is started again, with a limit."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment, self.logs = environment, logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, Sequence[str]] = {}
        self.niceness: dict[str, int] = {}
        self.restarts: dict[str, int] = {}

    def start(self, name: str, *command: str, niceness: int = 0) -> None:
        """`niceness`: how much it yields to the others."""
        self.commands[name], self.niceness[name] = command, niceness
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = child.start(
                [*(("nice", "-n", str(niceness)) if niceness else ()), sys.executable, *command],
                log=log, cwd=ROOT, environment=self.environment,
            )  # fmt: skip

    def watch(self) -> None:
        """Returns never; raises SystemExit when a process keeps dying."""
        while True:
            time.sleep(1)
            for name, process in list(self.running.items()):
                if process.poll() is None:
                    continue
                self.restarts[name] = self.restarts.get(name, 0) + 1
                if self.restarts[name] > MAX_RESTARTS:
                    raise SystemExit(f"✗ {name} s'arrête sans cesse. Voir {self.logs / (name + '.log')}.")
                print(f"▸ {name} s'est arrêté (code {process.returncode}) : redémarrage.", flush=True)
                time.sleep(RESTART_WAIT_SECONDS)
                self.start(name, *self.commands[name], niceness=self.niceness[name])

    def tail(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """SIGTERM to each whole group, SIGKILL to what is left after the delay."""
        for process in self.running.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal_group(process, signal.SIGKILL)  # its own children, if any outlived it


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
