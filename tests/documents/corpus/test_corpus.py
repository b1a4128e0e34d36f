"""Each file of the corpus gets the verdict written beside it, within the time, and harms nobody."""

import io
import time

import pikepdf
import pytest
from pikepdf import Dictionary, String

from documents import probe
from documents.domain.verdicts import Outcome, Verdict, overall
from tests.documents.corpus import CASES, make
from tests.documents.corpus.cases import HIDDEN, PRETENDED
from tests.documents.corpus.make import changed


def said(verdicts: tuple[Verdict, ...]) -> tuple:
    outcome = overall(verdicts)
    if outcome is Outcome.PASSED:
        return (outcome, None, "")
    gravest = next(verdict for verdict in verdicts if verdict.outcome is outcome)
    return (outcome, gravest.check, gravest.word)


def test_the_corpus_has_three_hundred_files_with_names_of_their_own():
    assert len({case.id for case in CASES}) == len(CASES) >= 300


@pytest.mark.req("S86")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_file_gets_its_verdict(case):
    content = case.content()
    began = time.monotonic()
    read = probe.quick(content, name=case.name)
    assert said(read.verdicts) in case.expected
    if overall(read.verdicts) in (Outcome.PASSED, Outcome.WARNED):
        probe.slow(read.content)
    assert time.monotonic() - began < 20  # a ceiling on hanging, not a measure


def test_a_signed_file_is_kept_byte_for_byte():
    content = make.signed()
    assert probe.quick(content, name="a.pdf").content == content


@pytest.mark.parametrize("pretended", PRETENDED)
def test_what_pretends_to_be_signed_is_written_again(pretended):
    def change(pdf):
        PRETENDED[pretended](pdf)
        pdf.trailer.Info = pdf.make_indirect(Dictionary(Author=String("Camille Exemple")))

    kept = probe.quick(changed(change) + b"behind the end", name="a.pdf").content
    assert b"behind the end" not in kept
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert "/Info" not in pdf.trailer


@pytest.mark.parametrize("place", HIDDEN)
def test_whatever_acts_can_be_taken_out(place):
    cleaned = probe.cleaned(changed(HIDDEN[place]))
    assert said(probe.quick(cleaned, name="a.pdf").verdicts) == (Outcome.PASSED, None, "")
