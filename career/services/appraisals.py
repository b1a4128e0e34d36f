"""Requests about a rendez-vous de carrière, from the deposit to the answer of a person (requirements S48, norm D28)."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from career.domain.rendez_vous_clocks import clock_node, last_answer_day
from career.enums import AppraisalAsk, CorrectionState
from career.models import Agent, AppraisalRequest
from iprof.correspondence.models import Alert
from iprof.correspondence.services.alerts import mark_read, send_alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.journal import record
from security.models import User

WAITING = {CorrectionState.OPEN, CorrectionState.IN_PROGRESS}
ORIGIN = "Votre demande"


@dataclass(frozen=True, slots=True)
class About:
    """The appraisal a request is about, and the day it was notified on; `declared`: on the agent's word."""

    ref: str = ""
    title: str = ""
    held_on: dt.date | None = None
    notified_on: dt.date | None = None
    declared: bool = False


def check_in_time(kind: str, about: About, *, on: dt.date) -> None:
    """Raises DomainError("appraisal_not_yet" | "appraisal_too_late" | "appraisal_before_held"), NotInForce."""
    if kind == AppraisalAsk.EARLY or about.notified_on is None:
        return
    if about.notified_on > on:
        raise DomainError("appraisal_not_yet", on=on)
    if about.held_on and about.notified_on < about.held_on:
        raise DomainError("appraisal_before_held", held_on=about.held_on)
    clock = clock_node(kind, about.notified_on, origin=ORIGIN)
    if isinstance(clock.value, dt.date) and on > clock.value:
        raise DomainError("appraisal_too_late", last=clock.value, rule=clock.sentence)


@transaction.atomic
def ask(*, agent: Agent, by: User, kind: str, about: About, message: str, on: dt.date) -> AppraisalRequest:
    """Deposits a request. An early one is about no appraisal; the others come within their delay, once each.

    Raises DomainError("appraisal_not_owner" | "appraisal_left" | "appraisal_already_open" | …) as `check_in_time`.
    """
    if agent.user_id != by.pk:
        raise DomainError("appraisal_not_owner")
    if agent.left_on and agent.left_on <= on:
        raise DomainError("appraisal_left")
    check_in_time(kind, about, on=on)
    label = AppraisalAsk(kind).label
    try:
        with transaction.atomic():
            asked = AppraisalRequest.objects.create(
                agent=agent,
                kind=kind,
                evaluation_ref=about.ref,
                subject=f"{label} : {about.title}"[:200] if about.title else label,
                notified_on=about.notified_on,
                notified_declared=about.declared,
                message=message,
                due_on=last_answer_day(on) if kind == AppraisalAsk.REVISION else None,
            )
    except IntegrityError as error:
        raise DomainError("appraisal_already_open") from error
    record(AccessKind.APPRAISAL_ASKED, actor=by, subject=by, appraisal=str(asked.public_id))
    receipt = _tell(asked, "est enregistrée", "Votre demande a été transmise à votre gestionnaire.")
    if receipt:
        mark_read(by=by, message_id=receipt.message_id)  # the receipt is the next page: nothing is left to be read
    return asked


@transaction.atomic
def take_up(*, asked: AppraisalRequest, by: User) -> AppraisalRequest:
    """A member of staff starts examining the request. Raises DomainError("appraisal_settled" | "appraisal_own")."""
    locked = _lock(asked, by)
    if locked.state == CorrectionState.OPEN:
        locked.state = CorrectionState.IN_PROGRESS
        locked.save(update_fields=["state"])
        _tell(locked, "est en cours d'examen", "Votre gestionnaire examine votre demande.")
    return locked


@transaction.atomic
def answer(*, asked: AppraisalRequest, by: User, accepted: bool, text: str) -> AppraisalRequest:
    """Accepts or refuses, with reasons and in one's own name. Observations cannot be refused: they join the report.

    Raises DomainError("appraisal_settled" | "appraisal_own" | "appraisal_answer_empty" | "appraisal_kept").
    """
    if not text.strip():
        raise DomainError("appraisal_answer_empty")
    locked = _lock(asked, by)
    if locked.kind == AppraisalAsk.OBSERVATIONS and not accepted:
        raise DomainError("appraisal_kept")
    locked.state = CorrectionState.ACCEPTED if accepted else CorrectionState.REFUSED
    locked.answer, locked.answered_at, locked.answered_by = text.strip(), timezone.now(), by
    locked.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record(
        AccessKind.APPRAISAL_ANSWERED,
        actor=by,
        subject=locked.agent.user,
        appraisal=str(locked.public_id),
        state=locked.state,
    )
    _tell(locked, "a reçu une réponse", "La réponse de votre gestionnaire est dans votre espace.")
    return locked


def _lock(asked: AppraisalRequest, by: User) -> AppraisalRequest:
    """The request, locked and still to be answered by someone other than the person it is about."""
    locked = AppraisalRequest.objects.select_for_update(of=("self",)).select_related("agent__user").get(pk=asked.pk)
    if locked.agent.user_id == by.pk:
        raise DomainError("appraisal_own")
    if locked.state not in WAITING:
        raise DomainError("appraisal_settled")
    return locked


def _tell(asked: AppraisalRequest, what: str, body: str) -> Alert | None:
    """Warns the person concerned; an agent without account has nobody to warn."""
    if asked.agent.user is None:
        return None
    return send_alert(
        user=asked.agent.user,
        kind="demande.rendez-vous",
        subject=f"Votre demande sur un rendez-vous de carrière {what}",
        body=body,
        link=reverse("career:appraisal_detail", args=[asked.public_id]),
    )
