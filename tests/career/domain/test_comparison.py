"""Groups of seniority: what may be shown gives nobody away, whatever their sizes; what is not published says so."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from career.domain.comparison import (
    MIN_GROUP,
    NOT_SHOWN,
    Group,
    Observation,
    first_in_grade,
    gap_node,
    group_node,
    in_years,
    may_be_shown,
    own_node,
    whole_grade,
)
from career.domain.law import LEGAL, LawFileError
from career.domain.published_means import FILE, build_perimeters, load_perimeters, published_node
from career.domain.snapshot import CareerStepFact, standing
from iprof.kernel.explain import Node

ON = dt.date(2026, 11, 24)
SEEN = Observation(ON, "SIAE Reims", dt.date(2026, 11, 23))
sizes = st.dictionaries(st.one_of(st.none(), st.integers(1, 11)), st.integers(1, 60), max_size=12)


def groups_of(people: dict[int | None, int]) -> list[Group]:
    return [Group("pe", "hors_classe", echelon, number, number * 1000) for echelon, number in people.items()]


@pytest.mark.req("S47")
@given(sizes)
def test_what_is_left_out_is_never_one_echelon_nor_a_handful(people: dict[int | None, int]) -> None:
    groups = groups_of(people)
    shown = may_be_shown(groups)
    hidden = [group for group in groups if group.echelon not in shown]
    assert all(group.people >= MIN_GROUP for group in groups if group.echelon in shown)
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(group.people for group in hidden) >= MIN_GROUP


@given(sizes)
def test_nothing_is_left_out_for_nothing(people: dict[int | None, int]) -> None:
    if all(number >= MIN_GROUP for number in people.values()):
        assert may_be_shown(groups_of(people)) == frozenset(people)


@given(st.integers(0, 40))
def test_the_number_of_persons_is_told_rounded_down(number: int) -> None:
    node = group_node("1er échelon", groups_of({1: number}) if number else [], 1, SEEN)
    if number < MIN_GROUP:
        assert (node.value, node.inputs) == (NOT_SHOWN, ())
    else:
        assert node.value == Decimal("2.7")
        assert node.inputs[0].value == f"au moins {number // 5 * 5}"
        assert node.inputs[0].as_of == SEEN.loaded_on
        assert "24 novembre 2026" in node.sentence


def test_a_large_group_is_hidden_for_a_small_one_and_the_grade_stays() -> None:
    groups = groups_of({1: 2, 2: 6, 3: 30})
    assert [group_node("x", groups, echelon, SEEN).value for echelon in (1, 2, 3, None)] == [
        NOT_SHOWN, NOT_SHOWN, Decimal("2.7"), Decimal("2.7"),
    ]  # fmt: skip
    assert "révélerait" in group_node("x", groups, 2, SEEN).sentence
    assert whole_grade([]) is None
    assert group_node("x", [], None, SEEN).value == NOT_SHOWN


@pytest.mark.parametrize(("days", "years"), [(0, "0.0"), (18, "0.0"), (19, "0.1"), (365, "1.0"), (3653, "10.0")])
def test_years(days: int, years: str) -> None:
    assert in_years(days) == Decimal(years)


def test_ones_own_seniority_starts_with_the_grade() -> None:
    steps = (
        CareerStepFact("certifies", "classe_normale", 11, dt.date(2016, 9, 1)),
        CareerStepFact("certifies", "hors_classe", 4, dt.date(2022, 11, 24)),
        CareerStepFact("certifies", "hors_classe", 5, dt.date(2025, 2, 1)),
    )
    now = standing(steps, ON)
    assert now is not None
    first = first_in_grade(steps, now)
    node = own_node(first, now, ON)
    assert (first, node.value, node.unit) == (steps[1], Decimal("4.0"), "ans")
    assert node.inputs[1].value == dt.date(2022, 11, 24)


@pytest.mark.parametrize(
    ("own", "mean", "said"),
    [
        ("4.0", "6.2", "4,0 − 6,2 = −2,2 ans : de moins que la moyenne."),
        ("6.2", "4.0", "6,2 − 4,0 = 2,2 ans : de plus que la moyenne."),
        ("4.0", "4.0", "4,0 − 4,0 = 0,0 an : comme la moyenne."),
    ],
)
def test_the_gap_is_written_out(own: str, mean: str, said: str) -> None:
    node = gap_node(Node("Vous", Decimal(own), "ans", "r", ""), Node("Moyenne", Decimal(mean), "ans", "r", ""))
    assert node is not None
    assert node.value == Decimal(own) - Decimal(mean)
    assert node.sentence == said


def test_no_gap_with_what_is_not_known() -> None:
    known, unknown = Node("a", Decimal(1), "ans", "r", ""), Node("b", NOT_SHOWN, "", "r", "")
    assert gap_node(known, unknown) is None
    assert gap_node(unknown, known) is None


# --- Beyond the académie ----------------------------------------------------------------------------------------------

KEY = ("certifies", "hors_classe", 5)
PUBLISHED = {
    dt.date(2027, 1, 31): {
        "source": "Panorama d'exemple",
        "url": "https://exemple.fr/panorama",
        "means": {"certifies": {"hors_classe": {"all": "8.4", 5: "7.9"}}},
    }
}


def written(folder: Path, figures: object) -> Path:
    data = yaml.safe_load((LEGAL / FILE).read_text(encoding="utf-8"))
    data["perimeters"]["national"]["figures"] = figures
    (folder / FILE).parent.mkdir(parents=True)
    (folder / FILE).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


def test_nothing_is_invented_for_the_wider_perimeters() -> None:
    for perimeter in load_perimeters().values():
        node = published_node(perimeter, KEY, ON)
        assert (node.label, node.value) == (perimeter.name, None)
        assert node.sources == (perimeter.consulted,)


def test_a_figure_is_shown_the_day_it_is_published(tmp_path: Path) -> None:
    national = build_perimeters(written(tmp_path, PUBLISHED))["national"]
    day = dt.date(2027, 1, 31)
    node = published_node(national, KEY, day)
    assert (node.value, node.unit, node.version) == (Decimal("7.9"), "ans", "2027-01-31")
    assert node.sources[0].text == "Panorama d'exemple"
    assert published_node(national, ("certifies", "hors_classe", None), day).value == Decimal("8.4")
    assert published_node(national, ("certifies", "hors_classe", 6), day).value is None
    assert published_node(national, KEY, dt.date(2027, 1, 30)).value is None


def test_a_figure_must_be_quoted(tmp_path: Path) -> None:
    figures = {dt.date(2027, 1, 31): {"source": "x", "means": {"certifies": {"hors_classe": {"all": 8.4}}}}}
    with pytest.raises(LawFileError, match=r"certifies\.hors_classe\.all"):
        build_perimeters(written(tmp_path, figures))
