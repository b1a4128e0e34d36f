"""Letter → NUMEN → password → recovery address → dashboard (S19-S22, T3, D02, D08, D10)."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.models import Alert
from security.enums import AccessKind
from security.models import AccessEvent, FailedTries, User
from security.services import activate_account, activation_digest, find_waiting_account, new_activation_code
from tests.client import PortalClient
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "19E" + "99" + "00042" + "XYZ"  # fictional, put together here
GOOD = "Mouton-Bleu-71-Colline"
START, PASSWORD = reverse("security:activation_start"), reverse("security:activation_password")


@pytest.fixture
def waiting() -> User:
    user = UserFactory(waiting=True, username="mvaldoie", first_name="Maud", last_name="Valdoie")
    user.activation_digest = activation_digest(SECRET)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.req("S20", "S21", "S22", "D10")
def test_the_whole_first_access(client, waiting, caplog):
    response = client.post(START, {"login": "mvaldoie", "secret": SECRET})
    assert (response.status_code, response.headers["Location"]) == (302, PASSWORD)
    assert "Étape 2 sur 3" in client.get(PASSWORD).content.decode()
    response = client.post(PASSWORD, {"password1": GOOD, "password2": GOOD})
    assert (response.status_code, response.headers["Location"]) == (302, reverse("security:recovery"))
    assert "Étape 3 sur 3" in client.get(reverse("security:recovery")).content.decode()
    response = client.post(reverse("security:recovery"), {"email": "maud@boite.example"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("home:dashboard")
    waiting.refresh_from_db()
    assert waiting.activated_at
    assert waiting.activation_digest == ""
    confirmation = next(m for m in mail.outbox if "adresse de secours" in m.subject)
    assert confirmation.to == ["maud@boite.example"]
    path = next(w for w in confirmation.body.split() if "/compte/adresse-de-secours/" in w).partition(".fr")[2]
    assert not EmailAddress.objects.get(email="maud@boite.example").verified
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get(email="maud@boite.example").verified  # a mail scanner only reads
    client.post(path)
    assert EmailAddress.objects.get(email="maud@boite.example").verified
    assert {"compte.activation", "compte.adresse-secours"} <= set(Alert.objects.values_list("kind", flat=True))
    kinds = set(AccessEvent.objects.filter(subject=waiting).values_list("kind", flat=True))
    assert {AccessKind.ACCOUNT_ACTIVATED, AccessKind.SIGNED_IN, AccessKind.RECOVERY_ADDED} <= kinds
    assert SECRET not in caplog.text
    assert SECRET not in "".join(m.body for m in mail.outbox)


@pytest.mark.req("S20")
def test_the_numen_typed_as_password_leads_to_the_forced_choice(client, waiting):
    response = client.post(reverse("account_login"), {"login": "mvaldoie", "password": SECRET.lower()})
    assert (response.status_code, response.headers["Location"]) == (302, PASSWORD)
    assert not FailedTries.objects.exists()


@pytest.mark.req("S20", "D10")
def test_the_numen_opens_nothing_afterwards(client, waiting):
    activate_account(user=waiting, digest=waiting.activation_digest, password=GOOD)
    assert client.post(START, {"login": "mvaldoie", "secret": SECRET}).status_code == 400
    assert client.post(reverse("account_login"), {"login": "mvaldoie", "password": SECRET}).status_code == 400
    assert find_waiting_account(login="mvaldoie", secret=SECRET) is None


@pytest.mark.req("D08")
def test_unknown_login_wrong_numen_and_open_account_answer_alike(client, waiting):
    UserFactory(username="dejaouvert")
    pages = []
    for login, secret in (("personne", SECRET), ("mvaldoie", SECRET[:-1] + "A"), ("dejaouvert", SECRET)):
        response = PortalClient().post(START, {"login": login, "secret": secret})
        assert response.status_code == 400
        html = response.content.decode()
        assert login in html  # what was typed is still there, but for the secret
        assert secret not in html
        pages.append(html[html.index('id="form-errors"') :].split("</div>")[0])
    assert len(set(pages)) == 1


@pytest.mark.req("S20")
def test_the_password_step_cannot_be_jumped_to(client):
    for response in (client.get(PASSWORD), client.post(PASSWORD, {"password1": GOOD, "password2": GOOD})):
        assert (response.status_code, response.headers["Location"]) == (302, START)


def test_the_password_step_ends_after_a_quarter_of_an_hour(client, waiting, time_machine):
    time_machine.move_to(datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC))
    client.post(START, {"login": "mvaldoie", "secret": SECRET})
    time_machine.shift(15 * 60 + 1)
    assert client.post(PASSWORD, {"password1": GOOD, "password2": GOOD}).headers["Location"] == START
    waiting.refresh_from_db()
    assert waiting.activated_at is None


def test_two_browsers_cannot_both_open_the_account(waiting):
    first, second = PortalClient(), PortalClient()
    for browser in (first, second):
        browser.post(START, {"login": "mvaldoie", "secret": SECRET})
    assert first.post(PASSWORD, {"password1": GOOD, "password2": GOOD}).status_code == 302
    assert second.post(PASSWORD, {"password1": GOOD + "x", "password2": GOOD + "x"}).headers["Location"] == START
    waiting.refresh_from_db()
    assert waiting.check_password(GOOD)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("", "", "Choisissez un mot de passe"), ("court", "court", "trop simple"), (GOOD, GOOD + "x", "diffèrent")],
)
def test_a_password_refused_says_why_and_keeps_the_step_open(client, waiting, first, second, said):
    client.post(START, {"login": "mvaldoie", "secret": SECRET})
    response = client.post(PASSWORD, {"password1": first, "password2": second})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert client.post(PASSWORD, {"password1": GOOD, "password2": GOOD}).status_code == 302


@pytest.mark.req("D02")
def test_failed_tries_slow_down_alike_for_known_and_unknown_logins(waiting, time_machine):
    time_machine.move_to(datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC), tick=False)
    for login in ("mvaldoie", "inconnu"):
        browser = PortalClient()
        statuses = [browser.post(START, {"login": login, "secret": "faux"}).status_code for _ in range(4)]
        assert statuses == [400, 400, 400, 429]
        response = browser.post(START, {"login": login, "secret": SECRET})
        assert response.status_code == 429  # even the right secret waits
        assert "Attendez 5 secondes" in response.content.decode()


@pytest.mark.req("S20")
def test_a_letter_code_replaces_the_numen_and_expires(settings, waiting):
    settings.ACTIVATION_BY = "code"
    code = new_activation_code(user=waiting)
    assert find_waiting_account(login="mvaldoie", secret=SECRET) is None
    assert find_waiting_account(login="MVALDOIE ", secret=code.lower().replace("-", " ")) == waiting
    User.objects.update(activation_expires_at=timezone.now())
    assert find_waiting_account(login="mvaldoie", secret=code) is None


@pytest.mark.req("S22")
@pytest.mark.parametrize("email", ["mvaldoie@{domain}", "pas une adresse", ""])
def test_a_recovery_address_that_cannot_help_is_refused_and_kept_typed(client, waiting, settings, email):
    email = email.format(domain=settings.ACADEMIC_MAIL_DOMAIN)
    client.post(START, {"login": "mvaldoie", "secret": SECRET})
    client.post(PASSWORD, {"password1": GOOD, "password2": GOOD})
    response = client.post(reverse("security:recovery"), {"email": email})
    assert response.status_code == 400
    assert f'value="{email}"' in response.content.decode() or not email


@pytest.mark.req("S22")
def test_later_leads_home_and_asks_again_in_a_week(client, waiting):
    client.post(START, {"login": "mvaldoie", "secret": SECRET})
    client.post(PASSWORD, {"password1": GOOD, "password2": GOOD})
    assert client.post(reverse("security:recovery_later")).headers["Location"] == reverse("home:dashboard")
    waiting.refresh_from_db()
    assert waiting.recovery_postponed_until > timezone.now() + datetime.timedelta(6)


OUTSIDE = "203.0.113.9"


def opened_from(address: str):
    """The client, and the answer to the password chosen, from that address."""
    client = PortalClient(REMOTE_ADDR=address)
    client.post(START, {"login": "mvaldoie", "secret": SECRET})
    return client, client.post(PASSWORD, {"password1": GOOD, "password2": GOOD})


@pytest.mark.req("S29", "S21")
@pytest.mark.parametrize("chosen", ["is_staff", "reinforced"])
def test_from_outside_the_first_access_takes_the_second_step_where_it_is_due(waiting, chosen):
    User.objects.update(**{chosen: True})
    client, response = opened_from(OUTSIDE)
    code_page = reverse("security:sign_in_code")
    assert response.headers["Location"] == code_page
    assert "_auth_user_id" not in client.session
    code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]
    client.post(code_page, {"code": code})
    last = client.post(reverse("security:sign_in_trust"), {"action": "once"})
    assert last.headers["Location"] == reverse("security:recovery")
    assert "Étape 3 sur 3" in client.get(reverse("security:recovery")).content.decode()


@pytest.mark.req("S29")
def test_the_letter_alone_is_enough_for_a_teacher_and_from_inside(waiting):
    assert opened_from(OUTSIDE)[1].headers["Location"] == reverse("security:recovery")


@pytest.mark.req("S88")
def test_from_abroad_the_first_access_waits_for_leave(waiting, monkeypatch):
    monkeypatch.setattr("security.abroad.country_of", lambda address: "BR")
    client, response = opened_from(OUTSIDE)
    assert response.headers["Location"] == reverse("security:abroad")
    assert "_auth_user_id" not in client.session
