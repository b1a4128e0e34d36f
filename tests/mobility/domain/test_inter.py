"""A whole request: what refuses it, the extension, the order, the explanation."""

from decimal import Decimal

import pytest

from iprof.kernel.errors import DomainError
from mobility.domain.bareme import bareme
from mobility.domain.facts import Degree, Partner, RequestFacts, Situation
from mobility.domain.geography import geography
from mobility.domain.results import REQUEST
from tests.mobility.domain.requests import DAY, codes, computed, lines, rc

ALL = tuple(geography().codes)
CHILD = DAY(2020, 1, 9)


@pytest.mark.parametrize(
    ("voeux", "told", "expected"),
    [
        (("Rennes", "rennes"), {}, ["voeu_en_double"]),
        (("Rennes", "14"), {}, ["voeu_en_double"]),
        ((*ALL, "Caen", "Rouen"), {}, ["trop_de_voeux"]),
        (("Nouvelle-Calédonie",), {}, ["hors_mouvement_inter"]),
        (("Caen",), {}, ["academie_reunie"]),
        (("Atlantide",), {}, ["lieu_inconnu"]),
        (("Lyon",), {"confirmation_deposited": False}, ["confirmation_absente"]),
        (("Lyon", "Nice"), {"simultanee": Partner("titulaire", ("Nice", "Lyon"))}, ["listes_differentes"]),
        (("Lyon",), {"simultanee": Partner("stagiaire")}, ["statuts_incompatibles"]),
        (("Lyon",), {"simultanee": Partner("stagiaire_ex_titulaire")}, []),
        (("Lyon",), {"simultanee": Partner("titulaire", ("lyon",))}, []),
        (("Lyon",), {"status": "stagiaire", "simultanee": Partner("titulaire")}, ["statuts_incompatibles"]),
        (("Lyon",), {"status": "stagiaire", "simultanee": Partner("stagiaire")}, []),
        (("Lyon",), {"status": "stagiaire", "ex_titulaire": "oui", "simultanee": Partner("titulaire")}, []),
        (("Lyon",), {"simultanee": Partner("titulaire", (), "stagiaire_ex_titulaire")}, []),
        (("Lyon",), {"simultanee": Partner("")}, []),
    ],
)
def test_what_refuses_the_whole_request(voeux, told, expected):
    found = computed(*voeux, **told)
    assert codes(found) == [(code, REQUEST) for code in expected]
    assert bool(found.voeux) == (not expected)
    assert all(len(one.message) > 40 for one in found.refusals)


def test_thirty_voeux_are_taken_in_the_order_asked():
    found = computed(*ALL)
    assert [(voeu.rank, voeu.place) for voeu in found.voeux] == list(enumerate(ALL, start=1))


def test_sessions():
    with pytest.raises(DomainError, match="session_unknown"):
        computed(session=2019)
    found = computed(session=2027)
    assert (found.official, found.rules_session) == (False, 2026)
    assert "Non officiel" in found.voeux[0].node.sentence
    assert computed(session=2024).official


def test_a_titulaire_has_no_extension_and_no_use_of_their_own_academie():
    found = computed("Reims", "Lyon")
    assert (found.extension_bareme, found.extension_order, found.extension_node) == (None, None, None)
    assert "Reims est votre académie" in found.warnings[0]
    assert computed("Lyon").warnings == ()


@pytest.mark.req("S51")
def test_the_trap_of_the_extension():
    told = {"status": "stagiaire", "echelon": 3, "rc": rc(), "children_birthdates": (CHILD,)}
    assert computed("Dijon", "Lyon", **told).extension_bareme == Decimal("271.2")
    found = computed("Dijon", "Lyon", "Nice", **told)
    assert found.extension_bareme == 21
    assert "Le vœu Nice abaisse votre barème d'extension de 271,2 à 21 points" in found.warnings[-1]
    assert found.extension_order is None
    found = computed("Dijon", "Nice", "Lille", **told)
    assert "Les vœux Nice et Lille abaissent" in found.warnings[-1]
    assert computed("Dijon", "Lyon", **told).warnings == ()


def test_points_bound_to_a_voeu_are_not_kept_in_extension():
    told = {"status": "stagiaire", "echelon": 1, "use_stag_10": True, "academie_stage": "Dijon", "rc": rc()}
    found = computed("Dijon", **told)
    assert found.voeux[0].total == Decimal("174.3")
    assert found.extension_bareme == Decimal("164.2")


def test_what_the_texts_do_not_say_is_not_kept():
    found = computed("Lyon", status="stagiaire", cla_years=3)
    assert found.extension_bareme == 56
    assert "Contrat local d'accompagnement" in found.extension_node.sentence


def test_a_return_is_compulsory():
    found = computed("Lyon", "Nice", reintegration_academie="Lyon")
    assert found.extension_bareme == 56
    assert [child.value for child in found.extension_node.children] == [56, 56]


@pytest.mark.req("S53")
def test_each_line_says_its_figure_its_source_and_what_it_used():
    told = {
        "poste_years": 4,
        "children_birthdates": (CHILD,),
        "separation_active": 1,
        "separation_leave": 1,
        "boe": True,
    }
    found = computed("Dijon", rc=rc(), academie="Lille", departement="59", rep_years=5, **told)
    for line, node in zip(found.voeux[0].lines, found.voeux[0].node.children, strict=True):
        assert (node.value, node.unit, node.rule) == (line.points, "points", f"mobility.inter.{line.item}")
        assert node.version == "2019-09-01" or line.item == "anciennete_service"
        assert node.sentence.endswith(".")
        assert node.sources
        assert node.inputs
    assert found.voeux[0].node.value == sum(lines(found).values())
    assert found.voeux[0].node.sources[0].text.startswith("Lignes directrices")


def test_a_line_keeps_the_confidence_of_its_source():
    found = computed("Lyon", mayotte_years=5)
    assert [node.sources[0].confidence for node in found.voeux[0].node.children] == ["high", "medium"]


def test_no_voeu_is_no_bareme():
    found = bareme(RequestFacts(Degree.SECOND, 2026, Situation(), ()))
    assert (found.voeux, found.refusals, found.rules_session) == ((), (), 2026)
