"""An offline copy: chosen documents and their index in an encrypted ZIP (requirement S74)."""

from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from documents import custody
from documents.encrypted_zip import EncryptedZip
from documents.models import Document
from documents.pdf_index import index_pdf
from documents.selectors.own import Shown
from security.enums import AccessKind
from security.journal import record
from security.models import User

MOST_BYTES = 100_000_000  # of documents in one copy: some two seconds of work
INDEX = "00-index.pdf"


class Unreadable(Exception):
    """The content of `document` does not open now: no copy is made."""

    def __init__(self, document: Document) -> None:
        super().__init__(str(document.pk))
        self.document = document


def numbered(number: int) -> str:
    """The name of an entry. Readable without the passphrase, it says nothing: the index tells which is which."""
    return f"{number:02}.pdf"


@sensitive_variables("passphrase")
def offline_copy(
    *, owner: User, chosen: Sequence[Shown], passphrase: str, request: HttpRequest | None = None
) -> IO[bytes]:
    """An open file to be read from its start; nothing in clear is written, the passphrase nowhere. `chosen` come from
    `selectors.offline`. Raises Unreadable, and OSError when there is no room to prepare the copy."""
    now = timezone.localtime()
    out: IO[bytes] = TemporaryFile()
    try:
        archive = EncryptedZip(
            out, passphrase.encode(), (now.year, now.month, now.day, now.hour, now.minute, now.second)
        )
        files = [(numbered(number), one) for number, one in enumerate(chosen, start=1)]
        archive.add(INDEX, index_pdf(files, owner=owner, at=now))
        for name, one in files:
            archive.add(name, _content(one.row))
        archive.close()
        record(AccessKind.DOCUMENTS_COPIED, actor=owner, subject=owner, request=request, documents=len(files))
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _content(document: Document) -> bytes:
    try:
        return custody.read(document.stored)
    except (custody.LostContent, custody.UnreadableSecret, OSError) as error:
        raise Unreadable(document) from error
