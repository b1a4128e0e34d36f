"""The second step at sign-in, from outside the known networks: code of the mail, trust, throttling (S29, T5, D04, D08)."""

import datetime
import re
import smtplib
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.models import Alert
from iprof.env import EnvironmentProblem, networks
from security.enums import AccessKind, Role
from security.models import AccessEvent, FailedTries, TrustedBrowser, User
from security.services import change_password, unlock_by_link
from security.tasks import forget_expired_browsers
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, AuthenticatorFactory, TrustedBrowserFactory, UserFactory, staff

pytestmark = pytest.mark.django_db
LOGIN, CODE, TRUST = reverse("account_login"), reverse("security:sign_in_code"), reverse("security:sign_in_trust")
PAGE, SWITCH = reverse("security:second_step"), reverse("security:second_step_switch")
OUTSIDE = "203.0.113.9"


@pytest.fixture
def user() -> User:
    user = UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie", reinforced=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def client() -> PortalClient:
    return PortalClient(REMOTE_ADDR=OUTSIDE)


def sign_in(client: PortalClient, user: User, **more: str):
    return client.post(LOGIN, {"login": user.username, "password": PASSWORD, **more})


def last_code() -> str:
    return re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]


def wrong_code() -> str:
    return f"{(int(last_code()) + 1) % 1_000_000:06d}"


def is_in(client: PortalClient) -> bool:
    return "_auth_user_id" in client.session


def kinds(user: User) -> list[str]:
    return list(AccessEvent.objects.filter(subject=user).order_by("pk").values_list("kind", flat=True))


@pytest.mark.req("S29", "D08")
def test_from_outside_the_code_of_the_mailbox_opens_what_the_password_alone_does_not(client, user):
    response = sign_in(client, user, next="/compte/profil/")
    assert response.headers["Location"] == CODE
    assert not is_in(client)
    assert mail.outbox[-1].to == [user.email]
    text, html = mail.outbox[-1].body, mail.outbox[-1].alternatives[0][0]
    assert last_code() in html
    assert last_code() not in mail.outbox[-1].subject
    assert "Ne le donnez à personne" in text
    assert user.email in client.get(CODE).content.decode()
    code = last_code()
    assert client.post(CODE, {"code": f" {code[:3]} {code[3:]} "}).headers["Location"] == TRUST
    assert not is_in(client)
    assert client.post(TRUST, {"action": "once"}).headers["Location"] == "/compte/profil/"
    assert is_in(client)
    assert kinds(user) == [AccessKind.SECOND_STEP_PASSED, AccessKind.SIGNED_IN]
    assert TrustedBrowser.objects.count() == 0


@pytest.mark.req("S29")
@pytest.mark.parametrize(("reinforced", "address"), [(False, OUTSIDE), (True, "127.0.0.1")])
def test_nothing_more_is_asked_of_a_teacher_who_did_not_choose_it_or_is_inside(user, reinforced, address):
    User.objects.update(reinforced=reinforced)
    client = PortalClient(REMOTE_ADDR=address)
    assert sign_in(client, user).headers["Location"] == "/"
    assert is_in(client)
    assert mail.outbox == []


@pytest.mark.req("S29")
def test_a_header_does_not_make_anyone_inside(user):
    client = PortalClient(REMOTE_ADDR=OUTSIDE, headers={"X-Forwarded-For": "127.0.0.1", "X-Real-Ip": "127.0.0.1"})
    assert sign_in(client, user).headers["Location"] == CODE


@pytest.mark.req("S29")
def test_staff_take_the_second_step_without_having_chosen_it(client):
    assert sign_in(client, staff(Role.GESTIONNAIRE)).headers["Location"] == CODE


@pytest.mark.req("D08")
def test_a_code_serves_in_the_browser_that_asked_for_it_only(client, user):
    sign_in(client, user)
    other = PortalClient(REMOTE_ADDR=OUTSIDE)
    assert other.post(CODE, {"code": last_code()}).headers["Location"] == LOGIN
    code = last_code()
    sign_in(other, user)
    assert other.post(CODE, {"code": code}).status_code == (302 if code == last_code() else 400)


@pytest.mark.req("D08")
def test_a_code_dies_after_ten_minutes(client, user, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC), tick=False)
    sign_in(client, user)
    time_machine.shift(601)
    response = client.post(CODE, {"code": last_code()})
    assert response.status_code == 400
    assert not is_in(client)


@pytest.mark.req("D08")
def test_a_code_dies_with_the_next_one(client, user):
    sign_in(client, user)
    first = last_code()
    assert client.post(CODE, {"action": "resend"}).headers["Location"] == CODE
    assert len(mail.outbox) == 2
    assert client.post(CODE, {"code": first}).status_code == (302 if first == last_code() else 400)
    assert client.post(CODE, {"code": last_code()}).status_code == 302


@pytest.mark.req("D04", "D08")
def test_three_wrong_codes_end_the_sign_in_and_leave_their_traces(client, user):
    sign_in(client, user)
    good = last_code()
    for _ in range(2):
        response = client.post(CODE, {"code": wrong_code()})
        assert response.status_code == 400
        assert "pas le bon code" in response.content.decode()
    assert client.post(CODE, {"code": wrong_code()}).headers["Location"] == LOGIN
    assert client.post(CODE, {"code": good}).headers["Location"] == LOGIN
    assert kinds(user) == [AccessKind.SECOND_STEP_REFUSED] * 3
    assert [(event.detail, event.ip, event.actor) for event in AccessEvent.objects.all()] == [
        ({"factor": "code-courriel"}, OUTSIDE, None)
    ] * 3


@pytest.mark.req("D04", "D08")
def test_tries_are_counted_over_sign_ins_and_wait_longer_each_time(client, user, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC), tick=False)
    for _ in range(3):
        sign_in(client, user)
        client.post(CODE, {"code": wrong_code()})
        client.post(CODE, {"action": "cancel"})
    sign_in(client, user)
    response = client.post(CODE, {"code": last_code()})
    assert response.status_code == 429
    assert "Attendez 5 secondes" in response.content.decode()
    time_machine.shift(6)
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == TRUST
    client.post(TRUST)
    assert FailedTries.objects.count() == 0


@pytest.mark.req("D04")
@pytest.mark.django_db(transaction=True)
def test_a_burst_of_tries_in_parallel_gains_none(user):
    clients = [PortalClient(REMOTE_ADDR=OUTSIDE) for _ in range(6)]
    for client in clients:
        sign_in(client, user)

    def guess(client: PortalClient) -> int:
        try:
            return client.post(CODE, {"code": wrong_code()}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = sorted(pool.map(guess, clients))
    assert answers == [400, 400, 400, 429, 429, 429]


@pytest.mark.req("D08")
def test_codes_are_not_sent_without_end(client, user):
    sign_in(client, user)
    for _ in range(8):
        client.post(CODE, {"action": "resend"})
    assert len(mail.outbox) == 6
    assert "Plusieurs codes viennent de partir" in client.get(CODE).content.decode()


@pytest.mark.req("S29")
def test_a_mail_server_out_of_order_is_said_and_opens_nothing(client, user, monkeypatch):
    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    assert sign_in(client, user).headers["Location"] == CODE
    assert "pu partir" in client.get(CODE).content.decode()
    assert client.post(CODE, {"code": "000000"}).status_code == 400


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1" * 300, "12\x003456", "١٢٣٤٥٦", "<script>", "1234567"])
def test_what_is_no_code_is_told_apart_and_is_no_try(client, user, typed):
    sign_in(client, user)
    response = client.post(CODE, {"code": typed})
    assert response.status_code == 400
    assert response.context["form"].errors["code"]
    assert AccessKind.SECOND_STEP_REFUSED not in kinds(user)


@pytest.mark.req("S29")
def test_cancelling_goes_back_to_the_password(client, user):
    sign_in(client, user)
    assert client.post(CODE, {"action": "cancel"}).headers["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200


@pytest.mark.req("D10")
def test_no_code_rests_in_the_session_nor_in_the_journal(client, user):
    sign_in(client, user)
    client.post(CODE, {"code": wrong_code()})
    kept = str(dict(client.session)) + str(list(AccessEvent.objects.values()))
    assert last_code() not in kept


def pass_and_trust(client: PortalClient, user: User) -> None:
    sign_in(client, user)
    client.post(CODE, {"code": last_code()})
    client.post(TRUST, {"action": "trust"})


@pytest.mark.req("S29")
def test_a_trusted_browser_takes_one_step_for_fourteen_days(client, user, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC), tick=False)
    pass_and_trust(client, user)
    cookie = client.cookies["trust"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in str(list(TrustedBrowser.objects.values()))
    client.post(reverse("account_logout"))
    assert sign_in(client, user).headers["Location"] == "/"
    client.post(reverse("account_logout"))
    other = UserFactory(username="pautre", reinforced=True)
    assert sign_in(client, other).headers["Location"] == CODE
    client.post(CODE, {"action": "cancel"})
    time_machine.shift(datetime.timedelta(days=14, seconds=1))
    assert sign_in(client, user).headers["Location"] == CODE


@pytest.mark.req("S29")
def test_trust_is_taken_back_by_its_owner_only(client, user):
    pass_and_trust(client, user)
    forget = reverse("security:browser_forget", args=[TrustedBrowser.objects.get().pk])
    stranger = PortalClient()
    stranger.force_login(UserFactory(username="pautre"))
    assert stranger.post(forget).status_code == 404
    assert client.post(forget).headers["Location"] == PAGE
    assert kinds(user)[-1] == AccessKind.BROWSER_FORGOTTEN
    client.post(reverse("account_logout"))
    assert sign_in(client, user).headers["Location"] == CODE


@pytest.mark.req("D11")
def test_a_new_password_takes_back_every_trust(client, user):
    pass_and_trust(client, user)
    change_password(user=user, password="Sept-Moutons-Gris-48")
    assert TrustedBrowser.objects.count() == 0


@pytest.mark.req("D04")
@pytest.mark.parametrize("where", [CODE, TRUST])
def test_a_password_changed_meanwhile_ends_a_sign_in_under_way(client, user, where):
    sign_in(client, user)
    code = last_code()
    if where == TRUST:
        client.post(CODE, {"code": code})
    change_password(user=user, password="Sept-Moutons-Gris-48")
    assert client.post(where, {"code": code, "action": "once"}).headers["Location"] == LOGIN
    assert not is_in(client)


@pytest.mark.req("S29", "D12")
def test_a_teacher_turns_it_on_and_off_after_the_password_once_more(user):
    User.objects.update(reinforced=False)
    client, elsewhere = PortalClient(), PortalClient()
    for each in (client, elsewhere):
        sign_in(each, user)
    response = client.post(SWITCH, {"action": "on"})
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    response = client.post(response.headers["Location"], {"password": PASSWORD, "next": SWITCH})
    user.refresh_from_db()
    assert user.reinforced
    assert client.get(PAGE).status_code == 200, "this session goes on"
    assert elsewhere.get(PAGE).status_code == 302, "the others end"
    client.post(SWITCH, {"action": "off"})
    user.refresh_from_db()
    assert not user.reinforced
    assert {AccessKind.REINFORCED, AccessKind.NOT_REINFORCED} <= set(kinds(user))
    assert Alert.objects.filter(user=user, kind__contains="renforce").count() == 2


@pytest.mark.req("S29")
def test_staff_from_outside_are_led_to_enrol_before_the_administration_opens():
    agent = staff(Role.GESTIONNAIRE)
    client = PortalClient(REMOTE_ADDR=OUTSIDE)
    client.force_login(agent)
    assert client.get("/gestion/").headers["Location"] == PAGE
    assert "Votre rôle ouvre les dossiers" in client.get(PAGE).content.decode()
    assert client.get("/").status_code == 200, "never locked out of one's own pages"
    AuthenticatorFactory(user=agent)
    assert client.get("/gestion/").status_code == 200


@pytest.mark.req("S29")
def test_production_leads_staff_to_enrol_from_the_known_networks_too(settings):
    client = PortalClient()
    client.force_login(staff(Role.GESTIONNAIRE))
    assert client.get("/gestion/").status_code == 200
    settings.STAFF_FACTOR_EVERYWHERE = True
    assert client.get("/gestion/").headers["Location"] == PAGE


def test_known_networks_are_read_or_refused_with_their_name(monkeypatch):
    monkeypatch.setenv("IPROF_KNOWN_NETWORKS", "10.51.0.0/16, 2001:db8::/32")
    assert [str(network) for network in networks("IPROF_KNOWN_NETWORKS")] == ["10.51.0.0/16", "2001:db8::/32"]
    monkeypatch.setenv("IPROF_KNOWN_NETWORKS", "10.51.0.1/16")
    with pytest.raises(EnvironmentProblem, match="IPROF_KNOWN_NETWORKS"):
        networks("IPROF_KNOWN_NETWORKS")


@pytest.mark.req("S29")
def test_trusts_that_are_over_are_deleted_each_day(user):
    TrustedBrowserFactory(user=user)
    TrustedBrowserFactory(user=user, key_digest="1" * 64, expires_at=timezone.now())
    assert forget_expired_browsers() == 1
    assert TrustedBrowser.objects.get().key_digest == "0" * 64


@pytest.mark.req("S25")
def test_the_link_of_the_mailbox_forgets_the_tries_of_codes_too(client, user):
    for _ in range(3):
        sign_in(client, user)
        client.post(CODE, {"code": wrong_code()})
        client.post(CODE, {"action": "cancel"})
    unlock_by_link(user=user)
    sign_in(client, user)
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == TRUST
