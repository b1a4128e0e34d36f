"""What the reader of files says, and that it outlives what it reads."""

import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from documents import probe
from documents.domain.sentences import SENTENCES, sentence
from documents.domain.verdicts import Check, Outcome, overall
from iprof.web.probe import ask, client, server, wire
from tests.documents.papers import letter, photo
from tests.factories.files import pdf_bytes


def _open_files() -> list[str]:
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # that of the listing itself
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return found


def words(verdicts) -> dict:
    return {verdict.check: (verdict.outcome, verdict.word) for verdict in verdicts}


@pytest.mark.req("S86")
def test_a_good_pdf_passes_every_quick_check():
    read = probe.quick(pdf_bytes(pages=2), name="JustifDomicile.pdf")
    assert (overall(read.verdicts), read.pages, read.kind) == (Outcome.PASSED, 2, "pdf")


def test_a_photograph_becomes_a_page_of_paper():
    read = probe.quick(photo(letter()), name="IMG_2033.JPG")
    assert (overall(read.verdicts), read.pages, read.kind) == (Outcome.PASSED, 1, "image")
    assert read.content.startswith(b"%PDF-")


def test_several_photographs_become_one_document():
    read = probe.from_images([photo(letter()), photo(letter(lines=4))], name="photos.jpg")
    assert (overall(read.verdicts), read.pages) == (Outcome.PASSED, 2)


@pytest.mark.parametrize(
    ("blur", "expected"),
    [
        (0, (Outcome.PASSED, "")),
        (3, (Outcome.WARNED, "flou")),
        (7, (Outcome.REFUSED, "flou-illisible")),
    ],
)
def test_sharpness_is_measured_on_the_page(blur, expected):
    read = probe.quick(photo(letter(blur=blur)), name="lettre.jpg")
    assert words(probe.slow(read.content).verdicts)[Check.SHARPNESS] == expected


def test_a_page_scanned_too_coarsely_is_told():
    read = probe.quick(photo(letter(size=(413, 585))), name="lettre.jpg")
    assert words(probe.slow(read.content).verdicts)[Check.SHARPNESS] == (Outcome.WARNED, "resolution")


def test_pages_without_ink_are_refused():
    assert words(probe.slow(pdf_bytes(pages=2)).verdicts)[Check.BLANK] == (Outcome.REFUSED, "toutes")


def test_the_reader_is_started_again_when_it_dies():
    assert ask("look", pdf_bytes()).told == {"pages": 1}
    os.kill(client._reader[0].child.pid, signal.SIGKILL)
    client._reader[0].child.wait()
    assert ask("look", pdf_bytes()).told == {"pages": 1}


@pytest.mark.req("S86")
def test_the_reader_finds_no_key_of_the_portal_in_its_environment(monkeypatch):
    monkeypatch.setenv("NUMEN_KEY", "a-key-of-the-portal")
    reader = client._start()
    try:
        wire.send(reader.link, {"job": "look", "options": {}}, pdf_bytes())
        assert wire.receive(reader.link)[0] == {"pages": 1}
        held = Path(f"/proc/{reader.child.pid}/environ").read_bytes().split(b"\0")
    finally:
        reader.close()
    assert sorted(filter(None, held)) == [b"LANG=C.UTF-8", b"PATH=" + os.defpath.encode()]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # the forked child runs our job and ends
def test_who_reads_a_file_has_no_line_to_the_portal(monkeypatch):
    monkeypatch.setattr(server.jobs, "run", lambda job, content, options: ({"open": _open_files()}, b""))
    portal, line = socket.socketpair()
    memory = os.memfd_create("content")
    with portal, line:
        name = os.readlink(f"/proc/self/fd/{line.fileno()}")
        server._apart(line, "any", memory, {}, server._data_held())
        assert name not in wire.receive(portal)[0]["open"]
    os.close(memory)


def test_the_image_holds_what_headings_are_read_with():
    installed = (settings.BASE_DIR / "Dockerfile").read_text("utf-8").split()
    assert {"tesseract-ocr", "tesseract-ocr-fra"} <= set(installed)


def test_every_sentence_can_be_written():
    blanks = {"pages": 3, "words": 1, "found": "PDF", "said": ".exe", "proposed": "JustifDomicile_Avril2025.pdf"}
    for check, known in SENTENCES.items():
        for word in known:
            told = sentence(probe.Verdict(check, Outcome.WARNED, word, blanks))
            assert told.endswith((".", "?"))
            assert "{" not in told


def test_the_preview_of_a_page_is_an_image():
    assert probe.render(pdf_bytes(), page=0, width=300).startswith(b"\x89PNG")
    assert probe.render(pdf_bytes(), page=5, width=300) == b""
    marked = probe.render(pdf_bytes(), page=0, width=300, watermark="Copie DSDEN")
    assert marked != probe.render(pdf_bytes(), page=0, width=300)
