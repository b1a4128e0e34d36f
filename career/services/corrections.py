"""« Signaler une erreur »: a request of rectification from its deposit to its answer (RGPD art. 12 and 16, norm D22)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from career.enums import CorrectionState
from career.models import Agent, CorrectionRequest
from iprof.correspondence.models import Alert
from iprof.correspondence.services.alerts import mark_read, send_alert
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import add_months
from iprof.web.formats import french_date
from security.enums import AccessKind
from security.journal import record
from security.models import User

ANSWER_MONTHS = 1  # RGPD art. 12 § 3
WAITING = {CorrectionState.OPEN, CorrectionState.IN_PROGRESS}


@transaction.atomic
def open_correction(
    *, agent: Agent, by: User, kind: str, ref: str, label: str, message: str, on: dt.date
) -> CorrectionRequest:
    """Deposits a request on one fact; an empty `ref` points at an element that is missing, or at the identity.

    Raises DomainError("correction_not_owner" | "correction_already_open").
    """
    if agent.user_id != by.pk:
        raise DomainError("correction_not_owner")
    try:
        with transaction.atomic():
            correction = CorrectionRequest.objects.create(
                agent=agent,
                fact_kind=kind,
                fact_ref=ref,
                fact_label=label[:300],
                message=message,
                due_on=add_months(on, ANSWER_MONTHS),
            )
    except IntegrityError as error:
        raise DomainError("correction_already_open") from error
    record(AccessKind.CORRECTION_OPENED, actor=by, subject=by, correction=str(correction.public_id))
    receipt = _tell(
        correction,
        "Votre demande de rectification est enregistrée",
        f"Votre demande a été transmise à votre gestionnaire. Une réponse vous est due au plus tard le {french_date(correction.due_on)}.",
    )
    if receipt:
        mark_read(by=by, message_id=receipt.message_id)  # the receipt is the next page: nothing is left to be read
    return correction


@transaction.atomic
def take_up(*, correction: CorrectionRequest, by: User) -> CorrectionRequest:
    """A member of staff starts examining the request. Raises DomainError("correction_settled" | "correction_own")."""
    locked = _lock(correction, by)
    if locked.state == CorrectionState.OPEN:
        locked.state = CorrectionState.IN_PROGRESS
        locked.save(update_fields=["state"])
        _tell(
            locked, "Votre demande de rectification est en cours d'examen", "Votre gestionnaire examine votre demande."
        )
    return locked


@transaction.atomic
def answer_correction(*, correction: CorrectionRequest, by: User, accepted: bool, answer: str) -> CorrectionRequest:
    """Accepts or refuses, with reasons. The data themselves are corrected in the SIAE, which sends them again.

    Raises DomainError("correction_settled" | "correction_own" | "correction_answer_empty").
    """
    if not answer.strip():
        raise DomainError("correction_answer_empty")
    locked = _lock(correction, by)
    locked.state = CorrectionState.ACCEPTED if accepted else CorrectionState.REFUSED
    locked.answer = answer.strip()
    locked.answered_at = timezone.now()
    locked.answered_by = by
    locked.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record(
        AccessKind.CORRECTION_ANSWERED,
        actor=by,
        subject=locked.agent.user,
        correction=str(locked.public_id),
        state=locked.state,
    )
    _tell(
        locked,
        "Votre demande de rectification a reçu une réponse",
        "La réponse de votre gestionnaire est dans votre espace.",
    )
    return locked


def _lock(correction: CorrectionRequest, by: User) -> CorrectionRequest:
    """The request, locked and still to be answered by someone other than the person it is about."""
    locked = (
        CorrectionRequest.objects.select_for_update(of=("self",)).select_related("agent__user").get(pk=correction.pk)
    )
    if locked.agent.user_id == by.pk:
        raise DomainError("correction_own")
    if locked.state not in WAITING:
        raise DomainError("correction_settled")
    return locked


def _tell(correction: CorrectionRequest, subject: str, body: str) -> Alert | None:
    """Warns the person concerned; an agent without account has nobody to warn."""
    if correction.agent.user is None:
        return None
    return send_alert(
        user=correction.agent.user,
        kind="demande.rectification",
        subject=subject,
        body=body,
        link=reverse("career:correction_detail", args=[correction.public_id]),
    )
