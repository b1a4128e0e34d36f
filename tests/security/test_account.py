"""Sessions, password links, recovery address, « Mon compte » and « Mon profil » (D02, D08-D13, D15, D20, E24)."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from iprof.correspondence.models import Alert
from iprof.web.crypto import lookup_digest
from security.enums import AccessKind, Role
from security.journal import record
from security.models import AccessEvent, FailedTries, User
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory, staff

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "Sept-Moutons-Gris-48"
LOGIN, LOST, CHANGE = reverse("account_login"), reverse("security:password_lost"), reverse("security:password_change")
MORNING = datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC)


@pytest.fixture
def user() -> User:
    user = UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: PortalClient, user: User, password: str = PASSWORD):
    return client.post(LOGIN, {"login": user.username, "password": password})


def link_in(message) -> str:
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


@pytest.mark.req("D02", "S25")
def test_a_colleague_who_failed_a_hair_later_makes_nobody_wait(client, user):
    """Two processes, two clocks: what the bench of 2 000 sign-ins from one address met."""
    later = timezone.now() + datetime.timedelta(milliseconds=300)
    FailedTries.objects.create(key=lookup_digest("127.0.0.1", context="tries-address"), failures=3, last_at=later)
    assert sign_in(client, user).status_code == 302


@pytest.mark.req("D11")
def test_a_new_session_token_at_sign_in_and_a_trace(client, user):
    client.get(LOGIN)
    before = client.session.session_key
    assert sign_in(client, user).status_code == 302
    assert client.session.session_key != before
    assert AccessEvent.objects.filter(kind=AccessKind.SIGNED_IN, subject=user).count() == 1


@pytest.mark.req("D11", "E24")
def test_an_idle_session_ends_and_leads_back_where_one_was(client, user, time_machine):
    time_machine.move_to(MORNING)
    sign_in(client, user)
    time_machine.shift(29 * 60)
    assert client.get("/").status_code == 200
    time_machine.shift(29 * 60)
    assert client.post(reverse("security:extend")).status_code == 204
    time_machine.shift(30 * 60 + 1)
    response = client.get("/compte/profil/")
    assert response.headers["Location"] == f"{LOGIN}?next=%2Fcompte%2Fprofil%2F&fin=inactivite"
    assert "30 minutes sans activité" in client.get(response.headers["Location"]).content.decode()
    response = client.post(LOGIN, {"login": user.username, "password": PASSWORD, "next": "/compte/profil/"})
    assert response.headers["Location"] == "/compte/profil/"


@pytest.mark.req("D11")
def test_a_session_lasts_eight_hours_at_most(client, user, time_machine):
    time_machine.move_to(MORNING, tick=False)
    sign_in(client, user)
    for _ in range(24):
        time_machine.shift(20 * 60)
        last = client.get("/").status_code
    assert last == 200
    time_machine.shift(60)
    assert "fin=duree" in client.get("/").headers["Location"]


@pytest.mark.req("D15")
def test_signing_out_asks_then_empties_the_browser(client, user):
    sign_in(client, user)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/").status_code == 200
    response = client.post(reverse("account_logout"))
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 302
    assert AccessEvent.objects.filter(kind=AccessKind.SIGNED_OUT, subject=user).count() == 1


@pytest.mark.req("D02")
def test_a_known_browser_is_not_slowed_by_tries_made_elsewhere(client, user):
    sign_in(client, user)
    client.post(reverse("account_logout"))
    attacker = PortalClient(REMOTE_ADDR="203.0.113.9")
    assert [sign_in(attacker, user, "faux").status_code for _ in range(5)] == [400, 400, 400, 429, 429]
    assert sign_in(attacker, user).status_code == 429
    assert sign_in(client, user).status_code == 302


@pytest.mark.req("D02")
def test_the_wait_doubles_and_success_forgets(client, user, time_machine):
    time_machine.move_to(MORNING, tick=False)
    for _ in range(3):
        sign_in(client, user, "faux")
    time_machine.shift(5)
    assert sign_in(client, user, "faux").status_code == 400
    time_machine.shift(9)
    assert sign_in(client, user).status_code == 429
    time_machine.shift(1)
    assert sign_in(client, user).status_code == 302
    client.post(reverse("account_logout"))
    assert sign_in(client, user, "faux").status_code == 400


@pytest.mark.req("D09", "S85")
def test_a_password_link_goes_to_both_mailboxes_and_serves_once(client, user):
    EmailAddress.objects.create(user=user, email="maud@boite.example", verified=True, primary=False)
    EmailAddress.objects.create(user=user, email="autre@boite.example", verified=False, primary=False)
    other = PortalClient()
    sign_in(other, user)
    assert client.post(LOST, {"login": " MVALDOIE "}).status_code == 200
    assert sorted(m.to[0] for m in mail.outbox) == sorted([user.email, "maud@boite.example"])
    path = link_in(mail.outbox[0])
    response = client.get(path)
    assert response.headers["Location"].endswith("/choisir/")  # the token leaves the address
    form = response.headers["Location"]
    assert "Nouveau mot de passe" in client.get(form).content.decode()
    assert client.post(form, {"password1": "court", "password2": "court"}).status_code == 400
    assert client.post(form, {"password1": NEW, "password2": NEW}).headers["Location"] == LOGIN
    assert client.get(path).status_code == 410
    assert other.get("/").status_code == 302  # the other session is closed
    assert sign_in(client, user, NEW).status_code == 302
    assert Alert.objects.filter(kind="compte.mot-de-passe", user=user).count() == 1


@pytest.mark.req("D09")
def test_an_older_link_dies_and_an_hour_is_the_limit(client, user, time_machine):
    time_machine.move_to(MORNING)
    client.post(LOST, {"login": user.username})
    time_machine.shift(60)
    client.post(LOST, {"login": user.username})
    old, new = link_in(mail.outbox[0]), link_in(mail.outbox[1])
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 302
    time_machine.shift(3601)
    assert client.get(new).status_code == 410


@pytest.mark.req("D08")
def test_asking_for_a_link_says_the_same_for_every_login(client, user):
    UserFactory(waiting=True, username="attend")
    pages = [PortalClient().post(LOST, {"login": login}).content for login in ("mvaldoie", "personne", "attend")]
    assert len(set(pages)) == 1
    told = next(m for m in mail.outbox if m.to == ["attend@ac-reims.example"])
    assert "mot-de-passe-perdu" not in told.body  # an account not opened yet is opened by its letter


@pytest.mark.parametrize("path", ["x/y/", "MQ/abc-def/", "MQ/choisir/", "99999999999999999999999999/choisir/"])
def test_a_false_link_is_refused_politely(client, path):
    assert client.get(LOST + path).status_code == 410
    assert client.post(LOST + path, {"password1": NEW, "password2": NEW}).status_code == 410


def test_a_broken_queue_is_said_and_nothing_is_lost(client, user, monkeypatch):
    def fail(*args):
        raise OperationalError

    monkeypatch.setattr("security.views.password.send_password_link.delay", fail)
    response = client.post(LOST, {"login": user.username})
    assert response.status_code == 503
    assert user.username in response.content.decode()


@pytest.mark.req("D11", "D12")
def test_changing_the_password_asks_the_present_one_and_closes_other_sessions(client, user):
    other = PortalClient()
    for browser in (client, other):
        sign_in(browser, user)
    wrong = client.post(CHANGE, {"current": "faux", "password1": NEW, "password2": NEW})
    assert wrong.status_code == 400
    same = client.post(CHANGE, {"current": PASSWORD, "password1": PASSWORD, "password2": PASSWORD})
    assert same.status_code == 400
    assert client.post(CHANGE, {"current": PASSWORD, "password1": NEW, "password2": NEW}).status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


@pytest.mark.req("D10")
def test_an_account_told_to_change_its_password_can_do_nothing_else(client, user):
    User.objects.update(must_change_password=True)
    sign_in(client, user)
    assert client.get("/").headers["Location"] == CHANGE
    assert client.get(reverse("security:account")).headers["Location"] == CHANGE
    client.post(CHANGE, {"current": PASSWORD, "password1": NEW, "password2": NEW})
    assert client.get("/").status_code == 200


@pytest.mark.req("D12")
def test_a_sensitive_change_asks_the_password_again_and_then_goes_on(client, user, time_machine):
    time_machine.move_to(MORNING)
    sign_in(client, user)
    time_machine.shift(600)
    response = client.post(reverse("security:recovery"), {"email": "maud@boite.example"})
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    page = response.headers["Location"]
    assert client.post(page, {"password": "faux", "next": reverse("security:recovery")}).status_code == 400
    response = client.post(page, {"password": PASSWORD, "next": reverse("security:recovery")})
    assert response.headers["Location"] == reverse("security:account")
    assert EmailAddress.objects.filter(email="maud@boite.example", verified=False).exists()
    page = client.get(reverse("security:account")).content.decode()
    assert "À confirmer" in page
    assert client.post(reverse("security:recovery_resend")).status_code == 302
    assert len(mail.outbox) == 2
    assert client.post(reverse("security:recovery_remove")).status_code == 302
    assert not EmailAddress.objects.filter(user=user, primary=False).exists()


@pytest.mark.req("D20")
def test_the_profile_tells_who_read_the_file_and_only_that(client, user):
    clerk = staff(Role.GESTIONNAIRE, first_name="Odile", last_name="Perrin")
    record(AccessKind.FILE_READ, actor=clerk, subject=user, reason="Instruction")
    record(AccessKind.FILE_READ, actor=user, subject=user)
    record(AccessKind.FILE_READ, actor=clerk, subject=clerk)
    sign_in(client, user)
    for name in ("security:profile", "security:file_reads"):
        html = client.get(reverse(name)).content.decode()
        assert html.count("Consultation du dossier") == 1
        assert "Odile Perrin" in html
        assert "Instruction" in html


@pytest.mark.parametrize("page", ["", "0", "abc", "99999", "-1"])
def test_the_list_of_reads_takes_any_page_number(client, user, page):
    sign_in(client, user)
    assert client.get(reverse("security:file_reads"), {"page": page}).status_code == 200


@pytest.mark.req("D13")
def test_a_session_row_is_not_written_on_each_page(client, user, django_assert_num_queries):
    sign_in(client, user)
    client.get(reverse("security:account"))
    stored = Session.objects.get().session_data
    client.get(reverse("security:account"))
    assert Session.objects.get().session_data == stored
