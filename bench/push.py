"""From a pushed event to the page of its teacher: signed POST, then the page, asked until the fact is on it."""

import datetime as dt
import json
import statistics
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator

from bench import Figure
from bench._academy import ensure, secret
from bench._portal import sign_in, web_server, worker
from bench.dashboard import AGENTS
from iprof.web.signature import sign

EVENTS = 50
GOAL_SECONDS = 2.0
PAGE = "/ma-carriere/"


def run() -> Iterator[Figure]:
    database = ensure(AGENTS)
    told = sign_in(database, EVENTS)
    with web_server(database) as port, worker(database):
        address = f"http://127.0.0.1:{port}"
        waits = [
            _wait(address, cookie, matricule) for cookie, matricule in zip(told.cookies, told.matricules, strict=True)
        ]
        body = _event(told.matricules[0], "Envoi refusé")
        name, now = f"msg_{uuid.uuid4().hex}", int(time.time())
        first = _post(address, body, name=name, timestamp=now)
        refused = {
            "replayed": _post(address, body, name=name, timestamp=now),
            "stale": _post(address, body, timestamp=now - 301),
            "wrongly signed": _post(address, body, key="d3Jvbmc="),
        }
    median, worst = statistics.median(waits), max(waits)
    yield Figure(
        "push.post_to_page", round(median * 1000, 1), "ms", goal=f"median of {EVENTS} <= {GOAL_SECONDS:g} s",
        ok=median <= GOAL_SECONDS, note=f"worst {worst * 1000:.0f} ms, {AGENTS} agents, web and worker running",
    )  # fmt: skip
    wanted = {"replayed": 409, "stale": 401, "wrongly signed": 401}
    yield Figure("push.refusals", len(refused), "calls", ok=first == 202 and refused == wanted, note=str(refused))


def _event(matricule: str, label: str) -> bytes:
    return json.dumps(
        {
            "id": str(uuid.uuid4()), "source": "siae", "seq": time.time_ns(), "type": "diploma.recorded",
            "time": dt.datetime.now(dt.UTC).isoformat(), "agent": matricule,
            "data": {"ref": f"BENCH-{uuid.uuid4().hex[:12]}", "label": label, "awarded_on": "2026-06-30"},
        }
    ).encode()  # fmt: skip


def _post(address: str, body: bytes, *, name: str = "", timestamp: int = 0, key: str = "") -> int:
    name, timestamp = name or f"msg_{uuid.uuid4().hex}", timestamp or int(time.time())
    request = urllib.request.Request(
        f"{address}/api/siae/events",
        data=body,
        headers={
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(name=name, timestamp=timestamp, body=body, secret=key or secret()),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def _wait(address: str, cookie: str, matricule: str) -> float:
    """Seconds from the POST to the first page that shows the fact."""
    label = f"Certification {uuid.uuid4().hex}"
    started = time.perf_counter()
    status = _post(address, _event(matricule, label))
    if status != 202:
        raise RuntimeError(f"the event was answered {status}")
    while time.perf_counter() - started < 30:
        page = urllib.request.Request(f"{address}{PAGE}", headers={"Cookie": cookie})
        with urllib.request.urlopen(page, timeout=30) as answer:
            if label in answer.read().decode():
                return time.perf_counter() - started
        time.sleep(0.02)
    raise RuntimeError("the fact never came to the page")
