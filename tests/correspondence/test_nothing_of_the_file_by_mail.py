"""Mails say where to read, never what is written there (requirement S71): they travel in clear and pile up."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from career.services.corrections import answer_correction, open_correction, take_up
from iprof.correspondence.models import Alert
from iprof.correspondence.outbox.mail import deliver_due
from security.enums import AccountChange, Role
from security.models import User
from security.signals import account_changed
from tests.factories.accounts import staff
from tests.factories.career import full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S71")]
ASKED, ANSWERED = "Mon congé de longue maladie manque.", "Le comité médical a rendu un avis défavorable."


@pytest.fixture
def agent():
    return full_career(birth_name="Trousselard", commune="Vouziers")


def secrets_of(agent) -> list[str]:
    """What the file holds and a mail must not."""
    fact = agent.steps.get()
    return [ASKED, ANSWERED, "Trousselard", "Vouziers", "19E", str(fact), agent.birth_date.isoformat(), agent.matricule]


def sent() -> str:
    deliver_due()
    return "\n".join(f"{one.subject}\n{one.body}\n{getattr(one, 'alternatives', '')}" for one in mail.outbox)


def test_a_request_and_its_answer_travel_as_notices(agent):
    by, fact = staff(Role.GESTIONNAIRE), agent.steps.get()
    correction = open_correction(
        agent=agent,
        by=agent.user,
        kind="echelon",
        ref=fact.ref,
        label=str(fact),
        message=ASKED,
        on=dt.date(2026, 11, 24),
    )
    take_up(correction=correction, by=by)
    answer_correction(correction=correction, by=by, accepted=False, answer=ANSWERED)
    text = sent()
    assert len(mail.outbox) == 3
    assert [word for word in secrets_of(agent) if word in text] == []
    assert "La réponse de votre gestionnaire est dans votre espace." in text
    assert {address for one in mail.outbox for address in one.to} == {agent.user.email}


def test_no_change_of_the_account_tells_more_than_its_kind(agent):
    EmailAddress.objects.create(user=agent.user, email="quelquun@boite.example", verified=True, primary=False)
    for kind in AccountChange:
        account_changed.send(User, user=agent.user, kind=kind)
    text = sent()
    assert len(mail.outbox) == Alert.objects.count() == len(AccountChange)
    assert [word for word in [*secrets_of(agent), "quelquun@boite.example"] if word in text] == []
    assert {address for one in mail.outbox for address in one.to} == {agent.user.email}


def test_the_recovery_mailbox_receives_links_and_nothing_of_the_file(agent, client):
    EmailAddress.objects.create(user=agent.user, email="quelquun@boite.example", verified=True, primary=False)
    EmailAddress.objects.create(user=agent.user, email=agent.user.email, verified=True, primary=True)
    client.post(reverse("security:password_lost"), {"login": agent.user.username})
    text = sent()
    assert {address for one in mail.outbox for address in one.to} == {agent.user.email, "quelquun@boite.example"}
    assert [word for word in secrets_of(agent) if word in text] == []
    assert "/mot-de-passe-perdu/" in text
