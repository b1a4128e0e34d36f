"""One month to answer, two more with notice: short months, week-ends, public holidays."""

import datetime as dt
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.domain.rights import FILE, build_rights, clock, clock_node, rights_law
from documents.domain.types import LEGAL
from iprof.kernel.law import LawFileError
from iprof.kernel.working_days import next_open_day

pytestmark = pytest.mark.req("S90", "T8", "D22")
LAW = rights_law()


@pytest.mark.parametrize(
    ("received", "answer_by", "extended_to"),
    [
        (dt.date(2026, 11, 25), dt.date(2026, 12, 28), dt.date(2027, 2, 25)),  # Christmas, a Friday, then a week-end
        (dt.date(2026, 3, 5), dt.date(2026, 4, 7), dt.date(2026, 6, 5)),  # Sunday 5 April, Easter Monday
        (dt.date(2027, 8, 31), dt.date(2027, 9, 30), dt.date(2027, 11, 30)),
        (dt.date(2028, 1, 31), dt.date(2028, 2, 29), dt.date(2028, 5, 2)),  # leap year; Sunday 30 April, then 1 May
        (dt.date(2027, 1, 31), dt.date(2027, 3, 1), dt.date(2027, 4, 30)),  # Sunday 28 February
        (dt.date(2028, 2, 29), dt.date(2028, 3, 29), dt.date(2028, 5, 29)),
    ],
)
def test_months_run_from_date_to_date_and_end_on_an_open_day(received, answer_by, extended_to):
    found = clock(received, LAW)
    assert (found.answer_by, found.extended_to) == (answer_by, extended_to)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2060, 12, 31)))
def test_the_clock_never_shortens_and_never_closes_on_a_closed_day(received):
    found = clock(received, LAW)
    assert 28 <= (found.answer_by - received).days <= 36
    assert found.answer_by < found.extended_to
    assert next_open_day(found.answer_by) == found.answer_by
    assert next_open_day(found.extended_to) == found.extended_to
    assert clock(received + dt.timedelta(1), LAW).answer_by >= found.answer_by


def test_the_day_is_explained():
    node = clock_node(dt.date(2026, 11, 25), LAW)
    assert node.value == dt.date(2026, 12, 28)
    assert "article 12" in node.sources[0].text
    assert clock_node(dt.date(2026, 11, 25), LAW, extended=True).value == dt.date(2027, 2, 25)


def test_each_ground_has_its_source():
    assert all(ground.source.text.startswith("RGPD") for ground in LAW.grounds.values())


@pytest.mark.parametrize(
    ("change", "words"),
    [(("months: 1,", "months: un,"), "whole number"), (("carried:", "reported:"), "missing key")],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, change, words):
    shutil.copytree(LEGAL, tmp_path / "legal")
    file = tmp_path / "legal" / FILE
    file.write_text(file.read_text().replace(*change))
    with pytest.raises(LawFileError, match=words):
        build_rights(tmp_path / "legal")
