"""axe on every page of the portal's URL list, for a teacher, a visitor and staff, in both themes and at both widths."""

import os

import pytest
from django.urls import reverse
from django.utils import timezone

from career.models import InboxMessage, QuarantinedMessage
from security.enums import Role
from tests.access_rules import RULES, named_urls
from tests.career.feed.messages import event, load, numen
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import AppraisalRequestFactory, CorrectionRequestFactory, full_career
from tests.factories.correspondence import LureFactory, ReportFactory, sent_circular, simulated_circular
from tests.factories.files import pdf

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
NOT_A_PAGE = {
    "idp:configuration", "idp:jwks", "security:key_sign_in",
    "home:health", "home:csp_report", "home:security_txt", "home:manifest", "home:robots", "siae:openapi",
    "career:history_pdf", "career:history_csv", "career:training_csv", "career:projection_csv", "career:projection_pdf",
    "career:cv_pdf", "career:cv_json",
    "career:perspectives_ics", "career:perspective_ics",
    "career:comparison_csv", "correspondence:bulletin_feed", "correspondence:circular_file",
    "correspondence:calendar_file",
    "documents:download", "documents:preview", "documents:staff_copy", "documents:submission_receipt", "documents:receipt_pdf",
    "correspondence:thread_file", "correspondence:ticket_file",
    "correspondence:news_feed",
    "correspondence:service_worker", "mobility:version_pdf",
}  # fmt: skip
KINDS = {"public", "signed_in", "agent", "owned"}


def sign_in(page, address: str, user) -> None:
    page.goto(f"{address}/connexion/")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{address}/")


def seen_in(names: list[str], scheme: str, width: int) -> list[str]:
    """Each page in one of the views of the suite, in turn, so that the whole stays short; in all of them with EVERY_VIEW=1.
    The journeys see theirs in both."""
    if os.environ.get("EVERY_VIEW"):
        return names
    return names[VIEWS.index((scheme, width)) :: len(VIEWS)]


@pytest.mark.req("E22", "E23", "D14")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_every_page_of_a_teacher(live_server, open_page, scheme, width):
    agent = full_career()
    page = open_page(scheme=scheme, width=width)
    guests = [
        name for name, rule in RULES.items() if rule.kind == "guest" and rule.status == 200 and name not in NOT_A_PAGE
    ]
    for name in seen_in(guests, scheme, width):
        page.goto(live_server.url + reverse(name))
        check(page, f"{name.replace(':', '-')}-{width}-{scheme}")
    sign_in(page, live_server.url, agent.user)
    pages = [
        name
        for name, rule in RULES.items()
        if rule.kind in KINDS and name not in NOT_A_PAGE and name != "account_logout"
    ]
    for name in seen_in(pages, scheme, width):
        page.goto(live_server.url + reverse(name, kwargs=RULES[name].args(agent)))
        check(page, f"{name.replace(':', '-')}-{width}-{scheme}")


@pytest.mark.req("E22", "E23", "D14")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_every_list_of_the_admin(live_server, open_page, scheme, width):
    agent = full_career()
    CorrectionRequestFactory(agent=agent)
    feed = feed_pages()
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, staff(Role.SUPERADMIN, username="adm"))
    seen = 0
    for name, route in named_urls():
        plain = route.startswith("gestion/") and "<" not in route and "(" not in route
        if not plain or not name.endswith(("_changelist", ":index", "_add")):
            continue
        response = page.goto(f"{live_server.url}/{route}")
        if response.status in {403, 404}:  # what the feed alone writes has no « add »
            continue
        seen += 1
        check(page, f"{name.replace(':', '-')}-{width}-{scheme}")
    assert seen > 8
    opened = reverse("admin:career_agent_change", args=[agent.pk])
    asked = reverse("admin:career_correctionrequest_change", args=[agent.correction_requests.get().pk])
    early = reverse("admin:career_appraisalrequest_change", args=[AppraisalRequestFactory(agent=agent).pk])
    secret = reverse("admin:career_agent_numen", args=[agent.pk])
    bulletin = reverse("admin:correspondence_bulletin_change", args=[LureFactory().bulletin_id])
    ReportFactory()
    sent, drafted = sent_circular(agent.user, files=[pdf()]), simulated_circular(result=True)
    for name, address in (
        ("dossier", opened),
        ("demande", asked),
        ("rendez-vous", early),
        ("numen", secret),
        ("bulletin", bulletin),
        ("correspondance", reverse("admin:correspondence_circular_change", args=[drafted.pk])),
        ("correspondance-simulee", reverse("admin:correspondence_circular_follow", args=[drafted.pk])),
        ("correspondance-diffusee", reverse("admin:correspondence_circular_follow", args=[sent.pk])),
        ("campagnes", reverse("admin:correspondence_suspiciousreport_groups")),
        *feed.items(),
    ):
        page.goto(live_server.url + address)
        for summary in page.locator("details summary").all()[:2]:
            summary.click()
        check(page, f"admin-{name}-{width}-{scheme}")
    page.goto(live_server.url + feed["rejet"])
    page.get_by_label("Message corrigé, en JSON").fill('{"id": ')
    page.get_by_role("button", name="Corriger et rejouer").click()
    check(page, f"admin-rejet-refuse-{width}-{scheme}")
    assert page.get_by_label("Message corrigé, en JSON").input_value() == '{"id": '


def feed_pages() -> dict[str, str]:
    """A load with rejected lines, one of them dealt with: the pages that show each."""
    load(
        event("agent.upserted", numen=numen(1)),
        event("career.step", corps="archivistes", arrete_ref="2025-AR-0042"),
        event("agent.upserted", 2, agent="B0000043", numen=numen(2), entered_on="1990-09-01", phone="03 26 00 00 00"),
        event("career.step", agent="C0000044"),
        b'{"type": "career.step", "agent\n',
    )
    rows = QuarantinedMessage.objects
    settled = rows.get(code="agent_inconnu")
    rows.filter(pk=settled.pk).update(state="ecarte", note="Agent d'une autre académie", settled_at=timezone.now())
    shown = {
        "rejet": rows.get(type="agent.upserted"),
        "rejet-illisible": rows.get(code="json_illisible"),
        "rejet-ecarte": settled,
        "chargement": settled.run,
        "message-recu": InboxMessage.objects.first(),
    }
    return {name: reverse(f"admin:career_{row._meta.model_name}_change", args=[row.pk]) for name, row in shown.items()}
