"""« Ce qui compose ma rémunération » and the same step overseas: figures of the law, facts of the file (S49, S10)."""

import datetime as dt
from decimal import Decimal

import pytest

from career.models import Assignment, FamilySituation, ServicePeriod
from tests.career.web.perspectives import URL, placed, section
from tests.factories.career import AssignmentFactory, EstablishmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S49", "S82")]


def test_each_part_of_the_pay_is_explained(client, certifie):
    FamilySituation.objects.filter(agent=certifie).update(
        children_birthdates=[dt.date(2004, 1, 9), dt.date(2010, 1, 9), dt.date(2020, 1, 9), dt.date(2027, 1, 9)]
    )
    response = client.get(URL)
    text = section(response, "remuneration")
    assert "Traitement brut mensuel 3 313,03 € par mois" in text
    assert "Prime d'attractivité 0,00 € par an" in text
    assert "ISOE, part fixe 2 550,00 € par an" in text
    assert "Éducation prioritaire Sans objet" in text
    assert "Taux annuel d'une HSA 1 340,85 € par an" in text
    assert "Taux d'une HSE 46,56 € par heure" in text
    assert "Heures supplémentaires validées, 2025-2026 1 609,02 € par an" in text
    assert "Supplément familial de traitement 110,06 € par mois" in text  # two children of the four are under twenty
    assert text.count("Pourquoi ?") == 8
    assert "Situation saisie" not in text


@pytest.mark.parametrize(
    ("network", "label", "amount"), [("REP", "REP", "1 734,00"), ("REP+", "REP+, part fixe", "5 114,00")]
)
def test_a_network_gives_its_indemnity(client, certifie, network, label, amount):
    post = Assignment.objects.get(agent=certifie)
    post.establishment.priority_network = network
    post.establishment.save()
    assert f"Indemnité de sujétions {label} {amount} € par an" in section(client.get(URL), "remuneration")


def test_the_network_of_a_post_that_ended_gives_nothing(client, certifie):
    old = AssignmentFactory(
        agent=certifie,
        establishment=EstablishmentFactory(priority_network="REP+"),
        starts_on=dt.date(2018, 9, 1),
        ends_on=dt.date(2026, 8, 31),
    )
    assert "REP+, part fixe" not in section(client.get(URL), "remuneration")
    Assignment.objects.filter(agent=certifie).exclude(pk=old.pk).delete()
    assert "Éducation prioritaire Non transmis" in section(client.get(URL), "remuneration")


@pytest.mark.parametrize(
    ("quotity", "pay", "isoe"),
    [
        ("80", "2 839,74", "2 185,71"),
        ("90", "3 029,06", "2 331,43"),
        ("50", "1 656,52", "1 275,00"),
    ],
)
def test_part_time_follows_the_law(client, certifie, quotity, pay, isoe):
    Assignment.objects.filter(agent=certifie).update(quotity=Decimal(quotity))
    text = section(client.get(URL), "remuneration")
    assert f"pour une quotité de {quotity} %" in text
    assert f"Traitement brut mensuel à temps partiel {pay} € par mois" in text
    assert f"ISOE, part fixe {isoe} € par an" in text
    assert "Supplément familial de traitement non publié" in text


def test_an_unknown_quotite_is_refused_and_the_page_stays(client, certifie):
    Assignment.objects.filter(agent=certifie).update(quotity=Decimal(85))
    text = section(client.get(URL), "remuneration")
    assert "Traitement brut mensuel non publié La rémunération à 85 % n'est pas calculée" in text
    assert "Taux annuel d'une HSA 1 340,85" in text


def test_two_posts_make_one_full_service(client, certifie):
    Assignment.objects.filter(agent=certifie).update(quotity=Decimal(50))
    AssignmentFactory(agent=certifie, quotity=Decimal(50), establishment=EstablishmentFactory(priority_network="REP"))
    text = section(client.get(URL), "remuneration")
    assert "pour une quotité de 100 %" in text
    assert "Indemnité de sujétions REP 867,00 € par an" in text


def test_what_the_file_lacks_is_named(client, certifie):
    FamilySituation.objects.all().delete()
    ServicePeriod.objects.all().delete()
    text = section(client.get(URL), "remuneration")
    assert "Supplément familial de traitement Non transmis Aucune situation familiale n'a été transmise" in text
    assert "Heures supplémentaires validées Non transmis Aucun service validé n'a été transmis." in text


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"corps": "pe"}, "ISAE (premier degré) non publié"),
        ({"corps": "cpe"}, "Indemnité de suivi non publié"),
        ({"corps": "pe"}, "Taux annuel d'une HSA non publié"),
        ({"corps": "agreges", "grade": "hors_classe", "echelon": 2}, "Taux annuel d'une HSA 1 934,43 € par an"),
    ],
)
def test_each_corps_has_its_own_parts(client, teacher, step, said):
    placed(teacher, **step)
    assert said in section(client.get(URL), "remuneration")


def test_an_agrege_of_eps_owes_seventeen_hours(client, teacher):
    placed(teacher, corps="agreges", grade="hors_classe", echelon=2)
    Assignment.objects.filter(agent=teacher).update(discipline="Éducation physique et sportive")
    assert "Taux annuel d'une HSA 1 706,85 € par an" in section(client.get(URL), "remuneration")


@pytest.mark.req("S10")
def test_the_same_step_overseas(client, teacher):
    text = section(client.get(URL), "outre-mer")  # 6e échelon: 2 446,62 €
    for place in ("Guadeloupe", "Martinique", "Guyane", "Mayotte"):
        assert f"{place} 3 425,27 € par mois 978,65 € par mois" in text
    assert "La Réunion 3 758,74 € par mois 1 312,12 € par mois" in text
    assert text.count("Pourquoi ?") == 5
    assert "Lieu d'exercice : La Réunion — Lieu choisi" in text
