"""Opinions, decisions, openings and guides in « Gestion » (S58, S59, D16, D28, K2)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from mobility.domain.scheme_states import SchemeAct
from mobility.domain.schemes import Adviser
from mobility.enums_schemes import SchemeDate
from mobility.models import SchemeCampaign, SchemeCampaignMove, SchemeGuide, SchemeOpinion
from mobility.selectors.applications import visible_applications
from mobility.services.scheme_campaigns import move_scheme_date
from mobility.services.scheme_decisions import decide_application, give_opinion
from security.enums import Role, ScopeKind
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.schemes import scheme_campaign, sent_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return full_career()


@pytest.fixture
def sent(agent):
    return sent_application(agent.user)


@pytest.fixture
def head(agent):
    return staff(Role.HEAD, scope_kind=ScopeKind.ESTABLISHMENT, scope_code=agent.assignments.get().uai)


@pytest.fixture
def office():
    return staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")


def at(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def page(row) -> str:
    return reverse("admin:mobility_schemeapplication_change", args=[row.pk])


@pytest.mark.req("S58")
def test_a_head_advises_on_the_teachers_of_the_school_and_the_teacher_reads_it(sent, head):
    told = words(at(head).get(page(sent)))
    assert "Enseigner à Nouméa" in told
    assert "Personnes qui partiraient" not in told  # private
    assert "Candidature retenue" not in told
    assert at(head).post(page(sent), {"avis": "chef:favorable", "motif": " "}).status_code == 400
    assert at(head).post(page(sent), {"avis": "chef:favorable", "motif": "Projet solide"}).status_code == 302
    again = at(head).post(page(sent), {"avis": "chef:defavorable", "motif": "Deux fois"})
    assert again.status_code == 409
    sent.refresh_from_db()
    assert sent.state == "avis_rendus"
    read = words(at(sent.owner).get(sent.get_absolute_url()))
    assert "Chef d'établissement : Favorable" in read
    assert "Projet solide" in read
    kinds = set(AccessEvent.objects.filter(actor=head).values_list("kind", flat=True))
    assert {"mobilite.lecture", "mobilite.decision"} <= kinds
    assert Alert.objects.filter(user=sent.owner, cause__startswith="candidature:").count() == 2


def test_a_head_reads_neither_other_schools_nor_schemes_that_do_not_ask(agent, sent, head):
    other = sent_application(agent.user, scheme_campaign("move4monde"))
    assert at(head).get(page(other)).status_code == 404
    elsewhere = staff(Role.HEAD, scope_kind=ScopeKind.ESTABLISHMENT, scope_code="0080001A", username="ailleurs")
    assert at(elsewhere).get(page(sent)).status_code == 404
    assert at(elsewhere).post(page(sent), {"avis": "chef:favorable", "motif": "Non"}).status_code == 404


def test_a_head_neither_decides_nor_advises_as_the_office(sent, head):
    assert at(head).post(page(sent), {"acte": "retenir", "motif": "Oui"}).status_code == 403
    assert at(head).post(page(sent), {"avis": "gestionnaire:favorable", "motif": "Oui"}).status_code == 409
    assert not SchemeOpinion.objects.exists()


def test_a_gestionnaire_of_another_departement_sees_nothing(sent):
    other = staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="08", username="ardennes")
    assert at(other).get(page(sent)).status_code == 404
    assert not visible_applications(other, on=timezone.localdate()).exists()


def test_no_decision_before_the_opinions_then_with_a_reason_by_a_person(sent, head, office):
    early = at(office).post(page(sent), {"acte": "retenir", "motif": "Trop tôt"})
    assert early.status_code == 409
    assert "Trop tôt" in early.content.decode()
    give_opinion(application=sent, role=Adviser.HEAD, favourable=True, reason="Bien", by=head)
    assert "Personnes qui partiraient" in words(at(office).get(page(sent)))
    assert at(office).post(page(sent), {"acte": "retenir", "motif": ""}).status_code == 400
    assert at(office).post(page(sent), {"acte": "transmettre", "motif": "Dossier complet"}).status_code == 302
    assert at(office).post(page(sent), {"acte": "retenir", "motif": "Profil retenu"}).status_code == 302
    sent.refresh_from_db()
    assert sent.state == "retenue"
    assert sent.events.latest("pk").decided_by == office


@pytest.mark.parametrize(
    "typed", [{}, {"avis": "chef"}, {"avis": "voisin:favorable"}, {"acte": "envoyer"}, {"acte": "retirer"}]
)
def test_an_odd_choice_does_nothing(sent, office, typed):
    assert at(office).post(page(sent), {"motif": "Essai", **typed}).status_code == 400
    assert sent.events.count() == 1


def test_nobody_advises_or_decides_on_their_own(sent, head):
    for act in (
        lambda: give_opinion(application=sent, role=Adviser.HEAD, favourable=True, reason="Moi", by=sent.owner),
        lambda: decide_application(application=sent, act=SchemeAct.ACCEPT, reason="Moi", by=sent.owner),
    ):
        with pytest.raises(DomainError, match="scheme_own"):
            act()
    now = timezone.now()
    mine = {"application": sent, "sending": 1, "role": "chef", "favourable": True, "reason": "Moi", "given_at": now}
    with pytest.raises(DatabaseError), transaction.atomic():
        SchemeOpinion.objects.create(decided_by=sent.owner, **mine)


def test_only_staff_acts_are_decisions(sent, office):
    with pytest.raises(DomainError, match="scheme_transition"):
        decide_application(application=sent, act=SchemeAct.WITHDRAW, reason="Non", by=office)


def test_opinions_and_steps_never_change(sent, head):
    row = give_opinion(application=sent, role=Adviser.HEAD, favourable=True, reason="Bien", by=head)
    for change in (lambda: row.delete(), lambda: sent.events.update(note="autre")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_list_takes_the_same_queries_for_many(sent, office, django_assert_max_num_queries):
    client, where = at(office), reverse("admin:mobility_schemeapplication_changelist")
    client.get(where)
    for year in range(2030, 2036):
        sent_application(sent.owner, scheme_campaign(year=year))
    with django_assert_max_num_queries(14):
        assert client.get(where).status_code == 200


def opening(**changed) -> dict[str, object]:
    told = {"scheme": "pop", "year": 2027, "source": "Note de service", "opens_at_0": "25/11/2026", "opens_at_1": "12:00",
            "closes_at_0": "12/12/2026", "closes_at_1": "12:00"}  # fmt: skip
    return told | changed


@pytest.fixture
def chief():
    return staff(Role.SUPERADMIN)


@pytest.mark.req("S58")
def test_the_administrator_opens_a_scheme_and_moves_its_dates_with_a_reason(chief, office):
    add = reverse("admin:mobility_schemecampaign_add")
    assert at(office).post(add, opening()).status_code == 403
    assert "La clôture vient" in at(chief).post(add, opening(closes_at_0="01/11/2026")).content.decode()
    assert at(chief).post(add, opening()).status_code == 302
    row = SchemeCampaign.objects.get()
    assert row.created_by == chief
    move = reverse("admin:mobility_schemecampaign_change", args=[row.pk])
    typed = {"date": "closes_at", "to": "2026-12-19T12:00", "reason": "Serveur indisponible"}
    assert at(chief).post(move, typed | {"reason": ""}).status_code == 400
    assert at(chief).post(move, typed | {"to": "demain"}).status_code == 400
    assert at(chief).post(move, typed | {"to": "2026-11-01T12:00"}).status_code == 400
    assert at(office).post(move, typed).status_code == 403
    assert at(chief).post(move, typed).status_code == 302
    assert at(chief).post(move, typed).status_code == 400  # the same date
    assert "Serveur indisponible" in words(at(office).get(move))
    assert SchemeCampaignMove.objects.get().number == 1


def test_a_date_moves_with_its_reason_only(chief):
    row = scheme_campaign()
    with pytest.raises(DomainError, match="scheme_no_reason"):
        move_scheme_date(campaign=row, date=SchemeDate.CLOSES, to=row.closes_at + dt.timedelta(1), reason=" ", by=chief)
    with pytest.raises(DatabaseError), transaction.atomic():
        SchemeCampaign.objects.update(closes_at=row.closes_at + dt.timedelta(1))


@pytest.mark.req("S59")
def test_a_dsden_writes_the_guide_of_its_own_departement(office, chief):
    add = reverse("admin:mobility_schemeguide_add")
    typed = {"scheme": "pop", "departement": "51", "text": "Préparez l'entretien."}
    assert at(office).post(add, typed | {"departement": "08"}).status_code == 200
    assert at(office).post(add, typed | {"departement": ""}).status_code == 200
    assert not SchemeGuide.objects.exists()
    assert at(office).post(add, typed).status_code == 302
    assert at(office).post(add, typed | {"text": "Deuxième version."}).status_code == 302
    assert at(chief).post(add, typed | {"departement": ""}).status_code == 302
    assert list(SchemeGuide.objects.values_list("departement", "number")) == [("", 1), ("51", 2), ("51", 1)]
    assert "Deuxième version." in at(office).get(add, {"scheme": "pop", "departement": "51"}).content.decode()
    assert at(office).get(add, {"scheme": "inconnu"}).status_code == 200
    row = SchemeGuide.objects.first()
    assert at(office).get(reverse("admin:mobility_schemeguide_change", args=[row.pk])).status_code == 200
