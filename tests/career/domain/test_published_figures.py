"""The published figures, typed a second time: a slip in a law file shows here, whatever the engine does with it.

One line for durations in months (`-` last échelon, `?` not published), one for indices majorés (or the group of
chevrons), one for indices bruts.
"""

import datetime as dt
from decimal import Decimal

import pytest

from career.domain.grids import Grade, load_grids
from iprof.kernel.errors import NotInForce

pytestmark = pytest.mark.req("S38", "S79")

GRIDS = load_grids()
TODAY = dt.date(2026, 11, 23)
CERTIFIES = ("certifies", "plp", "peps", "cpe", "psyen", "pe")
NORMALE_MONTHS = "12 12 24 24 30 36 36 42 48 48 -"
HIGHER = {
    "hors_classe": ("24 24 30 30 36 36 -", "595 629 673 720 768 811 826", "? ? ? ? ? ? ?"),
    "classe_exceptionnelle": ("24 24 30 36 -", "700 740 780 835 HEA", "? ? ? ?"),
}
PUBLISHED = {
    **{
        (corps, grade): figures
        for corps in CERTIFIES
        for grade, figures in {
            "classe_normale": (
                NORMALE_MONTHS,
                "395 446 453 466 481 497 524 562 595 634 678",
                "444 513 523 542 562 582 619 668 712 763 821",
            ),
            **HIGHER,
        }.items()
    },
    ("agreges", "classe_normale"): (
        NORMALE_MONTHS,
        "455 503 518 547 584 623 664 715 762 805 835",
        "? ? ? ? ? ? ? ? ? ? 1027",
    ),
    ("agreges", "hors_classe"): ("24 24 36 -", "762 805 835 HEA", "? ? 1027"),
    ("agreges", "classe_exceptionnelle"): ("? 36 -", "835 HEA HEB", "?"),
    ("chaires_superieures", "grade_unique"): ("24 24 24 24 42 36 -", "678 715 762 805 835 HEA HEB", "? ? ? ? ?"),
    ("instituteurs", "grade_unique"): (
        "9 9 12 18 18 18 36 39 48 48 -",
        "? ? 379 386 396 403 412 433 454 484 528",
        "379 404 421 431 445 455 465 497 524 566 623",
    ),
}


def _written(value: int | None) -> str:
    return "?" if value is None else str(value)


def _lines(grade: Grade) -> tuple[str, str, str]:
    rules, indices = grade.structure.at(TODAY).value, grade.indices.at(TODAY).value
    gross = grade.gross_indices.at(TODAY).value
    months = [(_written(r.months) if r.months or not r.months_known else "-") for r in rules.values()]
    points = [rule.hors_echelle or _written(indices[echelon]) for echelon, rule in rules.items()]
    return " ".join(months), " ".join(points), " ".join(_written(value) for value in gross.values())


@pytest.mark.parametrize(("corps", "grade"), PUBLISHED)
def test_the_grid_in_force_is_the_published_one(corps: str, grade: str) -> None:
    assert _lines(GRIDS.find_grade(corps, grade)) == PUBLISHED[corps, grade]


def test_no_grade_is_left_unread() -> None:
    assert {(corps.code, grade) for corps in GRIDS.corps.values() for grade in corps.grades} == set(PUBLISHED)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        ("2010-07-01", "55.5635"),
        ("2016-06-30", "55.5635"),
        ("2016-07-01", "55.8969"),
        ("2017-01-31", "55.8969"),
        ("2017-02-01", "56.2323"),
        ("2022-06-30", "56.2323"),
        ("2022-07-01", "58.2004"),
        ("2023-06-30", "58.2004"),
        ("2023-07-01", "59.0734"),
        ("2026-11-23", "59.0734"),
    ],
)
def test_the_point_is_worth_its_published_value(day: str, value: str) -> None:
    assert GRIDS.point_value.at(dt.date.fromisoformat(day)).value == Decimal(value)


@pytest.mark.parametrize(
    ("day", "value"), [("2023-05-01", 361), ("2023-12-31", 361), ("2024-01-01", 366), ("2026-11-23", 366)]
)
def test_the_minimum_index_is_the_published_one(day: str, value: int) -> None:
    assert GRIDS.minimum_index.at(dt.date.fromisoformat(day)).value == value


@pytest.mark.parametrize(
    ("group", "day", "indices"),
    [
        ("HEA", "2017-09-01", (890, 925, 972)),
        ("HEA", "2023-12-31", (890, 925, 972)),
        ("HEA", "2024-01-01", (895, 930, 977)),
        ("HEB", "2017-09-01", (972, 1013, 1067)),
        ("HEB", "2023-12-31", (972, 1013, 1067)),
        ("HEB", "2024-01-01", (977, 1018, 1072)),
    ],
)
def test_the_chevrons_are_the_published_ones(group: str, day: str, indices: tuple[int, ...]) -> None:
    assert GRIDS.hors_echelle[group].at(dt.date.fromisoformat(day)).value == indices
    assert GRIDS.chevron_months == 12
    assert GRIDS.chevron_source.text


def test_nothing_is_said_before_the_first_day() -> None:
    grades = [grade for corps in GRIDS.corps.values() for grade in corps.grades.values()]
    tables = [table for grade in grades for table in (grade.structure, grade.indices, grade.gross_indices)]
    for table in (*tables, *GRIDS.hors_echelle.values(), GRIDS.point_value, GRIDS.minimum_index):
        with pytest.raises(NotInForce):
            table.at(table.first_day - dt.timedelta(1))
        assert table.at(table.first_day).since == table.first_day


def test_the_law_before_august_2023() -> None:
    eve = dt.date(2023, 8, 5)
    exceptional = GRIDS.find_grade("pe", "classe_exceptionnelle").structure.at(eve).value
    assert [rule.months for rule in exceptional.values()] == [24, 24, 30, None]
    chaires = GRIDS.find_grade("chaires_superieures", "grade_unique").structure.at(eve).value
    assert [rule.months for rule in chaires.values()] == [24, 24, 24, 24, 54, None]
