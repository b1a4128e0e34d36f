"""Sign-in from outside Europe: asked, granted for fifteen days at most, ended by itself (requirement S88, T13)."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.abroad import country_of
from security.domain.countries import EUROPE, FRANCE, Reach, reach_of
from security.enums import AbroadState, AccessKind, Role
from security.models import AbroadAccess, AccessEvent
from security.services_abroad import ask_access, decide_access, end_access
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.req("S88")]
ABROAD, REUNION, FRENCH, GERMAN, PRIVATE = "8.8.8.8", "41.213.128.1", "90.0.0.1", "141.1.1.1", "10.0.0.4"
URL = "/connexion/etranger/"
NOON = dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def user():
    return UserFactory(username="mdurand")


def sign_in(address: str) -> tuple[PortalClient, object]:
    client = PortalClient(REMOTE_ADDR=address)
    return client, client.post(reverse("account_login"), {"login": "mdurand", "password": PASSWORD})


def signed_in(client: PortalClient) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("address", [FRENCH, REUNION, GERMAN, PRIVATE, "::1", "2a01:e00::1"])
def test_from_france_europe_and_private_networks_nothing_is_asked(user, address):
    client, response = sign_in(address)
    assert response.status_code == 302
    assert signed_in(client)


def test_from_abroad_the_right_password_leads_to_the_request_and_no_further(user):
    client, response = sign_in(ABROAD)
    assert (response.status_code, response.url) == (302, URL)
    assert not signed_in(client)
    assert client.get("/").status_code == 302
    page = words(client.get(URL))
    assert "code pays US" in page
    assert "Les territoires français d'outre-mer ne sont jamais bloqués." in page


def test_a_wrong_password_from_abroad_says_nothing_more_than_elsewhere(user):
    client = PortalClient(REMOTE_ADDR=ABROAD)
    response = client.post(reverse("account_login"), {"login": "mdurand", "password": "faux"})
    assert response.status_code == 400
    assert "étranger" not in words(response)


def test_the_whole_way_from_the_request_to_the_sign_in_and_its_end(user):
    client, _ = sign_in(ABROAD)
    asked = client.post(URL, {"reason": "Mission au lycée français", "until": "2026-12-05"})
    assert (asked.status_code, asked.url) == (302, URL)
    assert "Demande déposée le 24 novembre 2026" in words(client.get(URL))
    row = AbroadAccess.objects.get()
    assert (row.user, row.country, row.state) == (user, "US", AbroadState.ASKED)
    decide_access(access=row, by=staff(Role.IT), granted=True)
    assert client.get(URL).status_code == 302
    assert signed_in(client)
    assert {event.kind for event in AccessEvent.objects.filter(subject=user)} >= {
        AccessKind.ABROAD_ASKED,
        AccessKind.ABROAD_DECIDED,
        AccessKind.SIGNED_IN,
    }
    assert Alert.objects.filter(user=user, kind="compte.etranger-accorde").exists()
    with time_machine.travel(dt.datetime(2026, 12, 5, 20, tzinfo=dt.UTC), tick=False):
        assert signed_in(sign_in(ABROAD)[0])
    with time_machine.travel(dt.datetime(2026, 12, 6, 8, tzinfo=dt.UTC), tick=False):
        late, response = sign_in(ABROAD)
        assert response.url == URL
        assert not signed_in(late)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"reason": "", "until": "2026-12-01"}, "Dites pourquoi"),
        ({"reason": "court", "until": "2026-12-01"}, "Le motif est trop court"),
        ({"reason": "x" * 501, "until": "2026-12-01"}, "gardez au plus 500 caractères (501 saisis)"),
        ({"reason": "Mission au lycée", "until": ""}, "Indiquez jusqu'à quelle date"),
        ({"reason": "Mission au lycée", "until": "2026-02-30"}, "Cette date n'existe pas"),
        ({"reason": "Mission au lycée", "until": "2026-11-23"}, "Cette date est passée"),
        ({"reason": "Mission au lycée", "until": "2026-12-10"}, "d'ici au 9 décembre 2026"),
    ],
)
def test_a_wrong_request_is_told_at_its_field_and_kept(user, data, said):
    client, _ = sign_in(ABROAD)
    response = client.post(URL, data)
    assert response.status_code == 400
    assert said in words(response)
    assert data["reason"] in response.content.decode()
    assert not AbroadAccess.objects.exists()


def test_without_a_sign_in_that_waits_the_page_leads_to_it():
    assert PortalClient().get(URL).url == reverse("account_login")
    assert PortalClient(REMOTE_ADDR=ABROAD).post(URL, {"reason": "x" * 20, "until": "2026-12-01"}).status_code == 302
    assert not AbroadAccess.objects.exists()


def test_one_request_at_a_time(user, rf):
    given = {"user": user, "country": "US", "reason": "Mission", "until": dt.date(2026, 12, 1), "request": rf.get("/")}
    ask_access(**given)
    with pytest.raises(DomainError, match="abroad_already_asked"):
        ask_access(**given)


def test_a_decision_is_made_once_by_another_and_a_refusal_says_why(user, rf):
    informatique = staff(Role.IT)
    row = ask_access(user=user, country="US", reason="Mission", until=dt.date(2026, 12, 9), request=rf.get("/"))
    with pytest.raises(DomainError, match="abroad_answer_empty"):
        decide_access(access=row, by=informatique, granted=False)
    with pytest.raises(DomainError, match="abroad_own"):
        decide_access(access=row, by=user, granted=True)
    decide_access(access=row, by=informatique, granted=False, answer="Passez par le VPN.")
    with pytest.raises(DomainError, match="abroad_settled"):
        decide_access(access=row, by=informatique, granted=True)
    client, _ = sign_in(ABROAD)
    assert "Passez par le VPN." in words(client.get(URL))


def test_a_granted_access_can_be_closed_at_once(user, rf):
    informatique = staff(Role.IT)
    row = ask_access(user=user, country="US", reason="Mission", until=dt.date(2026, 12, 9), request=rf.get("/"))
    with pytest.raises(DomainError, match="abroad_settled"):
        end_access(access=row, by=informatique)
    decide_access(access=row, by=informatique, granted=True)
    end_access(access=row, by=informatique)
    assert not signed_in(sign_in(ABROAD)[0])


def test_a_request_read_too_late_is_not_granted_into_the_past(user, rf):
    row = ask_access(user=user, country="US", reason="Mission", until=dt.date(2026, 11, 25), request=rf.get("/"))
    with time_machine.travel(NOON + dt.timedelta(days=3), tick=False), pytest.raises(DomainError, match="abroad_over"):
        decide_access(access=row, by=staff(Role.IT), granted=True)


@pytest.mark.parametrize("fields", [{"state": AbroadState.GRANTED}, {"expires_on": dt.date(2026, 12, 1)}])
def test_the_database_refuses_a_decision_without_author_or_end(user, fields):
    with pytest.raises(IntegrityError):
        AbroadAccess.objects.create(user=user, country="US", reason="x", wanted_until=dt.date(2026, 12, 1), **fields)


def test_staff_decide_in_the_administration(user, rf):
    row = ask_access(user=user, country="US", reason="Mission", until=dt.date(2026, 12, 9), request=rf.get("/"))
    address = f"/gestion/security/abroadaccess/{row.pk}/change/"
    client = PortalClient()
    client.force_login(staff(Role.IT))
    assert "Mission" in client.get(address).content.decode()
    refused = client.post(address, {"decision": "refuser", "reponse": ""})
    assert refused.status_code == 400
    assert client.post(address, {"decision": "bof"}).status_code == 302
    assert client.post(address, {"decision": "accorder"}).status_code == 302
    assert client.post(address, {"decision": "accorder"}).status_code == 409
    assert client.post(address, {"decision": "retirer"}).status_code == 302
    assert client.get("/gestion/security/abroadaccess/?q=mdurand").status_code == 200
    assert client.get("/gestion/security/abroadaccess/999999/change/").status_code == 404
    client.force_login(staff(Role.DPO))
    assert client.get(address).status_code == 403


def test_the_setting_switches_the_rule_off(user, settings):
    settings.ABROAD_ACCESS_ON_REQUEST = False
    assert signed_in(sign_in(ABROAD)[0])


def test_countries():
    assert not FRANCE & EUROPE
    assert {reach_of(code) for code in FRANCE} == {Reach.FRANCE}
    assert {country_of(address) for address in ("", None, "n'importe quoi", "127.0.0.1")} == {""}
    assert (country_of(REUNION), country_of(ABROAD)) == ("RE", "US")
