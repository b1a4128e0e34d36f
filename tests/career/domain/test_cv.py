"""The academic CV: what a date typed means, how a period reads, what an entry cannot say."""

import datetime as dt
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.cv import (
    BY_CODE,
    MOST,
    SECTIONS,
    Content,
    french_period,
    is_before,
    needs_review,
    problems,
    read_moment,
    typed_moment,
)
from career.enums import FactKind
from career.models.cv import MOMENT
from career.wording import WORDINGS
from iprof.kernel.errors import DomainError

pytestmark = pytest.mark.req("S46")
ON = dt.date(2026, 11, 24)
MONTHS = st.builds("{:04}-{:02}".format, st.integers(1900, 2099), st.integers(1, 12))
MOMENTS = MONTHS | st.integers(1900, 2099).map(str)


def test_the_sections_are_the_file_s_and_the_agent_s_own() -> None:
    assert [section.title for section in SECTIONS if not section.own] == [
        "Parcours statutaire",
        "Postes occupés",
        "Diplômes",
        "Formations suivies",
    ]
    assert {section.facts for section in SECTIONS if not section.own} <= set(FactKind.values)
    assert [section.code for section in SECTIONS if section.own] == [
        "presentation",
        "competences",
        "langues",
        "experiences",
        "publications",
        "engagements",
    ]
    assert {section.most for section in SECTIONS} == {1, MOST}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("09/2012", "2012-09"),
        ("9 / 2012", "2012-09"),
        ("2012-09", "2012-09"),
        (" 2012\n", "2012"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_month_or_a_year_is_read(typed: str, kept: str) -> None:
    assert read_moment(typed) == kept


@pytest.mark.parametrize(
    "typed", ["13/2012", "0/2012", "00/2012", "2012-13", "2012-9", "1/9/2012", "1812", "2100", "12", "septembre 2012",
              "٠٩/٢٠١٢", "09/2012 ?", "2012\n09"],
)  # fmt: skip
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(DomainError) as caught:
        read_moment(typed)
    assert caught.value.code == "cv_moment_unreadable"


@given(MOMENTS)
def test_what_is_shown_again_reads_the_same(moment: str) -> None:
    assert read_moment(typed_moment(moment)) == read_moment(moment) == moment


@given(st.text(max_size=12))
def test_whatever_is_typed_is_kept_as_the_database_wants_it_or_refused(text: str) -> None:
    kept = ""
    with suppress(DomainError):
        kept = read_moment(text)
    assert kept == "" or re.fullmatch(MOMENT, kept)


@pytest.mark.parametrize(
    ("section", "starts", "ends", "words"),
    [
        ("experiences", "2012-09", "2015-06", "de septembre 2012 à juin 2015"),
        ("experiences", "2012-04", "2015", "d'avril 2012 à 2015"),
        ("experiences", "2012-08", "2015", "d'août 2012 à 2015"),
        ("experiences", "2012-10", "2015", "d'octobre 2012 à 2015"),
        ("experiences", "2012", "2015", "de 2012 à 2015"),
        ("experiences", "2012", "", "depuis 2012"),
        ("experiences", "2012-09", "2012-09", "septembre 2012"),
        ("publications", "2019-06", "", "juin 2019"),
        ("engagements", "", "", ""),
    ],
)
def test_periods_read_as_french(section: str, starts: str, ends: str, words: str) -> None:
    assert french_period(BY_CODE[section], Content("x", starts=starts, ends=ends)) == words


@given(MOMENTS, MOMENTS)
def test_one_moment_at_most_comes_first(first: str, second: str) -> None:
    assert not (is_before(first, second) and is_before(second, first))
    if len(first) == len(second):
        assert is_before(first, second) == (first < second)
    if first[:4] == second[:4] and len(first) != len(second):
        assert not is_before(first, second)


@pytest.mark.parametrize(
    ("section", "content", "found"),
    [
        ("presentation", Content(), [("text", "cv_text_missing")]),
        ("presentation", Content(text="Bonjour"), []),
        ("competences", Content(text="Bonjour"), [("title", "cv_title_missing")]),
        ("competences", Content("Webradio"), []),
        ("langues", Content("Anglais"), [("level", "cv_level_missing")]),
        ("langues", Content("Anglais", level="D1"), [("level", "cv_level_missing")]),
        ("langues", Content("Anglais", level="C1"), []),
        ("experiences", Content("Libraire"), [("starts", "cv_start_missing")]),
        ("experiences", Content("Libraire", starts="2026-11"), []),
        ("experiences", Content("Libraire", starts="2026"), []),
        ("experiences", Content("Libraire", starts="2026-12"), [("starts", "cv_start_in_the_future")]),
        ("experiences", Content("Libraire", starts="2027"), [("starts", "cv_start_in_the_future")]),
        ("experiences", Content("Libraire", starts="2012-09", ends="2012-08"), [("ends", "cv_end_before_start")]),
        ("experiences", Content("Libraire", starts="2012-09", ends="2012"), []),
        ("experiences", Content("Libraire", starts="2012-09", ends="2026-12"), [("ends", "cv_end_in_the_future")]),
        ("engagements", Content("Club d'échecs", ends="2012"), [("starts", "cv_end_without_start")]),
        ("engagements", Content("Club d'échecs"), []),
        ("publications", Content("Article", starts="2026-12"), [("starts", "cv_start_in_the_future")]),
    ],
)
def test_what_an_entry_cannot_say(section: str, content: Content, found: list[tuple[str, str]]) -> None:
    assert list(problems(BY_CODE[section], content, on=ON)) == found
    assert all(code in WORDINGS for _, code in found)


def test_a_cv_is_to_be_read_again_after_a_year() -> None:
    assert not needs_review(dt.date(2025, 11, 25), ON)
    assert needs_review(dt.date(2025, 11, 24), ON)
    assert needs_review(dt.date(2020, 2, 29), ON)
