"""Refused accesses are in the journal, folded when they repeat (norms D16, D20)."""

import datetime as dt

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from security import tasks
from security.enums import AccessKind, Role, ScopeKind
from security.models import AccessEvent, RefusedAccess, User
from security.refusals import BY_STATUS, CSRF, STAND_IN
from security.services_refusals import note_refusal
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import CorrectionRequestFactory, full_career
from tests.security.test_impersonation import agent, asked, helper, signed_in, visitor  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16", "D20")]
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def lines() -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(kind=AccessKind.ACCESS_REFUSED).order_by("pk"))


def client_of(user: User) -> PortalClient:
    client = PortalClient(REMOTE_ADDR="127.0.0.9")
    client.force_login(user)
    return client


def test_a_page_of_another_role_is_written_with_who_what_where_and_why():
    user = staff(Role.DPO)
    assert client_of(user).get(reverse("admin:career_agent_changelist"), {"q": "secret"}).status_code == 403
    (line,) = lines()
    assert (line.actor, line.subject, line.ip, line.at) == (user, None, "127.0.0.9", NOW)
    assert line.reason == BY_STATUS[403]
    assert line.detail == {"page": "admin:career_agent_changelist", "method": "GET", "status": 403}


def test_the_object_of_somebody_else_is_written():
    user = full_career().user
    foreign = CorrectionRequestFactory()
    address = reverse("career:correction_detail", args=[foreign.public_id])
    assert client_of(user).get(address).status_code == 404
    (line,) = lines()
    assert (line.actor, line.reason) == (user, BY_STATUS[404])
    assert line.detail["page"] == "career:correction_detail"
    assert str(foreign.public_id) not in str(line.detail)


def test_a_file_out_of_the_perimeter_is_written():
    user = staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="08")
    assert client_of(user).get(reverse("admin:career_agent_change", args=[full_career().pk])).status_code == 404
    assert [line.detail["page"] for line in lines()] == ["admin:career_agent_change"]


@pytest.mark.parametrize("path", ["/n-existe-pas/", "/alertes/bulletins/1999-1/", "/ma-carriere/", "/compte/"])
def test_what_is_no_refusal_is_not_written(path):
    client_of(UserFactory(username="sansdossier")).get(path)
    PortalClient().get(path)
    assert lines() == []


def test_an_anonymous_404_is_not_written():
    assert PortalClient().get(reverse("security:recovery_confirm", args=["faux"])).status_code == 404
    assert lines() == []


def test_a_form_without_token_is_written():
    client = PortalClient(enforce_csrf_checks=True)
    assert client.post(reverse("account_login"), {"login": "mdurand", "password": "x"}).status_code == 403
    (line,) = lines()
    assert (line.actor, line.reason) == (None, CSRF)
    assert line.detail == {"page": "account_login", "method": "POST", "status": 403}


def test_a_refusal_in_the_place_of_an_agent_names_both(visitor, helper, agent):  # noqa: F811
    visitor.post(reverse("security:extend"))
    (line,) = lines()
    assert (line.actor, line.subject, line.reason) == (helper, agent.user, STAND_IN)


def test_a_thousand_refusals_make_two_lines(now):
    user = staff(Role.DPO)
    for _ in range(1000):
        refused(user)
    assert len(lines()) == 1
    assert RefusedAccess.objects.get().folded == 999
    now.move_to(NOW + dt.timedelta(seconds=59))
    assert tasks.write_folded_refusals() == 0
    now.move_to(NOW + dt.timedelta(seconds=60))
    assert tasks.write_folded_refusals() == 999
    assert tasks.write_folded_refusals() == 0
    assert [line.detail.get("again") for line in lines()] == [None, 999]
    assert {line.actor for line in lines()} == {user}
    assert not RefusedAccess.objects.exists()


def test_the_next_refusal_tells_those_counted_before(now):
    user = staff(Role.DPO)
    for _ in range(3):
        refused(user)
    now.move_to(NOW + dt.timedelta(minutes=2))
    refused(user)
    assert [line.detail.get("again") for line in lines()] == [None, 2]
    now.move_to(NOW + dt.timedelta(minutes=4))
    refused(user)
    assert [line.detail.get("again") for line in lines()] == [None, 2, None]
    assert tasks.write_folded_refusals() == 0


def refused(user: User | None, *, ip: str = "203.0.113.9", page: str = "admin:index") -> bool:
    request = RequestFactory().get("/", REMOTE_ADDR=ip)
    return note_refusal(actor=user, subject=None, reason="Essai", request=request, page=page)


def test_another_page_another_person_another_network_count_apart():
    first, second = UserFactory(username="un"), UserFactory(username="deux")
    assert refused(first)
    assert refused(second)
    assert refused(first, page="security:account")
    assert not refused(first, ip="198.51.100.1")
    assert refused(None)
    assert refused(None, ip="198.51.100.1")
    assert refused(None, ip="2001:db8:0:1::1")
    assert not refused(None, ip="2001:db8:0:1:ffff::2")
    assert refused(None, ip="2001:db8:0:2::1")


def test_a_page_that_answers_pays_nothing():
    client = client_of(full_career().user)
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [query for query in queries if "refusedaccess" in query["sql"]]


def test_the_dpo_finds_them():
    client_of(UserFactory(username="curieux", first_name="Jean", last_name="Curieux")).get("/gestion/", follow=True)
    client = client_of(staff(Role.DPO))
    page = client.get(reverse("admin:security_accessevent_changelist"), {"kind__exact": AccessKind.ACCESS_REFUSED})
    assert "Jean Curieux" in words(page)
    assert BY_STATUS[403] in words(page)
