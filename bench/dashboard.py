"""The home page of a teacher among 30 000, against two plain pages of the same size on the same server, in turn."""

import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from bench import Figure, _academy
from bench._load import Load, drive

AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
SESSIONS = 400
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
SECONDS = 2.0
CONNECTIONS = 16
MAX_QUERIES = 12
ORM_GOAL = 0.6
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
picked = list(Agent.objects.filter(left_on__isnull=True).order_by("matricule").select_related("user"))
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
print(json.dumps(dict(cookie=settings.SESSION_COOKIE_NAME, keys=keys, size=sizes[len(sizes) // 2], counts=sorted(counts))))
"""


def run() -> Iterator[Figure]:
    database = _academy.ensure(AGENTS)
    told = json.loads(
        _academy.manage(
            database, "shell", "--no-imports", "-c", PREPARE.replace("{sessions}", str(SESSIONS))
        ).splitlines()[-1]
    )
    cookies = [f"{told['cookie']}={key}" for key in told["keys"]]
    counts = told["counts"]
    yield Figure(
        "home.queries", counts[-1], "queries", goal=f"<= {MAX_QUERIES}, the same for 60 careers of any length",
        ok=len(counts) == 1 and counts[-1] <= MAX_QUERIES, note=f"counts met: {counts}",
    )  # fmt: skip
    beside = f"?queries={counts[-1] - 3}&bytes={told['size']}"  # session, user and agent are read by the plain page too
    pages = {"home": "/", "orm": f"/plain-orm/{beside}", "raw": f"/plain-raw/{beside}"}
    with _server(database) as port:
        for path in pages.values():
            drive(port, path, cookies, connections=4, seconds=1)  # warm
        rounds: dict[str, list[Load]] = {name: [] for name in pages}
        for number in range(ROUNDS):
            order = list(pages) if number % 2 == 0 else list(reversed(pages))
            for name in order:
                rounds[name].append(drive(port, pages[name], cookies, connections=CONNECTIONS, seconds=SECONDS))
        for name, limit in (
            ("orm", "plain page, as many ORM queries, same bytes"),
            ("raw", "the same in raw SQL: the limit"),
        ):
            ratios = [a.per_second / b.per_second for a, b in zip(rounds["home"], rounds[name], strict=True)]
            ratio = statistics.median(ratios)
            speed = statistics.median(load.per_second for load in rounds[name])
            yield Figure(
                f"home.per_second.against_{name}",
                round(statistics.median(load.per_second for load in rounds["home"]), 1),
                "requests/s",
                ratio=round(ratio, 3),
                limit=f"{limit}: {speed:.1f} requests/s",
                goal=f">= {ORM_GOAL}" if name == "orm" else "",
                ok=ratio >= ORM_GOAL if name == "orm" else None,
                note=f"{ROUNDS} alternated rounds of {SECONDS:g} s, {min(ratios):.2f} to {max(ratios):.2f}; {told['size']} bytes",
            )
        busy = rounds["home"]
        alone = drive(port, "/", cookies, connections=1, seconds=5)
        for name, p50, p99 in (
            ("alone", alone.p50, alone.p99),
            (
                f"{CONNECTIONS} connections",
                statistics.median(b.p50 for b in busy),
                statistics.median(b.p99 for b in busy),
            ),
        ):
            yield Figure(f"home.p50, {name}", round(p50, 1), "ms")
            yield Figure(f"home.p99, {name}", round(p99, 1), "ms")


@contextlib.contextmanager
def _server(database: str) -> Iterator[int]:
    """gunicorn as run.py starts it; the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "iprof.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", str(max(2, os.cpu_count() or 2)), "--worker-class", "sync", "--log-level", "error",
        "--no-control-socket",
    ]  # fmt: skip
    with (_academy.FEEDS / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=_academy.ROOT,
            env=_academy.environment(database),
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(150):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=2).read()
                break
            time.sleep(0.2)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
