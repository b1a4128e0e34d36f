"""Échelon and post: what is common to all vœux."""

import pytest

from tests.mobility.domain.requests import DAY, computed, lines


@pytest.mark.req("S51")
@pytest.mark.parametrize(
    ("session", "corps", "classe", "echelon", "expected"),
    [
        (2026, "certifie", "normale", 1, 14),
        (2026, "certifie", "normale", 2, 14),
        (2026, "certifie", "normale", 3, 21),
        (2026, "certifie", "normale", 11, 77),
        (2026, "certifie", "hors_classe", 1, 63),
        (2026, "plp", "hors_classe", 7, 105),
        (2026, "agrege", "hors_classe", 1, 70),
        (2026, "agrege", "hors_classe", 4, 91),
        (2026, "agrege", "exceptionnelle", 3, 98),
        (2026, "certifie", "exceptionnelle", 4, 105),
        (2026, "certifie", "exceptionnelle", 5, 105),
        (2021, "certifie", "exceptionnelle", 4, 98),
    ],
)
def test_points_of_an_echelon(session, corps, classe, echelon, expected):
    found = computed(session=session, corps=corps, classe=classe, echelon=echelon)
    assert lines(found) == {"anciennete_service": expected}


@pytest.mark.parametrize(
    ("session", "years", "expected"), [(2026, 1, 91), (2026, 2, 98), (2026, 3, 105), (2021, 3, 98), (2026, 9, 105)]
)
def test_an_agrege_gains_with_years_in_the_last_echelon(session, years, expected):
    found = computed(session=session, corps="agrege", classe="hors_classe", echelon=4, echelon_years=years)
    assert lines(found)["anciennete_service"] == expected


@pytest.mark.parametrize(("entry", "expected"), [(DAY(2022, 9, 1), 105), (DAY(2022, 9, 2), 98), (DAY(2025, 9, 1), 91)])
def test_years_in_the_last_echelon_come_from_the_history(entry, expected):
    history = {DAY(2018, 9, 1): 3, entry: 4}
    found = computed(corps="agrege", classe="hors_classe", echelon=4, echelon_history=history)
    assert lines(found)["anciennete_service"] == (expected if entry <= DAY(2025, 8, 31) else 84)


def test_a_later_echelon_ends_the_years_of_the_last():
    history = {DAY(2015, 9, 1): 4, DAY(2017, 9, 1): 3, DAY(2024, 9, 1): 4}
    assert lines(computed(corps="agrege", classe="hors_classe", echelon_history=history))["anciennete_service"] == 91


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        ("titulaire", DAY(2025, 8, 31), 63),
        ("titulaire", DAY(2025, 9, 1), 56),
        ("stagiaire", DAY(2025, 9, 1), 63),
        ("stagiaire", DAY(2025, 9, 2), 56),
    ],
)
def test_the_echelon_is_that_of_the_anchor(status, day, expected):
    found = computed(status=status, echelon=None, echelon_history={DAY(2020, 1, 1): 8, day: 9})
    assert lines(found)["anciennete_service"] == expected


@pytest.mark.parametrize(("echelon", "classe"), [(None, "normale"), (12, "normale"), (3, "autre")])
def test_what_no_table_gives_is_unknown(echelon, classe):
    found = computed(echelon=echelon, classe=classe)
    assert lines(found) == {}
    assert [one.item for one in found.unknown] == ["anciennete_service"]


@pytest.mark.parametrize(
    ("years", "expected"),
    [(0, None), (1, 20), (3, 60), (4, 130), (7, 190), (8, 260), (11, 320), (12, 390), (16, 520), (20, 650)],
)
def test_points_of_years_on_a_post(years, expected):
    assert lines(computed(poste_years=years)).get("anciennete_poste") == expected


@pytest.mark.parametrize(
    ("former", "years", "expected"),
    [("", 5, None), ("oui", None, 20), ("oui", 3, 80), ("Lille", None, 20), ("Lille", 4, 150)],
)
def test_a_stagiaire_has_the_post_of_a_former_corps_only(former, years, expected):
    found = computed("Dijon", status="stagiaire", ex_titulaire=former, poste_years=years)
    assert lines(found).get("anciennete_poste") == expected
