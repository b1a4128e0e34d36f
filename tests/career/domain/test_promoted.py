"""The place entered by a promotion and the next one: what the texts give, and what they do not."""

import datetime as dt

import pytest

from career.domain.promoted import entry_of
from career.domain.promotion_reclassement import Reclassement, load_reclassement, reclassify
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import UnknownFigure

DAY = dt.date(2026, 9, 1)


def promoted(
    corps: str, grade: str, echelon: int, since: dt.date, to_grade: str, chevron: int | None = None, on: dt.date = DAY
) -> Reclassement:
    return reclassify(CareerStepFact(corps, grade, echelon, since, chevron), to_grade, on)


def refused(found: Reclassement) -> tuple[str, dict[str, object]]:
    with pytest.raises(UnknownFigure) as caught:
        entry_of(found)
    return caught.value.code, dict(caught.value.params)


def test_the_ancienneté_kept_brings_the_next_place_nearer():
    """10e since 11 April 2024: 634 points, then 673 in the 3e, a gain of 39 below the 44 of the 11e. 28 months and 21 days
    are kept; the 30 months of the 3e, counted from 11 April 2024, end on 11 October 2026."""
    entry = entry_of(promoted("certifies", "classe_normale", 10, dt.date(2024, 4, 11), "hors_classe"))
    assert (entry.standing.step.echelon, entry.standing.step.kept_days) == (3, 28 * 30 + 21)
    assert entry.standing.echelon_start == entry.standing.step.seniority_start
    coming, leads = entry.following
    assert (coming.step.echelon, coming.step.effective_on) == (4, dt.date(2026, 10, 11))
    assert coming.echelon_start == dt.date(2026, 10, 11)
    assert (leads.on, leads.echelon, leads.chevron) == (dt.date(2026, 10, 11), 4, None)
    assert (leads.since, leads.source) == (dt.date(2017, 9, 1), load_reclassement().texts.at(DAY).value["certifies"])


def test_a_clause_not_verified_says_nothing_of_what_follows():
    """9e of the agrégés for 29 months: the general rule and the clause of the other corps part ways."""
    found = promoted("agreges", "classe_normale", 9, dt.date(2024, 4, 1), "hors_classe")
    assert refused(found) == ("kept_unverified", {"corps": "agreges"})
    assert (found.kept, found.next_on, found.next_known) == (None, None, False)


def test_a_duration_not_published_says_nothing_of_what_follows():
    """2e of the hors-classe of the agrégés, 805 points: 835 in the 1er, whose duration is not published. No months kept."""
    found = promoted("agreges", "hors_classe", 2, dt.date(2025, 1, 1), "classe_exceptionnelle")
    assert refused(found) == (
        "duration_unpublished",
        {"corps": "agreges", "grade": "classe_exceptionnelle", "echelon": 1},
    )


def test_a_chevron_entered_counts_the_years_of_those_before_it():
    """Third chevron of the HEA, 977 points, for a full year: the HEB, whose first one pays the same, is entered at 1 018."""
    entry = entry_of(promoted("agreges", "hors_classe", 4, dt.date(2025, 9, 1), "classe_exceptionnelle", chevron=3))
    step = entry.standing.step
    assert (step.echelon, step.chevron, entry.standing.echelon_start) == (3, 2, dt.date(2025, 9, 1))
    coming, _ = entry.following
    assert (coming.step.echelon, coming.step.chevron, coming.step.effective_on) == (3, 3, dt.date(2027, 9, 1))
    assert coming.echelon_start == entry.standing.echelon_start


def test_a_chevron_paid_for_a_year_at_the_same_index_opens_the_second_one():
    """First chevron of the HEA in the 4e for 5 months: 895 points in the 2e, the second chevron seven months later."""
    entry = entry_of(promoted("agreges", "hors_classe", 4, dt.date(2026, 4, 1), "classe_exceptionnelle", chevron=1))
    assert (entry.standing.step.echelon, entry.standing.step.chevron) == (2, 1)
    coming, _ = entry.following
    following = coming.step
    assert (following.echelon, following.chevron, following.effective_on) == (2, 2, dt.date(2027, 4, 1))
    assert coming.echelon_start == entry.standing.echelon_start == dt.date(2026, 4, 1)


def test_from_the_last_chevron_of_a_group_one_enters_the_second_of_the_next():
    """Third chevron, 977 points, for 5 months: the HEA ends on 1 April 2027, its year at 977 counts in the HEB."""
    entry = entry_of(promoted("agreges", "hors_classe", 4, dt.date(2026, 4, 1), "classe_exceptionnelle", chevron=3))
    assert (entry.standing.step.echelon, entry.standing.step.chevron) == (2, 3)
    assert entry.standing.echelon_start == dt.date(2024, 4, 1)
    coming, _ = entry.following
    following = coming.step
    assert (following.echelon, following.chevron, following.effective_on) == (3, 2, dt.date(2027, 4, 1))
    assert coming.echelon_start == dt.date(2027, 4, 1)


def test_the_year_paid_at_the_index_counts_whatever_the_months_of_the_calendar():
    """29 January to 1 March 2026: one month and one day. In months of 30 days the year would end on 31 January 2027; from
    day to day it ended on the 29th, and the second chevron is open that day."""
    entry = entry_of(
        promoted("agreges", "hors_classe", 4, dt.date(2026, 1, 29), "classe_exceptionnelle", 3, on=dt.date(2026, 3, 1))
    )
    assert entry.standing.step.reaches(12) == dt.date(2027, 1, 31)
    coming, _ = entry.following
    assert (coming.step.echelon, coming.step.chevron, coming.step.effective_on) == (3, 2, dt.date(2027, 1, 29))


def test_nothing_follows_the_last_place():
    found = promoted("agreges", "classe_exceptionnelle", 3, dt.date(2026, 1, 1), "classe_exceptionnelle", chevron=3)
    entry = entry_of(found)
    assert (entry.standing.step, entry.following) == (found.after, None)
