"""6 August 2023: who is concerned, and what is kept on the first day of the text."""

import datetime as dt

import pytest

from career.domain.linearisation_2023 import linearise, linearise_special
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError

SINCE = dt.date(2023, 8, 6)


def held(corps: str, grade: str, echelon: int, since: dt.date) -> Standing:
    step = CareerStepFact(corps, grade, echelon, since)
    return Standing(step, since)


@pytest.mark.parametrize(("corps", "grade"), [("agreges", "classe_exceptionnelle"), ("pe", "hors_classe")])
def test_another_corps_or_grade_is_out_of_its_scope(corps, grade):
    with pytest.raises(DomainError, match="linearisation_out_of_scope"):
        linearise(held(corps, grade, 2, dt.date(2022, 9, 1)))
    with pytest.raises(DomainError, match="linearisation_out_of_scope"):
        linearise_special(corps, grade, 1, dt.date(2022, 9, 1))


def test_the_first_day_of_the_text_is_still_its_own():
    for day, concerned in ((SINCE, True), (SINCE + dt.timedelta(1), False)):
        for call in (
            lambda day=day: linearise(held("pe", "classe_exceptionnelle", 2, day)),
            lambda day=day: linearise_special("pe", "classe_exceptionnelle", 1, day),
        ):
            if concerned:
                assert call().after.effective_on == SINCE
            else:
                with pytest.raises(DomainError, match="linearisation_out_of_scope"):
                    call()


@pytest.mark.parametrize("chevron", [0, 4])
def test_a_chevron_that_does_not_exist_is_refused(chevron):
    with pytest.raises(DomainError, match="chevron_unknown"):
        linearise_special("pe", "classe_exceptionnelle", chevron, dt.date(2022, 9, 1))


def test_the_place_of_that_day_brings_nothing_along():
    kept = CareerStepFact("pe", "classe_exceptionnelle", 3, dt.date(2022, 9, 1), kept_days=90)
    found = linearise(Standing(kept, kept.seniority_start))
    assert (found.after.echelon, found.after.effective_on, found.after.kept_days) == (3, SINCE, 0)
    special = linearise_special("pe", "classe_exceptionnelle", 2, dt.date(2023, 1, 1))
    assert (special.after.echelon, special.after.chevron, special.after.kept_days) == (5, 2, 0)
