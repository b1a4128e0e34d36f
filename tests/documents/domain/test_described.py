"""What is said of a document when its owner has told what it is (S69, S70)."""

import datetime as dt

import pytest

from documents.domain.described import told_verdicts
from documents.domain.sentences import sentence
from documents.domain.types import document_type
from documents.domain.verdicts import Check, Outcome

DEPOSIT = dt.date(2026, 4, 16)
PACS, BOOK, HOME = (
    document_type(code) for code in ("extrait_naissance_pacs", "livret_famille", "justificatif_domicile")
)


def told(kind, **known):
    facts = {"title": "Extrait_Naissance_Pacs", "dated_on": None, "ends_on": None, "on": DEPOSIT} | known
    return {one.check: (one.outcome, one.word) for one in told_verdicts(kind, **facts)}


@pytest.mark.req("S70")
@pytest.mark.parametrize(
    ("dated_on", "said"),
    [
        (None, (Outcome.WARNED, "absente")),
        (dt.date(2026, 1, 15), (Outcome.WARNED, "perime")),
        (dt.date(2026, 1, 16), (Outcome.PASSED, "au-depot")),
        (dt.date(2026, 4, 16), (Outcome.PASSED, "au-depot")),
        (dt.date(2026, 4, 17), (Outcome.WARNED, "future")),
    ],
)
def test_the_date_is_judged_on_the_day_of_the_deposit(dated_on, said):
    assert told(PACS, dated_on=dated_on)[Check.DATE] == said


def test_a_type_that_does_not_age_needs_no_date():
    assert told(BOOK)[Check.DATE][0] is Outcome.PASSED


@pytest.mark.req("S69")
def test_a_title_that_says_nothing_is_answered_by_one_that_does():
    (verdict, _) = told_verdicts(PACS, title="scan001", dated_on=dt.date(2026, 4, 2), ends_on=None, on=DEPOSIT)
    assert (verdict.outcome, verdict.word) == (Outcome.WARNED, "peu-clair")
    assert str(verdict.figures["proposed"]) in sentence(verdict)
    assert "Avril2026" in sentence(verdict)
    assert told(PACS)[Check.TITLE] == (Outcome.PASSED, "")


def test_nothing_is_said_of_the_date_before_the_type_is_known():
    assert told(None) == {Check.TITLE: (Outcome.WARNED, "absent")}
