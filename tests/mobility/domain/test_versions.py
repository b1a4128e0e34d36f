"""A barème as archived, read again; what changed from a version to the next (K5)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobility.archive import plain
from mobility.domain.facts import Degree, RequestFacts, Situation
from mobility.domain.versions import OTHER, changes, key, missing_lines, places_with, retained_with, voeux_of
from tests.mobility.plain_rules import plain_bareme

pytestmark = pytest.mark.req("S56")
PLACES = ("Dijon", "Lyon", "Nice")
RESULT = plain(plain_bareme(RequestFacts(Degree.SECOND, 2026, Situation(), PLACES)))


def test_what_is_not_retained_is_what_was_computed():
    dijon, *_ = voeux_of(RESULT, {})
    assert (dijon.total, dijon.computed, dijon.corrected) == (Decimal(49), Decimal(49), False)
    assert dijon.node.value == Decimal(49)


def test_points_retained_are_explained_above_those_computed():
    dijon, lyon, _ = voeux_of(RESULT, {key("Dijon", "echelon"): "56"})
    line = dijon.lines[0]
    assert (dijon.total, dijon.computed, line.corrected) == (Decimal(56), Decimal(49), True)
    assert (line.node.value, line.node.children[0].value) == (Decimal(56), Decimal(49))
    assert dijon.node.value == Decimal(56)
    assert not lyon.corrected


def test_a_line_added_has_the_words_of_what_was_dropped():
    dijon, *_ = voeux_of(RESULT, {key("Dijon", "rc"): "150.2", key("Dijon", OTHER): "1", key("Dijon", "x"): "2"})
    assert [line.label for line in dijon.lines[1:]] == [
        "Rapprochement de conjoints",
        "Une autre ligne",
        "Ligne ajoutée",
    ]
    assert dijon.lines[1].computed is None
    assert dijon.total == Decimal("202.2")


def test_changes_are_told_line_by_line():
    before = voeux_of(RESULT, {key("Lyon", "rc"): "150.2"})
    after = voeux_of(RESULT, {key("Dijon", "echelon"): "56", key("Nice", "rc"): "90.2"})
    told = {(one.voeu, one.label): (one.was, one.became) for one in changes(before, after)}
    assert told == {
        ("Dijon", "Ancienneté de service"): (Decimal(49), Decimal(56)),
        ("Lyon", "Rapprochement de conjoints"): (Decimal("150.2"), None),
        ("Nice", "Rapprochement de conjoints"): (None, Decimal("90.2")),
    }


def test_another_order_changes_no_points():
    other = plain(plain_bareme(RequestFacts(Degree.SECOND, 2026, Situation(), PLACES[::-1])))
    assert changes(voeux_of(RESULT, {}), voeux_of(other, {})) == ()


def test_what_may_be_missing_is_what_was_dropped_or_not_computed():
    assert [item for item, _ in missing_lines(RESULT, "Dijon")] == ["rc", "pop", OTHER]


def test_what_another_vœu_bears_may_be_missing():
    children = Situation(children_birthdates=(dt.date(2020, 1, 9),))
    result = plain(plain_bareme(RequestFacts(Degree.SECOND, 2026, children, PLACES)))
    assert ("enfants", "Enfants à charge") in missing_lines(result, "Nice")
    assert "enfants" not in dict(missing_lines(result, "Dijon"))


def test_a_line_of_every_vœu_is_found_in_each():
    assert places_with(RESULT, "echelon") == PLACES


def test_retaining_what_is_computed_keeps_nothing():
    retained = retained_with(RESULT, {}, item="echelon", places=["Dijon"], points=Decimal(56))
    assert retained == {"Dijon|echelon": "56"}
    assert retained_with(RESULT, retained, item="echelon", places=["Dijon"], points=Decimal(49)) == {}
    assert retained_with(RESULT, {"Dijon|rc": "9"}, item="rc", places=["Dijon"], points=Decimal(0)) == {}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(["echelon", "rc", "pop"])),
        st.decimals(0, 1000, places=2),
        max_size=6,
    )
)
def test_totals_are_the_sum_of_the_lines_and_changes_add_up(retained):
    after = voeux_of(RESULT, {key(*name): str(points) for name, points in retained.items()})
    before = voeux_of(RESULT, {})
    for voeu in after:
        assert voeu.total == sum(line.points for line in voeu.lines)
        assert voeu.node.value == voeu.total
    gained = sum((one.became or 0) - (one.was or 0) for one in changes(before, after))
    assert sum(voeu.total for voeu in before) + gained == sum(voeu.total for voeu in after)
