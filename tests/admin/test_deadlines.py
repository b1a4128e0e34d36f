"""Deadlines in the administration: a look at whom they reach before anything is written, reasons for every change."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from iprof.correspondence.admin import deadlines as pages
from iprof.correspondence.forms.deadlines import DeadlineForm
from iprof.correspondence.models import Alert, Deadline, DeadlinePerson
from security.enums import Role, ScopeKind
from tests.career.web.pages import words
from tests.correspondence.test_deadlines import NOON, WEEK
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.correspondence import looked_at, open_deadline

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11", "D16")]
ADD, LIST = "admin:correspondence_deadline_add", "admin:correspondence_deadline_changelist"
FORM = {
    "title": "Saisir vos vœux", "procedure": "Mouvement 2027", "closes_on": "2026-12-11", "closes_time": "12:00",
    "source": "Circulaire du 9 novembre 2026", "departements": ["51"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def by(client):
    user = staff(Role.GESTIONNAIRE)
    client.force_login(user)
    return user


def page_of(deadline: Deadline) -> str:
    return reverse("admin:correspondence_deadline_change", args=[deadline.pk])


def token_of(page) -> str:
    return re.search(r'name="vue" value="([^"]+)"', page.content.decode())[1]


def test_a_deadline_is_announced_to_whom_was_shown(client, by):
    agent = full_career()
    looked = client.post(reverse(ADD), FORM | {"etape": "verifier"})
    assert "1 personne concernée" in words(looked)
    assert agent.user.last_name in words(looked)
    assert not Deadline.objects.exists()
    done = client.post(reverse(ADD), FORM | {"etape": "annoncer", "vue": token_of(looked)}, follow=True)
    deadline = Deadline.objects.get()
    assert (deadline.closes_at, deadline.created_by) == (NOON, by)
    assert list(deadline.people.values_list("user_id", flat=True)) == [agent.user_id]
    assert "annoncée à 1 personne" in words(done)
    page = words(client.get(page_of(deadline)))
    assert "La date n'a jamais changé" in page
    assert "Marne" in page
    assert "Saisir vos vœux" in words(client.get(reverse(LIST) + "?etat=avenir"))


def changed(client, sent: dict, sentence: str) -> dict:
    """The look is shown again, nothing is written; what its page would send."""
    again = client.post(reverse(ADD), sent)
    assert again.status_code == 409
    assert sentence in words(again)
    assert not Deadline.objects.exists()
    return sent | {"vue": token_of(again)}


@pytest.mark.parametrize(
    "change",
    [{"title": "Autre chose"}, {"closes_on": "2026-12-12"}, {"departements": [], "everyone": "on"}, {"link": "/aide/"}],
)
def test_what_was_typed_after_the_look_is_looked_at_before_it_is_announced(client, by, change):
    full_career()
    sent = changed(client, looked_at(FORM, by=by) | change, "Vous avez modifié l'échéance")
    assert client.post(reverse(ADD), sent).status_code == 302
    assert Deadline.objects.get()


def test_whom_it_reaches_is_looked_at_again_when_it_changed(client, by):
    full_career()
    sent = looked_at(FORM, by=by)
    full_career()
    sent = changed(client, sent, "Les personnes concernées ont changé")
    assert client.post(reverse(ADD), sent).status_code == 302
    assert DeadlinePerson.objects.count() == 2


@pytest.mark.parametrize("token", ["", "a:b:c", "\x00"])
def test_nothing_is_announced_without_a_look_of_ones_own(client, by, token):
    full_career()
    other = looked_at(FORM, by=staff(Role.GESTIONNAIRE, username="collegue"))
    changed(client, other, "pas encore vu qui est concerné")
    changed(client, other | {"vue": token}, "pas encore vu qui est concerné")


def test_a_second_click_finds_the_deadline_of_the_first(client, by):
    full_career()
    sent = looked_at(FORM, by=by)
    client.post(reverse(ADD), sent)
    full_career()  # whoever comes in between
    second = client.post(reverse(ADD), sent, follow=True)
    assert second.redirect_chain == [(page_of(Deadline.objects.get()), 302)]
    assert "déjà annoncée" in words(second)


def test_two_clicks_at_once_make_one_deadline(client, by, monkeypatch):
    full_career()
    create = pages.create_deadline

    def beaten(*, deadline, **told):
        create(deadline=Deadline(public_id=deadline.public_id, **form), **told)
        return create(deadline=deadline, **told)

    form = {"title": "Saisir vos vœux", "procedure": "Mouvement", "closes_at": NOON, "source": "Circulaire"}
    monkeypatch.setattr(pages, "create_deadline", beaten)
    second = client.post(reverse(ADD), looked_at(FORM, by=by), follow=True)
    assert second.redirect_chain == [(page_of(Deadline.objects.get()), 302)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Dites en une ligne"),
        ({"title": "x" * 151}, "dépasse 150 caractères (151)"),
        ({"title": "a\x00b"}, "caractère nul"),
        ({"closes_on": "2026-11-23"}, "déjà passée"),
        ({"closes_on": "2026-02-30"}, "Cette date n'existe pas"),
        ({"closes_on": ""}, "Indiquez le dernier jour"),
        ({"closes_time": "25:00"}, "Cette heure n'existe pas"),
        ({"opens_on": "2026-12-12"}, "vient après le dernier"),
        ({"link": "https://evil.example/"}, "pas une page du portail"),
        ({"link": "//evil.example/"}, "pas une page du portail"),
        ({"source": ""}, "Indiquez le texte"),
        ({"departements": []}, "Personne n'est choisi"),
        ({"everyone": "on"}, "se choisit seul"),
        ({"departements": ["10"]}, "ne désignent personne"),
        ({"departements": ["99"]}, "n'est pas dans la liste"),
        ({"uais": "0519999Z"}, "Aucun établissement n'a le code « 0519999Z »"),
    ],
)
@pytest.mark.parametrize("step", ["verifier", "annoncer"])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(client, by, change, sentence, step):
    full_career()
    response = client.post(reverse(ADD), FORM | change | {"etape": step})
    assert response.status_code == 400
    assert sentence in words(response)
    if "title" not in change:
        assert 'value="Saisir vos vœux"' in response.content.decode()
    assert not Deadline.objects.exists()


def test_the_audience_that_empties_between_the_two_looks_writes_nothing(client, by, monkeypatch):
    agent = full_career()
    sent, checked = looked_at(FORM, by=by), DeadlineForm._check_people

    def then_leaves(self, audience):
        checked(self, audience)
        agent.left_on, agent.left_reason = dt.date(2026, 11, 1), "retraite"
        agent.save()

    monkeypatch.setattr(DeadlineForm, "_check_people", then_leaves)
    response = client.post(reverse(ADD), sent)
    assert response.status_code == 400
    assert "ne désignent plus personne" in words(response)
    assert not Deadline.objects.exists()


def test_a_move_from_the_page(client, by):
    agent = full_career()
    client.post(reverse(ADD), looked_at(FORM, by=by))
    deadline = Deadline.objects.get()
    move = {"acte": "reporter", "closes_on": "2026-12-18", "closes_time": "12:00", "reason": "Panne de messagerie"}
    assert "sont averties" in words(client.post(page_of(deadline), move, follow=True))
    deadline.refresh_from_db()
    assert deadline.closes_at == NOON + WEEK
    assert Alert.objects.get(user=agent.user).kind == "report.echeance"
    assert "Panne de messagerie" in words(client.get(page_of(deadline)))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"acte": "reporter", "closes_on": "2026-12-18", "reason": ""}, "Écrivez le motif"),
        ({"acte": "reporter", "closes_on": "2026-11-01", "reason": "Panne"}, "déjà passée"),
        ({"acte": "reporter", "closes_on": "2026-12-11", "closes_time": "12:00", "reason": "x"}, "la date actuelle"),
        ({"acte": "reporter", "closes_on": "2026-12-01", "reason": "Erreur"}, "Avancer une échéance retire du temps"),
        ({"acte": "annuler", "motif": " \x00 "}, "Écrivez le motif"),
    ],
)
def test_a_change_that_is_refused_says_why_and_keeps_what_was_typed(client, by, data, sentence):
    full_career()
    client.post(reverse(ADD), looked_at(FORM, by=by))
    deadline = Deadline.objects.get()
    response = client.post(page_of(deadline), data)
    assert response.status_code == 400
    assert sentence in words(response)
    if "closes_on" in data:
        assert data["closes_on"] in response.content.decode()
    deadline.refresh_from_db()
    assert (deadline.moves, deadline.cancelled_at) == (0, None)


def test_a_cancelled_deadline_and_an_unknown_act(client, by):
    full_career()
    client.post(reverse(ADD), looked_at(FORM, by=by))
    deadline = Deadline.objects.get()
    assert "Aucune décision" in words(client.post(page_of(deadline), {"acte": "autre"}, follow=True))
    assert "est annulée" in words(
        client.post(page_of(deadline), {"acte": "annuler", "motif": "Sans objet"}, follow=True)
    )
    assert "Saisir" in words(client.get(reverse(LIST) + "?etat=annulees"))
    again = client.post(page_of(deadline), {"acte": "annuler", "motif": "Encore"})
    assert (again.status_code, "elle ne change plus" in words(again)) == (400, True)


def test_who_does_not_reach_its_people_reads_it_and_changes_nothing(client, clock):
    full_career()
    deadline = open_deadline(audience={"departements": ["51"]})
    aside = staff(Role.GESTIONNAIRE, username="aube", scope_kind=ScopeKind.DEPARTEMENT, scope_code="10")
    client.force_login(aside)
    assert "hors de votre périmètre" in words(client.get(page_of(deadline)))
    move = {"acte": "reporter", "closes_on": "2026-12-18", "reason": "Panne"}
    assert "hors de votre périmètre" in words(client.post(page_of(deadline), move))
    assert not Alert.objects.exists()
    clock.move_to(NOON + WEEK)
    client.force_login(aside)
    assert deadline.title in words(client.get(reverse(LIST) + "?etat=passees"))


@pytest.mark.parametrize("role", [Role.IT, Role.HEAD, Role.DPO, Role.SUPPORT])
def test_the_other_roles_have_no_hand_on_deadlines(client, role):
    deadline = open_deadline()
    client.force_login(staff(role))
    assert client.get(page_of(deadline)).status_code == 403
    assert client.post(page_of(deadline), {"acte": "annuler", "motif": "x"}).status_code == 403
    assert client.post(reverse(ADD), FORM).status_code == 403


@pytest.mark.parametrize("number", [1, 8])
def test_the_query_count_of_the_list_does_not_grow(client, by, number, django_assert_max_num_queries):
    for _ in range(number):
        open_deadline()
    with django_assert_max_num_queries(12):
        client.get(reverse(LIST))
