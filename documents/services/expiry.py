"""What follows the end of a document's validity: reminders before, and the owner's word that it is needed no more (S70)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from documents.enums import DocumentState
from documents.models import Document
from documents.selectors.expiry import ending_soon
from documents.services.own import NotNow
from iprof.correspondence.reminders import due_step
from iprof.correspondence.services.alerts import send_alert

STEPS = (7, 30, 90)  # days before the last one, the nearest first
KIND = "echeance.validite"


def remind_all() -> int:
    """How many documents were told of today. Running it again tells nobody twice."""
    today = timezone.localdate()
    found = ending_soon(on=today, days=max(STEPS)).select_related("owner")
    return sum(remind(document, on=today) for document in found.iterator(chunk_size=500))


def remind(document: Document, *, on: dt.date) -> bool:
    """The step reached, unless it was already past at the deposit: the page has just said it. The mail names neither the
    document nor its type (S71)."""
    validity = document.validity_on(on)
    if validity is None or validity.last_day is None:
        return False
    deposited = timezone.localtime(document.deposited_at).date()
    step = due_step(validity.last_day, on=on, told_on=deposited, steps=STEPS)
    if step is None:
        return False
    alert = send_alert(
        user=document.owner,
        kind=KIND,
        subject="Un de vos documents arrive en fin de validité",
        body=f"Il reste {step} jours ou moins. Le portail dit lequel, et permet de le remplacer.",
        link=document.get_absolute_url(),
        cause=f"validite:{document.pk}:{validity.last_day}:J-{step}",
    )
    return alert is not None


@transaction.atomic
def set_aside(document: Document) -> Document:
    """Its owner needs it no more: the notice goes, the document stays. Raises NotNow."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.state != DocumentState.KEPT:
        raise NotNow("Ce document n'est pas conservé : il n'y a rien à mettre de côté.")
    if locked.unneeded_at is None:
        locked.unneeded_at = timezone.now()
        locked.save(update_fields=["unneeded_at"])
    return locked
