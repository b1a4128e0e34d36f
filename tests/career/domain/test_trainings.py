"""Hours of training: the parts add up to the whole, in any grouping, and each sum names what it is made of."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.trainings import NO_COMPETENCE, TrainingFact, by_competence, by_school_year, hours_node

DAY = dt.date(2025, 11, 18)


def fact(ref="F1", hours="6.00", competence="Coopérer", on=DAY, certifying=False) -> TrainingFact:
    return TrainingFact(ref, f"Stage {ref}", on, on, Decimal(hours), competence, "PIX", certifying, on)


facts = st.lists(
    st.builds(
        fact,
        ref=st.integers(0, 999).map(str),
        hours=st.decimals("0.01", "999.99", places=2).map(str),
        competence=st.sampled_from(["", "Coopérer", "Numérique pédagogique"]),
        on=st.dates(dt.date(2017, 9, 1), dt.date(2030, 8, 31)),
        certifying=st.booleans(),
    ),
    max_size=12,
)


@pytest.mark.req("S44")
@given(facts)
def test_the_groups_add_up_to_the_whole(rows):
    total = sum((row.hours for row in rows), Decimal(0))
    assert hours_node("Heures", rows).value == total
    for groups in (by_competence(rows), by_school_year(rows)):
        assert sum((group.hours.value for group in groups), Decimal(0)) == total
        assert sorted(row.ref for group in groups for row in group.facts) == sorted(row.ref for row in rows)
        assert sum(group.certified for group in groups) == sum(row.certifying for row in rows)
        assert len({group.name for group in groups}) == len(groups)


def test_a_sum_tells_its_terms_in_the_order_of_time():
    rows = [fact("F2", "15.00"), fact("F1", "7.50", on=dt.date(2024, 1, 9))]
    node = hours_node("Heures", rows)
    assert (node.value, node.unit) == (Decimal("22.5"), "heures")
    assert node.sentence == "7,5 + 15 = 22,5 heures."
    assert [(i.label, i.value, i.as_of) for i in node.inputs] == [
        ("Stage F1", "7,5 heures", dt.date(2024, 1, 9)),
        ("Stage F2", "15 heures", DAY),
    ]


def test_a_training_is_named_as_a_request_of_rectification_names_it():
    assert fact("F7").key == "formation:F7"


def test_one_training_needs_no_sum_and_none_makes_zero():
    assert hours_node("Heures", [fact()]).sentence == ""
    assert hours_node("Heures", []).value == 0


@pytest.mark.parametrize(("day", "name"), [(dt.date(2026, 8, 31), "2025-2026"), (dt.date(2026, 9, 1), "2026-2027")])
def test_the_school_year_turns_on_the_first_of_september(day, name):
    (group,) = by_school_year([fact(on=day)])
    assert group.name == name


def test_groups_come_in_a_useful_order():
    rows = [fact("A", "3", ""), fact("B", "9", "Coopérer"), fact("C", "9", "Accueillir", on=dt.date(2023, 1, 9))]
    assert [group.name for group in by_competence(rows)] == ["Accueillir", "Coopérer", NO_COMPETENCE]
    assert [group.name for group in by_school_year(rows)] == ["2025-2026", "2022-2023"]
