"""« Mes formations »: list, hours by competence and year, PIX beside the others, filters, table (S44, S45)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from career.enums import TrainingOrigin
from tests.career.web.pages import words as text_of
from tests.career.web.test_exports import rows
from tests.factories.accounts import UserFactory
from tests.factories.career import AgentFactory, CorrectionRequestFactory, TrainingFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S44")]
URL, CSV = "/ma-carriere/formations/", "/ma-carriere/mes-formations.csv"


@pytest.fixture
def pix(teacher):
    day = dt.date(2025, 3, 12)
    return TrainingFactory(
        agent=teacher, ref="PIX-2025", label="Parcours PIX 2025", starts_on=day, ends_on=day, hours=Decimal(15),
        competence="Numérique pédagogique", origin=TrainingOrigin.PIX, certifying=True,
    )  # fmt: skip


@pytest.mark.req("S45")
def test_a_pix_path_counts_fifteen_certified_hours_in_its_competence(client, teacher, pix):
    text = text_of(client.get(URL))
    assert "2 formations." in text
    assert "Heures de formation 21 heures" in text
    assert "Dont heures certifiées 15 heures" in text
    assert "Numérique pédagogique 1 formation, dont 1 certifiante 15 heures" in text
    assert "2024-2025 1 formation, dont 1 certifiante 15 heures" in text
    assert "6 + 15 = 21 heures." not in text  # in the order of time
    assert "15 + 6 = 21 heures." in text
    assert "Parcours PIX 2025 : 15 heures — PIX, transmis le" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"origine": "PIX"}, {"Parcours PIX 2025"}),
        ({"annee": "2025"}, {"Évaluer pour faire progresser"}),
        ({"competence": "Numérique pédagogique"}, {"Parcours PIX 2025"}),
        ({"competence": "Numérique pédagogique", "annee": "2025"}, set()),
        ({"origine": "tout", "annee": "", "x": "y"}, {"Parcours PIX 2025", "Évaluer pour faire progresser"}),
    ],
)
def test_filters_keep_what_is_asked_on_the_page_and_in_the_table(client, teacher, pix, query, shown):
    html = client.get(URL, query).content.decode()
    for label in ("Parcours PIX 2025", "Évaluer pour faire progresser"):
        assert (f'<p class="entry__title">{label}</p>' in html) == (label in shown)
    assert {row["Intitulé"] for row in rows(client.get(CSV, query))} == shown
    assert ("Aucune formation ne correspond" in html) == (not shown)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"annee": "1789"}, "Vous n'avez pas de formation cette année-là."),
        ({"competence": "Voler"}, "Aucune de vos formations ne porte cette compétence."),
        ({"origine": "Ailleurs"}, "Aucune de vos formations n'a cette origine."),
    ],
)
def test_a_wrong_filter_is_told_and_the_list_stays(client, teacher, pix, query, said):
    response = client.get(URL, query)
    assert response.status_code == 400
    assert said in text_of(response)
    assert "2 formations." in text_of(response)


def test_the_table_opens_in_a_spreadsheet(client, teacher, pix):
    TrainingFactory(agent=teacher, ref="F-9", label="=1+1", hours=Decimal("7.50"))
    found = rows(client.get(CSV))
    assert [row["Heures"] for row in found if row["Référence"] == "F-9"] == ["7,5"]
    assert "'=1+1" in {row["Intitulé"] for row in found}
    assert {row["Certifiante"] for row in found} == {"Oui", "Non"}


def test_a_rectified_training_no_longer_counts(client, teacher, pix):
    pix.cancelled = True
    pix.save()
    assert "1 formation." in text_of(client.get(URL))
    assert "Dont heures certifiées 0 heure" in text_of(client.get(URL))


def test_without_training_the_page_says_what_will_come(client, today):
    client.force_login(AgentFactory().user)
    text = text_of(client.get(URL))
    assert "Aucune formation n'a encore été transmise." in text
    assert client.get(CSV).status_code == 200


def test_each_sees_their_own_trainings_only(client, teacher, pix):
    client.force_login(full_career().user)
    assert "Parcours PIX 2025" not in text_of(client.get(URL))
    client.force_login(UserFactory(username="sansdossier"))
    assert client.get(URL).status_code == 404
    client.logout()
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize("number", [1, 5])
def test_the_query_count_does_not_grow(client, teacher, number, django_assert_num_queries):
    for n in range(number):
        TrainingFactory(agent=teacher, ref=f"N-{n}", competence=f"C{n}")
        CorrectionRequestFactory(agent=teacher, fact_kind="formation", fact_ref=f"N-{n}")
    with django_assert_num_queries(5):
        client.get(URL)


def test_a_training_can_be_reported(client, teacher, pix):
    html = client.get(URL).content.decode()
    assert "/ma-carriere/demandes/nouvelle/?nature=formation&amp;ref=PIX-2025" in html
    assert client.get("/ma-carriere/demandes/nouvelle/?nature=formation&ref=PIX-2025").status_code == 200


def test_a_training_under_request_says_so_until_the_answer(client, teacher, pix):
    asked = CorrectionRequestFactory(agent=teacher, fact_kind="formation", fact_ref="PIX-2025")
    CorrectionRequestFactory(
        agent=teacher, fact_kind="diplome", fact_ref=teacher.trainings.exclude(pk=pix.pk).get().ref
    )
    page = text_of(client.get(URL))
    assert "Demande en cours : Parcours PIX 2025" in page
    assert page.count("Demande en cours") == 1, (
        "a request on a diploma is not one on the training of the same reference"
    )
    assert "Signaler une erreur : Évaluer pour faire progresser" in page
    assert 'ref=PIX-2025"' not in client.get(URL).content.decode()
    asked.delete()
    assert "Signaler une erreur : Parcours PIX 2025" in text_of(client.get(URL))


@settings(max_examples=30)
@given(query=st.dictionaries(st.sampled_from(["competence", "annee", "origine"]), st.text(max_size=20)))
def test_any_query(client, teacher, query):
    query = {name: value.replace("{", "").encode("utf-8", "replace").decode() for name, value in query.items()}
    assert client.get(URL, query).status_code in {200, 400}
    assert client.get(CSV, query).status_code == 200
