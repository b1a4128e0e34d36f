"""Rapprochement de conjoints, autorité parentale conjointe, mutation simultanée, parent isolé."""

from decimal import Decimal

import pytest

from mobility.domain.facts import Lien, Partner, Place
from tests.mobility.domain.requests import DAY, DIJON, codes, computed, lines, points, rc

RC = Decimal("150.2")
CHILD = DAY(2020, 1, 9)


@pytest.mark.req("S53")
def test_the_example_of_the_case_format():
    found = computed(poste_years=4, rc=rc(), children_birthdates=(CHILD,), separation_active=1)
    assert [voeu.total for voeu in found.voeux] == [Decimal("626.2"), Decimal("626.2"), 186]
    assert lines(found) == lines(found, 1) == {
        "anciennete_service": 56, "anciennete_poste": 130, "rc": RC, "enfants": 100, "separation": 190,
    }  # fmt: skip
    assert lines(found, 2) == {"anciennete_service": 56, "anciennete_poste": 130}
    assert (found.separation_years, found.children_counted) == (1, 1)


def test_family_points_bear_on_the_first_voeu_and_the_academies_that_touch_it():
    found = computed("Dijon", "Nice", "Orléans-Tours", "Besançon", "Bordeaux", rc=rc())
    assert points(found, "rc") == [RC, None, RC, RC, None]


@pytest.mark.parametrize("place", [Place("dijon"), Place("", "21"), Place("07", "")])
def test_the_place_is_said_by_name_code_or_departement(place):
    assert lines(computed("Dijon", rc=rc(place)))["rc"] == RC


@pytest.mark.parametrize(
    ("more", "session", "expected"),
    [
        ({"place": Place("Lyon", "69")}, 2026, "rc_voeu1_absent"),
        ({"place": Place("Ailleurs")}, 2026, "lieu_conjoint_inconnu"),
        ({"place": Place(pays="Royaume-Uni")}, 2026, "pays_sans_frontiere_terrestre"),
        ({"place": Place(pays="Suisse")}, 2026, "departement_frontalier_absent"),
        ({"place": Place(pays="Suisse", departement_frontalier="25")}, 2026, "rc_voeu1_absent"),
        ({"since": DAY(2025, 9, 1)}, 2026, "lien_posterieur_au_31_08"),
        ({"since": DAY(2020, 11, 1)}, 2021, "lien_posterieur_au_31_08"),
        ({"lien": Lien.PACS, "since": DAY(2025, 9, 1)}, 2026, "lien_posterieur_au_31_08"),
        ({"lien": Lien.PACS, "imposition_commune": False}, 2025, "pacs_sans_imposition_commune"),
        ({"lien": Lien.PACS, "dissolution": DAY(2025, 1, 1)}, 2026, "pacs_dissous"),
        ({"dissolution": DAY(2025, 1, 1)}, 2026, "mariage_dissous"),
        ({"proof": "teletravail"}, 2024, "teletravail_non_retenu"),
        ({"unemployed": True, "last_activity_end": DAY(2023, 8, 31)}, 2026, "activite_trop_ancienne"),
        ({"lien": Lien.ENFANT, "since": None}, 2026, "lien_sans_enfant"),
        ({"lien": Lien.ENFANT, "since": DAY(2026, 1, 1)}, 2026, "reconnaissance_hors_delai"),
    ],
)
def test_what_closes_the_family_points(more, session, expected):
    found = computed(session=session, rc=rc(**more), separation_active=1)
    assert codes(found) == [(expected, "family")]
    assert lines(found) == {"anciennete_service": 56}
    assert len(found.refusals[0].message) > 40


@pytest.mark.parametrize(
    ("more", "session"),
    [
        ({"since": DAY(2025, 8, 31)}, 2026),
        ({"since": None}, 2026),
        ({"since": DAY(2020, 10, 31)}, 2021),
        ({"lien": Lien.PACS, "imposition_commune": True}, 2026),
        ({"lien": Lien.PACS, "imposition_commune": None}, 2026),
        ({"lien": Lien.PACS, "imposition_commune": False}, 2024),
        ({"proof": "teletravail"}, 2023),
        ({"proof": "residence_privee"}, 2026),
        ({"unemployed": True, "last_activity_end": DAY(2023, 9, 1)}, 2026),
        ({"unemployed": True}, 2026),
        ({"lien": Lien.ENFANT, "since": DAY(2025, 12, 31)}, 2026),
        ({"place": Place(pays="France", academie="Dijon", departement="21")}, 2026),
    ],
)
def test_what_leaves_them_open(more, session):
    found = computed(session=session, rc=rc(**more))
    assert codes(found) == []
    assert lines(found)["rc"] == RC


def test_what_is_still_to_prove_is_told():
    assert "imposition commune" in computed(rc=rc(lien=Lien.PACS)).warnings[0]
    assert "résidence privée" in computed(rc=rc(proof="residence_privee")).warnings[0]
    assert "dernière activité" in computed(rc=rc(unemployed=True)).warnings[0]


def test_a_conjoint_across_a_land_border_counts_in_the_nearest_departement():
    found = computed("Besançon", "Dijon", rc=rc(Place(pays="Suisse", departement_frontalier="25")))
    assert points(found, "rc") == [RC, RC]


@pytest.mark.parametrize(
    ("births", "recognised", "counted", "refused"),
    [
        ((DAY(2008, 9, 1),), {}, 1, []),
        ((DAY(2008, 8, 31),), {}, 0, []),
        ((DAY(2025, 12, 31),), {}, 1, []),
        ((DAY(2026, 3, 1),), {DAY(2026, 3, 1): DAY(2025, 12, 31)}, 1, []),
        ((DAY(2026, 3, 1),), {DAY(2026, 3, 1): DAY(2026, 1, 1)}, 0, [("reconnaissance_hors_delai", "enfants")]),
        ((DAY(2026, 3, 1),), {}, 0, [("reconnaissance_hors_delai", "enfants")]),
        ((DAY(2025, 11, 20),), {DAY(2025, 11, 20): DAY(2026, 1, 15)}, 0, [("reconnaissance_hors_delai", "enfants")]),
        ((CHILD, CHILD), {}, 2, []),
    ],
)
def test_children_who_count(births, recognised, counted, refused):
    link = rc(lien=Lien.PACS, imposition_commune=True)
    found = computed(rc=link, children_birthdates=births, reconnaissance_anticipee=recognised)
    assert (found.children_counted, codes(found)) == (counted, refused)
    assert lines(found).get("enfants", 0) == 100 * counted


def test_of_married_parents_a_child_needs_no_recognition():
    found = computed(rc=rc(), children_birthdates=(DAY(2026, 3, 1),))
    assert lines(found)["enfants"] == 100
    assert [line.pieces for line in found.voeux[0].lines if line.item == "enfants"] == [("grossesse",)]


def test_a_day_told_too_late_is_too_late_for_married_parents_as_well():
    birth = DAY(2026, 3, 1)
    found = computed(rc=rc(), children_birthdates=(birth,), reconnaissance_anticipee={birth: DAY(2026, 1, 2)})
    assert codes(found) == [("reconnaissance_hors_delai", "enfants")]


def test_a_child_recognised_in_time_is_the_link():
    birth = DAY(2026, 3, 1)
    link = rc(lien=Lien.ENFANT, since=None)
    found = computed(rc=link, children_birthdates=(birth,), reconnaissance_anticipee={birth: DAY(2025, 11, 2)})
    assert lines(found)["rc"] == RC


@pytest.mark.parametrize(
    ("active", "leave", "years", "expected"),
    [
        (0, 0, "0", None), (0, 1, "0.5", 95), (0, 2, "1", 190), (0, 3, "1.5", 285), (0, 4, "2", 325), (1, 0, "1", 190),
        (1, 1, "1.5", 285), (1, 2, "2", 325), (1, 3, "2.5", 420), (1, 4, "3", 475), (2, 1, "2.5", 420), (2, 3, "3.5", 570),
        (2, 4, "4", 600), (3, 0, "3", 475), (3, 1, "3.5", 570), (3, 2, "4", 600), (4, 0, "4", 600), (9, 9, "4", 600),
    ],
)  # fmt: skip
def test_years_apart(active, leave, years, expected):
    found = computed(rc=rc(), separation_active=active, separation_leave=leave)
    assert found.separation_years == Decimal(years)
    assert lines(found).get("separation") == expected


@pytest.mark.parametrize(("active", "leave", "years"), [(3, 0, "1"), (1, 1, "1"), (0, 1, "0.5")])
def test_a_stagiaire_has_one_year_apart_at_most(active, leave, years):
    found = computed(status="stagiaire", rc=rc(), separation_active=active, separation_leave=leave)
    assert found.separation_years == Decimal(years)


@pytest.mark.parametrize(
    ("home", "there", "years"),
    [(("Dijon", "21"), DIJON, 0), (("Dijon", "71"), DIJON, 1), (("Dijon", ""), DIJON, 1), (("", ""), DIJON, 1)],
)
def test_no_years_apart_inside_a_departement(home, there, years):
    found = computed(academie=home[0], departement=home[1], rc=rc(there), separation_active=1)
    assert found.separation_years == years


def test_no_years_apart_between_paris_and_its_ring():
    found = computed("Paris", academie="Créteil", departement="94", rc=rc(Place("Paris", "75")), separation_active=3)
    assert found.separation_years == 0


@pytest.mark.parametrize(
    ("apart", "union", "leave", "years"),
    [
        (DAY(2024, 9, 1), DAY(2019, 4, 27), 0, 2),
        (DAY(2025, 3, 1), DAY(2019, 4, 27), 0, 2),
        (DAY(2025, 3, 2), DAY(2019, 4, 27), 0, 1),
        (DAY(2026, 3, 1), DAY(2019, 4, 27), 0, 1),
        (DAY(2026, 3, 2), DAY(2019, 4, 27), 0, 0),
        (DAY(2019, 9, 1), DAY(2024, 3, 1), 0, 3),
        (DAY(2019, 9, 1), DAY(2024, 3, 2), 0, 2),
        (DAY(2019, 9, 1), None, 0, 4),
        (DAY(2024, 9, 1), None, 2, 1),
        (DAY(2024, 9, 1), None, 3, "1.5"),
    ],
)
def test_years_are_counted_from_the_later_of_the_day_apart_and_of_the_union(apart, union, leave, years):
    found = computed(rc=rc(since=union), apart_since=apart, separation_leave=leave)
    assert found.separation_years == Decimal(years)


def test_years_of_unemployment_are_not_counted():
    link = rc(unemployed=True, last_activity_end=DAY(2024, 12, 31))
    assert computed(rc=link, apart_since=DAY(2022, 9, 1)).separation_years == 2


def test_more_years_than_the_union_are_told():
    assert "3 ans au plus" in computed(rc=rc(since=DAY(2023, 9, 1)), separation_active=5).warnings[0]
    assert "1 an au plus peut" in computed(rc=rc(since=DAY(2025, 8, 1)), separation_active=2).warnings[0]
    assert computed(rc=rc(since=DAY(2023, 9, 1)), separation_active=3).warnings == ()
    assert computed(rc=rc(since=None), separation_active=3).warnings == ()


@pytest.mark.parametrize(
    ("home", "there", "active", "expected"),
    [
        (("Lille", "59"), DIJON, 1, 100),
        (("Lille", ""), DIJON, 1, 100),
        (("Reims", "08"), DIJON, 1, 50),
        (("Reims", "10"), DIJON, 1, None),
        (("Dijon", "58"), DIJON, 1, None),
        (("Lille", "59"), DIJON, 0, None),
        (("", "59"), DIJON, 1, 100),
    ],
)
def test_places_that_do_not_touch(home, there, active, expected):
    found = computed(academie=home[0], departement=home[1], rc=rc(there), separation_active=active)
    assert lines(found).get("non_limitrophe") == expected


@pytest.mark.parametrize(
    ("home", "there"), [(("Reims", ""), DIJON), (("Reims", "08"), Place("Dijon")), (("", ""), DIJON)]
)
def test_without_the_departements_the_answer_is_not_known(home, there):
    found = computed(academie=home[0], departement=home[1], rc=rc(there), separation_active=1)
    assert [one.item for one in found.unknown] == ["non_limitrophe"]


def test_apc_is_worth_the_same():
    found = computed(apc=DIJON, children_birthdates=(CHILD,), separation_active=1, academie="Lille", departement="59")
    assert lines(found) == {
        "anciennete_service": 56,
        "apc": RC,
        "enfants": 100,
        "separation": 190,
        "non_limitrophe": 100,
    }


def test_apc_counts_years_from_the_birth():
    found = computed(apc=DIJON, children_birthdates=(DAY(2024, 9, 1),), apart_since=DAY(2020, 9, 1))
    assert found.separation_years == 2


@pytest.mark.parametrize("births", [(), (DAY(2008, 8, 31),), (DAY(2026, 3, 1),)])
def test_apc_needs_a_child(births):
    found = computed(apc=DIJON, children_birthdates=births)
    assert codes(found) == [("apc_sans_enfant", "family")]


def test_apc_needs_its_first_voeu():
    assert codes(computed("Nice", apc=DIJON, children_birthdates=(CHILD,))) == [("rc_voeu1_absent", "family")]


def test_one_strategy_only():
    found = computed(rc=rc(), apc=DIJON, children_birthdates=(CHILD,), separation_active=2)
    assert codes(found) == [("strategies_familiales_multiples", "family")]
    assert lines(found) == {"anciennete_service": 56}
    found = computed(session=2021, rc=rc(), parent_isole=True)
    assert codes(found) == [("strategies_familiales_multiples", "family")]


@pytest.mark.parametrize(("conjoints", "expected"), [(True, [80, 80, None]), (False, [None, None, None])])
def test_mutation_simultanee(conjoints, expected):
    found = computed(simultanee=Partner("titulaire"), simultanee_conjoints=conjoints)
    assert points(found, "mutation_simultanee") == expected


def test_mutation_simultanee_gives_nothing_for_children_nor_years():
    told = {"children_birthdates": (CHILD,), "separation_active": 2}
    found = computed(simultanee=Partner("titulaire"), simultanee_conjoints=True, **told)
    assert [one.item for one in found.dropped] == ["enfants", "separation"]
    assert lines(found) == {"anciennete_service": 56, "mutation_simultanee": 80}


def test_parent_isole_until_2021():
    found = computed(session=2021, parent_isole=True, children_birthdates=(CHILD,))
    assert points(found, "parent_isole") == [150, 150, None]
    assert lines(computed(session=2021, parent_isole=True)) == {"anciennete_service": 56}
    found = computed(session=2022, parent_isole=True, children_birthdates=(CHILD,))
    assert (lines(found), len(found.warnings)) == ({"anciennete_service": 56}, 1)
