"""« Perspectives »: days deduced from the file, what is missing told, nothing invented, calendars (S49, S78, S10, S82)."""

import datetime as dt
import re

import pytest

from career.models import Assignment, CareerStep, Training
from tests.career.web.pages import words
from tests.career.web.perspectives import ICS, URL, placed, section, way
from tests.factories.accounts import UserFactory
from tests.factories.career import (
    AgentFactory,
    AssignmentFactory,
    CareerStepFactory,
    FamilySituationFactory,
    ServicePeriodFactory,
    TrainingFactory,
    full_career,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("S49", "S82")]


# Ways ---------------------------------------------------------------------------------------------------------------


def test_the_day_of_each_way_is_told_with_what_is_not_checked(client, certifie):
    text = words(client.get(URL))
    direction = "Personnels de direction, concours interne (corps d'enseignement, d'éducation ou PsyEN)"
    assert f"{direction} 1er septembre 2023 Condition remplie" in text
    assert "Agrégation interne 1er septembre 2023 Condition remplie" in text
    assert "(CAFFA) 1er septembre 2023 Condition remplie" in text
    assert "Le portail ne vérifie pas : être titulaire, ou contractuel en contrat à durée indéterminée." in text
    assert "concours sur titres 1er septembre 2026" in text  # eight years


def test_a_way_to_come_says_its_day_and_its_first_session(client, teacher):
    text = words(client.get(URL))  # certifié since 10 February 2025, in post since 1 September 2021
    assert "(CAFFA) 10 février 2030 À venir Condition de services remplie le 10 février 2030." in text
    assert "première session possible en 2030" in text
    assert (
        "Agrégation interne 1er septembre 2026 Condition remplie" in text
    )  # services publics count from the first post


def test_a_year_without_post_is_taken_off(client, certifie):
    Assignment.objects.filter(agent=certifie).update(ends_on=dt.date(2019, 8, 31))
    AssignmentFactory(agent=certifie, starts_on=dt.date(2020, 9, 1))
    text = words(client.get(URL))
    assert "(CAFFA) 1er septembre 2024 Condition remplie" in text
    assert "Temps sans affectation, déduit : 12 mois" in text


def test_a_rectified_fact_does_not_count(client, certifie):
    CareerStepFactory(agent=certifie, effective_on=dt.date(2010, 9, 1), cancelled=True)
    AssignmentFactory(agent=certifie, starts_on=dt.date(2009, 9, 1), cancelled=True)
    assert "Agrégation interne 1er septembre 2023" in words(client.get(URL))


def test_what_is_not_published_or_not_open_is_said_so(client, certifie):
    text = words(client.get(URL))
    assert "Inspecteurs de l'éducation nationale, concours non publié" in text
    assert "Personnels de direction, troisième concours non publié" in text
    assert "CAPPEI, par la validation des acquis de l'expérience absent du dossier" in text
    closed = text[text.index("Voies que votre corps n'ouvre pas") : text.index("Ouverture de vos droits")]
    assert "CAPES interne" in closed
    assert "inspecteurs pédagogiques régionaux, concours" in closed


def test_the_liste_d_aptitude_waits_for_the_age(client, certifie):
    """Forty on 12 May 2024, ten years of teaching on 1 September 2028: the list of 2028."""
    text = words(client.get(URL))
    assert "Agrégés, liste d'aptitude 1er septembre 2028 À venir" in text
    assert "au 1er octobre 2028 pour la liste de 2028" in text


def test_the_index_threshold_and_the_place_of_a_personnel_de_direction(client, certifie):
    text = words(client.get(URL))
    assert "Seuil indiciaire du corps atteint" in text
    assert "groupe hors échelle A (895 points) : il l'atteint." in text
    assert "Reclassement à la titularisation 7e échelon de la classe normale" in text
    assert "les 4/5 de l'ancienneté acquise" in text
    assert "L'indice de cet échelon n'est pas dans les textes consultés." in text
    placed(certifie, echelon=9)
    assert "Reclassement à la titularisation non publié" in words(client.get(URL))


def test_no_calendar_of_sessions_is_invented(client, certifie):
    text = words(client.get(URL))
    assert "Ces textes ne donnent ni dates d'inscription ni dates d'épreuves" in text
    assert "Une information, jamais un conseil." in text
    assert "Le dossier ne montre pas ce qui précède" in text


# Retirement ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "reform", "suspended"),
    [
        ("1965-02-10", "63 ans et 3 mois Ouverture des droits : 10 mai 2028", "62 ans et 9 mois Ouverture des droits : 10 novembre 2027"),
        ("1968-06-01", "64 ans Ouverture des droits : 1er juin 2032", "63 ans et 9 mois Ouverture des droits : 1er mars 2032"),
        ("1984-05-12", "64 ans Ouverture des droits : 12 mai 2048", "64 ans Ouverture des droits : 12 mai 2048"),
    ],
)  # fmt: skip
def test_retirement_under_both_tables(client, certifie, born, reform, suspended):
    certifie.birth_date = dt.date.fromisoformat(born)
    certifie.save()
    response = client.get(URL)
    rows = re.findall(r'<th scope="row" role="rowheader">(?:du|à partir).*?</tr>', response.content.decode(), re.DOTALL)
    told = []
    for row in rows:
        cells = re.findall(r'data-label="(.*?)">(.*?)<', row)
        told.append(f"{cells[0][1]} {cells[1][0]} : {cells[1][1]}")
    assert told == [reform, suspended]
    assert "Le portail ne connaît pas vos trimestres acquis" in words(response)


def test_an_unpublished_generation_is_said_so(client, certifie):
    certifie.birth_date = dt.date(1954, 3, 1)
    certifie.save()
    assert "Ouverture de vos droits non publié" in words(client.get(URL))


def test_a_former_instituteur_reads_the_active_category(client, certifie):
    assert "catégorie active" not in words(client.get(URL))
    CareerStepFactory(agent=certifie, corps="instituteurs", grade="grade_unique", effective_on=dt.date(2017, 9, 1))
    text = words(client.get(URL))
    assert "Ouverture des droits, catégorie active 12 mai 2043" in text
    assert "17 ans de services actifs" in text


# Suggestions --------------------------------------------------------------------------------------------------------


@pytest.mark.req("S78")
def test_suggestions_have_a_computed_reason(client, certifie):
    Training.objects.filter(agent=certifie).delete()
    TrainingFactory(agent=certifie, label="Préparer le CAFFA", certifying=True)
    TrainingFactory(agent=certifie, label="Le CAPPEI, module 1", certifying=False)
    text = section(client.get(URL), "suggestions")
    assert "(CAFFA) : condition de services remplie depuis le 1er septembre 2023. Formation certifiante" in text
    assert "l'intitulé la nomme : « Préparer le CAFFA »." in text
    assert "Agrégés, liste d'aptitude : condition de services remplie le 1er septembre 2028." in text
    assert "module 1" not in text
    assert "poste tenu depuis 8 ans et 2 mois" in text
    assert "Informatif, jamais prescriptif." in text


@pytest.mark.req("S78")
def test_a_way_beyond_two_years_is_not_suggested(client, teacher):
    text = section(client.get(URL), "suggestions")
    assert "CAFFA" not in text  # 10 February 2030
    assert "Agrégation interne" in text
    assert "Aucune formation certifiante n'a été transmise." in text


@pytest.mark.req("S78")
def test_the_conditions_of_a_detachement_are_not_invented(client, certifie):
    text = section(client.get(URL), "suggestions")
    assert (
        "Détachement dans la fonction publique territoriale Les textes consultés n'en donnent pas les conditions"
        in text
    )


# What goes wrong ----------------------------------------------------------------------------------------------------


def test_without_step_only_retirement_is_told(client, today):
    client.force_login(AgentFactory().user)
    text = words(client.get(URL))
    assert "Votre échelon n'a pas encore été transmis" in text
    assert "Ouverture de vos droits 12 mai 2048" in text
    assert "Ce qui compose ma rémunération" not in text
    assert client.get(ICS).status_code == 404


def test_a_contractuel_is_told_what_does_not_apply(client, teacher):
    placed(teacher, since="2022-09-01", corps="contractuels", grade="premiere_categorie", echelon=None)
    text = words(client.get(URL))
    assert "CAPES interne 1er septembre 2025 Condition remplie" in text
    assert "(CAFFA) 1er septembre 2027 À venir" in text  # by the establishment: a collège
    assert "rien n'est calculé pour un agent contractuel" in text
    assert "Traitement brut mensuel non publié" in text
    assert "La Réunion" not in text.partition("Au même échelon, outre-mer")[2]


def test_an_unknown_corps_computes_nothing(client, teacher):
    CareerStep.objects.filter(agent=teacher).update(corps="archivistes")
    text = words(client.get(URL))
    assert "Le corps « archivistes » n'est pas au registre." in text
    assert client.get(ICS).status_code == 404


@pytest.mark.parametrize(
    ("reason", "left_on", "said", "unsaid"),
    [
        ("mutation", "2026-09-01", "Vous n'êtes plus affecté", "Votre départ est enregistré"),
        ("retraite", "2026-09-01", "Votre départ est enregistré", "Ouverture de vos droits"),
        ("retraite", "2027-09-01", "Ouverture de vos droits", "Vous n'êtes plus affecté"),
    ],
)
def test_who_left_is_told(client, certifie, reason, left_on, said, unsaid):
    certifie.left_on, certifie.left_reason = dt.date.fromisoformat(left_on), reason
    certifie.save()
    text = words(client.get(URL))
    assert said in text
    assert unsaid not in text
    assert client.get(ICS).status_code == (404 if left_on < "2026-11-24" else 200)


def test_before_the_texts_were_read_the_page_still_answers(client, certifie):
    import time_machine  # noqa: PLC0415

    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=False):
        client.force_login(certifie.user)
        text = words(client.get(URL))
    assert "Agrégation interne non publié Aucune règle connue ne s'applique le 22 novembre 2026." in text
    assert "(CAFFA) 1er septembre 2023" in text


def test_each_sees_their_own(client, certifie):
    client.force_login(placed(full_career(), since="2020-09-01").user)
    assert "(CAFFA) 1er septembre 2025" in words(client.get(URL))
    client.force_login(UserFactory(username="sansdossier"))
    for address in (URL, ICS, way("caffa")):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_the_query_count_does_not_grow(client, teacher, number, django_assert_num_queries):
    for n in range(number):
        CareerStepFactory(agent=teacher, ref=f"E-{n}", echelon=n + 1, effective_on=dt.date(2018 + n, 9, 1))
        AssignmentFactory(agent=teacher, ref=f"A-{n}", quotity=10)
        TrainingFactory(agent=teacher, ref=f"T-{n}", certifying=True)
        ServicePeriodFactory(agent=teacher, ref=f"S-{n}", school_year=2018 + n)
        FamilySituationFactory(agent=teacher, ref=f"F-{n}", effective_on=dt.date(2020 + n, 1, 1))
    with django_assert_num_queries(8):
        client.get(URL)
    with django_assert_num_queries(5):
        client.get(ICS)


@pytest.mark.req("S78")
def test_nothing_is_said_of_overseas_where_nothing_is_known(client, teacher):
    CareerStep.objects.filter(agent=teacher).delete()
    CareerStepFactory(agent=teacher, corps="contractuels", grade="premiere_categorie", echelon=None)
    text = words(client.get("/ma-carriere/perspectives/"))
    assert "plus haut" not in text
    overseas = text.partition("Au même échelon, outre-mer")[2]
    assert "Ce corps n'a pas de grille nationale" in overseas.partition("Suggestions")[0]
    assert "La Réunion" not in overseas


def test_a_post_of_this_month_is_held_for_less_than_a_month(client, teacher):
    Assignment.objects.filter(agent=teacher).update(starts_on=dt.date(2026, 11, 2))
    assert "poste tenu depuis moins d'un mois" in words(client.get("/ma-carriere/perspectives/"))
