"""The teacher's home: what to do, where I am, what comes next, and the whole history one click away."""

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress

from career.selectors.latest import logbook
from career.selectors.situation import steps_of
from iprof.correspondence.services.alerts import mark_read, send_alert
from iprof.home.selectors import staff_counts
from security.enums import Role
from tests.career.feed.messages import event, load
from tests.career.web.pages import titles, words
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import (
    AgentFactory,
    AssignmentFactory,
    CareerStepFactory,
    CorrectionRequestFactory,
    EvaluationFactory,
    TrainingFactory,
    full_career,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("S08")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def teacher(client):
    agent = full_career()
    client.force_login(agent.user)
    return agent


def test_the_three_questions_have_their_answers(client, teacher):
    text = words(client.get("/"))
    for heading in ("Ce que vous avez à faire", "Où j'en suis", "Et ensuite", "Mon dossier", "Carnet de route"):
        assert heading in text
    assert "Bonjour Maëlle Votre dossier au 24 novembre 2026, transmis par SIAE Reims." in text
    assert "497 points d'indice" in text
    assert "Passage au 7e échelon Au plus tôt, avec la bonification d'un an 10 février 2027" in text


def test_the_logbook_shows_the_last_events_with_their_source(client, teacher):
    EvaluationFactory(agent=teacher, held_on=dt.date(2026, 5, 4))
    found = titles(client.get("/"))[1:]
    assert len(found) == 5
    assert found[0] == "Premier rendez-vous de carrière"
    assert found[1] == "Évaluer pour faire progresser"
    text = words(client.get("/"))
    assert "Appréciation finale : très satisfaisant Source : SIAE Reims, transmis le 2 septembre 2026" in text
    assert "6 heures Source : Scolarité Services · SIAE Reims" in text


def test_every_kind_is_counted_and_leads_to_its_facts(client, teacher):
    TrainingFactory(agent=teacher)
    response = client.get("/")
    assert "9 éléments depuis le 1er juillet 2016" in words(response)
    assert 'href="/ma-carriere/?nature=formation#historique">Formations</a> <span class="tally__count">2<' in (
        response.content.decode()
    )
    assert "2 éléments sur 9" in words(client.get("/ma-carriere/?nature=formation"))


def test_cancelled_facts_are_neither_listed_nor_counted(teacher):
    teacher.trainings.update(cancelled=True)
    found = logbook(teacher, steps_of(teacher))
    assert found.total == 7
    assert "formation" not in {event.kind for event in found.events} | {count.kind for count in found.counts}


def test_codes_the_portal_does_not_know_are_shown_as_received(client, teacher):
    teacher.assignments.update(nature="inconnue")
    teacher.evaluations.update(appreciation="Inconnue", kind="autre")
    teacher.trainings.update(origin="ailleurs")
    for page in ("/", "/ma-carriere/", "/ma-carriere/cv/", "/ma-carriere/ma-carriere.csv"):
        assert client.get(page).status_code == 200
    assert "inconnue" in words(client.get("/"))


def test_an_agent_before_the_first_fact(client):
    agent = AgentFactory()
    client.force_login(agent.user)
    found = logbook(agent, [])
    assert (found.events, found.counts, found.since, found.total) == ((), (), None, 0)
    assert "Votre dossier ne contient encore aucun élément" in words(client.get("/"))


def test_two_posts_the_larger_share_first(client, teacher):
    AssignmentFactory(agent=teacher, quotity=40, establishment__name="Lycée des Sources")
    teacher.assignments.exclude(quotity=40).update(quotity=60)
    text = words(client.get("/"))
    assert "Affectations" in text
    assert text.index("60 % d'un service complet") < text.index("Lycée des Sources, Reims Affectation")


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        ([], "Enregistrez une adresse de secours"),
        ([False], "Votre adresse de secours attend d'être confirmée"),
        ([True], None),
        ([False, True], None),
    ],
)
def test_the_recovery_address_is_asked_for_until_it_is_confirmed(client, teacher, addresses, sentence):
    for n, verified in enumerate(addresses):
        EmailAddress.objects.create(user=teacher.user, email=f"maelle{n}@example.org", verified=verified)
    text = words(client.get("/"))
    assert (sentence or "Rien à faire pour le moment") in text


def test_unread_alerts_are_on_the_home_page_three_at_most(client, teacher):
    alerts = [
        send_alert(
            user=teacher.user, kind="carriere.essai", subject=f"Alerte n° {n}", body="Texte", link="/ma-carriere/"
        )
        for n in range(4)
    ]
    send_alert(user=UserFactory(username="autre"), kind="carriere.essai", subject="À une autre personne", body="Texte")
    text = words(client.get("/"))
    assert text.count("Alerte n°") == 6  # each one and the name of its button
    assert "D'autres alertes ne sont pas lues. Voir toutes mes alertes" in text
    assert "autre personne" not in text
    for alert in alerts[:3]:
        mark_read(by=teacher.user, message_id=alert.message_id)
    text = words(client.get("/"))
    assert "Alerte n° 3 (24 novembre 2026)" in text
    assert "D'autres alertes" not in text


def test_an_alert_without_link_leads_to_the_list(client, teacher):
    send_alert(user=teacher.user, kind="carriere.essai", subject="Pour information", body="Texte")
    assert 'href="/alertes/">Lire l&#x27;alerte' in client.get("/").content.decode()


@pytest.mark.parametrize("more", [0, 30])
def test_at_most_twelve_queries_whatever_the_history(client, teacher, django_assert_max_num_queries, more):
    for n in range(more):
        CareerStepFactory(agent=teacher, effective_on=dt.date(1990 + n, 9, 1))
        TrainingFactory(agent=teacher)
        AssignmentFactory(agent=teacher, ends_on=dt.date(2022, 8, 31))
        send_alert(user=teacher.user, kind="carriere.essai", subject=f"Alerte {n}", body="Texte", link="/ma-carriere/")
    with django_assert_max_num_queries(12) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) == 12


def test_the_page_writes_nothing(client, teacher, django_capture_on_commit_callbacks):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [q["sql"] for q in queries if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.IT, Role.DPO, Role.SUPERADMIN])
def test_a_count_leads_to_the_very_rows_it_counts(client, role):
    agent = full_career()
    CorrectionRequestFactory(agent=agent)
    load(event("agent.upserted", agent="A0000042"), event("career.step", corps="archivistes"))
    user = staff(role)
    client.force_login(user)
    html = client.get("/").content.decode()
    counts = staff_counts(user, on=dt.date(2026, 11, 24))
    assert counts
    for count in counts:
        assert count.url.replace("&", "&amp;") in html
        listed = client.get(count.url)
        assert listed.status_code == 200
        assert listed.context["cl"].result_count == count.value, count.label
