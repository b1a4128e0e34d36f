"""As many queries for one vœu and one document as for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mobility.services.drafts import save_pieces, save_voeux
from tests.factories.submissions import row_of
from tests.mobility.web.sections import SECTIONS, now, url

pytestmark = pytest.mark.django_db
MANY = ("Dijon", "Lyon", "Nice", "Lille", "Reims", "Paris", "Rennes", "Nantes", "Corse", "Amiens", "Poitiers")


def count(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", [*SECTIONS, "request"])
def test_constant_in_vœux_and_documents(client, mine, teacher, name):
    save_voeux(request=mine, revision=now(mine).revision, voeux=MANY[:1])
    book = row_of(teacher, "livret_famille")
    save_pieces(request=mine, revision=now(mine).revision, chosen={"mariage": [book.pk]})
    count(client, url(name, mine))
    few = count(client, url(name, mine))
    save_voeux(request=mine, revision=now(mine).revision, voeux=MANY)
    rows = [
        row_of(teacher, kind).pk for kind in ("contrat_travail", "bulletin_salaire", "acte_naissance", "livret_famille")
    ]
    save_pieces(
        request=mine,
        revision=now(mine).revision,
        chosen={"mariage": [book.pk], "activite": rows[:2], "enfants": rows[2:]},
    )
    assert count(client, url(name, mine)) == few
    assert few <= 26
