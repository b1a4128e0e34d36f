"""Threads, made by the services as the portal makes them. Names are fictional."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from iprof.correspondence.domain.ticket_priority import TicketType
from iprof.correspondence.enums import ThreadKind
from iprof.correspondence.files import keep
from iprof.correspondence.models import MessageFile, ReplyTemplate, Thread
from iprof.correspondence.services.threads import TicketFacts, Written, open_dialogue, open_ticket, reply
from security.models import User
from tests.factories.files import pdf


class ReplyTemplateFactory(DjangoModelFactory):
    class Meta:
        model = ReplyTemplate
        django_get_or_create = ("kind", "title")

    kind = ThreadKind.DIALOGUE
    title = factory.Sequence(lambda n: f"Pièce reçue {n or ''}".strip())
    body = "Votre pièce est bien reçue."


def dialogue(user: User, *, subject: str = "Mon affectation", files: int = 0) -> Thread:
    written = Written("Bonjour, une question.", files=[pdf(f"piece-{n}.pdf") for n in range(files)])
    return open_dialogue(by=user, subject=subject, written=written)


def ticket(
    user: User, *, kind: TicketType = TicketType.DISPLAY, deadline: dt.date | None = None, files: int = 0
) -> Thread:
    written = Written("La page reste vide.", files=[pdf(f"capture-{n}.pdf") for n in range(files)])
    return open_ticket(by=user, subject="Page vide", written=written, facts=TicketFacts(kind, deadline))


def joined(thread: Thread) -> dict[str, Any]:
    """The address of a file joined to the first message of a thread."""
    message = thread.messages.first()
    file = MessageFile.objects.create(owner=thread.owner, attachment=keep(pdf(), by=thread.owner), message=message)
    return {"public_id": thread.public_id, "file_id": file.public_id}


def answered(thread: Thread, by: User) -> Thread:
    return reply(thread=thread, by=by, written=Written("Voici la réponse."))
