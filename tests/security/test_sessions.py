"""One's own sessions: seen, recognised, ended (norm D11, requirements S32 and S84)."""

import re
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from security import tasks
from security.enums import AccessKind
from security.models import AccessEvent, OpenSession, User
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory
from tests.security.test_account import CHANGE, MORNING, NEW, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("D11", "S32")]
PROFILE, OTHERS = reverse("security:profile"), reverse("security:session_end_others")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def user() -> User:
    return UserFactory(username="mvaldoie")


@pytest.fixture
def desk(user) -> PortalClient:
    client = PortalClient(HTTP_USER_AGENT=FIREFOX)
    sign_in(client, user)
    return client


@pytest.fixture
def phone(user) -> PortalClient:
    client = PortalClient(HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="198.51.100.7")
    sign_in(client, user)
    return client


def lines(client: PortalClient) -> list[str]:
    html = client.get(PROFILE).content.decode()
    return re.findall(r'sessions__name">([^<]+?) (?:<span[^>]*>Celle-ci|<)', html)


def end_of(client: PortalClient) -> str:
    return re.search(r"/compte/profil/connexions/[0-9a-f-]{36}/fermer/", client.get(PROFILE).content.decode())[0]


def test_both_are_listed_and_the_one_in_use_is_marked(desk, phone):
    html = desk.get(PROFILE).content.decode()
    assert lines(desk) == ["Firefox sous Linux", "Safari sous iOS"]
    assert lines(phone) == ["Safari sous iOS", "Firefox sous Linux"]
    assert html.count("Celle-ci") == 1
    assert "198.51.100.7" in html
    assert html.count("/fermer/") == 1  # none for the one in use


@pytest.mark.req("S84")
def test_ending_another_one_signs_it_out_and_is_journalled(desk, phone):
    assert desk.post(end_of(desk)).headers["Location"] == PROFILE
    assert phone.get("/").status_code == 302
    assert desk.get("/").status_code == 200
    assert lines(desk) == ["Firefox sous Linux"]
    assert AccessEvent.objects.filter(kind=AccessKind.SESSION_ENDED).count() == 1


def test_ending_all_the_others(desk, phone, user):
    third = PortalClient()
    sign_in(third, user)
    assert "sont fermées" in desk.post(OTHERS, follow=True).content.decode()
    assert [client.get("/").status_code for client in (desk, phone, third)] == [200, 302, 302]
    assert AccessEvent.objects.get(kind=AccessKind.SESSION_ENDED).detail == {"sessions": 2}
    assert "Aucune autre connexion" in desk.post(OTHERS, follow=True).content.decode()
    assert AccessEvent.objects.filter(kind=AccessKind.SESSION_ENDED).count() == 1


def test_the_one_in_use_is_not_ended_by_mistake(desk):
    row = OpenSession.objects.get()
    page = desk.post(reverse("security:session_end", args=[row.public_id]), follow=True).content.decode()
    assert "la connexion que vous utilisez" in page
    assert desk.get("/").status_code == 200


def test_somebody_else_s_session_does_not_exist_for_me(desk, phone):
    other = PortalClient()
    sign_in(other, UserFactory(username="autre"))
    mine = OpenSession.objects.filter(user__username="mvaldoie")
    for public_id in (*mine.values_list("public_id", flat=True), uuid.uuid4()):
        assert other.post(reverse("security:session_end", args=[public_id])).status_code == 404
    assert phone.get("/").status_code == 200


def test_a_new_password_keeps_this_one_and_drops_the_others(desk, phone):
    desk.post(CHANGE, {"current": PASSWORD, "password1": NEW, "password2": NEW})
    assert lines(desk) == ["Firefox sous Linux"]
    assert desk.get(PROFILE).content.decode().count("Celle-ci") == 1


def test_signing_out_leaves_the_list(desk, phone):
    phone.post(reverse("account_logout"))
    assert lines(desk) == ["Firefox sous Linux"]
    assert OpenSession.objects.count() == 1


def test_an_idle_one_leaves_the_list_and_old_rows_are_deleted(user, time_machine):
    time_machine.move_to(MORNING, tick=False)
    old, new = PortalClient(HTTP_USER_AGENT=IPHONE), PortalClient(HTTP_USER_AGENT=FIREFOX)
    sign_in(old, user)
    time_machine.shift(settings.SESSION_IDLE_SECONDS + 1)
    sign_in(new, user)
    assert lines(new) == ["Firefox sous Linux"]
    time_machine.shift(settings.SESSION_COOKIE_AGE - settings.SESSION_IDLE_SECONDS)
    assert tasks.forget_old_tries() >= 1
    assert OpenSession.objects.get().browser == "Firefox sous Linux"


def test_a_session_older_than_the_list_is_told_so(desk):
    OpenSession.objects.all().delete()
    assert "avant la mise en place de cette liste" in desk.get(PROFILE).content.decode()


def test_one_browser_signing_in_as_somebody_else_is_one_session(client, user):
    client.force_login(user)
    client.force_login(UserFactory(username="autre"))
    assert OpenSession.objects.filter(session_key=client.session.session_key).get().user.username == "autre"
