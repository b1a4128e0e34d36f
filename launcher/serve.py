"""`python3 run.py`: the servers, then the portal's processes, until Ctrl-C or the death of one that cannot be replaced."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from launcher.keys import local_keys
from launcher.places import ROOT, checkout_offset, free_port, state_folder
from launcher.postgres import database
from launcher.valkey import broker

RESTART_WAIT_SECONDS = 2
MAX_RESTARTS = 5


class Stop(Exception):
    pass


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


class Processes:
    """The portal's own processes. One that dies is started again, with a limit."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment, self.logs = environment, logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, Sequence[str]] = {}
        self.restarts: dict[str, int] = {}

    def start(self, name: str, *command: str) -> None:
        self.commands[name] = command
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

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
                self.start(name, *self.commands[name])

    def stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + 15
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def manage(environment: dict[str, str], *arguments: str, quiet: bool = False) -> int:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=False, stdout=output
    ).returncode


def serve() -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    state = state_folder()
    try:
        with database(state, "postgres", durable=True) as database_url, broker(state) as redis_url:
            return _serve(state, database_url, redis_url)
    except (Stop, KeyboardInterrupt):
        return 0


def _serve(state: Path, database_url: str, redis_url: str) -> int:
    port = int(os.environ.get("PORT", 0)) or free_port(8000)
    smtp, mail_page = free_port(10250 + checkout_offset()), free_port(10650 + checkout_offset())
    address = f"http://127.0.0.1:{port}"
    environment = (
        os.environ
        | local_keys(state)
        | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "iprof.settings.dev"),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(smtp),
            "IPROF_DEMO_DIR": str(state),
            "IPROF_BASE_URL": address,
        }
    )
    if manage(environment, "migrate", "--verbosity", "0"):
        raise SystemExit("✗ La base n'a pas pu être préparée (migrate). Le message ci-dessus dit pourquoi.")
    logs = state / "logs"
    logs.mkdir(exist_ok=True)
    processes = Processes(environment, logs)
    try:
        processes.start("courrier", "-m", "launcher.mailbox", str(state / "mails"), str(smtp), str(mail_page))
        processes.start(
            "web",
            "-m",
            "gunicorn",
            "iprof.wsgi:application",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            str(max(2, os.cpu_count() or 2)),
            "--worker-class",
            "sync",
            "--log-level",
            "warning",
            "--no-control-socket",
        )
        processes.start(
            "worker", "-m", "celery", "-A", "iprof.celery", "worker", "--concurrency", "1", "--loglevel", "WARNING"
        )
        processes.start(
            "beat",
            "-m",
            "celery",
            "-A",
            "iprof.celery",
            "beat",
            "--loglevel",
            "WARNING",
            "--schedule",
            str(state / "beat"),
        )
        _wait_for(f"{address}/sante/", processes)
        print(f"▸ Le portail répond : {address}", flush=True)
        if manage(environment, "demo_seed", "--if-empty"):
            print("▸ L'académie fictive n'a pas pu être chargée ; le portail fonctionne sans elle.", flush=True)
        manage(environment, "demo_accounts")
        print(
            f"▸ Courriels envoyés par le portail : http://127.0.0.1:{mail_page}\n▸ Journaux : {logs}\n▸ Ctrl-C arrête tout.",
            flush=True,
        )
        processes.watch()
    finally:
        print("▸ Arrêt…", flush=True)
        processes.stop()
    return 0


def _wait_for(url: str, processes: Processes) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own address)
                return
        except OSError:
            if processes.running["web"].poll() is not None:
                break
            time.sleep(0.2)
    tail = (processes.logs / "web.log").read_text(errors="replace")[-3000:]
    raise SystemExit(f"✗ Le portail ne répond pas. Fin du journal :\n{tail}")
