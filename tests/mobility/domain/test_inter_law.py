"""Items and frame of the mouvement interacadémique: sessions, sources, strict readers."""

from decimal import Decimal

import pytest

from iprof.kernel.law import LawFileError
from mobility.domain.inter_frame import build_frame, frame
from mobility.domain.inter_law import AMOUNTS, build_items, item_laws, items
from mobility.domain.law import LEGAL


def test_items_come_and_go_with_their_session():
    held = {name: [year for year in range(2020, 2028) if name in items(year)] for name in AMOUNTS}
    assert held["parent_isole"] == [2020, 2021]
    assert held["cla"] == [2024, 2025, 2026, 2027]
    assert held["pop_sortie"] == [2025, 2026, 2027]
    others = AMOUNTS.keys() - {"parent_isole", "cla", "pop_sortie"}
    assert all(len(held[name]) == 8 for name in others)


def test_each_item_says_its_source_and_whether_extension_keeps_it():
    kept = {name for name, item in items(2026).items() if item.kept}
    assert kept == {
        "anciennete_service", "anciennete_poste", "rc", "apc", "enfants", "separation", "non_limitrophe", "handicap_boe",
        "ep_rep_plus", "ep_rep",
    }  # fmt: skip
    assert all(item.source.text and item.label for item in items(2026).values())
    assert {item.source.confidence for item in items(2026).values()} == {"high", "medium", "low"}


def test_the_cap_of_the_classe_exceptionnelle_moved():
    caps = [items(year)["anciennete_service"].table("classe_exceptionnelle")[Decimal(4)] for year in (2021, 2023, 2024)]
    assert caps == [98, 98, 105]
    assert items(2024)["anciennete_service"].version == "2023-09-01"


def test_words_of_a_piece():
    assert frame().codes(["Livret de famille", "livret_famille"]) == {"mariage", "enfants"}
    assert frame().codes(["rqth", "inconnue"]) == {"handicap"}
    assert frame().never_reached >= {"Corse", "Mayotte"}


@pytest.mark.parametrize(
    ("file", "old", "new", "build", "said"),
    [
        (
            "inter/items.yaml",
            "kept_in_extension: non_publie",
            "kept_in_extension: peut-être",
            build_items,
            "kept_in_extension",
        ),
        ("inter/items.yaml", 'points: "150.2"', "points: 150.2", build_items, "quoted"),
        ("inter/items.yaml", '{2: "98", 3: "105"}', '{3: "105", 2: "98"}', build_items, "do not increase"),
        ("inter/items.yaml", "  stag_10:", "  stag_11:", build_items, "key"),
        ("inter/frame.yaml", "voeux_max: {value: 31", "voeux_max: {value: many", build_frame, "whole number"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, file, old, new, build, said):
    text = (LEGAL / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "inter").mkdir()
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFileError, match=said):
        build(tmp_path)


def test_laws_are_read_once():
    assert item_laws() is item_laws()
