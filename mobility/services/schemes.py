"""Writing an application to a specific scheme while it is a draft, withdrawing it, taking it up again (S58, T15, E24).

Two open tabs never overwrite each other silently: the second is told (`ApplicationOvertaken`), with what the first wrote.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.enums import ReceiptKind
from documents.services.receipts import ReceiptText, issue_receipt
from iprof.correspondence.services.alerts import send_alert
from iprof.kernel.errors import DomainError
from mobility.domain.scheme_states import SCHEME_TRANSITIONS, SchemeAct, SchemeState, scheme_after
from mobility.domain.schemes import schemes
from mobility.models import SchemeApplication, SchemeCampaign, SchemeEvent, SchemePiece
from mobility.selectors.schemes import label_of
from security.enums import AccessKind
from security.journal import record
from security.models import User


class ApplicationOvertaken(Exception):
    """Another page wrote in between. `application` is the row as it is now."""

    def __init__(self, application: SchemeApplication) -> None:
        super().__init__(application.public_id)
        self.application = application


@transaction.atomic
def open_application(*, owner: User, campaign: SchemeCampaign) -> SchemeApplication:
    """That of `owner` in this opening, begun when there is none. Raises DomainError("scheme_closed") for a new one."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    found = SchemeApplication.objects.filter(owner=owner, campaign=campaign).first()
    if found is None and not campaign.is_open(timezone.now()):
        raise DomainError("scheme_closed")
    return found or SchemeApplication.objects.create(owner=owner, campaign=campaign)


@transaction.atomic
def save_application(
    *,
    application: SchemeApplication,
    revision: int,
    answers: Mapping[str, str],
    chosen: Mapping[str, Collection[UUID]],
) -> SchemeApplication:
    """Replaces answers and documents chosen. Raises ApplicationOvertaken, DomainError("scheme_not_a_draft" |
    "scheme_closed")."""
    locked = lock_application(application)
    if locked.state != SchemeState.DRAFT.value:
        raise DomainError("scheme_not_a_draft")
    if not locked.campaign.is_open(timezone.now()):
        raise DomainError("scheme_closed")
    if locked.revision != revision:
        raise ApplicationOvertaken(locked)
    locked.answers, locked.revision = dict(answers), locked.revision + 1
    locked.save(update_fields=["answers", "revision", "changed_at"])
    locked.chosen_pieces.all().delete()
    SchemePiece.objects.bulk_create(
        SchemePiece(application=locked, piece=piece, document=document)
        for piece, documents in chosen.items()
        for document in dict.fromkeys(documents)
    )
    return locked


@transaction.atomic
def withdraw_application(
    *, application: SchemeApplication, by: User, reason: str = "", request: HttpRequest | None = None
) -> SchemeApplication:
    """Until it is decided; one that was sent gets a receipt. Asked twice, once. Raises DomainError("scheme_transition")."""
    locked, now = lock_application(application), timezone.now()
    if locked.state == SchemeState.WITHDRAWN.value:
        return locked
    was_sent = locked.state != SchemeState.DRAFT.value
    move_application(locked, SchemeAct.WITHDRAW, by=by, at=now, note=reason)
    if was_sent:
        rows = (("Dispositif", label_of(schemes()[locked.campaign.scheme])), ("Numéro", str(locked.public_id)))
        issue_receipt(
            kind=ReceiptKind.WITHDRAWAL,
            owner=locked.owner,
            subject=f"candidature-retrait:{locked.public_id}:{locked.sending}",
            text=ReceiptText("Accusé de réception d'un retrait de candidature", rows),
            at=now,
        )
    record(AccessKind.MOBILITY_CHANGED, actor=by, subject=by, request=request, candidature=str(locked.public_id))
    return locked


@transaction.atomic
def reopen_application(*, application: SchemeApplication, by: User) -> SchemeApplication:
    """A withdrawn one becomes a draft again while the opening lasts. Raises DomainError("scheme_closed" |
    "scheme_transition")."""
    locked = lock_application(application)
    if not locked.campaign.is_open(timezone.now()):
        raise DomainError("scheme_closed")
    move_application(locked, SchemeAct.REOPEN, by=by, at=timezone.now())
    record(AccessKind.MOBILITY_CHANGED, actor=by, subject=by, candidature=str(locked.public_id))
    return locked


def lock_application(application: SchemeApplication) -> SchemeApplication:
    """The row as it is now, held until the end of the transaction, with its opening and its owner."""
    return (
        SchemeApplication.objects.select_for_update(of=("self",))
        .select_related("campaign", "owner")
        .get(pk=application.pk)
    )


def move_application(
    locked: SchemeApplication, act: SchemeAct, *, by: User, at: dt.datetime, note: str = "", **changed: object
) -> SchemeEvent:
    """Applies a transition of the table to a row held by `lock_application`, writes it down and tells the owner."""
    was = SchemeState(locked.state)
    locked.state = scheme_after(was, act).value
    locked.revision += 1
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", "revision", "changed_at", *changed])
    event = SchemeEvent.objects.create(
        application=locked, act=act.value, was=was.value, became=locked.state, decided_by=by, note=note, at=at
    )
    send_alert(
        user=locked.owner,
        kind="demande.mobilite",
        subject="Du nouveau sur votre candidature",
        body=f"{SCHEME_TRANSITIONS[act][0]} : le détail est sur le portail.",
        link=locked.get_absolute_url(),
        cause=f"candidature:{locked.public_id}:{locked.revision}",
    )
    return event
