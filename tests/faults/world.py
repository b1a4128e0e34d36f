"""Servers and processes of their own, to be killed: PostgreSQL, Valkey, an SMTP server, a Celery worker."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from celery import Celery

from launcher import valkey
from launcher.places import ROOT, free_port
from launcher.postgres import Postgres

PATIENCE = 120.0  # seconds for everything to have left once the fault is over
CAUSES = """
import json, random
from django.db import transaction
from iprof.correspondence.services.alerts import new_mailing, send_alert, send_mailing
from security.models import User
users = list(User.objects.order_by("pk"))
with transaction.atomic():
    mailing = new_mailing(subject="Circulaire", text="Texte de la circulaire.", link="/")
    send_mailing(mailing=mailing, users=[user.pk for user in users], kind="correspondance.essai", cause=f"essai:{mailing.pk}")
for user in users[:30]:
    send_alert(user=user, kind="carriere.essai", subject=f"Pour {user.username}", body="Texte.")
"""
PEOPLE = """
from security.models import User
User.objects.bulk_create([User(username=f"agent{n}", email=f"agent{n}@ac-reims.example") for n in range(300)])
"""


class World:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="iprof-faults-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.postgres = Postgres(self.folder, "postgres", durable=True)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.broker_port, self.smtp_port = free_port(17100), free_port(17600)
        self.ledger = self.folder / "ledger.tsv"
        self.ledger.touch()
        self.sweeping = threading.Event()

    # --- Starting ----------------------------------------------------------------------------------------------------
    def open(self) -> None:
        self.start_postgres()
        self.start_broker()
        self.start_sink()
        self.manage("migrate", "--verbosity", "0")
        self.manage("shell", "--no-imports", "-c", PEOPLE)
        self.start_worker()
        self.start_sweeping()

    def start_postgres(self) -> None:
        """On the port it had: the worker knows no other."""
        if self.postgres.port:
            (self.postgres.data / "postmaster.pid").unlink(missing_ok=True)
            options = f"-h 127.0.0.1 -p {self.postgres.port} -c unix_socket_directories=''"
            log = str(self.postgres.data / "server.log")
            self.postgres._run(
                "pg_ctl", "-D", str(self.postgres.data), "-w", "-l", log, "-o", options, "start", quiet=True
            )
            return
        self.postgres.start()
        self.postgres.ensure_database()

    def start_broker(self) -> None:
        self._start(
            "broker", str(valkey.binary()), "--port", str(self.broker_port), "--bind", "127.0.0.1", "--save", ""
        )

    def start_sink(self, **environment: str) -> None:
        command = (sys.executable, "-m", "tests.faults.sink", str(self.smtp_port), str(self.ledger))
        self._start("sink", *command, FAULT_DELAY="0.004", **environment)

    def start_worker(self) -> None:
        command = (sys.executable, "-m", "celery", "-A", "iprof.celery", "worker", "--queues", "courriels")
        self._start("worker", *command, "--concurrency", "1", "--loglevel", "ERROR", "--without-mingle")

    def start_sweeping(self) -> None:
        threading.Thread(target=self._sweep, daemon=True).start()

    task, queue = "iprof.correspondence.tasks.deliver_alerts", "courriels"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.postgres.url(), "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "DJANGO_SETTINGS_MODULE": "iprof.settings.dev", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.smtp_port),
            "OUTBOX_LEASE": "8", "OUTBOX_TIMEOUT": "1", "OUTBOX_FIRST_WAIT": "1", "LOG_LEVEL": "ERROR",
        }  # fmt: skip

    def _start(self, name: str, *command: str, **environment: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment | environment, stdout=log, stderr=log, start_new_session=True
            )

    # --- Faults ------------------------------------------------------------------------------------------------------
    def kill(self, name: str) -> None:
        """SIGKILL, to the whole group: nothing says goodbye."""
        if name == "postgres":
            postmaster = int((self.postgres.data / "postmaster.pid").read_text().splitlines()[0])
            children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True).stdout.split()
            for pid in (postmaster, *map(int, children)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return
        with suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    # --- What is sent, what came -------------------------------------------------------------------------------------
    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def write_causes(self) -> None:
        self.manage("shell", "--no-imports", "-c", CAUSES)

    def lines(self) -> list[list[str]]:
        return [line.split("\t") for line in self.ledger.read_text(encoding="utf-8").splitlines()]

    def wait_for_first(self, before: int) -> None:
        self._until(lambda: len(self.lines()) > before, "no mail came at all")

    def wait_until_drained(self) -> None:
        """Everything due has left, or is abandoned."""
        self._until(
            lambda: (
                self._ask("SELECT count(*) FROM correspondence_alert WHERE sent_at IS NULL AND abandoned_at IS NULL")[
                    0
                ][0]
                == 0
            ),
            "alerts still wait",
        )

    def expected(self) -> dict[str, str]:
        """{Message-ID: the only address it may go to} of every alert ever written."""
        rows = self._ask(
            "SELECT a.message_id, u.email FROM correspondence_alert a JOIN security_user u ON u.id = a.user_id"
        )
        return {f"<{message_id}@ac-reims.example>": email for message_id, email in rows}

    def abandoned(self) -> int:
        return int(self._ask("SELECT count(*) FROM correspondence_alert WHERE abandoned_at IS NOT NULL")[0][0])

    def _ask(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.postgres.url()) as connection:
            return connection.execute(statement).fetchall()

    def _count(self, statement: str, *values: str) -> int:
        with psycopg.connect(self.postgres.url()) as connection:
            return int(connection.execute(statement, values or None).fetchone()[0])

    def _until(self, true, otherwise: str) -> None:
        stop = time.monotonic() + PATIENCE
        while time.monotonic() < stop:
            with suppress(psycopg.Error):
                if true():
                    return
            time.sleep(0.1)
        raise AssertionError(f"{otherwise} after {PATIENCE:g} s")

    def _sweep(self) -> None:
        """What beat does every fifteen seconds or every minute, every second."""
        app = Celery("sweep", broker=f"redis://127.0.0.1:{self.broker_port}/0", set_as_current=False)
        app.conf.broker_transport_options = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
        while not self.sweeping.wait(1):
            with suppress(Exception):
                app.send_task(self.task, queue=self.queue, retry=False)

    def close(self) -> None:
        self.sweeping.set()
        for name in self.processes:
            self.kill(name)
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
