"""Campaigns in « Gestion »: a look before anything is announced, each change of a date told once (S50, K2)."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from iprof.correspondence.models import Alert, Deadline
from mobility.models import Campaign, CampaignMove
from mobility.services.drafts import take_up
from security.enums import Role
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.mobility import confirmed

pytestmark = [pytest.mark.django_db, pytest.mark.req("S50", "K2")]
ADD, LIST = "admin:mobility_campaign_add", "admin:mobility_campaign_changelist"
FORM = {
    "degree": "2D", "phase": "inter", "session": "2027", "source": "Calendrier fictif", "voeux_max": "31",
    "opens_at": "2026-11-26T12:00", "closes_at": "2026-12-09T12:00", "pieces_until": "2026-12-19T12:00",
    "bareme_shown_at": "2027-01-15T12:00", "contest_until": "2027-01-29T12:00", "late_until": "2027-02-10T12:00",
    "results_at": "2027-03-05T12:00",
}  # fmt: skip
CLOSES = {"date": "closes_at", "to": "2026-12-16T12:00", "reason": "Panne de la messagerie"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def client():
    return at(staff(Role.SUPERADMIN))


@pytest.fixture
def teacher():
    return full_career().user


def at(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def token_of(page) -> str:
    return re.search(r'name="vue" value="([^"]+)"', page.content.decode())[1]


def announced(client) -> Campaign:
    looked = client.post(reverse(ADD), FORM)
    assert client.post(reverse(ADD), FORM | {"etape": "annoncer", "vue": token_of(looked)}).status_code == 302
    return Campaign.objects.get()


def page_of(row) -> str:
    return reverse("admin:mobility_campaign_change", args=[row.pk])


def told(user) -> list[str]:
    return list(Alert.objects.filter(user=user, kind="report.echeance").values_list("subject", flat=True))


def test_what_teachers_will_read_is_shown_before_anything_is_written(client, teacher):
    text = words(client.post(reverse(ADD), FORM))
    for said in (
        "Mouvement interacadémique 2027",
        "Clôture de la saisie 9 décembre 2026 à 12 h",
        "Non officiel",
        "celles de 2026 sont reprises",
        "1 personne concernée",
        "certifiés 1",
    ):
        assert said in text, said
    assert not Campaign.objects.exists()
    assert not Deadline.objects.exists()


def test_a_campaign_is_announced_as_a_deadline_of_its_corps(client, teacher):
    row = announced(client)
    assert (row.title, row.rules_session, row.official) == ("Mouvement interacadémique 2027", 2026, False)
    assert (row.deadline.title, row.deadline.closes_at) == ("Mutation : clôture de la saisie", row.closes_at)
    assert list(row.deadline.people.values_list("user", flat=True)) == [teacher.pk]
    assert "annoncée à 1 personne" in words(client.get(page_of(row)))
    assert row.title in words(client.get(reverse(LIST)))
    assert "Mutation : clôture de la saisie" in words(at(teacher).get("/echeances/"))


def test_a_campaign_of_the_other_degree_concerns_nobody_here(client, teacher):
    looked = client.post(reverse(ADD), FORM | {"degree": "1D"})
    assert "Aucun agent de ces corps" in words(looked)
    sent = FORM | {"degree": "1D", "etape": "annoncer", "vue": token_of(looked)}
    assert client.post(reverse(ADD), sent).status_code == 302
    assert Campaign.objects.get().deadline is None


def test_nothing_is_announced_that_was_not_looked_at(client, teacher):
    looked = client.post(reverse(ADD), FORM)
    sent = FORM | {"etape": "annoncer", "vue": token_of(looked)}
    assert client.post(reverse(ADD), sent | {"vue": ""}).status_code == 409
    assert client.post(reverse(ADD), sent | {"closes_at": "2026-12-10T12:00"}).status_code == 409
    full_career()
    again = client.post(reverse(ADD), sent)
    assert again.status_code == 409
    assert not Campaign.objects.exists()
    assert client.post(reverse(ADD), sent | {"vue": token_of(again)}).status_code == 302


def test_a_second_click_finds_the_campaign_of_the_first(client, teacher):
    sent = FORM | {"etape": "annoncer", "vue": token_of(client.post(reverse(ADD), FORM))}
    client.post(reverse(ADD), sent)
    second = client.post(reverse(ADD), sent, follow=True)
    assert second.redirect_chain == [(page_of(Campaign.objects.get()), 302)]
    assert Deadline.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"degree": "3D"}, "ne fait pas partie de la liste"),
        ({"phase": "intra"}, "ne calcule pas le barème de ce mouvement"),
        ({"session": ""}, "quatre chiffres"),
        ({"session": "deux"}, "quatre chiffres"),
        ({"session": "2062"}, "La session va de 2026 à 2028"),
        ({"source": ""}, "Indiquez le texte"),
        ({"source": "x" * 301}, "fait 301 caractères"),
        ({"source": "a\x00b"}, "caractère nul"),
        ({"voeux_max": "0"}, "de 1 à 999"),
        ({"opens_at": ""}, "Écrivez quand la saisie ouvre"),
        ({"opens_at": "demain"}, "n'est pas comprise"),
        ({"opens_at": "0001-01-01T00:00"}, "loin de la rentrée 2027"),
        ({"closes_at": "2026-11-24T12:00"}, "déjà passée"),
        ({"closes_at": "2026-11-26T12:00"}, "La clôture vient avant l'ouverture"),
        ({"pieces_until": "2026-12-08T12:00"}, "au moins jusqu'à la clôture"),
        ({"bareme_shown_at": ""}, "La contestation suit l'affichage"),
        ({"late_until": "2026-12-09T12:00"}, "vient avant la clôture"),
        ({"results_at": "2026-12-01T12:00"}, "vient avant la clôture"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, teacher, change, sentence):
    answer = client.post(reverse(ADD), FORM | change)
    assert answer.status_code == 400
    assert sentence in words(answer)
    kept = FORM | change
    assert f'value="{kept["contest_until"]}"' in answer.content.decode()
    assert not Campaign.objects.exists()


def test_a_campaign_exists_once(client, teacher):
    announced(client)
    answer = client.post(reverse(ADD), FORM)
    assert answer.status_code == 400
    assert "existe déjà" in words(answer)


def test_a_closing_that_moves_is_told_once_to_each_and_its_reason_stays(client, teacher):
    row, others = announced(client), [full_career().user, UserFactory(username="sans-dossier")]
    assert client.post(page_of(row), CLOSES).status_code == 302
    row.refresh_from_db()
    assert row.deadline.closes_at == row.closes_at == dt.datetime(2026, 12, 16, 11, tzinfo=dt.UTC)
    assert len(told(teacher)) == len(told(others[0])) == 1  # who came in since the announcement too
    assert told(others[1]) == []
    assert client.post(page_of(row), CLOSES).status_code == 400  # the same date
    assert len(told(teacher)) == 1
    log = "reportée du 9 décembre 2026 à 12 h au 16 décembre 2026 à 12 h, motif : Panne de la messagerie"
    assert log in words(client.get(page_of(row)))
    assert log in words(at(teacher).get(reverse("mobility:home")))


def test_no_move_without_its_notice(client, teacher, monkeypatch):
    row = announced(client)
    monkeypatch.setattr("mobility.services.campaign_told.move_deadline", lambda **told: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.post(page_of(row), CLOSES)
    row.refresh_from_db()
    assert row.closes_at == row.deadline.closes_at == dt.datetime(2026, 12, 9, 11, tzinfo=dt.UTC)
    assert not CampaignMove.objects.exists()


def test_a_date_after_the_closing_is_told_to_those_who_have_a_request(client, teacher, clock):
    row, other = announced(client), full_career().user
    clock.move_to(dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC))
    confirmed(teacher, row)
    move = {"date": "results_at", "to": "2027-03-12T12:00", "reason": "Capacités reçues tard"}
    assert at(row.created_by).post(page_of(row), move).status_code == 302
    assert told(teacher) == ["Mouvement interacadémique 2027 : nouvelle date, résultats le 12 mars 2027 à 12 h"]
    assert told(other) == []


def test_an_opening_that_moves_is_told_to_all(client, teacher):
    row = announced(client)
    move = {"date": "opens_at", "to": "2026-11-27T12:00", "reason": "Note de service reçue tard"}
    assert client.post(page_of(row), move).status_code == 302
    assert len(told(teacher)) == 1


def test_a_confirmed_request_marks_the_deadline_done(client, teacher, clock):
    row = announced(client)
    clock.move_to(dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC))
    sent = confirmed(teacher, row).request
    assert row.deadline.people.get().done_at is not None
    take_up(request=sent, by=teacher)
    assert row.deadline.people.get().done_at is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": " "}, "Écrivez le motif"),
        ({"to": "demain"}, "n'est pas comprise"),
        ({"to": "2026-11-01T12:00"}, "La clôture vient après l'ouverture"),
        ({"to": "2062-12-16T12:00"}, "loin de la rentrée"),
        ({"to": "2026-12-30T12:00"}, "au moins jusqu'à la clôture"),
        ({"date": "created_at"}, "ne fait pas partie de la liste"),
    ],
)
def test_a_move_that_is_refused_says_why(client, teacher, change, sentence):
    row = announced(client)
    answer = client.post(page_of(row), CLOSES | change)
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert (CLOSES | change)["to"] in answer.content.decode()
    assert not CampaignMove.objects.exists()


def test_a_manager_reads_a_campaign_and_moves_nothing(client, teacher):
    row = announced(client)
    office = at(staff(Role.GESTIONNAIRE))
    assert "Changer une date" not in words(office.get(page_of(row)))
    assert office.post(page_of(row), CLOSES).status_code == 403
    assert office.post(reverse(ADD), FORM).status_code == 403
