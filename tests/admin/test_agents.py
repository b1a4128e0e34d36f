"""Agents in the administration: found, read within scope and rights, traced; the NUMEN only for a reason (D16, D20, D21)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from iprof.kernel.text import sort_key
from iprof.web.crypto import lookup_digest, seal
from security.enums import AccessKind, Role, ScopeKind
from security.models import AccessEvent, User
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import (
    AgentFactory,
    AssignmentFactory,
    CareerStepFactory,
    EstablishmentFactory,
    EvaluationFactory,
    FamilySituationFactory,
    full_career,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16")]
LIST = "admin:career_agent_changelist"
SECRET = "19E" + "99" + "00042" + "XYZ"


def posted(departement: str = "51", *, last_name: str = "Durand", first_name: str = "Maëlle", **fields):
    agent = AgentFactory(
        last_name=last_name,
        first_name=first_name,
        sort_key=sort_key(last_name, first_name),
        numen_sealed=seal(SECRET, context="numen"),
        **fields,
    )
    place = EstablishmentFactory(departement=departement)
    AssignmentFactory(
        agent=agent, establishment=place, uai=place.uai, starts_on=datetime.date(2020, 9, 1), ends_on=None
    )
    CareerStepFactory(agent=agent)
    return agent


def change(agent) -> str:
    return reverse("admin:career_agent_change", args=[agent.pk])


def found(client, **query) -> list[str]:
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    return sorted(agent.last_name for agent in page.context["cl"].result_list)


@pytest.fixture
def clerk(client):
    client.user = staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")
    client.force_login(client.user)
    return client


@pytest.mark.req("D37")
def test_found_by_name_without_accents_login_matricule_and_uai(clerk):
    agent = posted(last_name="Étangs", first_name="Noël")
    posted(last_name="Perrin")
    place = agent.assignments.get().uai
    for typed in ("etangs", "Étangs noel", "NOËL", agent.matricule, agent.user.username, place, f"etangs {place[:4]}"):
        assert found(clerk, q=typed) == ["Étangs"], typed
    assert found(clerk, q="personne") == []
    assert found(clerk, q="' OR 1=1 --") == []


def test_filters_narrow_the_list(clerk):
    posted(last_name="Ancien", left_on=datetime.date(2024, 9, 1), left_reason="retraite")
    posted(last_name="Attend", user=UserFactory(waiting=True))
    posted(last_name="Ouvert")
    assert found(clerk, presence="non") == ["Ancien"]
    assert found(clerk, compte="attente") == ["Attend"]
    assert found(clerk, compte="ouvert", presence="oui") == ["Ouvert"]
    assert found(clerk, departement="08") == []
    assert len(found(clerk, departement="51")) == 3
    assert len(found(clerk, corps="certifies")) == 3
    assert found(clerk, corps="pe") == []


def test_the_list_costs_the_same_whatever_its_length(clerk):
    counts = []
    for wanted in (2, 30):
        for _ in range(wanted):
            posted()
        with CaptureQueriesContext(connection) as queries:
            clerk.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_file_out_of_scope_does_not_exist(clerk):
    inside, outside, posted_nowhere = posted(), posted("08"), AgentFactory()
    assert clerk.get(change(inside)).status_code == 200
    assert clerk.get(change(outside)).status_code == clerk.get(change(posted_nowhere)).status_code == 404
    for odd in ("0", "9" * 30, "abc", "1_1"):
        assert clerk.get(f"/gestion/career/agent/{odd}/change/").status_code == 404
    assert found(clerk) == ["Durand"]
    numen = reverse("admin:career_agent_numen", args=[outside.pk])
    assert clerk.post(numen, {"motif": "Demande écrite"}).status_code == 404
    assert clerk.post(reverse("admin:career_agent_letter", args=[outside.pk])).status_code == 404
    chosen = {"action": "print_welcome_letters", "_selected_action": [outside.pk]}
    assert clerk.post(reverse(LIST), chosen).headers.get("Content-Type") != "application/pdf"


@pytest.mark.req("D20")
def test_opening_a_file_leaves_one_trace_the_agent_sees(clerk, client):
    agent = posted()
    clerk.get(change(agent))
    event = AccessEvent.objects.get(kind=AccessKind.FILE_READ)
    assert (event.actor, event.subject, event.ip) == (clerk.user, agent.user, "127.0.0.1")
    client.force_login(agent.user)
    html = client.get(reverse("security:profile")).content.decode()
    assert clerk.user.get_full_name() in html


def test_nothing_is_written_in_a_file(clerk):
    agent = posted()
    assert clerk.post(change(agent), {"last_name": "Autre"}).status_code == 403
    assert clerk.get(reverse("admin:career_agent_add")).status_code == 403
    assert clerk.post(reverse("admin:career_agent_delete", args=[agent.pk]), {"post": "yes"}).status_code == 403
    agent.refresh_from_db()
    assert agent.last_name == "Durand"


@pytest.mark.req("D21")
def test_a_head_reads_names_and_posts_of_the_school_only(client):
    agent, elsewhere = posted(), posted()
    EvaluationFactory(agent=agent)
    FamilySituationFactory(agent=agent)
    head = staff(Role.HEAD, scope_kind=ScopeKind.ESTABLISHMENT, scope_code=agent.assignments.get().uai)
    client.force_login(head)
    html = client.get(reverse(LIST)).content.decode()
    assert agent.last_name in html
    assert agent.matricule not in html
    assert "compte=attente" not in html
    html = client.get(change(agent)).content.decode()
    assert "Certifié" in html or "certifié" in html
    for hidden in (agent.matricule, agent.address, "12 mai 1984", "Appréciation", "Traitement", "NUMEN", "Historique"):
        assert hidden not in html, hidden
    assert client.get(change(elsewhere)).status_code == 404
    assert client.post(reverse("admin:career_agent_numen", args=[agent.pk]), {"motif": "Curiosité"}).status_code == 403
    assert client.post(reverse("admin:career_agent_letter", args=[agent.pk])).status_code == 403
    assert found(client, q=agent.matricule) == []


@pytest.mark.parametrize("role", [Role.DPO, Role.IT, Role.TEACHER])
def test_other_roles_open_no_file(client, role):
    agent = posted()
    client.force_login(staff(role))
    assert client.get(change(agent)).status_code == 403
    assert client.get(reverse(LIST)).status_code == 403


@pytest.mark.req("D36", "D20")
def test_the_numen_shows_once_for_a_reason(clerk):
    agent = posted()
    agent.numen_digest = lookup_digest(SECRET, context="numen")
    agent.save()
    address = reverse("admin:career_agent_numen", args=[agent.pk])
    for page in (clerk.get(reverse(LIST)), clerk.get(change(agent)), clerk.get(address)):
        assert SECRET not in page.content.decode()
    short = clerk.post(address, {"motif": "ok"})
    assert short.status_code == 400
    assert 'value="ok"' in short.content.decode()
    assert not AccessEvent.objects.filter(kind=AccessKind.NUMEN_REVEALED).exists()
    shown = clerk.post(address, {"motif": "Courrier revenu non distribué"})
    assert SECRET in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    event = AccessEvent.objects.get(kind=AccessKind.NUMEN_REVEALED)
    assert (event.subject, event.reason) == (agent.user, "Courrier revenu non distribué")


@pytest.mark.req("S19")
def test_letters_one_or_many(clerk):
    agents = [posted(user=UserFactory(waiting=True)) for _ in range(2)]
    one = clerk.post(reverse("admin:career_agent_letter", args=[agents[0].pk]))
    assert (one.status_code, one.headers["Content-Type"]) == (200, "application/pdf")
    chosen = {"action": "print_welcome_letters", "_selected_action": [agent.pk for agent in agents]}
    many = clerk.post(reverse(LIST), chosen)
    assert many.content.startswith(b"%PDF")
    assert AccessEvent.objects.filter(kind=AccessKind.LETTER_PRINTED).count() == 3


def test_a_letter_that_cannot_be_printed_says_why(clerk):
    opened = full_career()
    AssignmentFactory(agent=opened, establishment=EstablishmentFactory(departement="51"), ends_on=None)
    chosen = {"action": "print_welcome_letters", "_selected_action": [opened.pk]}
    html = clerk.post(reverse(LIST), chosen, follow=True).content.decode()
    assert "la première connexion a déjà eu lieu" in html
    response = clerk.post(reverse("admin:career_agent_letter", args=[opened.pk]), follow=True)
    assert "Aucun courrier pour" in response.content.decode()


def test_a_habilitation_that_ended_opens_nothing(clerk):
    agent = posted()
    clerk.user.habilitations.update(ends_on=datetime.date(2021, 1, 1))
    assert clerk.get(change(agent)).status_code == 404
    assert found(clerk) == []


def test_a_superuser_without_habilitation_opens_no_file(client):
    agent = posted()
    root = UserFactory(username="root", staff=True)
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=root.pk))
    assert client.get(change(agent)).status_code == 404
