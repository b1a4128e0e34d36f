"""Passwords, NUMENs, codes and links are told nowhere but in the mail that carries them (norms D10, D19)."""

import datetime as dt
import io
import logging
import re
import sys

import pytest
import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.core import mail
from django.core.signals import got_request_exception
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter

from iprof.correspondence.models import Alert
from iprof.web.secret_paths import SecretPaths, shown_path
from security.enums import Role
from security.models import AccessEvent, User
from security.services import activation_digest
from security.tasks import send_password_link
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, TOTP_SECRET, AuthenticatorFactory, UserFactory, staff
from tests.factories.career import AgentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("D10", "D19")]
NUMEN = "19E99" + "04242" + "QXZ"
FIRST, SECOND, WRONG = "Perchoir-Marbre-Quatorze-58", "Lanterne-Givre-Soixante-37", "Motif-Jamais-Juste-99-Zz"
LOGIN = reverse("account_login")
OUTSIDE = "203.0.113.9"
NOW = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)


class Told:
    """Everything said meanwhile: log lines as the handler of production writes them, addresses, error reports."""

    def __init__(self) -> None:
        self.stream, self.addresses, self.reports = io.StringIO(), [], []

    def client(self, **given) -> PortalClient:
        client = PortalClient(raise_request_exception=False, **given)
        request = client.request

        def followed(**asked):
            response = request(**asked)
            self.addresses.append(response.headers.get("Location", ""))
            return response

        client.request = followed
        return client

    def everything(self) -> str:
        rows = [str(row) for row in AccessEvent.objects.values()] + [str(row) for row in Alert.objects.values()]
        return "\n".join([self.stream.getvalue(), *self.addresses, *self.reports, *rows])


@pytest.fixture
def told():
    found, root = Told(), logging.getLogger()
    handler = logging.StreamHandler(found.stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer()))
    handler.addFilter(SecretPaths())

    def report(sender, request, **kwargs):
        reporter = ExceptionReporter(request, *sys.exc_info())
        found.reports += [reporter.get_traceback_text(), reporter.get_traceback_html()]

    levels = {name: logging.getLogger(name).level for name in django_settings.LOGGING["loggers"]}
    for name, wanted in django_settings.LOGGING["loggers"].items():
        logging.getLogger(name).setLevel(wanted["level"])
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    got_request_exception.connect(report)
    yield found
    got_request_exception.disconnect(report)
    root.setLevel(level)
    root.removeHandler(handler)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def untold(told: Told, *secrets: str) -> None:
    said = told.everything()
    assert len(told.stream.getvalue()) > 200, "nothing was captured: this test would prove nothing"
    found = [(secret, said[max(0, said.index(secret) - 200) :][:300]) for secret in secrets if secret in said]
    assert found == []


def waiting() -> User:
    user = UserFactory(username="mvaldoie", waiting=True, activation_digest=activation_digest(NUMEN))
    AgentFactory(user=user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def first_access(client: PortalClient) -> None:
    client.post(LOGIN, {"login": "mvaldoie", "password": WRONG})
    client.post(LOGIN, {"login": "mvaldoie", "password": NUMEN})
    client.post(reverse("security:activation_start"), {"login": "mvaldoie", "secret": NUMEN})
    client.post(reverse("security:activation_password"), {"password1": FIRST, "password2": WRONG})
    client.post(reverse("security:activation_password"), {"password1": FIRST, "password2": FIRST, "charter": "on"})


def test_first_access_and_sign_in(told):
    user = waiting()
    client = told.client()
    first_access(client)
    user.refresh_from_db()
    assert user.check_password(FIRST)
    client.post(reverse("account_reauthenticate"), {"password": WRONG})
    client.post(reverse("security:password_change"), {"current": FIRST, "password1": SECOND, "password2": SECOND})
    untold(told, NUMEN, FIRST, SECOND, WRONG)


def test_a_login_typed_in_the_wrong_place(told):
    UserFactory(username="mvaldoie")
    told.client().post(LOGIN, {"login": FIRST, "password": "mvaldoie"})
    told.client().get(LOGIN, {"login": FIRST, "password": SECOND})
    untold(told, FIRST, SECOND)


def test_the_link_of_a_lost_password(told):
    user = UserFactory(username="mvaldoie")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = told.client()
    client.post(reverse("security:password_lost"), {"login": "mvaldoie"})
    send_password_link("mvaldoie")
    path = re.search(r"/mot-de-passe-perdu/\S+", mail.outbox[-1].body).group()
    token = path.strip("/").rpartition("/")[2]
    held = client.get(path)
    client.post(held.headers.get("Location", path), {"password1": FIRST, "password2": FIRST})
    used = client.get(path)
    assert used.status_code in {302, 410}
    untold(told, token, FIRST)


def test_the_second_step(told, time_machine):
    time_machine.move_to(NOW, tick=False)
    user = UserFactory(username="mvaldoie", reinforced=True)
    client = told.client(REMOTE_ADDR=OUTSIDE)
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]
    client.post(reverse("security:sign_in_code"), {"code": "918273"})
    client.post(reverse("security:sign_in_code"), {"code": code})
    AuthenticatorFactory(user=user)
    other = told.client(REMOTE_ADDR=OUTSIDE)
    other.post(LOGIN, {"login": user.username, "password": PASSWORD})
    shown = format_hotp_value(hotp_value(TOTP_SECRET, int(NOW.timestamp()) // 30))
    other.post(reverse("security:sign_in_factor"), {"code": shown})
    untold(told, f'"{code}"', f"'{code}'", "918273", shown, PASSWORD, TOTP_SECRET)


BREAKS = {
    "the sign-in": (LOGIN, {"login": "mvaldoie", "password": WRONG}),
    "the first access": (reverse("security:activation_start"), {"login": "mvaldoie", "secret": NUMEN}),
    "the confirmation": (reverse("account_reauthenticate"), {"password": SECOND}),
    "the new password": (
        reverse("security:password_change"),
        {"current": PASSWORD, "password1": SECOND, "password2": SECOND},
    ),
}


@pytest.mark.parametrize("where", BREAKS)
def test_an_error_in_the_middle(told, monkeypatch, where):
    """The page 500, the log of the error and its report: code and lines, nothing of what was typed."""
    address, typed = BREAKS[where]
    client = told.client()
    if where in {"the confirmation", "the new password"}:
        client.force_login(UserFactory(username="mvaldoie"))
    else:
        waiting()

    def fails(*args, **kwargs):
        raise RuntimeError("database gone")

    monkeypatch.setattr("security.services.lookup_digests", fails)
    monkeypatch.setattr("django.contrib.auth.base_user.AbstractBaseUser.check_password", fails)
    response = client.post(address, typed)
    assert response.status_code == 500
    secrets = [value for name, value in typed.items() if name not in {"login"}]
    assert not [secret for secret in secrets if secret in response.content.decode()]
    assert len(told.reports) == 2
    assert "database gone" in told.reports[0]
    untold(told, *secrets)


def test_a_numen_typed_as_a_reason_is_masked(told):
    agent = AgentFactory(user=UserFactory())
    client = told.client()
    client.force_login(staff(Role.GESTIONNAIRE))
    client.post(reverse("admin:career_agent_numen", args=[agent.pk]), {"motif": f"demande de {NUMEN}"})
    untold(told, NUMEN)


def test_no_column_of_the_account_holds_one_in_clear(told):
    waiting()
    first_access(told.client())
    with connection.cursor() as cursor:
        for table in ("security_user", "security_accessevent", "security_failedtries", "security_refusedaccess"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")  # noqa: S608  (names above)
            (rows,) = cursor.fetchone()
            assert not [secret for secret in (NUMEN, FIRST, WRONG) if secret in (rows or "")], table


def test_the_handler_of_production_hides_the_links():
    console = django_settings.LOGGING["handlers"]["console"]
    assert console["filters"] == ["secret_paths"]
    record = logging.LogRecord(
        "django.request", 30, "", 0, "Gone: %s", ("/mot-de-passe-perdu/MTc/dijic0-c03820432b37/",), None
    )
    assert SecretPaths().filter(record)
    assert record.getMessage() == "Gone: /mot-de-passe-perdu/[masqué]/"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/mot-de-passe-perdu/MTc/dijic0-c03820432b37/", "/mot-de-passe-perdu/<slug:uidb64>/<slug:token>/"),
        ("/compte/adresse-de-secours/MTc:1abcdef:ghij/", "/compte/adresse-de-secours/<str:key>/"),
        ("/connexion/?next=/&login=secret", "/connexion/"),
        ("/mes-documents/procedures/certificat_medical/", "/mes-documents/procedures/<slug:code>/"),
        ("/n-existe-pas/?a=b", "/n-existe-pas/"),
    ],
)
def test_what_the_logs_show_of_an_address(path, shown):
    assert shown_path(RequestFactory().get(path)) == shown
