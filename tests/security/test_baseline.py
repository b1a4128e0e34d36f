"""What ASVS 5.0 asks of accounts, sessions and sources, where no other test says it (docs/asvs.md)."""

import json
import logging
import re
from html.parser import HTMLParser

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from redis.exceptions import RedisError

from iprof.web.costly import PER_WINDOW
from security.enums import AccessKind, Role
from security.models import AccessEvent, FailedTries, User
from security.services_staff import set_account_active
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory, staff
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db
APPS = ("career", "documents", "iprof", "mobility", "security")
LOGIN = reverse("account_login")


def sources(suffix: str = ".py") -> dict[str, str]:
    folders = ["static/js"] if suffix == ".js" else APPS
    paths = [path for folder in folders for path in (settings.BASE_DIR / folder).rglob(f"*{suffix}")]
    return {str(path.relative_to(settings.BASE_DIR)): path.read_text(encoding="utf-8") for path in paths}


class Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str | None]] = {}

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            self.found[dict(attrs).get("name") or ""] = dict(attrs)


@pytest.mark.req("D07")
@pytest.mark.parametrize(
    ("page", "names"),
    [
        (LOGIN, {"password": "current-password"}),
        (reverse("account_reauthenticate"), {"password": "current-password"}),
        (
            reverse("security:password_change"),
            {"current": "current-password", "password1": "new-password", "password2": "new-password"},
        ),
    ],
)
def test_passwords_are_masked_pasted_and_known_to_managers(client, page, names):
    if page != LOGIN:
        client.force_login(UserFactory())
    inputs = Inputs()
    inputs.feed(client.get(page).content.decode())
    for name, hint in names.items():
        assert inputs.found[name]["type"] == "password"
        assert inputs.found[name]["autocomplete"] == hint
        assert int(inputs.found[name].get("maxlength") or 300) >= 300, "a guard, not a limit"
    assert not any(re.search(r"[\"']paste[\"']|onpaste", text) for text in sources(".js").values())


@pytest.mark.req("D07")
@pytest.mark.parametrize("password", [" Trois-Moulins-Bleus-71 ", "TROIS-moulins-bleus-71é", "Été-Moulins-Bleus-7142"])
def test_a_password_is_checked_as_it_was_typed(client, password):
    """Spaces at the ends, capitals and accents all count."""
    user = UserFactory(password=make_password(password))
    for typed in (password.strip() if password != password.strip() else password.swapcase(), password[:-1]):
        assert client.post(LOGIN, {"login": user.username, "password": typed}).status_code == 400
    FailedTries.objects.all().delete()
    assert client.post(LOGIN, {"login": user.username, "password": password}).status_code == 302


def test_the_portal_starts_without_any_account():
    """Migrations make groups, never somebody who signs in; `createsuperuser` names the first."""
    assert not User.objects.exists()


@pytest.mark.req("D09")
def test_a_password_link_does_not_spare_the_second_step(client, django_capture_on_commit_callbacks):
    user = UserFactory(reinforced=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    outside = PortalClient(REMOTE_ADDR="203.0.113.9")
    with django_capture_on_commit_callbacks(execute=True):
        outside.post(reverse("security:password_lost"), {"login": user.username})
    path = re.search(r"https?://[^/]+(/mot-de-passe-perdu/\S+)", mail.outbox[0].body)[1]
    form = outside.get(path).headers["Location"]
    new = "Sept-Moutons-Gris-48"
    assert outside.post(form, {"password1": new, "password2": new}).headers["Location"] == LOGIN
    assert "_auth_user_id" not in outside.session
    signed = outside.post(LOGIN, {"login": user.username, "password": new})
    assert signed.headers["Location"] == reverse("security:sign_in_code")


@pytest.mark.req("D11")
def test_the_password_once_more_renews_the_session_token(client):
    client.force_login(UserFactory())
    before = client.session.session_key
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.session.session_key != before
    assert client.get(reverse("security:account")).status_code == 200


@pytest.mark.req("D11")
def test_closing_an_account_ends_its_sessions_for_good(client):
    user, admin = UserFactory(username="cible"), staff(Role.SUPERADMIN)
    client.force_login(user)
    set_account_active(user=user, active=False, by=admin)
    set_account_active(user=user, active=True, by=admin)
    assert client.get(reverse("security:account")).status_code == 302


@pytest.mark.req("D20")
def test_a_refused_access_is_journalled_with_its_author(client):
    clerk = staff(Role.GESTIONNAIRE)
    client.force_login(clerk)
    assert client.get(reverse("admin:security_accessevent_changelist")).status_code == 403
    line = AccessEvent.objects.get(kind=AccessKind.ACCESS_REFUSED)
    page = "admin:security_accessevent_changelist"
    assert (line.actor, line.detail) == (clerk, {"page": page, "method": "GET", "status": 403})


@pytest.mark.parametrize("word", ["password", "123456789012", "motdepasse", "qwertyuiop", "azertyuiop"])
def test_the_commonest_passwords_are_refused(word):
    with pytest.raises(ValidationError):
        validate_password(word, UserFactory.build())


CHANCE = {
    "career/generator",
    "career/management",
    "iprof/correspondence/outbox/leasing.py",
}  # fictional people, waits of mails


def test_what_must_not_be_guessed_comes_from_the_system():
    """`random` serves fictional data and the spread of waits, never a code, a key or a token."""
    users = {path for path, text in sources().items() if re.search(r"^(?:import|from) random\b", text, re.MULTILINE)}
    assert {path for path in users if not any(path.startswith(known) for known in CHANCE)} == set()


def test_no_source_evaluates_unpickles_or_runs_a_command():
    wrong = r"\b(?:eval|exec)\(|\bpickle\b|\bmarshal\b|\bsubprocess\b|os\.system|os\.popen|shell=True|\.extra\(|RawSQL|\.raw\("
    # A file of ours, on bytes given by a socket, reads files apart from the portal; a program reads an image on its
    # standard input. Neither has a shell, nor an argument that comes from a person.
    apart = {"iprof/web/probe/client.py", "documents/probe/letterhead.py"}
    constant = {"iprof/correspondence/selectors/news.py"}  # a statement written in the file, its values as parameters
    assert {path for path, text in sources().items() if re.search(wrong, text)} == apart | constant


def test_no_query_is_built_from_text():
    """Values go to the database as parameters; an f-string or a concatenation beside `execute` does not."""
    built = r"execute\(\s*(?:f[\"']|[^,()]*[\"']\s*(?:%|\+)\s)|\.format\([^)]*\)\s*,?\s*\)\s*#\s*sql"
    assert {path for path, text in sources().items() if re.search(built, text) and "/migrations/" not in path} == set()


def test_weak_hashes_serve_nothing():
    wrong = r"\b(?:md5|sha1)\b|MODE_ECB|modes\.ECB|PKCS1v15|\bDES\b|\bRC4\b"
    told = {"documents/encrypted_zip.py"}  # the format derives its keys with it; the password is long (ADR 21)
    assert {path for path, text in sources().items() if re.search(wrong, text)} == told


CALLS = {  # services told of a sign-out, providers of the deployer, push services listed by the deployer
    "security/idp/tasks.py",
    "security/sso/transport.py",
    "iprof/correspondence/outbox/push_services.py",
}


def test_nothing_is_fetched_from_an_address():
    """No page makes the server open an address that somebody typed: nothing to point at an inner service."""
    wrong = r"\burlopen\b|\burllib\.request\b|\bimport requests\b|\bhttpx\b|\baiohttp\b|\burllib3\b"
    assert {path for path, text in sources().items() if re.search(wrong, text)} == CALLS


def test_static_folders_are_not_listed(client):
    assert client.get("/static/").status_code == 404
    assert client.get("/static/js/").status_code == 404


def test_a_parameter_given_twice_or_in_the_address_changes_nothing(client):
    """Forms read the body alone, and its last value: a second one in the address adds nothing."""
    user = UserFactory()
    response = client.post(f"{LOGIN}?login={user.username}&password={PASSWORD}", {"login": user.username})
    assert response.status_code == 400
    assert "_auth_user_id" not in client.session


def test_an_unexpected_error_goes_to_the_logs_and_not_to_the_page(monkeypatch, caplog):
    monkeypatch.setattr("iprof.home.views.pages.render", lambda *a, **k: {}["a secret of ours"])
    response = PortalClient(raise_request_exception=False).get("/mentions-legales/")
    assert response.status_code == 500
    assert "a secret of ours" in caplog.text
    assert "a secret of ours" not in response.content.decode()
    assert "KeyError" not in response.content.decode()


def test_a_line_of_the_logs_is_one_line_of_json():
    """Whatever it tells: a line break in a text cannot write a second line."""
    shape = dict(settings.LOGGING["formatters"]["line"])
    formatter = shape.pop("()")(**shape)
    line = formatter.format(logging.makeLogRecord({"msg": 'a\n{"event": "forged"}\r\x1b[2J', "levelname": "WARNING"}))
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["event"].startswith("a\n")


def test_machines_are_not_led_to_https_but_refused(settings):
    """What a machine sends in clear must fail where it is seen; a browser is led to HTTPS."""
    settings.SECURE_SSL_REDIRECT = True
    clear = PortalClient(strict=False)
    assert clear.post("/api/siae/events", b"{}", content_type="application/json").status_code == 403
    assert clear.get("/aide/").status_code == 301
    assert clear.get("/api/siae/openapi.json", secure=True).status_code == 200


@pytest.mark.req("D17")
def test_documents_are_counted_by_person_whatever_the_page(monkeypatch, time_machine):
    monkeypatch.setattr("career.views.history.career_pdf", lambda **found: b"%PDF")
    monkeypatch.setattr("career.views.cv.cv_pdf", lambda **found: b"%PDF")
    pages = [reverse("career:history_pdf"), reverse("career:cv_pdf")]
    client, other = PortalClient(), PortalClient()
    client.force_login(full_career().user)
    other.force_login(full_career().user)
    time_machine.move_to("2026-11-24T10:00:01+01:00", tick=False)
    assert {client.get(pages[n % 2]).status_code for n in range(PER_WINDOW)} == {200}
    refused = client.get(pages[0])
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert "Réessayez dans" in refused.content.decode()
    assert other.get(pages[0]).status_code == 200
    monkeypatch.setattr("iprof.web.costly.cache.add", broken)
    assert client.get(pages[0]).status_code == 200, "without the cache, the document first"


def broken(*args, **kwargs):
    raise RedisError
