"""The portal on the benchmark's database as run.py serves it, and teachers signed in to it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench import _academy

PREPARE = """
import json, random
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from career.models import Agent
from security.middleware import begin_session
from security.models import User
User.objects.filter(activated_at__isnull=True).update(activated_at=timezone.now(), activation_digest="")
picked = Agent.objects.filter(left_on__isnull=True)
if {corps}:
    picked = picked.filter(steps__corps__in={corps}).distinct()
picked = list(picked.order_by("matricule").select_related("user"))
picked = random.Random(1).sample(picked, min(len(picked), {sessions}))
keys, sizes, counts = [], [], set()
class Request: pass
for number, agent in enumerate(picked):
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(agent.user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = agent.user.get_session_auth_hash()
    request = Request(); request.session = store; begin_session(request)
    store.create(); keys.append(store.session_key)
    if number < 60:
        client = Client(); client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/")
        assert response.status_code == 200, response.status_code
        sizes.append(len(response.content)); counts.add(len(queries))
sizes.sort()
print(json.dumps(dict(cookie=settings.SESSION_COOKIE_NAME, keys=keys, matricules=[agent.matricule for agent in picked], size=sizes[len(sizes) // 2], counts=sorted(counts))))
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`cookies` and `matricules` go by pairs; `size` in bytes and `counts` of queries are the home page's."""

    cookies: list[str]
    matricules: list[str]
    size: int
    counts: list[int]


def sign_in(database: str, sessions: int, *, corps: Sequence[str] = ()) -> SignedIn:
    """So many teachers, of these corps when any is named."""
    script = PREPARE.replace("{sessions}", str(sessions)).replace("{corps}", repr(list(corps)))
    output = _academy.manage(database, "shell", "--no-imports", "-c", script)
    told = json.loads(output.splitlines()[-1])
    cookies = [f"{told['cookie']}={key}" for key in told["keys"]]
    return SignedIn(cookies, told["matricules"], told["size"], told["counts"])


@contextlib.contextmanager
def web_server(database: str, *, niceness: int = 0) -> Iterator[int]:
    """gunicorn as run.py starts it, yielding to the others by so much; the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (
        "gunicorn", "iprof.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", str(max(2, os.cpu_count() or 2)),
        "--worker-class", "sync", "--log-level", "error", "--no-control-socket",
    )  # fmt: skip
    with _running(database, *command, niceness=niceness):
        for _ in range(150):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=2).read()
                break
            time.sleep(0.2)
        yield port


@contextlib.contextmanager
def worker(database: str) -> Iterator[None]:
    """A Celery worker as run.py starts it."""
    with _running(database, "celery", "-A", "iprof.celery", "worker", "--concurrency", "1", "--loglevel", "WARNING"):
        yield


@contextlib.contextmanager
def mail_worker(database: str, *, concurrency: int = 1, niceness: int = 10) -> Iterator[None]:
    """The worker of alerts as run.py starts it."""
    with _running(
        database, "celery", "-A", "iprof.celery", "worker", "--queues", "courriels", "--hostname", "courriels@%h",
        "--concurrency", str(concurrency), "--loglevel", "WARNING", niceness=niceness,
    ):  # fmt: skip
        yield


@contextlib.contextmanager
def _running(database: str, module: str, *arguments: str, niceness: int = 0) -> Iterator[None]:
    with (_academy.FEEDS / f"{module}.log").open("ab") as log:
        process = subprocess.Popen(
            ["nice", "-n", str(niceness), sys.executable, "-m", module, *arguments],
            cwd=_academy.ROOT,
            env=_academy.environment(database),
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
