"""A piece that is missing, or too old, removes only what it supports."""

from decimal import Decimal

import pytest

from mobility.domain.facts import Lien, Partner
from tests.mobility.domain.requests import DAY, DIJON, codes, computed, lines, rc

CHILD = DAY(2020, 1, 9)
PACS = {"lien": Lien.PACS, "imposition_commune": True}
FAMILY = {"rc", "enfants", "separation"}
FULL = {"children_birthdates": (CHILD,), "separation_active": 1, "boe": True, "cla_years": 3}


def without(*pieces, session=2026, link=None, **more):
    told = {"rc": rc(**(link or {}))} | FULL | more
    return computed(session=session, missing=frozenset(pieces), **told)


@pytest.mark.parametrize(
    ("piece", "link", "gone", "scopes"),
    [
        ("rc_activite_conjoint", {}, FAMILY, ["rc"]),
        ("contrat_travail", {}, FAMILY, ["rc"]),
        ("rc_situation_maritale", {}, FAMILY, ["rc"]),
        ("rc_situation_maritale", PACS, FAMILY, ["rc"]),
        ("livret_famille", {}, FAMILY, ["rc"]),
        ("livret_famille", PACS, {"enfants"}, ["enfants"]),
        ("acte_naissance", {}, {"enfants"}, ["enfants"]),
        ("acte_naissance", {"lien": Lien.ENFANT}, FAMILY, ["rc"]),
        ("imposition_commune", PACS, FAMILY, ["rc"]),
        ("imposition_commune", {}, set(), []),
        ("justificatif_domicile", {}, set(), []),
        ("justificatif_domicile", {"proof": "residence_privee"}, FAMILY, ["rc"]),
        ("separation", {}, {"separation"}, ["separation"]),
        ("cla", {}, {"cla"}, ["cla"]),
        ("inconnue", {}, set(), []),
    ],
)
def test_a_missing_piece_removes_what_it_supports(piece, link, gone, scopes):
    found = without(piece, link=link)
    assert set(lines(without(link=link))) - set(lines(found)) == gone
    assert codes(found) == [("piece_manquante", scope) for scope in scopes]


def test_the_proof_of_tax_is_asked_since_2025():
    assert codes(without("imposition_commune", session=2024, link=PACS)) == []


def test_a_missing_certificate_leaves_the_other_children():
    birth = DAY(2026, 3, 1)
    found = without("certificat_grossesse", children_birthdates=(CHILD, birth))
    assert (found.children_counted, lines(found)["enfants"]) == (1, 100)
    assert codes(found) == [("piece_manquante", "enfants")]


def test_an_expected_child_who_is_the_link_takes_it_away():
    birth = DAY(2026, 3, 1)
    told = {"children_birthdates": (birth,), "reconnaissance_anticipee": {birth: DAY(2025, 10, 1)}}
    link = rc(lien=Lien.ENFANT, since=birth)
    assert "rc" in lines(computed(rc=link, **told))
    found = computed(rc=link, missing=frozenset({"reconnaissance_anticipee"}), **told)
    assert (lines(found), codes(found)) == ({"anciennete_service": 56}, [("piece_manquante", "rc")])


def test_a_child_expected_after_the_deposit_has_the_pieces_of_the_expected():
    found = computed(rc=rc(**PACS), children_birthdates=(DAY(2025, 12, 20),), deposit=DAY(2025, 12, 1))
    assert [line.pieces for line in found.voeux[0].lines if line.item == "enfants"] == [
        ("enfant_a_naitre", "grossesse")
    ]


@pytest.mark.parametrize("piece", ["decision_justice", "acte_naissance", "attestation_exercice"])
def test_pieces_of_apc(piece):
    found = computed(apc=DIJON, missing=frozenset({piece}), **FULL)
    assert codes(found) == [("piece_manquante", "apc")]
    assert FAMILY.isdisjoint(lines(found))


def test_pieces_of_other_items():
    found = computed("Lyon", status="stagiaire", ex_contractuel=True, missing=frozenset({"etat_services"}))
    assert codes(found) == [("piece_manquante", "stag_ex_contractuel")]
    found = computed("Martinique", cimm="Martinique", missing=frozenset({"piece_identite"}))
    assert codes(found) == [("piece_manquante", "cimm")]
    pair = {"simultanee": Partner("titulaire"), "simultanee_conjoints": True}
    assert codes(computed(missing=frozenset({"livret_famille"}), **pair)) == [
        ("piece_manquante", "mutation_simultanee")
    ]


@pytest.mark.parametrize(
    ("kind", "dated", "refused"),
    [
        ("extrait_acte_naissance", DAY(2025, 8, 31), True),
        ("extrait_acte_naissance", DAY(2025, 9, 1), False),
        ("Extrait d'acte de naissance", DAY(2025, 8, 31), True),
        ("pacs_extrait", DAY(2025, 1, 1), True),
        ("contrat_travail", DAY(2020, 1, 1), False),
    ],
)
def test_the_proof_of_a_pacs_is_three_months_old_at_most(kind, dated, refused):
    found = without(link=PACS, pieces_dated=((kind, dated),), deposit=DAY(2025, 12, 1))
    assert codes(found) == ([("piece_de_plus_de_3_mois", "piece")] if refused else [])
    assert ("rc" in lines(found)) is not refused


def test_the_age_of_a_piece_is_that_of_the_deposit_and_of_a_pacs():
    old = {"pieces_dated": (("extrait_acte_naissance", DAY(2025, 1, 1)),)}
    assert codes(without(link=PACS, **old)) == []
    assert codes(without(deposit=DAY(2025, 12, 1), **old)) == []


def test_pieces_of_a_line_are_those_of_the_situation():
    def pieces(**link):
        return next(line.pieces for line in without(link=link).voeux[0].lines if line.item == "rc")

    assert pieces() == ("mariage", "activite")
    assert pieces(**PACS) == ("pacs", "pacs_extrait", "imposition", "activite")
    assert pieces(lien=Lien.ENFANT, proof="residence_privee") == ("enfants", "activite", "residence")
    assert lines(without())["rc"] == Decimal("150.2")
