"""Requests of mobility confirmed by a process of its own, which may be killed: `python -m tests.faults.confirmers SESSION MODE`.

stream: every draft in turn, by a few threads; a line « id code » once it is confirmed, as an agent is answered.
all: every draft at the same moment, each by a connection of its own. same N: the first draft, N times at the same moment.
closing: every draft, spread around the closing of the campaign.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from iprof.kernel.errors import DomainError  # noqa: E402
from mobility.models import MobilityRequest  # noqa: E402
from mobility.services.confirm import confirm  # noqa: E402

STREAMS = 3


def drafts(session: str) -> list[MobilityRequest]:
    waiting = MobilityRequest.objects.filter(state="brouillon", campaign__session=session)
    return list(waiting.select_related("campaign", "owner").order_by("pk"))


def sent(one: MobilityRequest) -> dict[str, str]:
    """What the agent is told."""
    try:
        done = confirm(request=one, revision=one.revision, by=one.owner, accepted_missing=True)
    except DomainError as error:
        return {"request": str(one.public_id), "refused": error.code}
    except Exception as error:
        return {"request": str(one.public_id), "error": f"{type(error).__name__}: {error}"[:200]}
    return {"request": str(one.public_id), "code": done.receipt.code, "version": str(done.version.number)}


def told(answer: dict[str, str]) -> None:
    """One write, straight to the file: what was told stays told, whoever is killed after."""
    os.write(sys.stdout.fileno(), f"{json.dumps(answer)}\n".encode())


def stream(rows: Sequence[MobilityRequest]) -> None:
    told({"ready": str(len(rows))})
    _together([lambda part=rows[n::STREAMS]: [told(sent(one)) for one in part] for n in range(STREAMS)])


def at_the_same_moment(rows: Sequence[MobilityRequest]) -> None:
    start = threading.Barrier(len(rows))

    def act(one: MobilityRequest) -> None:
        connection.ensure_connection()
        start.wait()
        told(sent(one))

    _together([lambda one=one: act(one) for one in rows])


def around_the_closing(rows: Sequence[MobilityRequest]) -> None:
    """Two seconds before to two seconds after, by the real clock."""
    closes = rows[0].campaign.closes_at if rows[0].campaign else timezone.now()
    time.sleep(max((closes - timezone.now()).total_seconds() - 2, 0))

    def act(rank: int, one: MobilityRequest) -> None:
        time.sleep(4 * rank / len(rows))
        told(sent(one))

    _together([lambda rank=rank, one=one: act(rank, one) for rank, one in enumerate(rows)])


def _together(acts: Sequence[Callable[[], Any]]) -> None:
    def work(act: Callable[[], Any]) -> None:
        try:
            act()
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(act,)) for act in acts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    mode, waiting = sys.argv[2], drafts(sys.argv[1])
    if mode == "stream":
        stream(waiting)
    elif mode == "closing":
        around_the_closing(waiting)
    else:
        at_the_same_moment(waiting if mode == "all" else waiting[:1] * int(sys.argv[3]))
