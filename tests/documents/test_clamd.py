"""The antivirus: what it says, what it does not say, and that a document waits for it."""

import socket
import struct
import threading

import pytest

from documents import probe
from documents.domain.verdicts import Outcome
from documents.enums import DocumentState
from documents.models import Document
from documents.services.deposit import deposit
from documents.services.examine import examine, waiting
from tests.documents.corpus.make import EICAR
from tests.documents.papers import paper, sent
from tests.factories.accounts import UserFactory


class Scanner(threading.Thread):
    """A clamd that answers `answer`, whatever it is sent, and keeps what it was sent."""

    def __init__(self, answer: bytes):
        super().__init__(daemon=True)
        self.answer, self.received = answer, b""
        self.door = socket.create_server(("127.0.0.1", 0))
        self.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.door.getsockname()[1]}"

    def run(self) -> None:
        link, _ = self.door.accept()
        with link, self.door, link.makefile("rb") as lines:
            assert lines.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", lines.read(4))[0]:
                self.received += lines.read(size)
            link.sendall(self.answer)


@pytest.mark.parametrize(
    ("answer", "outcome", "word"),
    [
        (b"stream: OK\0", Outcome.PASSED, ""),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Outcome.REFUSED, "virus"),
        (b"INSTREAM size limit exceeded. ERROR\0", Outcome.HELD, "en-panne"),
        (b"", Outcome.HELD, "en-panne"),
    ],
)
def test_each_answer_has_its_verdict(settings, answer, outcome, word):
    scanner = Scanner(answer)
    settings.CLAMD = scanner.address
    verdict = probe.scan(paper())
    scanner.join(5)
    assert (verdict.outcome, verdict.word) == (outcome, word)
    assert scanner.received == paper()


def test_what_everybody_knows_is_recognised_without_an_antivirus(settings):
    settings.CLAMD = ""
    assert probe.scan(b"%PDF-1.4 " + EICAR).word == "virus"
    assert probe.scan(paper()).word == "absent"


@pytest.mark.django_db
def test_a_document_waits_in_quarantine_while_the_antivirus_is_down(settings):
    settings.CLAMD = "/nulle/part/clamd.sock"
    document = deposit(owner=UserFactory(), upload=sent())
    examine(document.pk)
    document.refresh_from_db()
    assert document.state == DocumentState.CHECKING
    assert document.verdicts.get(check_name="virus").word == "en-panne"
    assert waiting() == []  # tried again later, not at once
    Document.objects.update(examining_until=None)
    scanner = Scanner(b"stream: OK\0")
    settings.CLAMD = scanner.address
    for pk in waiting():
        examine(pk)
    document.refresh_from_db()
    assert document.state == DocumentState.KEPT
