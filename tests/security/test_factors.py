"""Applications, keys and recovery codes: enrolled, used, removed, never readable in the database (T5, D04, D08, D11, D12)."""

import datetime
import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind, AccountChange, Role
from security.factors import KEY, RECOVERY, TOTP, accept_code
from security.models import AccessEvent, TrustedBrowser, User
from security.selectors_factors import second_step_of
from security.services_factors import MAX_KEYS, add_key, add_totp, new_recovery_codes, remove_factor
from tests.client import PortalClient
from tests.factories.accounts import (
    PASSWORD,
    TOTP_SECRET,
    AuthenticatorFactory,
    TrustedBrowserFactory,
    UserFactory,
    staff,
)

pytestmark = pytest.mark.django_db
LOGIN, FACTOR, TRUST = reverse("account_login"), reverse("security:sign_in_factor"), reverse("security:sign_in_trust")
PAGE, APP, KEYS, CODES = (reverse(f"security:{n}") for n in ("second_step", "totp_add", "key_add", "recovery_codes"))
OUTSIDE = "203.0.113.9"
NOW = datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC)


def code_at(moment: datetime.datetime, secret: str = TOTP_SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30))


@pytest.fixture
def user() -> User:
    return UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie", reinforced=True)


@pytest.fixture
def now(time_machine) -> datetime.datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


def sign_in(user: User) -> PortalClient:
    client = PortalClient(REMOTE_ADDR=OUTSIDE)
    assert client.post(LOGIN, {"login": user.username, "password": PASSWORD}).headers["Location"] == FACTOR
    return client


def confirmed(user: User) -> PortalClient:
    """Signed in from inside, the password given once more, with the code of the half-minute before if there is one."""
    client = PortalClient()
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    given = {"password": PASSWORD, "code": code_at(timezone.now() - datetime.timedelta(seconds=30))}
    assert client.post(reverse("account_reauthenticate"), given).status_code == 302
    return client


def kinds(user: User) -> list[str]:
    return list(AccessEvent.objects.filter(subject=user).order_by("pk").values_list("kind", flat=True))


@pytest.mark.req("S29")
def test_the_application_takes_the_place_of_the_mail(user, now):
    AuthenticatorFactory(user=user)
    client = sign_in(user)
    assert "Avec un code" in client.get(FACTOR).content.decode()
    assert client.post(FACTOR, {"code": code_at(now)}).headers["Location"] == TRUST
    client.post(TRUST, {"action": "once"})
    assert client.get("/").status_code == 200
    passed = AccessEvent.objects.get(kind=AccessKind.SECOND_STEP_PASSED)
    assert passed.detail == {"factor": "totp"}


@pytest.mark.req("D08")
def test_a_code_of_the_application_serves_once(user, now, time_machine):
    AuthenticatorFactory(user=user)
    assert accept_code(user, code_at(now)) == TOTP
    assert accept_code(user, code_at(now)) is None
    time_machine.shift(31)  # still within the tolerance of a late clock
    assert accept_code(user, code_at(now)) is None
    assert accept_code(user, code_at(now + datetime.timedelta(seconds=31))) == TOTP


@pytest.mark.parametrize(("seconds", "fits"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_clock_half_a_minute_off_is_accepted_and_no_more(user, now, seconds, fits):
    AuthenticatorFactory(user=user)
    assert bool(accept_code(user, code_at(now + datetime.timedelta(seconds=seconds)))) is fits


@pytest.mark.req("D04")
def test_the_refusal_never_tells_which_factor_was_wrong(user, now):
    AuthenticatorFactory(user=user)
    new_recovery_codes(user=user)
    answers = []
    for typed in ({"code": "000000"}, {"code": "00000000"}):
        response = sign_in(user).post(FACTOR, typed)
        answers.append((response.status_code, str(response.context["form"].errors)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400
    refused = AccessEvent.objects.filter(kind=AccessKind.SECOND_STEP_REFUSED)
    assert [event.detail for event in refused] == [{"factor": "code-facteur"}] * 2, (
        "what the owner reads in the profile"
    )


@pytest.mark.req("D04")
def test_three_wrong_answers_end_the_sign_in_then_one_waits(user, now):
    AuthenticatorFactory(user=user)
    client = sign_in(user)
    statuses = [client.post(FACTOR, {"code": "000000"}).status_code for _ in range(3)]
    assert statuses == [400, 400, 302]
    assert client.post(FACTOR, {"code": code_at(now)}).headers["Location"] == LOGIN
    assert sign_in(user).post(FACTOR, {"code": code_at(now)}).status_code == 429


@pytest.mark.req("D08")
def test_a_recovery_code_replaces_a_lost_application_once_and_its_owner_is_told(user):
    AuthenticatorFactory(user=user)
    code = new_recovery_codes(user=user)[3]
    user.refresh_from_db()
    client = sign_in(user)
    assert client.post(FACTOR, {"code": f"{code[:4]} {code[4:]}"}).headers["Location"] == TRUST
    assert second_step_of(user).recovery_left == 9
    assert Alert.objects.filter(user=user, kind=f"compte.{AccountChange.RECOVERY_CODE_USED}").count() == 1
    assert sign_in(user).post(FACTOR, {"code": code}).status_code == 400


@pytest.mark.req("S29")
def test_secrets_rest_sealed_and_an_unreadable_one_opens_nothing(user, now):
    factor = AuthenticatorFactory(user=user)
    new_recovery_codes(user=user)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert TOTP_SECRET not in stored
    seed = Authenticator.objects.get(type=RECOVERY).data["seed"]
    assert not set(seed) <= set("0123456789abcdef"), "the seed itself is hexadecimal"
    for damaged in ("", "x", seed[:-4] + "AAA="):
        Authenticator.objects.filter(pk=factor.pk).update(data={"secret": damaged})
        assert accept_code(user, code_at(now)) is None


@pytest.mark.req("D12")
@pytest.mark.parametrize("address", [APP, KEYS, CODES])
def test_a_factor_is_touched_after_the_password_once_more_only(user, address):
    client = PortalClient()
    client.force_login(user)
    for answer in (client.get(address), client.post(address, {"code": "000000"})):
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.count() == 0


@pytest.mark.req("D08", "D11")
def test_an_application_is_enrolled_by_proving_it_holds_the_secret(user, now):
    client, elsewhere = confirmed(user), confirmed(user)
    page = client.get(APP)
    secret = "".join(page.context["groups"])
    assert len(secret) == 32
    assert secret not in str(dict(client.session)), "sealed there too"
    wrong = f"{(int(code_at(now, secret)) + 1) % 1_000_000:06d}"
    refused = client.post(APP, {"code": wrong})
    assert refused.status_code == 400
    assert "".join(refused.context["groups"]) == secret, "the same secret: the application need not start again"
    assert client.post(APP, {"code": code_at(now, secret)}).headers["Location"] == PAGE
    assert client.get(PAGE).status_code == 200
    assert elsewhere.get(PAGE).status_code == 302
    assert AccessEvent.objects.get(kind=AccessKind.FACTOR_ADDED).detail == {"factor": "totp"}
    assert Alert.objects.get(user=user).kind == f"compte.{AccountChange.FACTOR_ADDED}"
    assert accept_code(user, code_at(now, secret)) is None, "the code that proved it serves no more"
    assert "".join(client.get(APP).context["groups"]) != secret


def test_enrolling_turns_the_second_step_on(now):
    user = UserFactory(username="pautre")
    add_totp(user=user, secret=TOTP_SECRET, counter=1)
    user.refresh_from_db()
    assert user.reinforced


def test_one_application_and_ten_keys_at_most(user):
    add_totp(user=user, secret=TOTP_SECRET, counter=1)
    with pytest.raises(DomainError, match="totp_already_there"):
        add_totp(user=user, secret=TOTP_SECRET, counter=1)
    for number in range(MAX_KEYS):
        add_key(user=user, name=f"Clé {number}", credential={})
    with pytest.raises(DomainError, match="too_many_keys"):
        add_key(user=user, name="Une de trop", credential={})


@pytest.mark.req("D11")
def test_removing_a_factor_forgets_trust_and_with_the_last_the_recovery_codes(user):
    application, key = AuthenticatorFactory(user=user), AuthenticatorFactory(user=user, type=KEY, data={"name": "Clé"})
    new_recovery_codes(user=user)
    TrustedBrowserFactory(user=user)
    remove_factor(user=user, pk=application.pk)
    assert not TrustedBrowser.objects.exists()
    assert set(Authenticator.objects.values_list("type", flat=True)) == {KEY, RECOVERY}
    remove_factor(user=user, pk=key.pk)
    assert not Authenticator.objects.exists()
    assert kinds(user) == [AccessKind.RECOVERY_CODES, AccessKind.FACTOR_REMOVED, AccessKind.FACTOR_REMOVED]


@pytest.mark.req("D12", "D16")
def test_a_factor_is_removed_by_its_owner_after_the_password_and_the_factor(user, now):
    factor = AuthenticatorFactory(user=user)
    remove = reverse("security:factor_remove", args=[factor.pk])
    assert confirmed(UserFactory(username="pautre")).post(remove).status_code == 404
    client = PortalClient()
    client.force_login(user)
    asked = client.post(remove)
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.exists()
    assert client.post(asked.headers["Location"], {"password": PASSWORD, "next": remove}).status_code == 400
    assert Authenticator.objects.exists(), "the password alone does not do"
    client.post(asked.headers["Location"], {"password": PASSWORD, "code": code_at(now), "next": remove})
    assert not Authenticator.objects.exists()


@pytest.mark.req("S29")
def test_recovery_codes_are_shown_once_and_counted_afterwards(user):
    AuthenticatorFactory(user=user)
    client = confirmed(user)
    assert client.get(CODES).context["codes"] == []
    codes = client.post(CODES).context["codes"]
    assert len(set(codes)) == 10
    assert all(len(code) == 8 for code in codes)
    again = client.get(CODES).content.decode()
    assert not any(code in again or f"{code[:4]} {code[4:]}" in again for code in codes)
    assert "les 10 qui vous restent" in again
    assert not any(code in str(list(Authenticator.objects.values())) for code in codes)
    others = client.post(CODES).context["codes"]
    assert not set(codes) & set(others)


def test_recovery_codes_alone_stand_in_for_nothing(user):
    client = confirmed(user)
    assert client.post(CODES).headers["Location"] == PAGE
    assert "Enregistrez d&#x27;abord" in client.get(PAGE).content.decode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "signature", "authenticatorData",
         "userHandle", "clientExtensionResults"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=25)
@given(sent=JSON.map(json.dumps) | st.text(max_size=30) | st.just("[" * 5000))
def test_no_forged_answer_of_a_browser_passes_nor_breaks_the_page(sent):
    user = UserFactory(reinforced=True)
    AuthenticatorFactory(user=user)
    client = confirmed(user)
    assert client.get(KEYS).status_code == 200
    assert client.post(KEYS, {"name": "Clé", "credential": sent}).status_code == 400
    pending = sign_in(user)
    pending.get(FACTOR)
    assert pending.post(FACTOR, {"credential": sent}).status_code in {400, 429}
    assert "_auth_user_id" not in pending.session


@pytest.mark.req("S29")
def test_the_page_says_what_is_there_in_a_constant_number_of_queries(user):
    client = PortalClient()
    client.force_login(user)
    counts = []
    for _ in range(2):
        AuthenticatorFactory(user=user, type=KEY, data={"name": "Clé bleue"})
        TrustedBrowserFactory(user=user, key_digest=str(TrustedBrowser.objects.count()))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(PAGE).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Clé bleue" in page
    assert "Firefox sous Linux" in page


@pytest.mark.req("S29")
def test_staff_are_not_offered_to_turn_it_off():
    client = PortalClient()
    client.force_login(staff(Role.GESTIONNAIRE))
    page = client.get(PAGE).content.decode()
    assert "Votre rôle la rend obligatoire" in page
    assert 'value="off"' not in page
