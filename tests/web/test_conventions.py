"""The interface conventions (norms E) that a page can be held to without a browser."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import reverse

from career.models import Agent
from iprof.web import context
from tests.access_rules import RULES
from tests.career.feed.messages import DATA, MATRICULE, event, load
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db
ADDRESSES = [name for name, rule in RULES.items() if rule.kind in {"public", "guest", "signed_in", "agent", "owned"}]


class Tables(HTMLParser):
    """The tables of a page without caption, and header cells without scope."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.count, self.wrong = 0, []

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.count += 1
            self.open.append(False)
        elif tag == "caption":
            self.open[-1] = True
        elif tag == "th" and dict(attrs).get("scope") not in {"col", "row"}:
            self.wrong.append("th without scope")

    def handle_endtag(self, tag):
        if tag == "table" and not self.open.pop():
            self.wrong.append("table without caption")


def pages() -> list[tuple[str, str, object]]:
    """(name, HTML, response) of each page of a teacher and of a visitor."""
    owner, found = full_career(), []
    for name in ADDRESSES:
        client = PortalClient()
        if RULES[name].kind != "guest" and name != "account_logout":
            client.force_login(owner.user)
        response = client.get(reverse(name, kwargs=RULES[name].args(owner)))
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            found.append((name, response.content.decode(), response))
    assert len(found) > 20
    return found


@pytest.mark.req("E12", "E15", "E25", "E28")
def test_every_page_keeps_the_conventions_of_its_shell():
    """E12 captions and scopes, E15 footer, E25 print stylesheet and foot, E28 dates and figures as in French."""
    tables = 0
    for name, html, response in pages():
        inspected = Tables()
        inspected.feed(html)
        tables += inspected.count
        assert inspected.wrong == [], name
        foot = html[html.index("<footer") :]
        for place in ("accessibility", "legal_notice", "personal_data", "display", "sitemap", "help"):
            assert f'href="{reverse(f"home:{place}")}"' in foot, f"{name}: {place}"
        assert "licence etalab-2.0" in foot
        assert re.search(r'<link rel="stylesheet" href="/static/css/print\.[^"]*css" media="print">', html) or (
            '<link rel="stylesheet" href="/static/css/print.css" media="print">' in html
        ), name
        printed = re.search(r'<p class="print-foot"[^>]*>(.*?)</p>', html).group(1)
        assert printed.startswith(settings.OFFICIAL_ADDRESS), name
        assert re.search(r"imprimé le \d{1,2} \w+ 20\d\d$", printed), name
        text = words(response)
        assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b", text), name
        assert not re.search(r"\d\.\d{2} ?€|\d,\d{3}\b ?€", text), name
        assert not re.search(r"\b(?:tu|toi|ton|tes)\b", text.lower()), name
    assert tables > 0


@pytest.mark.req("E28")
def test_amounts_and_dates_are_written_as_in_french(client):
    client.force_login(full_career().user)
    html = client.get("/").content.decode()
    assert re.search("\\d\u202f\\d{3},\\d{2}\u202f€", html), "narrow spaces, decimal comma"
    assert re.search(
        r"\b\d{1,2}(?:er)? (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre) 20\d\d",
        html,
    )


@pytest.mark.req("E02", "E03")
def test_the_default_brand_is_neutral(client):
    assert settings.BRAND == "neutral"
    html = client.get("/aide/").content.decode()
    assert 'data-brand="neutral"' in html
    for mark in ("fr-logo", "Marianne", "République"):
        assert mark not in html
    sheet = (settings.BASE_DIR / "static" / "css" / "portal.css").read_text(encoding="utf-8")
    named = [line for line in sheet.splitlines() if "Marianne" in line]
    assert named
    assert all(line.startswith(':root[data-brand="etat"]') for line in named), "the State's font, for its brand only"


@pytest.mark.req("E02", "E03")
def test_the_brand_of_the_state_changes_the_mark_and_nothing_else(client, monkeypatch):
    def without_mark(html: str) -> str:
        html = re.sub(r'data-brand="\w+"', "", html)
        html = re.sub(r'(?<=<a class="brand" ).*?</a>', "", html, flags=re.S)
        return re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", html)

    neutral = client.get("/aide/").content.decode()
    monkeypatch.setitem(context._FIXED, "brand", "etat")
    state = client.get("/aide/").content.decode()
    assert 'data-brand="etat"' in state
    assert 'class="fr-logo"' in state
    assert without_mark(state) == without_mark(neutral)


@pytest.mark.req("E10", "S30")
@pytest.mark.parametrize(
    ("day", "shown"), [("2026-11-02", True), ("2027-03-31", True), ("2026-10-31", False), ("2027-04-01", False)]
)
def test_the_notice_of_the_mutation_season_comes_and_goes(client, time_machine, day, shown):
    time_machine.move_to(f"{day}T12:00:00+01:00")
    html = client.get("/aide/").content.decode()
    assert ("fr-notice--warning" in html) is shown
    if shown:
        assert settings.OFFICIAL_ADDRESS in html[html.index("fr-notice--warning") : html.index("<main")]


@pytest.mark.req("E14")
def test_a_wrong_sign_in_never_says_which_field(client):
    user = full_career().user
    answers = []
    for login, password in ((user.username, "Faux-Mouton-71"), ("personne", PASSWORD)):
        response = client.post("/connexion/", {"login": login, "password": password})
        assert response.status_code in {200, 400}
        answers.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", response.content.decode()))
    assert answers[0] == answers[1]
    assert "fr-error" in answers[0] or "fr-alert--error" in answers[0]


@pytest.mark.req("E14", "E30")
def test_the_sign_in_page_orders_what_it_offers(client):
    """Own account, then the lost password below it, then the address to check. No federation yet: nothing above."""
    html = client.get("/connexion/").content.decode()
    main = html[html.index("<main") :]
    order = [
        main.index(part)
        for part in (
            'name="login"',
            'name="password"',
            'type="submit"',
            reverse("security:password_lost"),
            settings.OFFICIAL_ADDRESS,
        )
    ]
    assert order == sorted(order)
    assert "data-iprof-reveal" in main
    assert "maxlength" not in re.search(r'<input[^>]*name="password"[^>]*>', main).group()


ERRORS = {404: "Page non trouvée", 500: "Erreur inattendue"}


@pytest.mark.req("E17")
@pytest.mark.parametrize("status", ERRORS)
def test_an_error_has_its_title_its_reason_a_way_out_and_a_contact(status, monkeypatch):
    if status == 500:
        monkeypatch.setattr("iprof.home.views.help.render", lambda *a, **k: 1 / 0)
    client = PortalClient(raise_request_exception=False)
    response = client.get("/inconnu/" if status == 404 else "/aide/")
    html = response.content.decode()
    assert response.status_code == status
    assert re.findall(r"<h1>(.*?)</h1>", html) == [ERRORS[status]]
    assert f"<title>{ERRORS[status]} – {settings.PORTAL_NAME}</title>" in html
    assert f"Erreur {status}" in html
    assert 'href="/"' in html
    assert settings.SUPPORT_CONTACT in html or "assistance" in html


@pytest.mark.req("S05", "S08", "S46")
def test_every_fact_of_the_feed_is_gathered_in_one_file(client):
    """One message of each kind: the history holds them all, the CV what belongs to a CV, and both follow the feed."""
    load(*(event(kind, n) for n, kind in enumerate(DATA, 1) if kind not in {"agent.left", "left.cancelled"}))
    client.force_login(Agent.objects.get(matricule=MATRICULE).user)
    history, cv = words(client.get("/ma-carriere/")), words(client.get("/ma-carriere/cv/"))
    for said in (
        "6e échelon",
        "Histoire-géographie",
        "Master MEEF",
        "Évaluer pour faire progresser",
        "Avancement d'échelon",
    ):
        assert said in history, said
    for said in ("Histoire-géographie", "Master MEEF", "Évaluer pour faire progresser"):
        assert said in cv, said
    load(
        event("diploma.recorded", 50, ref="DIP-9", label="Doctorat de géographie"),
        event("diploma.cancelled", 51, ref="DIP-1"),
    )
    cv = words(client.get("/ma-carriere/cv/"))
    assert "Doctorat de géographie" in cv
    assert "Master MEEF" not in cv
