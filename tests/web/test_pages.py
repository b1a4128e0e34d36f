"""Public pages, errors, theme and headers. The client itself refuses missing headers and inline script or style."""

import datetime as dt
import json
import logging

import pytest
import yaml
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from django.utils.html import escape

from iprof.home.views.pages import DATA
from iprof.web.context import portal
from tests.client import PortalClient, inspect_html

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/aide/",
    "/aide/verifier-une-adresse/",
    "/plan-du-site/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/affichage/",
]


@pytest.mark.req("D13", "D14", "D15", "D25")
@pytest.mark.parametrize("url", PUBLIC)
def test_public_pages_open_without_account_nor_third_party(client, url):
    response = client.get(url)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert 'href="#content"' in html
    assert 'id="content"' in html
    assert not [part for part in html.split('src="')[1:] if not part.startswith("/")]
    assert set(response.cookies) <= {settings.CSRF_COOKIE_NAME}


@pytest.mark.req("D14")
@pytest.mark.parametrize(
    "url", ["/static/css/portal.css", "/static/js/theme.js", "/robots.txt", "/site.webmanifest", "/inconnu/"]
)
def test_every_response_carries_the_headers(client, url):
    response = client.get(url)  # the client asserts the headers
    assert response.status_code == (404 if url == "/inconnu/" else 200)
    assert client.head(url).status_code == response.status_code


@pytest.mark.req("D14")
def test_the_content_policy_lets_nothing_inline():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert directives[name] == ["'none'"]
    assert "unsafe" not in str(directives)


@pytest.mark.req("S17", "S18")
def test_the_official_address_and_its_lookalikes_are_shown(client):
    html = client.get("/aide/verifier-une-adresse/").content.decode()
    assert settings.OFFICIAL_ADDRESS in html
    assert "extranet-ac-reims.fr" in html
    assert settings.OFFICIAL_ADDRESS in client.get("/aide/").content.decode()


@pytest.mark.req("S16")
def test_browsers_are_named(client):
    assert "Chrome, Firefox ou Edge" in client.get("/aide/").content.decode()


@pytest.mark.req("D31")
def test_the_mention_on_each_page_is_the_declaration_s(client):
    declared = yaml.safe_load((DATA / "accessibility.yaml").read_text(encoding="utf-8"))
    assert declared["percent"] is not None or declared["state"] == "non conforme"
    assert portal(RequestFactory().get("/"))["accessibility_state"] == declared["state"]
    assert f"Accessibilité : {declared['state']}" in client.get("/aide/").content.decode()


@pytest.mark.req("D23")
def test_each_processing_tells_all_it_must(client):
    processings = yaml.safe_load((DATA / "processings.yaml").read_text(encoding="utf-8"))
    html = client.get("/donnees-personnelles/").content.decode()
    assert processings
    for record in processings:
        for name in ("name", "purposes", "basis", "data", "mandatory", "recipients", "sources", "retention"):
            assert record[name].strip()
        assert escape(record["name"]) in html
    assert "CNIL" in html
    assert settings.DPO_EMAIL in html


@pytest.mark.req("D45")
def test_security_txt_is_never_about_to_expire(client):
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    expires = dt.datetime.strptime(lines["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    assert dt.timedelta(days=30) < expires - timezone.now() < dt.timedelta(days=366)
    assert lines["Contact"].startswith("mailto:")


@pytest.mark.req("E16", "D25")
def test_the_theme_is_kept_in_a_cookie_and_read_by_the_server(client):
    response = client.post("/affichage/", {"theme": "dark", "suite": "/aide/"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/aide/"
    assert response.cookies["theme"]["samesite"] == "Lax"
    assert response.cookies["theme"]["httponly"]
    assert 'data-fr-theme="dark"' in client.get("/aide/").content.decode()


def test_an_unknown_theme_is_refused_with_a_sentence(client):
    response = client.post("/affichage/", {"theme": "rose"})
    assert response.status_code == 400
    assert "Ce thème n'existe pas" in response.content.decode()


def test_a_forged_theme_cookie_changes_nothing(client):
    client.cookies["theme"] = '"><script>'
    assert 'data-fr-scheme="system"' in client.get("/aide/").content.decode()


@pytest.mark.parametrize("suite", ["https://example.org/", "//example.org/", "javascript:x", "/\\example.org", "aide/"])
def test_the_theme_form_leads_nowhere_else(client, suite):
    assert client.post("/affichage/", {"theme": "light", "suite": suite}).headers["Location"] == "/"


def test_unknown_pages_keep_the_shell(client):
    response = client.get("/inconnu/")
    assert response.status_code == 404
    assert "Page non trouvée" in response.content.decode()


def test_a_form_without_its_token_gets_a_way_back():
    response = PortalClient(enforce_csrf_checks=True).post("/affichage/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Reprendre le formulaire" in response.content.decode()


@pytest.mark.req("E17")
@pytest.mark.parametrize("name", ["400", "403", "404", "429"])
def test_error_pages_say_what_why_and_what_next(client, name):
    request = RequestFactory().get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    html = render_to_string(f"{name}.html", request=request)
    assert f"Erreur {name}" in html
    assert 'href="/aide/"' in html
    assert inspect_html(html) == []


@pytest.mark.req("E17")
@pytest.mark.parametrize("name", ["500", "503"])
def test_breakdown_pages_need_nothing(name):
    html = render_to_string(f"{name}.html")
    assert f"Erreur {name}" in html
    assert "Réessayez" in html
    assert inspect_html(html) == []


def test_health_tells_which_part_is_down(client, monkeypatch):
    assert set(client.get("/sante/").json()) == {"database", "cache", "broker", "disk"}
    monkeypatch.setattr("iprof.home.views.technical._broker", lambda: 1 / 0)
    response = client.get("/sante/")
    assert response.status_code == 503
    assert response.json()["broker"] is False
    assert response.json()["database"] is True


def report(client, body: bytes):
    return client.post("/csp-report/", data=body, content_type="application/csp-report")


@pytest.mark.req("D14", "D20")
def test_a_report_is_one_line_without_query(client, caplog):
    body = json.dumps(
        {"csp-report": {"document-uri": "https://x/a?jeton=secret", "blocked-uri": "a\nb", "script-sample": "tel"}}
    )
    with caplog.at_level(logging.WARNING):
        assert report(client, body.encode()).status_code == 204
    (line,) = [r.getMessage() for r in caplog.records if "csp report" in r.getMessage()]
    assert "secret" not in line
    assert "tel" not in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"[]", 400), (b'{"csp-report": 3}', 400), (b"\xff", 400), (b"[" * 16_000, 400), (b" " * 16_385, 413)],
)
def test_a_bad_report_is_refused(client, body, status):
    assert report(client, body).status_code == status
