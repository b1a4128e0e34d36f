"""Every form and every list of the portal, found by reading its pages, filled with anything: never a 500."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from career.models import FeedRun, InboxMessage, QuarantinedMessage
from security.enums import Role
from tests.access_rules import RULES, named_urls
from tests.career.feed.messages import event, load
from tests.client import PortalClient
from tests.factories.accounts import staff
from tests.factories.career import AppraisalRequestFactory, CorrectionRequestFactory, full_career
from tests.factories.correspondence import LureFactory, ReportFactory, sent_circular, simulated_circular

pytestmark = pytest.mark.django_db
# Braces aside, which the client takes for a template left unrendered when a page echoes them.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=60)
NASTY = st.sampled_from(
    ["", " ", "\x00", "a\x00b", "é" * 5000, "-1", "0", str(10**40), "1e999", "٣", "2026-02-30", "9999-12-31", "NaN",
     "../../etc/passwd", "<script>alert(1)</script>", "' OR 1=1 --", "%s", "%00", "\u202e", "😀",
     "on", "true", "1,2,3", "1.1.1.1", "-", "__all__"]
)  # fmt: skip
ANYTHING = TEXT | NASTY
LEAVES = ("deconnexion", "logout")  # would end the session that fills the forms


class Forms(HTMLParser):
    """The forms of a page: (method, address, field names)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[str]]] = []
        self.open = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.found.append(((given.get("method") or "get").lower(), given.get("action") or "", []))
            self.open = True
        elif self.open and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.found[-1][2].append(given["name"])

    def handle_endtag(self, tag):
        self.open = self.open and tag != "form"


def forms_of(client: PortalClient, pages: list[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    found = {}
    for page in pages:
        response = client.get(page)
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            continue
        parser = Forms()
        parser.feed(response.content.decode())
        for method, action, names in parser.found:
            address = urljoin(page, action or page)
            if not any(word in address for word in LEAVES):
                fields = tuple(sorted(set(names) - {"csrfmiddlewaretoken"}))
                found[(method, address.split("?")[0], fields)] = None
    return list(found)


def fill_all(forms: list[tuple[str, str, tuple[str, ...]]], user=None) -> None:
    """Fills forms chosen at random with anything; each time by somebody just signed in, for a form may end the session."""

    @settings(max_examples=2 * len(forms))
    @given(form=st.sampled_from(forms), data=st.data())
    def fill(form, data):
        method, address, names = form
        values = {name: data.draw(ANYTHING, label=name) for name in names if data.draw(st.booleans())}
        cache.clear()  # else the throttle would answer in the form's place
        response = getattr(signed_in(user), method)(address, values)
        assert response.status_code < 500, (method, address, values)

    fill()


def signed_in(user) -> PortalClient:
    client = PortalClient()
    if user is not None:
        client.force_login(user)
    return client


def pages_of(kinds: set[str], agent) -> list[str]:
    return [reverse(name, kwargs=rule.args(agent)) for name, rule in RULES.items() if rule.kind in kinds]


def test_forms_of_a_visitor():
    forms = forms_of(PortalClient(), pages_of({"public", "guest"}, full_career()))
    assert {address for _, address, _ in forms} >= {"/connexion/", reverse("security:activation_start")}
    fill_all(forms)


def test_forms_of_a_teacher():
    agent = full_career()
    forms = forms_of(signed_in(agent.user), pages_of({"public", "signed_in", "agent", "owned"}, agent))
    assert len(forms) > 8
    fill_all(forms, agent.user)


def test_forms_of_the_admin():
    agent = full_career()
    load(event("agent.upserted"), event("career.step", corps="archivistes"))
    objects = {
        "agent": agent.pk,
        "appraisalrequest": AppraisalRequestFactory(agent=agent).pk,
        "correctionrequest": CorrectionRequestFactory(agent=agent).pk,
        "feedrun": FeedRun.objects.get().pk,
        "inboxmessage": InboxMessage.objects.first().pk,
        "quarantinedmessage": QuarantinedMessage.objects.get().pk,
    }
    pages = [f"/{route}" for name, route in named_urls() if route.startswith("gestion/") and plain(name, route)]
    bulletin = LureFactory().bulletin
    ReportFactory()
    sent, drafted = sent_circular(agent.user).pk, simulated_circular().pk
    pages += [reverse(f"admin:correspondence_circular_{verb}", args=[drafted]) for verb in ("change", "follow")]
    pages += [
        reverse("admin:correspondence_circular_follow", args=[sent]),
        reverse("admin:correspondence_bulletin_change", args=[bulletin.pk]),
        reverse("admin:correspondence_suspiciousreport_groups"),
    ]
    pages += [reverse(f"admin:career_{model}_change", args=[pk]) for model, pk in objects.items()]
    pages.append(reverse("admin:career_agent_numen", args=[agent.pk]))
    admin = staff(Role.SUPERADMIN)
    forms = forms_of(signed_in(admin), pages)
    assert len(forms) > 15
    fill_all(forms, admin)


def plain(name: str, route: str) -> bool:
    return "<" not in route and "(" not in route and "autocomplete" not in name


LOOKUPS = (
    "q", "p", "o", "e", "all", "corps", "departement", "presence", "compte", "attente", "code", "state", "state__exact",
    "type", "source", "door", "door__exact", "kind", "envoi", "run__id__exact", "fact_kind__exact", "priority_network",
    "received_at__year", "received_at__month", "received_at__day", "started_at__year", "created_at__month", "at__day",
    "user__password__startswith", "numen_digest", "raw_sealed", "_popup", "_to_field",
)  # fmt: skip


@settings(max_examples=15)
@given(query=st.dictionaries(st.sampled_from(LOOKUPS), ANYTHING, max_size=4))
def test_any_query_of_any_list_of_the_admin(query):
    client = signed_in(staff(Role.SUPERADMIN))
    for name, route in named_urls():
        if name.endswith("_changelist"):
            response = client.get(f"/{route}", query)
            assert response.status_code < 500, (route, query)
