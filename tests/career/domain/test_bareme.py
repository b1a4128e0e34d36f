"""The table of points of the hors-classe, at its edges."""

import datetime as dt

import pytest

from career.domain.bareme_hors_classe import bareme_node, bareme_of
from career.domain.refusals import refusal_of
from iprof.kernel.errors import DomainError

ON = dt.date(2026, 8, 31)


def test_a_stay_longer_than_the_last_row_has_its_points_and_no_other_row_does():
    """11e: 120 points from the fifth full year on, for professeurs des écoles. 10e: the échelon lasts four years, the table
    stops at three; who says seven is told seven."""
    table = bareme_of("pe", ON).value
    assert [table.seniority_points(11, years) for years in (4, 5, 6, 20)] == [110, 120, 120, 120]
    with pytest.raises(DomainError) as caught:
        table.seniority_points(10, 7)
    assert "7 ans dans le 10e échelon" in refusal_of(caught.value).message


@pytest.mark.parametrize(("origin", "said"), [("", "Situation saisie"), ("I-Prof", "I-Prof")])
def test_each_line_says_where_the_situation_comes_from(origin, said):
    node = bareme_node(
        corps="pe", grade="classe_normale", echelon=10, echelon_start=dt.date(2025, 8, 31), appreciation="Excellent",
        on=ON, origin=origin,
    )  # fmt: skip
    assert node.value == 120 + 30
    assert {entry.origin for line in node.children for entry in line.inputs} == {said}
