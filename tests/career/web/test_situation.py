"""« Où j'en suis » and « Et ensuite » for every kind of career, the unusual ones first."""

import datetime as dt

import pytest

from career.domain.grids import load_grids
from career.enums import LeaveReason, StepMode
from career.selectors.situation import current_situation
from career.wording import FALLBACK, WORDINGS, explain_error
from iprof.kernel.errors import DomainError
from tests.career.web.pages import words
from tests.career.web.test_exports import pdf_text
from tests.factories.career import AgentFactory, AssignmentFactory, CareerStepFactory

pytestmark = pytest.mark.django_db
PAGES = ("/", "/ma-carriere/", "/ma-carriere/cv/", "/ma-carriere/ma-carriere.csv")
PDF = "/ma-carriere/ma-carriere.pdf"


def placed(**step):
    """An agent with one échelon and a post."""
    agent = AgentFactory()
    CareerStepFactory(agent=agent, **step)
    AssignmentFactory(agent=agent)
    return agent


def places() -> list[tuple[str, str, int | None]]:
    """Each grade of each corps of the reference at its first échelon; a corps without grid once."""
    found = []
    for code, corps in load_grids().corps.items():
        grades = [(grade.code, min(grade.structure.at(dt.date(2026, 1, 1)).value)) for grade in corps.grades.values()]
        found += [(code, grade, echelon) for grade, echelon in grades] or [(code, "premiere_categorie", None)]
    return found


@pytest.mark.req("S79")
@pytest.mark.parametrize(("corps", "grade", "echelon"), places())
def test_every_corps_of_the_reference_has_its_dossier(client, today, corps, grade, echelon):
    agent = placed(corps=corps, grade=grade, echelon=echelon)
    client.force_login(agent.user)
    for page in PAGES[2:]:
        assert client.get(page).status_code == 200
    for page in PAGES[:2]:
        text = words(client.get(page))
        assert load_grids().corps[corps].person in text
        assert "Pourquoi ?" in text
        assert "{" not in text


@pytest.mark.req("S79")
@pytest.mark.parametrize("corps", ["pe", "contractuels"])
def test_a_dossier_prints_with_or_without_grid(client, today, corps):
    step = {"pe": {}, "contractuels": {"grade": "premiere_categorie", "echelon": None}}[corps]
    client.force_login(placed(corps=corps, **step).user)
    assert client.get(PDF).content.startswith(b"%PDF-")


@pytest.mark.req("S79")
def test_a_contract_is_said_where_no_grid_applies(client, today):
    agent = placed(corps="contractuels", grade="premiere_categorie", echelon=None, mode=StepMode.CONTRACT)
    client.force_login(agent.user)
    text = words(client.get("/"))
    assert "Rémunération Fixée par votre contrat" in text
    assert "Aucune grille nationale ne s'applique" in text
    assert "Traitement brut" not in text
    assert "Indice majoré" not in text


@pytest.mark.req("S79")
def test_a_contractuel_reads_until_when_their_pay_is_examined_again(client, today):
    step = {"corps": "contractuels", "grade": "premiere_categorie", "echelon": None, "arrete_ref": ""}
    agent = placed(**step, mode=StepMode.CONTRACT, effective_on=dt.date(2023, 9, 1))
    client.force_login(agent.user)
    for page in ("/", "/ma-carriere/"):
        text = words(client.get(page))
        assert "Réexamen de la rémunération, au plus tard 1er septembre 2026" in text
        assert "Début du contrat le 1er septembre 2023, plus 36 mois" in text
        assert "Indices de rémunération non publié" in text
        assert "Cette date est passée et aucun réexamen n'a été transmis. S'il a eu lieu, signalez" in text
    decision = CareerStepFactory(agent=agent, **step, mode=StepMode.RECLASSEMENT, effective_on=dt.date(2025, 9, 1))
    text = words(client.get("/ma-carriere/"))
    assert "Réexamen de la rémunération, au plus tard 1er septembre 2028" in text
    assert "Dernière décision transmise le 1er septembre 2025" in text
    assert "aucun réexamen n'a été transmis" not in text
    assert "1er septembre 2028" in pdf_text(client.get(PDF).content)
    decision.delete()
    agent.steps.update(effective_on=dt.date(2015, 9, 1))
    assert "Réexamen de la rémunération, au plus tard non publié" in words(client.get("/ma-carriere/"))
    agent.left_on, agent.left_reason = dt.date(2026, 8, 31), LeaveReason.END_OF_CONTRACT
    agent.save()
    assert "Réexamen" not in words(client.get("/ma-carriere/"))


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"corps": "instituteurs", "grade": "grade_unique", "echelon": 1}, "ne donnent pas l'indice de cet échelon"),
        ({"corps": "alchimistes"}, "Le corps transmis (alchimistes) n'est pas connu du portail"),
        ({"grade": "platine"}, "Le grade transmis (platine) n'existe pas dans ce corps"),
        ({"echelon": 42}, "L'échelon transmis n'existe pas dans ce grade à cette date"),
        ({"chevron": 3}, "Le chevron transmis n'existe pas à cet échelon"),
        ({"echelon": None}, "L'échelon transmis n'existe pas dans ce grade à cette date"),
    ],
)
@pytest.mark.req("S38")
def test_what_cannot_be_computed_reads_non_publie_and_why(client, today, step, sentence):
    client.force_login(placed(**step).user)
    text = words(client.get("/ma-carriere/"))
    assert "non publié" in text
    assert sentence in text


def test_an_agent_without_step_is_told_what_is_missing(client, today):
    agent = AgentFactory()
    client.force_login(agent.user)
    for page in (*PAGES, PDF):
        assert client.get(page).status_code == 200
    text = words(client.get("/"))
    assert "Aucun échelon n'a encore été transmis" in text
    assert "Aucune affectation en cours n'a été transmise" in text
    assert "Votre dossier ne contient encore aucun élément" in text
    assert "Votre CV se remplit dès que SIAE Reims" in words(client.get("/ma-carriere/cv/"))


def test_whoever_left_sees_the_day_of_the_departure(client, today):
    agent = placed()
    CareerStepFactory(agent=agent, echelon=7, effective_on=dt.date(2026, 10, 1))
    agent.left_on, agent.left_reason = dt.date(2026, 8, 31), LeaveReason.RETIREMENT
    agent.save()
    client.force_login(agent.user)
    text = words(client.get("/"))
    assert "Vous avez quitté l'académie le 31 août 2026 (retraite)" in text
    assert "Échelon 6e" in text  # what came after the departure is not the situation
    assert "aucun avancement n'est calculé" in text
    assert "À compter du" not in text


def test_a_departure_to_come_is_announced_and_changes_nothing_yet(client, today):
    agent = placed()
    agent.left_on, agent.left_reason = dt.date(2027, 8, 31), LeaveReason.TRANSFER
    agent.save()
    client.force_login(agent.user)
    text = words(client.get("/"))
    assert "Votre départ est enregistré au 31 août 2027 (mutation vers une autre académie)" in text
    assert "Passage au 7e échelon" in text


def test_a_step_already_transmitted_comes_before_what_is_computed(client, today):
    agent = placed()
    CareerStepFactory(agent=agent, echelon=7, effective_on=dt.date(2027, 2, 10), arrete_ref="2026-AR-0900")
    client.force_login(agent.user)
    text = words(client.get("/"))
    assert "Échelon 6e" in text
    assert "classe normale, 7e échelon À compter du 10 février 2027. Source : Arrêté n° 2026-AR-0900" in text


@pytest.mark.parametrize(
    ("effective_on", "expected", "absent"),
    [
        (
            dt.date(2025, 2, 10),
            ["10 février 2027", "10 février 2028", "Au plus tôt, avec la bonification"],
            "est passée",
        ),
        (dt.date(2024, 2, 10), ["10 février 2027", "donnée la bonification d'un an est passée"], "10 février 2026"),
        (
            dt.date(2023, 2, 10),
            ["Cette date est passée et le nouvel échelon n'a pas encore été transmis"],
            "Au plus tôt",
        ),
    ],
)
@pytest.mark.req("S38")
def test_the_bonification_is_offered_while_its_day_is_to_come(client, today, effective_on, expected, absent):
    client.force_login(placed(effective_on=effective_on).user)
    text = words(client.get("/"))
    for sentence in expected:
        assert sentence in text
    assert absent not in text


@pytest.mark.req("S38")
@pytest.mark.parametrize("since", [dt.date(2020, 1, 1), dt.date(2012, 9, 1)])  # the second is older than the first grid
def test_the_last_echelon_says_that_nothing_follows(client, today, since):
    client.force_login(placed(echelon=11, effective_on=since).user)
    text = words(client.get("/"))
    assert "Prochain échelon Aucun passage automatique" in text
    assert "Prochain échelon : Aucun passage automatique" in text  # and its « Pourquoi ? » says the same


def test_two_steps_of_one_day_the_last_message_counts(today):
    agent = placed(effective_on=dt.date(2025, 9, 1), echelon=6, seq=1, mode=StepMode.SENIORITY)
    CareerStepFactory(agent=agent, effective_on=dt.date(2025, 9, 1), echelon=7, seq=2, mode=StepMode.RECLASSEMENT)
    situation = current_situation(agent, on=today)
    assert situation.echelon == "7e"
    assert situation.mode == "Reclassement"


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_every_wording_can_be_filled(code):
    """With the parameters the rules give; a missing one would be a 500 on the page of one unlucky teacher."""
    days = dict.fromkeys(("first_day", "closed_on", "on", "held_on"), dt.date(2025, 1, 1))
    given = {"corps": "c", "grade": "g", "most": 20, "rule": "Quinze jours.", **days}
    sentence = explain_error(DomainError(code, **given))
    assert sentence != FALLBACK
    assert "{" not in sentence


def test_an_unworded_error_still_has_a_sentence():
    assert explain_error(DomainError("something_new")) == FALLBACK
