"""The link that switches an optional mail off: signed, one click, without a session, as often as one likes (RFC 8058)."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing

from iprof.correspondence.enums import Pace
from iprof.correspondence.kinds import FAMILIES
from iprof.correspondence.models import AlertChoice, ForwardChoice
from iprof.correspondence.outbox.unsubscribe import notice_headers, unsubscribe_headers
from iprof.correspondence.services.alerts import send_alert
from iprof.web.secret_paths import masked
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S57")]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def news():
    return send_alert(user=UserFactory(username="zlefevre"), kind="actualite.semaine", subject="Un", body="Un.")


@pytest.fixture
def mailbox() -> PortalClient:
    """Without session nor cookie."""
    return PortalClient(enforce_csrf_checks=True)


def path_of(headers: dict[str, str]) -> str:
    return headers["List-Unsubscribe"].strip("<>").removeprefix(settings.BASE_URL)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.code)
def test_only_what_may_be_switched_off_has_a_link(family):
    alert = send_alert(user=UserFactory(), kind=f"{family.code}.essai", subject="Un", body="Un.")
    headers = unsubscribe_headers(alert)
    assert set(headers) == ({"List-Unsubscribe", "List-Unsubscribe-Post"} if family.optional else set())


def test_the_link_names_nobody_and_leads_to_the_portal(news):
    headers = unsubscribe_headers(news)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith(f"<{settings.BASE_URL}/alertes/desinscription/")
    assert "zlefevre" not in headers["List-Unsubscribe"]
    assert len(headers["List-Unsubscribe"]) < 200
    assert masked(path_of(headers)) == "/alertes/desinscription/[masqué]/"


def test_opening_the_link_asks_and_changes_nothing(news, mailbox):
    text = words(mailbox.get(path_of(unsubscribe_headers(news))))
    assert "Ne plus recevoir les courriels « Actualités de la semaine » ?" in text
    assert not AlertChoice.objects.exists()


def test_one_click_without_session_is_enough_and_twice_is_the_same(news, mailbox):
    path = path_of(unsubscribe_headers(news))
    for _ in range(2):
        response = mailbox.post(path, ONE_CLICK)
        assert response.status_code == 200
        assert "C'est fait" in words(response)
        assert not response.cookies
    assert AlertChoice.objects.get().pace == Pace.NEVER
    news.refresh_from_db()
    assert news.pace == Pace.NEVER
    assert send_alert(user=news.user, kind="actualite.semaine", subject="Deux", body="Deux.").pace == Pace.NEVER


def test_the_choice_for_devices_stays(news, mailbox):
    AlertChoice.objects.create(user=news.user, family="actualite", pace=Pace.WEEKLY, push=False)
    mailbox.post(path_of(unsubscribe_headers(news)), ONE_CLICK)
    found = AlertChoice.objects.get()
    assert (found.pace, found.push) == (Pace.NEVER, False)


@pytest.mark.req("K3")
def test_a_link_is_that_of_its_person_whoever_opens_it(news):
    other = UserFactory()
    client = PortalClient()
    client.force_login(other)
    client.post(path_of(unsubscribe_headers(news)), ONE_CLICK)
    assert AlertChoice.objects.get().user == news.user


def test_the_notice_elsewhere_is_switched_off_by_its_own_link(news, mailbox):
    EmailAddress.objects.create(user=news.user, email="z@exemple.fr", verified=True, primary=False)
    ForwardChoice.objects.create(user=news.user)
    path = path_of(notice_headers(news))
    assert "Ne plus recevoir d'avis à votre adresse de secours ?" in words(mailbox.get(path))
    mailbox.post(path, ONE_CLICK)
    assert not ForwardChoice.objects.exists()
    assert not AlertChoice.objects.exists(), "the mails stay"


@pytest.mark.parametrize("case", ["cut", "changed", "other salt", "no name", "of nobody", "of a legal act"])
def test_a_forged_link_does_nothing(news, mailbox, case):
    token = path_of(unsubscribe_headers(news)).split("/")[-2]
    act = send_alert(user=news.user, kind="carriere.essai", subject="Un", body="Un.")
    forged = {
        "cut": token[:-1],
        "changed": "A" + token[1:] if token[0] != "A" else "B" + token[1:],
        "other salt": signing.Signer(salt="autre").sign(token.split(":")[0]),
        "no name": signing.Signer(salt="iprof.correspondence.family").sign("é"),
        "of nobody": signing.Signer(salt="iprof.correspondence.family").sign("A" * 22),
        "of a legal act": path_of(notice_headers(act)).split("/")[-2].split(":")[0] + ":" + token.split(":")[1],
    }[case]
    for send in (mailbox.get, mailbox.post):
        response = send(f"/alertes/desinscription/{forged}/")
        assert response.status_code == 404
        assert "Ce lien n'est pas valable" in words(response)
    assert not AlertChoice.objects.exists()
