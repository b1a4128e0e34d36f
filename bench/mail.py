"""A circular to every agent, from the statement that writes the alerts to the last mail, and what it does to the pages.

The limit is one SMTP connection that sends the same messages to the same server: made by Django one by one, or ready as
bytes. Worker, broker, database and server are on one machine: each takes from the others what it uses.
"""

import asyncio
import functools
import json
import os
import socket
import statistics
import time
from collections.abc import Iterator

from bench import Figure, _academy
from bench._burst import Arrivals, arrive, see
from bench._portal import mail_worker, sign_in, web_server
from bench._sink import Sink, sink

AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
ROUND, ROUNDS = int(os.environ.get("BENCH_MAILS", "5000")), 3
GOAL, PAGES_GOAL = 0.5, 1.5
PAGES_PER_SECOND, REST_SECONDS = 10, 20.0
PATIENCE = 600.0
SUBJECT = "Mouvement intra-académique : dates de saisie des vœux"
TEXT = (
    "Mesdames, Messieurs,\n\n"
    + "Les vœux se saisissent sur le portail, jusqu'à la date affichée dans « Échéances ».\n" * 12
)
HTML = "".join(f"<p>{line}</p>" for line in TEXT.splitlines() if line)
# Through the product's own services: the text once, one row each, in one transaction.
SEND = """
import json, time
from iprof.correspondence.services.alerts import new_mailing, send_mailing
from security.models import User
users = list(User.objects.filter(is_active=True, agent__left_on=None, agent__isnull=False).order_by("pk").values_list("pk", flat=True)[:{count}])
began = time.time()
from django.db import transaction
with transaction.atomic():
    mailing = new_mailing(subject={subject!r}, text={text!r}, html={html!r}, link="/ma-carriere/")
    written = send_mailing(mailing=mailing, users=users, kind="correspondance.circulaire", cause=f"banc:{{mailing.pk}}")
print(json.dumps(dict(began=began, written=written, seconds=time.time() - began)))
"""
FORGET = """
from iprof.correspondence.models import Alert, Mailing
Alert.objects.all().delete(); Mailing.objects.all().delete()
"""
# The limit, in a process of its own: the same mails to as many addresses, over one connection.
LIMIT = """
import json, time, uuid
from django.core.mail import get_connection
from iprof.correspondence.models import Alert, Mailing
from iprof.correspondence.outbox import letters
from security.models import User
mailing = Mailing(pk=1, subject={subject!r}, text={text!r}, html={html!r}, link="/ma-carriere/")
def alert(n):
    return Alert(kind="correspondance.circulaire", subject=mailing.subject, link=mailing.link, mailing=mailing, message_id=uuid.uuid4(), user=User(email=f"agent{{n}}@ac-reims.example"))
made = lambda n: letters._letter(alert(n), to=f"agent{{n}}@ac-reims.example", message_id=f"<{{uuid.uuid4()}}@ac-reims.example>")
ready = [letters.letter(alert(n)) for n in range({count})]
told = {{}}
for name, mails in (("django", (made(n) for n in range({count}))), ("bytes", ready)):
    began = time.perf_counter()
    with get_connection() as connection:
        connection.send_messages(list(mails))
    told[name] = {count} / (time.perf_counter() - began)
print(json.dumps(told))
"""


def run() -> Iterator[Figure]:
    database = _academy.ensure(AGENTS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
    _shell(database, FORGET)
    with sink(port) as server:
        yield from _speed(database, server)
        yield from _beside_pages(database, server)
    _shell(database, FORGET)


def _speed(database: str, server: Sink) -> Iterator[Figure]:
    ours, django, raw = [], [], []
    with mail_worker(database, niceness=0):
        _send(database, server, 200)  # warm
        for _ in range(ROUNDS):
            limits = json.loads(_shell(database, _filled(LIMIT, ROUND)).splitlines()[-1])
            django.append(limits["django"])
            raw.append(limits["bytes"])
            ours.append(_send(database, server, ROUND)[1])
        whole, speed = _send(database, server, AGENTS)
    seen = server.seen()
    for name, limit in (("made one by one by Django", django), ("ready as bytes", raw)):
        ratio = statistics.median(a / b for a, b in zip(ours, limit, strict=True))
        yield Figure(
            f"mail.per_second, against mails {name}", round(statistics.median(ours)), "mails/s",
            ratio=round(ratio, 2), limit=f"one connection, no database: {statistics.median(limit):.0f} mails/s",
            goal=f">= {GOAL}", ok=ratio >= GOAL, note=f"{ROUNDS} alternated rounds of {ROUND}, writing of the alerts included",
        )  # fmt: skip
    yield Figure(
        "mail.whole_academy", round(speed), "mails/s", ok=seen.wrong == 0,
        note=f"{whole} mails in {whole / speed:.0f} s; {seen.wrong} to another address than their own",
    )  # fmt: skip


def _send(database: str, server: Sink, count: int) -> tuple[int, float]:
    """(mails, mails a second) from the first statement to the last mail taken."""
    before = server.seen().mails
    told = json.loads(_shell(database, _filled(SEND, count)).splitlines()[-1])
    server.wait_for(before + told["written"], seconds=PATIENCE)
    return told["written"], told["written"] / (time.time() - told["began"])


def _beside_pages(database: str, server: Sink) -> Iterator[Figure]:
    cookies = sign_in(database, 200).cookies
    with web_server(database) as port, mail_worker(database):
        rest, during, mails, seconds = asyncio.run(_play(database, server, port, cookies))
    ratio = round(during.p95 / rest.p95, 2)
    yield Figure(
        "mail.dashboard_p95_during_the_sending", round(during.p95, 1), "ms", ratio=ratio,
        limit=f"the same pages before it: p95 {rest.p95:.1f} ms", goal=f"<= {PAGES_GOAL}, no page lost",
        ok=ratio <= PAGES_GOAL and not during.failures,
        note=f"{PAGES_PER_SECOND} pages/s beside {mails} mails in {seconds:.0f} s ({mails / seconds:.0f}/s); "
        f"p50 {rest.p50:.1f} then {during.p50:.1f} ms; {len(during.failures)} pages failed",
    )  # fmt: skip


async def _play(database: str, server: Sink, port: int, cookies: list[str]) -> tuple[Arrivals, Arrivals, int, float]:
    def pages(seconds: float) -> list[functools.partial]:  # type: ignore[type-arg]
        return [
            functools.partial(see, port, "/", cookies[n % len(cookies)]) for n in range(int(PAGES_PER_SECOND * seconds))
        ]

    rest, during = Arrivals(), Arrivals()
    await arrive(Arrivals(), pages(3), seconds=3)  # warm
    await arrive(rest, pages(REST_SECONDS), seconds=REST_SECONDS)
    sending = asyncio.create_task(asyncio.to_thread(_send, database, server, AGENTS))
    while not sending.done():
        await arrive(during, pages(1), seconds=1)
    mails, speed = await sending
    return rest, during, mails, mails / speed


def _filled(program: str, count: int) -> str:
    return program.format(count=count, subject=SUBJECT, text=TEXT, html=HTML)


def _shell(database: str, program: str) -> str:
    return _academy.manage(database, "shell", "--no-imports", "-c", program)
