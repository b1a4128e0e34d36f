"""Where a promotion of grade places the agent, by which rule, and the day of the passage that follows."""

import datetime as dt
from dataclasses import replace

import pytest

from career.domain import promotion_reclassement
from career.domain.grids import EchelonRule, load_grids
from career.domain.promotion_nodes import WHY, reclassement_node
from career.domain.promotion_reclassement import reclassify
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues


def test_a_passage_before_a_change_of_law_comes_on_its_own_day():
    """5e of the hors-classe since 1 September 2020, 763 points: 775 in the 3e, a gain of 12 below the 43 of the 6e. The 30
    months of the 3e end on 1 March 2023, before the durations of 6 August 2023."""
    held = CareerStepFact("pe", "hors_classe", 5, dt.date(2020, 9, 1))
    found = reclassify(held, "classe_exceptionnelle", dt.date(2022, 9, 1))
    assert (found.after.echelon, found.kept, found.next_on) == (3, (24, 0), dt.date(2023, 3, 1))


@pytest.fixture
def longer_from_october(monkeypatch):
    """Imagined: from 1 October 2026 the 3e of the hors-classe of the certifiés lasts 36 months and no longer 30, in a file
    that writes the échelons from the last one down."""
    grids = load_grids()
    corps = grids.find_corps("certifies")
    grade = corps.grades["hors_classe"]
    now = grade.structure.at(dt.date(2026, 9, 1))
    later = dict(reversed({**now.value, 3: EchelonRule(36)}.items()))
    structure = DatedValues("essai", {now.since: (now.value, now.source), dt.date(2026, 10, 1): (later, now.source)})
    grades = {**corps.grades, "hors_classe": replace(grade, structure=structure)}
    imagined = replace(grids, corps={**grids.corps, "certifies": replace(corps, grades=grades)})
    monkeypatch.setattr(promotion_reclassement, "load_grids", lambda: imagined)
    for name in ("ladder", "_aim", "_index", "_following", "_next_chevron"):  # what the true law gave is set aside
        monkeypatch.setattr(promotion_reclassement, name, getattr(promotion_reclassement, name).__wrapped__)


@pytest.mark.usefixtures("longer_from_october")
@pytest.mark.parametrize(
    ("since", "next_on"),
    [
        (dt.date(2024, 3, 31), dt.date(2026, 9, 30)),  # 30 months on the eve of the change
        (dt.date(2024, 4, 1), dt.date(2027, 4, 1)),  # 30 months on its day: 36 are asked
    ],
)
def test_a_duration_changed_on_the_very_day_of_the_term_applies(since, next_on):
    held = CareerStepFact("certifies", "classe_normale", 10, since)
    assert reclassify(held, "hors_classe", dt.date(2026, 9, 1)).next_on == next_on


@pytest.mark.usefixtures("longer_from_october")
def test_the_ladder_goes_up_whatever_the_order_of_the_file():
    rungs = promotion_reclassement.ladder("certifies", "hors_classe", dt.date(2026, 10, 1))
    assert [rung.echelon for rung in rungs] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("corps", "echelon", "since", "rule", "gain"),
    [
        ("agreges", 10, dt.date(2025, 4, 1), "egal", 0),  # 805 points, as the 2e of the hors-classe
        ("certifies", 10, dt.date(2024, 4, 1), "superieur", 39),  # 634, then 673 in the 3e: the 2e has 629
        ("pe", 9, dt.date(2024, 4, 1), "clause", 34),  # 595, placed straight in the 2e at 629
    ],
)
def test_the_rule_applied_is_the_one_told(corps, echelon, since, rule, gain):
    held = CareerStepFact(corps, "classe_normale", echelon, since)
    found = reclassify(held, "hors_classe", dt.date(2026, 9, 1))
    assert (found.rule, found.gain) == (rule, gain)
    assert reclassement_node(found).sentence.startswith(f"{WHY[rule]} : ")
