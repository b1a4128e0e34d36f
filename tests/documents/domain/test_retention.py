"""How long documents are kept: the day before, the day, the day after; what suspends; what the file must say."""

import datetime as dt
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.domain.retention import FILE, Life, build_retention, retention, retention_law
from documents.domain.types import LEGAL, document_type
from iprof.kernel.law import LawFileError

pytestmark = pytest.mark.req("S89", "T7", "D24")
LAW, PAY = retention_law(), document_type("bulletin_salaire")
DEPOSIT = dt.date(2016, 11, 25)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))


def test_ten_years_by_default_then_the_next_day():
    found = retention(PAY, Life(DEPOSIT, warned_on=dt.date(2026, 8, 27)), LAW)
    assert found.kept_until == dt.date(2026, 11, 25)
    assert found.warn_on == dt.date(2026, 8, 27)
    assert found.destroyed_on == dt.date(2026, 11, 26)
    assert "10 ans depuis le dépôt" in found.node.sentence
    assert "dix ans" in found.node.sources[0].text


def test_a_type_may_have_its_own_duration():
    kind = replace(PAY, retention_years=2)
    found = retention(kind, Life(DEPOSIT), LAW)
    assert found.kept_until == dt.date(2018, 11, 25)
    assert found.node.sources[0] == kind.source


def test_the_count_runs_from_the_close_of_the_last_procedure():
    found = retention(None, Life(DEPOSIT, last_use=dt.date(2020, 2, 29)), LAW)
    assert found.kept_until == dt.date(2030, 2, 28)
    assert "clôture" in found.node.sentence


@pytest.mark.parametrize(("life", "word"), [({"in_use": True}, "procédure"), ({"held": True}, "suspension")])
def test_a_procedure_or_a_hold_suspends_everything(life, word):
    found = retention(PAY, Life(DEPOSIT, warned_on=DEPOSIT, **life), LAW)
    assert (found.kept_until, found.warn_on, found.destroyed_on, found.node.value) == (None, None, None, None)
    assert word in found.node.sentence


def test_nothing_is_destroyed_that_was_not_told():
    assert retention(PAY, Life(DEPOSIT), LAW).destroyed_on is None


def test_a_late_warning_puts_the_destruction_off():
    found = retention(PAY, Life(DEPOSIT, warned_on=dt.date(2026, 12, 1)), LAW)
    assert found.destroyed_on == dt.date(2027, 3, 1)


def test_a_refusal_stays_thirty_days():
    found = retention(None, Life(DEPOSIT, refused=True), LAW)
    assert (found.kept_until, found.warn_on) == (dt.date(2016, 12, 25), None)
    assert found.destroyed_on == dt.date(2016, 12, 26)


@given(DAYS, st.none() | DAYS, st.none() | DAYS)
def test_never_before_the_term_nor_before_the_wait(deposited, used, warned):
    found = retention(PAY, Life(deposited, last_use=used, warned_on=warned), LAW)
    assert found.kept_until >= max(deposited, used or deposited)
    if warned:
        assert found.destroyed_on > found.kept_until
        assert (found.destroyed_on - warned).days >= LAW.warned_days.value
    else:
        assert found.destroyed_on is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("{years: 10,", "{years: 0,"), "no duration"),
        (("{years: 10,", "{years: dix,"), "whole number"),
        (("warned_days:", "warned:"), "missing key"),
        (("{days: 30,", "{jours: 30,"), "missing key"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, change, words):
    shutil.copytree(LEGAL, tmp_path / "legal")
    file = tmp_path / "legal" / FILE
    file.write_text(file.read_text().replace(*change))
    with pytest.raises(LawFileError, match=words):
        build_retention(tmp_path / "legal")
