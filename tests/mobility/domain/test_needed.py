"""Which pieces a situation calls for."""

import datetime as dt

import pytest

from mobility.domain.facts import Lien, Partner, Place, Rapprochement, Situation
from mobility.domain.needed import called_for

EVERY = (
    "mariage", "pacs", "pacs_extrait", "imposition", "activite", "residence", "enfants", "enfant_a_naitre", "grossesse",
    "handicap", "handicap_enfant", "reclassement", "services",
)  # fmt: skip
TODAY = dt.date(2026, 11, 24)
BORN, EXPECTED = dt.date(2020, 1, 9), dt.date(2027, 2, 1)


def rc(lien, **more):
    return Rapprochement(Place("Dijon", "21"), lien, **more)


@pytest.mark.req("S52")
@pytest.mark.parametrize(
    ("told", "needed"),
    [
        (Situation(), {"activite", "handicap_enfant", "services"}),
        (Situation(rc=rc(Lien.MARIAGE)), {"activite", "handicap_enfant", "services", "mariage"}),
        (
            Situation(rc=rc(Lien.PACS)),
            {"activite", "handicap_enfant", "services", "pacs", "pacs_extrait", "imposition"},
        ),
        (Situation(simultanee=Partner()), {"activite", "handicap_enfant", "services", "mariage"}),
        (
            Situation(rc=rc(Lien.ENFANT, proof="residence_privee"), children_birthdates=(BORN,)),
            {"activite", "handicap_enfant", "services", "residence", "enfants"},
        ),
        (
            Situation(rc=rc(Lien.ENFANT), children_birthdates=(EXPECTED,), deposit=TODAY),
            {"activite", "handicap_enfant", "services", "enfant_a_naitre", "grossesse"},
        ),
        (
            Situation(rc=rc(Lien.MARIAGE), children_birthdates=(EXPECTED,), deposit=TODAY),
            {"activite", "handicap_enfant", "services", "mariage", "grossesse"},
        ),
        (Situation(boe=True, ex_contractuel=True), {"activite", "services", "handicap", "reclassement"}),
        (Situation(conjoint_boe=True), {"activite", "services", "handicap"}),
    ],
)
def test_a_situation_calls_for_its_own_pieces(told, needed):
    assert set(called_for(EVERY, told)) == needed
