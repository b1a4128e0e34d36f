import datetime as dt

import pytest

from career.domain.grids import Grade, load_grids
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure

GRIDS = load_grids()
GRADES = [(corps.code, grade) for corps in GRIDS.corps.values() for grade in corps.grades.values()]
EVE, DAY = dt.date(2023, 12, 31), dt.date(2024, 1, 1)
TODAY = dt.date(2026, 11, 23)


@pytest.mark.req("S79")
def test_every_corps_of_the_reference_is_there() -> None:
    assert set(GRIDS.corps) == set(
        "certifies agreges plp peps cpe psyen pe chaires_superieures instituteurs contractuels".split()
    )
    assert not GRIDS.corps["contractuels"].has_grid


@pytest.mark.req("S38")
@pytest.mark.parametrize(("corps", "grade"), GRADES)
def test_every_index_gained_five_points_on_1_january_2024(corps: str, grade: Grade) -> None:
    before, after = grade.indices.at(EVE).value, grade.indices.at(DAY).value
    assert before.keys() == after.keys()
    for echelon, points in after.items():
        earlier = before[echelon]
        assert (points is None) == (earlier is None)
        assert points is None or earlier is None or points - earlier == 5


@pytest.mark.parametrize("group", ["HEA", "HEB"])
def test_every_chevron_gained_five_points_on_1_january_2024(group: str) -> None:
    before, after = GRIDS.hors_echelle[group].at(EVE).value, GRIDS.hors_echelle[group].at(DAY).value
    assert [b + 5 for b in before] == list(after)


@pytest.mark.parametrize(("corps", "grade"), GRADES)
def test_every_echelon_of_today_has_an_index_entry(corps: str, grade: Grade) -> None:
    indices, gross = grade.indices.at(TODAY).value, grade.gross_indices.at(TODAY).value
    for echelon, rule in grade.structure.at(TODAY).value.items():
        assert (echelon in indices) != bool(rule.hors_echelle)
        assert (echelon in gross) != bool(rule.hors_echelle)


@pytest.mark.parametrize(("corps", "grade"), GRADES)
def test_index_and_gross_index_never_fall_when_the_echelon_rises(corps: str, grade: Grade) -> None:
    for table in (grade.indices, grade.gross_indices):
        for _, values in table.items():
            known = [values[echelon] for echelon in sorted(values) if values[echelon] is not None]
            assert known == sorted(set(known))  # type: ignore[type-var]


@pytest.mark.parametrize(("corps", "grade"), GRADES)
def test_only_the_last_echelon_has_no_duration(corps: str, grade: Grade) -> None:
    for _, structure in grade.structure.items():
        last = max(structure)
        assert sorted(structure) == list(range(1, last + 1))
        assert [e for e, rule in structure.items() if rule.months is None and rule.months_known] == [last]


@pytest.mark.parametrize(("corps", "grade"), GRADES)
def test_bonification_is_one_year_in_the_echelons_of_the_law(corps: str, grade: Grade) -> None:
    bonus = GRIDS.bonification
    for _, structure in grade.structure.items():
        for echelon, rule in structure.items():
            if grade.code == bonus.grade and echelon in bonus.echelons:
                assert rule.months is not None
                assert rule.accelerated_months == rule.months - bonus.months
            else:
                assert rule.accelerated_months is None


def test_whole_classe_normale_lasts_26_years() -> None:
    """Published total: 312 months without bonification, 288 with both."""
    for corps in ("certifies", "agreges"):
        rules = GRIDS.corps[corps].grades["classe_normale"].structure.at(TODAY).value.values()
        assert sum(rule.months or 0 for rule in rules) == 312
        assert sum((rule.accelerated_months or rule.months or 0) for rule in rules) == 288


def test_every_dated_figure_has_a_source() -> None:
    for _, grade in GRADES:
        for table in (grade.structure, grade.indices, grade.gross_indices):
            for day, _ in table.items():
                source = table.at(day).source
                assert source.text
                assert source.checked_on
    assert GRIDS.find_grade("instituteurs", "grade_unique").indices.at(TODAY).source.confidence == "medium"


def test_gross_index_is_given_when_published() -> None:
    found = GRIDS.gross_index("plp", "classe_normale", 7, TODAY)
    assert (found.value, found.since) == (619, DAY)
    with pytest.raises(UnknownFigure):
        GRIDS.gross_index("agreges", "classe_normale", 1, TODAY)
    with pytest.raises(UnknownFigure):
        GRIDS.gross_index("agreges", "hors_classe", 4, TODAY)


@pytest.mark.parametrize(
    ("grade", "echelon", "chevron"), [("hors_classe", 4, 4), ("hors_classe", 4, -1), ("hors_classe", 3, 1)]
)
def test_a_chevron_that_does_not_exist_has_no_index(grade: str, echelon: int, chevron: int) -> None:
    with pytest.raises(DomainError) as caught:
        GRIDS.index("agreges", grade, echelon, chevron, TODAY)
    assert caught.value.code == "chevron_unknown"


def test_echelons_of_a_grade_depend_on_the_day() -> None:
    assert GRIDS.echelons_on("pe", "hors_classe", dt.date(2020, 12, 31)) == (1, 2, 3, 4, 5, 6)
    assert GRIDS.echelons_on("pe", "hors_classe", dt.date(2021, 1, 1)) == (1, 2, 3, 4, 5, 6, 7)
    assert GRIDS.find_grade("pe", "hors_classe").echelons == (1, 2, 3, 4, 5, 6, 7)
    with pytest.raises(NotInForce):
        GRIDS.echelons_on("pe", "hors_classe", dt.date(2017, 8, 31))


@pytest.mark.parametrize(
    ("corps", "grade", "code"),
    [
        ("postier", "", "corps_unknown"),
        ("pe", "grade_unique", "grade_unknown"),
        ("contractuels", "", "corps_without_grid"),
    ],
)
def test_what_does_not_exist_is_refused(corps: str, grade: str, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        GRIDS.find_grade(corps, grade)
    assert caught.value.code == code


def test_chevrons_are_told_for_the_echelons_that_have_or_had_some():
    grids = load_grids()
    agreges = grids.chevrons(grids.find_grade("agreges", "hors_classe"))
    assert agreges[4] == 3
    assert set(grids.chevrons(grids.find_grade("certifies", "classe_normale")).values()) == {0}
