"""The gauge: no judgement without a published threshold; with one, three states at exact points (norm E20)."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain import law
from career.domain.bareme_hors_classe import bareme_of
from career.domain.promotion_gauge import WORDS, gauge, gauge_node
from career.domain.promotion_thresholds import FILE, Thresholds, build_thresholds, load_thresholds
from iprof.kernel.explain import Node

pytestmark = pytest.mark.req("S42", "E20")
BAREME = Node("Barème", 150, "points", "career.bareme_hors_classe", "2018-09-01", sentence="105 + 45")
ADDED = """thresholds:
  - {academie: "19", corps: [certifies, plp], year: 2025, points: 150, source: "Bulletin académique n° 12"}
  - {academie: "19", corps: [certifies], year: 2026, points: 160, source: "Bulletin académique n° 14"}
  - {academie: national, corps: [agreges, certifies], year: 2026, points: 170, source: "Note de service"}
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Thresholds:
    """What an académie adds to the file, read from a folder of its own."""
    folder = tmp_path_factory.mktemp("legal")
    path: Path = folder / FILE
    path.parent.mkdir()
    text = (law.LEGAL / FILE).read_text(encoding="utf-8")
    path.write_text(text.replace("thresholds: []\n", ADDED), encoding="utf-8")
    return build_thresholds(folder)


def test_nothing_is_published_today() -> None:
    found = load_thresholds()
    assert found.known == ()
    assert gauge(185, 305, corps="certifies", academie="19", year=2027).state == "unknown"


@given(points=st.integers(0, 305))
def test_without_threshold_no_judgement(points: int) -> None:
    found = gauge(points, 305, corps="certifies", academie="19", year=2027)
    assert (found.word, found.threshold, found.near_from) == ("Seuil non publié", None, None)
    assert found.sentence == f"{points} point{'s' if points > 1 else ''} sur 305, seuil non publié"
    node = gauge_node(found, BAREME)
    assert node.children[0].value is None
    assert "Aucun jugement" in node.sentence
    assert not [word for word in WORDS.values() if word != found.word and word in json.dumps(node.to_json())]


@pytest.mark.parametrize(
    ("points", "state"),
    [(0, "below"), (149, "below"), (150, "near"), (159, "near"), (160, "reached"), (161, "reached"), (305, "reached")],
)
def test_the_three_states(published: Thresholds, points: int, state: str) -> None:
    found = gauge(points, 305, corps="certifies", academie="19", year=2027, thresholds=published)
    assert (found.state, found.near_from) == (state, 150)
    assert found.sentence.endswith("sur 305, seuil observé 160 (campagne 2026)")
    node = gauge_node(found, BAREME, thresholds=published)
    assert node.children[0].value == 160
    assert node.children[0].sources[0].text == "Bulletin académique n° 14"
    assert Node.from_json(json.loads(json.dumps(node.to_json()))) == node


@pytest.mark.parametrize(
    ("corps", "academie", "year", "points"),
    [
        ("certifies", "19", 2026, 160),  # its own before the national one
        ("certifies", "19", 2025, 150),  # never one of a later campaign
        ("certifies", "19", 2024, None),
        ("certifies", "03", 2027, 170),  # the national one elsewhere
        ("plp", "19", 2027, 150),
        ("plp", "03", 2027, None),
        ("agreges", "19", 2027, 170),
        ("pe", "19", 2027, None),
    ],
)
def test_which_threshold(published: Thresholds, corps: str, academie: str, year: int, points: int | None) -> None:
    found = published.last(corps, academie, year)
    assert (found.points if found else None) == points


def test_the_margin_never_goes_below_zero(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.parent.mkdir()
    text = (law.LEGAL / FILE).read_text(encoding="utf-8")
    low = 'thresholds: [{academie: "19", corps: [pe], year: 2026, points: 4, source: "Bulletin"}]'
    path.write_text(text.replace("thresholds: []", low), encoding="utf-8")
    assert gauge(0, 240, corps="pe", academie="19", year=2026, thresholds=build_thresholds(tmp_path)).near_from == 0


@pytest.mark.parametrize(("corps", "highest"), [("certifies", 145 + 160), ("pe", 120 + 120)])
def test_the_highest_bareme(corps: str, highest: int) -> None:
    assert bareme_of(corps, dt.date(2026, 8, 31)).value.highest == highest
