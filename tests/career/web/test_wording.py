"""French as a teacher reads it on the career pages: plurals, signs, figures that do not contradict one another."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from career.models import Assignment, CareerStep, Training
from tests.career.web.pages import words
from tests.career.web.test_every_figure import pages
from tests.factories.career import CareerStepFactory, TrainingFactory

pytestmark = pytest.mark.django_db
PLURAL_BELOW_TWO = re.compile(
    r"(?<![\d,.\u202f])(?:0|1|0,\d+|1,\d+) (?:ans|points|heures|trimestres|éléments|formations)\b"
)
LOOSE_SIGNS = re.compile(r"%; |[-]\d+,\d|\w\(e\)")


@pytest.mark.req("E19")
@pytest.mark.parametrize(
    ("corps", "grade", "echelon", "since"),
    [
        ("certifies", "classe_normale", 10, dt.date(2026, 9, 1)),
        ("pe", "hors_classe", 5, dt.date(2025, 9, 1)),
        ("contractuels", "premiere_categorie", None, dt.date(2025, 9, 1)),
    ],
)
def test_plurals_start_at_two_and_signs_are_french(client, teacher, corps, grade, echelon, since):
    CareerStep.objects.filter(agent=teacher).delete()
    CareerStepFactory(agent=teacher, corps=corps, grade=grade, echelon=echelon, effective_on=since)
    Assignment.objects.filter(agent=teacher).update(starts_on=dt.date(2025, 9, 1))
    Training.objects.filter(agent=teacher).update(hours=Decimal("1.5"))
    TrainingFactory(agent=teacher, hours=Decimal("0.5"), competence="")
    seen = ""
    for url in pages(teacher):
        if "text/html" in (response := client.get(url))["Content-Type"]:
            text = words(response)
            assert PLURAL_BELOW_TWO.findall(text) == [], url
            assert LOOSE_SIGNS.findall(text) == [], url
            seen += text
    assert "1 an et 2 mois" in seen


def test_an_empty_list_counts_in_the_singular(client, teacher):
    Training.objects.filter(agent=teacher).update(competence="Coopérer au sein d'une équipe")
    TrainingFactory(
        agent=teacher,
        competence="Prendre en compte la diversité des élèves",
        starts_on=dt.date(2024, 1, 9),
        ends_on=dt.date(2024, 1, 9),
    )
    text = words(
        client.get("/ma-carriere/formations/", {"competence": "Coopérer au sein d'une équipe", "annee": "2023"})
    )
    assert "0 formation sur 2" in text
