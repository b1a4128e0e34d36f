"""What the reader of files says, and that it outlives what it reads."""

import os
import signal

import pytest

from documents import probe
from documents.domain.sentences import SENTENCES, sentence
from documents.domain.verdicts import Check, Outcome, overall
from iprof.web.probe import ask, client
from tests.documents.papers import letter, photo
from tests.factories.files import pdf_bytes


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
