"""Handicap, post, stagiaires, points bound to a vœu: each at its boundaries."""

from decimal import Decimal

import pytest

from mobility.domain.facts import Partner
from tests.mobility.domain.requests import codes, computed, lines, points, rc


def dropped(found):
    return [(one.item, one.voeu) for one in found.dropped]


def unknown(found):
    return [one.item for one in found.unknown]


def test_boe_on_each_voeu_and_the_priority_instead_where_it_is_granted():
    found = computed("Lyon", "Nice", boe=True, handicap_granted=("nice", "Paris"))
    assert points(found, "handicap_boe") == [100, None]
    assert points(found, "handicap_1000") == [None, 1000]
    assert dropped(found) == [("handicap_boe", "Nice")]


def test_the_priority_alone_leaves_no_line_of_boe():
    found = computed("Nice", boe=True, handicap_granted=("Nice",))
    assert lines(found) == {"anciennete_service": 56, "handicap_1000": 1000}


@pytest.mark.parametrize(
    ("claims", "piece"),
    [({"boe": True}, ("handicap",)), ({"conjoint_boe": True}, ("handicap",)), ({}, ("handicap_enfant",))],
)
def test_the_piece_of_the_priority_is_that_of_the_person_it_rests_on(claims, piece):
    found = computed("Nice", handicap_granted=("Nice",), **claims)
    assert [line.pieces for line in found.voeux[0].lines if line.item == "handicap_1000"] == [piece]


def test_a_recognition_not_notified_gives_nothing():
    found = computed("Lyon", boe=True, missing=frozenset({"rqth"}))
    assert (lines(found), codes(found)) == ({"anciennete_service": 56}, [("rqth_non_notifiee", "handicap_boe")])
    found = computed("Lyon", boe=True, handicap_granted=("Lyon",), missing=frozenset({"rqth"}))
    assert [scope for _, scope in codes(found)] == ["handicap_1000", "handicap_boe"]
    child = computed("Lyon", handicap_granted=("Lyon",), missing=frozenset({"rqth"}))
    assert lines(child)["handicap_1000"] == 1000


@pytest.mark.parametrize(
    ("session", "years", "item", "expected"),
    [
        (2026, {"rep_plus_years": 4}, "ep_rep_plus", None),
        (2026, {"rep_plus_years": 5}, "ep_rep_plus", 400),
        (2026, {"rep_years": 4}, "ep_rep", None),
        (2026, {"rep_years": 5}, "ep_rep", 200),
        (2026, {"cla_years": 2}, "cla", None),
        (2024, {"cla_years": 3}, "cla", 120),
        (2023, {"cla_years": 3}, "cla", None),
        (2026, {"pop_years": 2}, "pop_sortie", None),
        (2025, {"pop_years": 3}, "pop_sortie", 120),
        (2024, {"pop_years": 3}, "pop_sortie", None),
        (2026, {"mayotte_years": 4}, "mayotte_guyane", None),
        (2026, {"mayotte_years": 5}, "mayotte_guyane", 100),
        (2026, {"guyane_years": 5}, "mayotte_guyane", 100),
    ],
)
def test_a_post_gives_its_points_once_the_years_are_there(session, years, item, expected):
    assert points(computed("Lyon", "Nice", session=session, **years), item) == [expected, expected]


def test_rep_plus_takes_the_place_of_rep():
    found = computed("Lyon", rep_plus_years=5, rep_years=6)
    assert lines(found) == {"anciennete_service": 56, "ep_rep_plus": 400}
    assert dropped(found) == [("ep_rep", "")]
    assert dropped(computed("Lyon", rep_plus_years=5, rep_years=4)) == []


@pytest.mark.parametrize(("years", "told"), [(1, []), (2, ["mayotte_guyane"]), (4, ["mayotte_guyane"]), (5, [])])
def test_some_posts_of_guyane_are_not_published(years, told):
    assert unknown(computed("Lyon", guyane_years=years)) == told


@pytest.mark.parametrize(("echelon", "expected"), [(1, 150), (3, 150), (4, 165), (5, 180), (9, 180), (None, None)])
def test_former_contractuels_by_echelon(echelon, expected):
    found = computed("Lyon", status="stagiaire", ex_contractuel=True, echelon=echelon, use_stag_10=True)
    assert lines(found).get("stag_ex_contractuel") == expected
    assert dropped(found) == [("stag_10", "")]
    assert ("stag_ex_contractuel" in unknown(found)) == (expected is None)


def test_a_titulaire_is_no_former_contractuel():
    assert lines(computed("Lyon", ex_contractuel=True)) == {"anciennete_service": 56}


def test_ten_points_on_the_first_voeu():
    assert points(computed("Lyon", "Nice", status="stagiaire", use_stag_10=True), "stag_10") == [10, None]


def test_a_tenth_of_a_point_on_the_academies_of_the_stage_and_of_the_concours():
    told = {"academie_stage": "Créteil", "academie_concours": "lyon"}
    tenth = Decimal("0.1")
    assert points(computed("Lyon", "Créteil", "Nice", status="stagiaire", **told), "stag_01") == [tenth, tenth, None]
    assert points(computed("Lyon", **told), "stag_01") == [None]


def test_thousand_points_on_one_academie():
    assert points(computed("Lyon", "Nice", status="stagiaire", ex_titulaire="Nice"), "stag_ex_fonctionnaire") == [
        None,
        1000,
    ]
    assert points(computed("Lyon", "Nice", reintegration_academie="Lyon"), "reintegration") == [1000, None]
    assert points(computed("Lyon", "Nice", reintegration_academie="Lille"), "reintegration") == [None, None]


@pytest.mark.parametrize(
    ("cimm", "first", "expected"),
    [
        ("Martinique", "Martinique", 1000),
        ("Martinique", "Guyane", None),
        ("Lyon", "Lyon", None),
        ("ailleurs", "Lyon", None),
    ],
)
def test_cimm_on_an_overseas_first_voeu(cimm, first, expected):
    found = computed(first, "Nice", cimm=cimm)
    assert points(found, "cimm") == [expected, None]
    assert bool(found.warnings) == (expected is None and cimm != "ailleurs")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"status": "stagiaire", "academie_stage": "Corse"}, 600),
        ({"status": "stagiaire", "academie": "Corse", "departement": "2A"}, 600),
        ({"status": "stagiaire", "academie_stage": "Corse", "ex_contractuel": True}, 1400),
        ({"voeu_preferentiel_requests": 1}, None),
        ({"voeu_preferentiel_requests": 2}, 800),
        ({"voeu_preferentiel_requests": 3}, 1000),
        ({"corse_requests": 2, "voeu_preferentiel_requests": 5}, 800),
    ],
)
def test_corse_alone(told, expected):
    found = computed("Corse", **told)
    assert lines(found).get("corse_voeu_unique") == expected
    assert ("corse_voeu_unique" in unknown(found)) == (expected is None)
    assert points(computed("Corse", "Nice", **told), "corse_voeu_unique") == [None, None]


@pytest.mark.parametrize(("requests", "expected"), [(0, None), (1, None), (2, 20), (5, 80), (6, 100), (9, 100)])
def test_the_same_first_voeu_year_after_year(requests, expected):
    assert points(computed("Lyon", "Nice", voeu_preferentiel_requests=requests), "voeu_preferentiel") == [
        expected,
        None,
    ]


def test_family_points_and_the_voeu_preferentiel_the_larger_is_kept():
    found = computed(rc=rc(), voeu_preferentiel_requests=9)
    assert "voeu_preferentiel" not in lines(found)
    assert dropped(found) == [("voeu_preferentiel", "")]
    pair = {"simultanee": Partner("titulaire"), "simultanee_conjoints": True}
    found = computed("Lyon", voeu_preferentiel_requests=6, **pair)
    assert lines(found) == {"anciennete_service": 56, "voeu_preferentiel": 100}
    assert dropped(found) == [("mutation_simultanee", "")]
    assert dropped(computed("Lyon", voeu_preferentiel_requests=5, **pair)) == [("voeu_preferentiel", "")]


def test_athletes_wait_for_a_text():
    found = computed("Lyon", sportif_years=2)
    assert unknown(found) == ["sportif_haut_niveau"]
    assert found.extension_bareme == 56
