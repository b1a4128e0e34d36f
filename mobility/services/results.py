"""Results of a campaign: read and compared first, imported by one person, released by another, called back if wrong (K3, D17).

A result, its alert and its page come from the row of the request: nothing names a recipient beside it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.correspondence.services.alerts import new_mailing, recall_mailing, send_mailing
from iprof.kernel.errors import DomainError
from mobility.domain.states import Act, State, after
from mobility.enums import BatchState, Outcome, RequestState
from mobility.models import Campaign, MobilityRequest, RequestEvent, Result, ResultBatch
from mobility.results_file import Problem, ResultLine, read_results
from mobility.services.told import KIND, READ_HERE, SUBJECTS
from security.enums import AccessKind
from security.journal import record
from security.models import User

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file would do. `counts` by outcome; `absent`: requests settled in the campaign that the file leaves out."""

    lines: tuple[ResultLine, ...]
    problems: tuple[Problem, ...]
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    absent: int = 0
    digest: str = ""


def dry_run(*, campaign: Campaign, content: bytes) -> DryRun:
    """Reads a file against the campaign; writes nothing. Each line is held to its request: state, rank, place."""
    lines, problems = read_results(content)
    known = _requests(campaign, [line.request for line in lines])
    problems += [found for line in lines if (found := _against(line, known))]
    told = {line.request for line in lines}
    settled = campaign.requests.filter(state=RequestState.STUDIED).values_list("public_id", flat=True)
    return DryRun(
        tuple(lines),
        tuple(sorted(problems, key=lambda one: one.number)),
        dict(Counter(line.outcome for line in lines)),
        sum(1 for one in settled if one not in told),
        hashlib.sha256(content).hexdigest(),
    )


@transaction.atomic
def import_results(*, campaign: Campaign, content: bytes, by: User, http: HttpRequest | None = None) -> ResultBatch:
    """Keeps a file for a second person. Raises DomainError("results_problems" | "results_empty" | "results_twice")."""
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    found = dry_run(campaign=locked, content=content)
    if found.problems:
        raise DomainError("results_problems", count=len(found.problems))
    if not found.lines:
        raise DomainError("results_empty")
    live = locked.batches.filter(state__in=(BatchState.IMPORTED, BatchState.RELEASED))
    if live.filter(digest=found.digest).exists():
        raise DomainError("results_twice")
    batch = ResultBatch.objects.create(campaign=locked, rows=len(found.lines), digest=found.digest, imported_by=by)
    known = _requests(locked, [line.request for line in found.lines])
    Result.objects.bulk_create(
        (
            Result(
                batch=batch, request=known[line.request], outcome=line.outcome, rank=line.rank, place=line.place,
                points=line.points,
            )
            for line in found.lines
        ),
        batch_size=CHUNK,
    )  # fmt: skip
    _journal(batch, by, "resultats.import", http)
    return batch


@transaction.atomic
def release(*, batch: ResultBatch, by: User, seen: int, http: HttpRequest | None = None) -> int:
    """Publishes: every request of the file moves together, each owner is told once. `seen`: how many rows were read.

    Raises DomainError("results_same_person" | "results_own" | "results_embargo" | "results_changed" | "results_state").
    """
    locked = _lock(batch)
    now = timezone.now()
    if locked.state != BatchState.IMPORTED:
        raise DomainError("results_state")
    if locked.imported_by_id == by.pk:
        raise DomainError("results_same_person")
    if locked.rows != seen:
        raise DomainError("results_changed")
    if locked.campaign.results_at is None or now < locked.campaign.results_at:
        raise DomainError("results_embargo")
    rows = _rows(locked)
    if any(row.owner_id == by.pk for row in rows):
        raise DomainError("results_own")
    if any(row.state != RequestState.STUDIED for row in rows):
        raise DomainError("results_changed")
    _move(rows, Act.PUBLISH, by)
    mailing = new_mailing(subject=SUBJECTS[Act.PUBLISH], text=READ_HERE, link="/mutation/")
    owners = [row.owner_id for row in rows]
    told = send_mailing(mailing=mailing, users=owners, kind=KIND, cause=f"resultats:{locked.public_id}")
    locked.state, locked.released_by, locked.released_at, locked.mailing = BatchState.RELEASED, by, now, mailing
    locked.save(update_fields=["state", "released_by", "released_at", "mailing"])
    _journal(locked, by, "resultats.publication", http)
    return told


@transaction.atomic
def dismiss(*, batch: ResultBatch, by: User, reason: str, http: HttpRequest | None = None) -> None:
    """Sets a file aside before its publication. Raises DomainError("results_state" | "results_reason")."""
    locked = _lock(batch)
    if locked.state != BatchState.IMPORTED:
        raise DomainError("results_state")
    _end(locked, BatchState.DISMISSED, by, reason)
    _journal(locked, by, "resultats.ecart", http)


@transaction.atomic
def recall(*, batch: ResultBatch, by: User, reason: str, http: HttpRequest | None = None) -> tuple[int, int]:
    """Calls published results back: nobody reads them any more, the mails not gone never leave, the others are told why.

    (mails stopped, people told). Raises DomainError("results_state" | "results_reason").
    """
    locked = _lock(batch)
    if locked.state != BatchState.RELEASED or locked.mailing is None:
        raise DomainError("results_state")
    rows = [row for row in _rows(locked) if row.state == RequestState.PUBLISHED]
    _end(locked, BatchState.RECALLED, by, reason)
    _move(rows, Act.RECALL, by, note=locked.reason)
    notice = f"Le résultat publié le {timezone.localtime(locked.released_at):%d/%m/%Y} est rappelé : il ne vaut plus. Motif : {locked.reason}"
    stopped, told = recall_mailing(mailing=locked.mailing, reason=locked.reason, notice=notice)
    _journal(locked, by, "resultats.rappel", http)
    return stopped, told


def _end(batch: ResultBatch, state: BatchState, by: User, reason: str) -> None:
    said = " ".join(reason.split())[:300]
    if not said:
        raise DomainError("results_reason")
    batch.state, batch.ended_by, batch.ended_at, batch.reason = state, by, timezone.now(), said
    batch.save(update_fields=["state", "ended_by", "ended_at", "reason"])


def _move(rows: list[MobilityRequest], act: Act, by: User, note: str = "") -> None:
    """All of them at once, by the table of transitions: one event each."""
    now = timezone.now()
    events = [
        RequestEvent(
            request=row,
            act=act.value,
            was=row.state,
            became=after(State(row.state), act).value,
            by=by,
            note=note,
            at=now,
        )
        for row in rows
    ]
    for row, event in zip(rows, events, strict=True):
        row.state, row.revision, row.changed_at = event.became, row.revision + 1, now
    MobilityRequest.objects.bulk_update(rows, ["state", "revision", "changed_at"], batch_size=CHUNK)
    RequestEvent.objects.bulk_create(events, batch_size=CHUNK)


def _rows(batch: ResultBatch) -> list[MobilityRequest]:
    held = MobilityRequest.objects.select_for_update(of=("self",)).filter(results__batch=batch)
    return list(held.order_by("pk"))


def _lock(batch: ResultBatch) -> ResultBatch:
    held = ResultBatch.objects.select_for_update(of=("self",)).select_related("campaign", "mailing")
    return held.get(pk=batch.pk)


def _requests(campaign: Campaign, names: Iterable[UUID]) -> dict[UUID, MobilityRequest]:
    rows = campaign.requests.filter(public_id__in=list(names)).prefetch_related("voeux")
    return {row.public_id: row for row in rows}


def _against(line: ResultLine, known: Mapping[UUID, MobilityRequest]) -> Problem | None:
    row = known.get(line.request)
    if row is None:
        return Problem(line.number, "Cette demande n'est pas de cette campagne.")
    if row.state != RequestState.STUDIED:
        return Problem(
            line.number, f"Cette demande n'est pas en cours d'étude : elle est « {row.get_state_display()} »."
        )
    places = {voeu.rank: voeu.place for voeu in row.voeux.all()}
    if line.rank is not None and places.get(line.rank) != line.place:
        return Problem(line.number, f"Le vœu {line.rank} de cette demande n'est pas « {line.place} ».")
    return None


def _journal(batch: ResultBatch, by: User, act: str, http: HttpRequest | None) -> None:
    record(AccessKind.MOBILITY_MANAGED, actor=by, request=http, act=act, lot=str(batch.public_id), lignes=batch.rows)
