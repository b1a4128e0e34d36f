"""Who one is, proved again before a change of password, factor or recovery address (D12): with the factor for whoever has one."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from iprof.correspondence.models import Alert
from security.confirmation import Ways
from security.enums import AccessKind, AccountChange
from security.forms_confirm import ConfirmForm
from security.models import AccessEvent, User
from security.services_factors import new_recovery_codes
from tests.access_rules import RULES
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, AuthenticatorFactory, UserFactory
from tests.factories.career import full_career
from tests.security.test_factors import code_at
from tests.security.virtual_key import VirtualKey

pytestmark = [pytest.mark.django_db, pytest.mark.req("D12")]
CONFIRM = reverse("account_reauthenticate")
NOW = datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC)
# What a signed-in person may do in « Mon compte » without proving anything again, and why.
FREE = {
    "security:account": "read only",
    "security:profile": "read only",
    "security:file_reads": "read only",
    "security:second_step": "read only",
    "security:extend": "keeps the session, within its absolute limit",
    "security:recovery_resend": "sends again what was asked for after a confirmation",
    "security:factor_loss_here": "takes the password and the mailbox, and a person decides",
    "security:recovery_later": "changes nothing",
    "security:impersonation_end": "ends what staff see",
    "security:session_end": "closes a door",
    "security:session_end_others": "closes doors",
    "security:browser_forget": "closes a door",
}
CHANGES = sorted(
    name
    for name, rule in RULES.items()
    if name.startswith("security:") and rule.kind not in {"public", "guest", "machine"} and name not in FREE
)


@pytest.fixture
def now(time_machine) -> datetime.datetime:
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def user() -> User:
    return UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie", reinforced=True)


@pytest.fixture
def client(user) -> PortalClient:
    client = PortalClient()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client


def confirmations() -> list[dict]:
    return list(AccessEvent.objects.filter(kind=AccessKind.CONFIRMED).values_list("detail", flat=True))


def test_the_list_of_changes_is_the_one_of_the_norm():
    assert CHANGES == [
        "security:factor_remove",
        "security:key_add",
        "security:key_rename",
        "security:password_change",
        "security:recovery",
        "security:recovery_codes",
        "security:recovery_remove",
        "security:second_step_switch",
        "security:sso_link",
        "security:sso_unlink",
        "security:totp_add",
    ]


def test_whoever_has_a_factor_gives_it_before_each_change(now):
    owner = full_career()
    user, key = owner.user, VirtualKey().enrol(owner.user)
    AuthenticatorFactory(user=user)
    of_key = {"security:factor_remove", "security:key_rename"}
    addresses = [
        reverse(name, kwargs={"pk": key.pk} if name in of_key else RULES[name].args(owner)) for name in CHANGES
    ]
    client = PortalClient()
    client.force_login(user)
    before = password_and_factors(user)
    wrong = [
        {"password": PASSWORD},
        {"password": PASSWORD, "code": "000000"},
        {"password": "Faux", "code": code_at(now)},
    ]
    for given in ({}, *wrong):
        if given:
            assert client.post(CONFIRM, given).status_code == 400
        for address in addresses:
            response = client.post(address, {"password1": "Sept-Moutons-Gris-48", "email": "maud@boite.example"})
            assert response.headers["Location"].startswith(CONFIRM), f"{address} after {given}"
    assert password_and_factors(user) == before


def password_and_factors(user: User) -> tuple:
    user.refresh_from_db()
    rows = Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", "type")
    return user.password, user.reinforced, list(rows), user.emailaddress_set.count()


def test_password_and_code_together_confirm_once_each_code(client, user, now):
    AuthenticatorFactory(user=user)
    given = {"password": PASSWORD, "code": code_at(now)}
    assert client.post(CONFIRM, given).status_code == 302
    assert client.get(reverse("security:key_add")).status_code == 200
    assert confirmations() == [{"factor": "totp"}]
    assert client.post(CONFIRM, given).status_code == 400


@pytest.mark.req("D04")
def test_the_refusal_does_not_tell_which_of_the_two_was_wrong(client, user, now):
    AuthenticatorFactory(user=user)
    answers = {
        words(client.post(CONFIRM, {"password": password, "code": code}))
        for password, code in ((PASSWORD, "000000"), ("Faux", code_at(now)))
    }
    assert len(answers) == 1
    lines = AccessEvent.objects.filter(kind=AccessKind.SIGN_IN_FAILED).values_list("detail", "subject")
    assert list(lines) == [({"factor": "confirmation"}, user.pk)] * 2


def test_a_slip_in_the_password_does_not_burn_a_recovery_code(client, user):
    AuthenticatorFactory(user=user)
    code = new_recovery_codes(user=user)[0]
    client.force_login(User.objects.get())  # new codes end the sessions
    assert client.post(CONFIRM, {"password": "Faux", "code": code}).status_code == 400
    assert client.post(CONFIRM, {"password": PASSWORD, "code": code}).status_code == 302
    assert Alert.objects.filter(kind=f"compte.{AccountChange.RECOVERY_CODE_USED}").count() == 1


@pytest.mark.req("D04")
def test_tries_wait_as_those_of_a_sign_in(client, user, now):
    AuthenticatorFactory(user=user)
    statuses = [client.post(CONFIRM, {"password": PASSWORD, "code": "000000"}).status_code for _ in range(3)]
    assert statuses == [400, 400, 400]
    response = client.post(CONFIRM, {"password": PASSWORD, "code": code_at(now)})
    assert response.status_code == 429
    assert "Attendez 5 secondes" in words(response)


def asked(client: PortalClient) -> str:
    return client.get(CONFIRM).context["options"]["publicKey"]["challenge"]


def test_a_key_that_knows_its_owner_confirms_alone(client, user):
    key = VirtualKey()
    key.enrol(user)
    assert client.post(CONFIRM, {"credential": key.sign(asked(client))}).status_code == 302
    assert client.get(reverse("security:recovery_codes")).status_code == 200
    assert confirmations() == [{"factor": "webauthn"}]


def test_a_key_that_asks_nothing_confirms_with_the_password_only(client, user):
    key = VirtualKey(verifies=False)
    key.enrol(user)
    for password, status in (("", 400), ("Faux", 400), (PASSWORD, 302)):
        answer = {"credential": key.sign(asked(client)), "password": password}
        assert client.post(CONFIRM, answer).status_code == status


def test_an_answer_of_a_key_confirms_once(client, user):
    key = VirtualKey()
    key.enrol(user)
    answer = {"credential": key.sign(asked(client))}
    assert client.post(CONFIRM, answer).status_code == 302
    assert client.post(CONFIRM, answer).status_code == 400


@pytest.mark.parametrize("sent", ["{", "[]", "3", "[" * 5000])
def test_what_is_no_answer_of_a_key_is_said_at_once(sent):
    form = ConfirmForm({"credential": sent}, ways=Ways(key=True))
    assert not form.is_valid()
    assert list(form.errors) == ["credential"]


@pytest.mark.parametrize(
    ("ways", "data", "wrong"),
    [
        (Ways(), {}, {"password"}),
        (Ways(code=True), {"password": "x"}, {"code"}),
        (Ways(code=True), {"password": "x", "code": "12"}, {"code"}),
        (Ways(code=True), {}, {"password", "code"}),
        (Ways(), {"password": "x" * 5000}, {"password"}),
    ],
)
def test_each_field_says_what_it_misses(ways, data, wrong):
    assert set(ConfirmForm(data, ways=ways).errors) == wrong


def test_without_a_factor_the_password_is_enough(client):
    assert client.post(CONFIRM, {"password": "Faux"}).status_code == 400
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 302
    assert confirmations() == [{"factor": "password"}]


@pytest.mark.req("D10")
def test_no_password_rests_in_the_session_of_whoever_must_confirm_first(client, user, now):
    AuthenticatorFactory(user=user)
    change = reverse("security:password_change")
    typed = {"current": PASSWORD, "password1": "Sept-Moutons-Gris-48", "password2": "Sept-Moutons-Gris-48"}
    assert client.post(change, typed).headers["Location"] == f"{CONFIRM}?next={change.replace('/', '%2F')}"
    assert "Moutons" not in str(dict(client.session))
    client.post(CONFIRM, {"password": PASSWORD, "code": code_at(now)})
    assert client.post(change, typed).headers["Location"] == reverse("security:account")


def test_a_forced_change_of_password_lets_its_owner_confirm(client, user, now):
    AuthenticatorFactory(user=user)
    User.objects.update(must_change_password=True)
    response = client.get("/", follow=True)
    assert response.redirect_chain[-1][0].startswith(CONFIRM)
    done = client.post(
        CONFIRM, {"password": PASSWORD, "code": code_at(now), "next": reverse("security:password_change")}
    )
    assert done.headers["Location"] == reverse("security:password_change")


def renamed(client: PortalClient, pk: int, name: str):
    return client.post(reverse("security:key_rename", args=[pk]), {"name": name})


@pytest.mark.req("S29")
def test_a_key_is_renamed_on_one_clean_line(client, user):
    key = VirtualKey()
    row = key.enrol(user)
    client.post(CONFIRM, {"credential": key.sign(asked(client))})
    assert "Clé bleue" in words(client.get(reverse("security:key_rename", args=[row.pk])))
    assert renamed(client, row.pk, "  Clé\u202e du\n bureau ").status_code == 302
    row.refresh_from_db()
    assert row.data["name"] == "Clé du bureau"
    for wrong in ("", "x" * 61, "\u200b\u202e", "a\x00b"):
        assert renamed(client, row.pk, wrong).status_code == 400
    assert AccessEvent.objects.filter(kind=AccessKind.FACTOR_RENAMED, subject=user).count() == 1


@pytest.mark.req("D16")
def test_nobody_renames_the_key_of_someone_else_nor_an_application(client, user):
    client.post(CONFIRM, {"password": PASSWORD})
    other = VirtualKey().enrol(UserFactory(username="pautre"))
    application = AuthenticatorFactory(user=user)
    for pk in (other.pk, application.pk, 10**9):
        assert renamed(client, pk, "À moi").status_code == 404
