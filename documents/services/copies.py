"""What a service is given of a document: its pages drawn by the portal, or a copy. An identity paper carries, in either,
who looks at it, for which service and when; the original stays as it was deposited and leaves towards its owner alone."""

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest

from documents import probe
from documents.domain.types import Sensitivity
from documents.enums import ReadAs
from documents.models import Document
from documents.policies import services_of
from documents.services.reading import content_for
from security.enums import Role
from security.models import User

WIDTH = 1200  # pixels of a page shown


class Undrawable(Exception):
    """It cannot be drawn; `str()` is the sentence."""


def preview(pk: UUID, *, page: int, by: User, on: dt.date, request: HttpRequest | None = None) -> bytes:
    """PNG of a page counted from 1. Raises Undrawable, and what `content_for` raises."""
    document, content = content_for(pk, by=by, on=on, request=request, read_as=ReadAs.PREVIEW)
    if not 1 <= page <= document.pages:
        raise Http404
    drawn = probe.render(content, page=page - 1, width=WIDTH, watermark=words_on(document, by=by, on=on))
    if not drawn:
        raise Undrawable(f"La page {page} ne peut pas être dessinée. Téléchargez le document pour la lire.")
    return drawn


def copy_for(pk: UUID, *, by: User, on: dt.date, request: HttpRequest | None = None) -> tuple[Document, bytes, str]:
    """(document, content, name of the file). Raises Undrawable, and what `content_for` raises."""
    document, content = content_for(pk, by=by, on=on, request=request, read_as=ReadAs.COPY)
    words = words_on(document, by=by, on=on)
    if not words:
        return document, content, document.file_name
    try:
        return document, probe.copied(content, words=words), f"Copie-{document.file_name}"
    except probe.CannotCopy as error:
        raise Undrawable(SENTENCES.get(str(error), SENTENCES["broken"])) from error


SENTENCES = {
    "long": "Cette pièce d'identité a trop de pages pour une copie marquée : lisez-la page par page.",
    "broken": "Cette pièce d'identité ne peut pas être dessinée. Demandez à l'agent d'en déposer une autre.",
}


def words_on(document: Document, *, by: User, on: dt.date) -> str:
    """What is written across it: nothing for its owner, nor on what is no identity paper."""
    if document.owner_id == by.pk or document.type is None or document.type.sensitivity is not Sensitivity.IDENTITY:
        return ""
    services = ", ".join(sorted(Role(service).label for service in services_of(by, on=on)))
    return f"COPIE - {services} - {by.get_full_name() or by.username} - {on:%d/%m/%Y}"
