"""The keyed hashes of NUMENs, made again under the present LOOKUP_KEY (docs/operations.md, « Rotation of keys »)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from career.models import Agent
from iprof.web.crypto import UnreadableSecret, lookup_digest, lookup_digests, unseal
from security.models import User

BATCH = 500


@dataclass(slots=True)
class DigestProgress:
    """Agents with a NUMEN: their hash is of today, was of a former key, or the NUMEN cannot be read. `codes` counts the
    accounts that wait with the code of a letter: only the former key knows them."""

    fresh: int = 0
    old: int = 0
    unreadable: int = 0
    codes: int = 0


def redigest_numens(*, apply: bool) -> DigestProgress:
    """Counts, and with `apply` writes. May be stopped and run again: a row is written whole or not at all."""
    progress, last, seen = DigestProgress(), 0, set[int]()
    while batch := list(_agents(last)):
        with transaction.atomic():
            for agent in batch:
                _agent(agent, progress, seen, apply)
        last = batch[-1].pk
    waiting = Q(activated_at__isnull=True) & ~Q(activation_digest="")
    progress.codes = User.objects.filter(waiting).exclude(pk__in=seen).count()
    return progress


def _agents(last: int) -> "list[Agent]":
    rows = Agent.objects.filter(pk__gt=last, numen_sealed__isnull=False).select_related("user").order_by("pk")
    return list(rows[:BATCH])


def _agent(agent: Agent, progress: DigestProgress, seen: set[int], apply: bool) -> None:
    try:
        numen = unseal(bytes(agent.numen_sealed or b""), context="numen")
    except UnreadableSecret:
        progress.unreadable += 1
        return
    digest = lookup_digest(numen, context="numen")
    known = agent.user is not None and agent.user.activation_digest in lookup_digests(numen, context="activation")
    if known and agent.user_id:
        seen.add(agent.user_id)
    if agent.numen_digest == digest:
        progress.fresh += 1
        return
    progress.old += 1
    if not apply:
        return
    Agent.objects.filter(pk=agent.pk, numen_digest=agent.numen_digest).update(numen_digest=digest)
    if known and agent.user is not None:
        same = User.objects.filter(pk=agent.user.pk, activation_digest=agent.user.activation_digest)
        same.update(activation_digest=lookup_digest(numen, context="activation"))
