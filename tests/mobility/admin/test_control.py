"""The queue of the requests and what staff decide on one of them."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mobility.domain.control import points_of
from mobility.enums import RequestState
from mobility.models import BaremeVersion, Campaign, RequestEvent
from mobility.services.control import run_checks
from security.enums import AccessKind, Role, ScopeKind
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.mobility import campaign, confirmed

pytestmark = pytest.mark.django_db
LIST = "/gestion/mobility/mobilityrequest/"


@pytest.fixture
def office():
    return staff(Role.GESTIONNAIRE, first_name="Hélène", last_name="Marchand")


@pytest.fixture
def client(office):
    return signed(office)


@pytest.fixture
def request_sent():
    return sent("Vasseur")


def signed(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def sent(name: str, **told):
    return confirmed(full_career(last_name=name).user, Campaign.objects.first() or campaign(), **told).request


def page(row) -> str:
    return reverse("admin:mobility_mobilityrequest_change", args=[row.pk])


def typed(row, act: str, **more: str) -> dict[str, str]:
    version = row.versions.latest("number")
    lines = {f"points-{one.key}": str(one.points) for one in points_of(version.result)}
    return {"acte": act, "version": str(version.number), **lines, **more}


@pytest.mark.req("S56")
def test_the_queue_puts_first_what_asks_for_a_person(client, request_sent):
    fine = sent("Abadie", strategy="")
    run_checks(request_sent)
    run_checks(fine)
    text = words(client.get(LIST))
    assert text.index("Vasseur") < text.index("Abadie")
    assert "Bloquant" in text
    assert "saisi" in text
    assert "Vasseur" not in words(client.get(LIST, {"q": "abadie"}))


@pytest.mark.req("D20")
def test_a_reading_leaves_a_trace_the_agent_sees(client, request_sent):
    client.get(page(request_sent))
    assert AccessEvent.objects.get(kind=AccessKind.MOBILITY_READ).subject == request_sent.owner
    assert "Demande de mutation consultée" in words(signed(request_sent.owner).get(reverse("security:file_reads")))


def test_the_page_says_what_is_missing_and_what_differs(client):
    row = sent(
        "Vasseur",
        strategy="rc",
        lien="pacs",
        conjoint_departement="21",
        conjoint_postal_code="21000",
        activity="activite",
    )
    text = words(client.get(page(row)))
    for word in ("Pièces manquantes Bloquant", "Lien pacs mariage Diffère", "Barème par vœu", "Dijon", "Contrôler"):
        assert word in text, word


@pytest.mark.req("D28")
def test_a_person_retains_other_points_with_a_reason(client, office, request_sent):
    key = points_of(request_sent.versions.get().result)[0].key
    refused = client.post(page(request_sent), typed(request_sent, "controler", **{f"points-{key}": "1"}))
    assert refused.status_code == 400
    assert "écrivez pourquoi" in words(refused)
    told = typed(request_sent, "controler", **{f"points-{key}": "1,5", f"motif-{key}": "Livret illisible."})
    assert client.post(page(request_sent), told).status_code == 302
    request_sent.refresh_from_db()
    version = request_sent.versions.latest("number")
    assert request_sent.state == RequestState.CONTROLLED
    assert version.decided_by == office
    assert set(version.retained.values()) == {"1.5"}
    assert "Livret illisible." in version.note
    assert request_sent.owner.alerts.filter(subject__contains="contrôlé").count() == 1


@pytest.mark.req("D28")
def test_the_barème_is_settled_by_a_named_person_with_a_text(client, office, request_sent):
    client.post(page(request_sent), typed(request_sent, "controler"))
    assert client.post(page(request_sent), typed(request_sent, "arreter")).status_code == 400
    assert client.post(page(request_sent), typed(request_sent, "arreter", texte="Barème conforme.")).status_code == 302
    request_sent.refresh_from_db()
    assert request_sent.state == RequestState.STUDIED
    assert request_sent.versions.latest("number").decided_by == office


def test_a_request_sent_back_keeps_its_reason(client, request_sent):
    assert client.post(page(request_sent), typed(request_sent, "renvoyer")).status_code == 400
    assert (
        client.post(page(request_sent), typed(request_sent, "renvoyer", texte="Joignez le livret.")).status_code == 302
    )
    assert RequestEvent.objects.filter(request=request_sent, act="renvoyer").get().note == "Joignez le livret."


@pytest.mark.parametrize(
    "told", [{"version": "9"}, {"version": "x"}, {"acte": "arreter", "texte": "Oui."}, {"acte": "x"}]
)
def test_what_is_not_what_was_read_is_refused(client, request_sent, told):
    answer = client.post(page(request_sent), typed(request_sent, "controler") | told)
    assert answer.status_code in {400, 409}
    assert BaremeVersion.objects.count() == 1


@pytest.mark.req("D16")
def test_a_manager_sees_the_requests_of_their_habilitation_only(request_sent):
    far = signed(staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="10", username="loin"))
    assert "Vasseur" not in words(far.get(LIST))
    assert far.get(page(request_sent)).status_code == 404
    head = signed(staff(Role.HEAD, username="chef"))
    assert head.get(LIST).status_code == 403


def test_several_fine_requests_are_signed_together_and_a_changed_one_is_left(client, office):
    rows = [sent(name, strategy="") for name in ("Abadie", "Cazal")]
    for row in rows:
        row.triage = run_checks(row)
        row.triage.level = 0
        row.triage.save()
    chosen = {"action": "control_several", "_selected_action": [row.pk for row in rows]}
    text = client.post(LIST, chosen).content.decode()
    versions = dict(re.findall(r'name="(version-\d+)" value="(\d+)"', text))
    assert len(versions) == 2
    versions[f"version-{rows[1].pk}"] = "7"
    answer = client.post(LIST, chosen | versions | {"confirmer": "oui"}, follow=True)
    assert "la demande a changé" in words(answer)
    rows[1].refresh_from_db()
    assert rows[1].state == RequestState.SUBMITTED


def test_the_queue_asks_as_many_queries_for_one_as_for_several(client, request_sent):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    client.get(LIST)
    one = count()
    sent("Abadie")
    sent("Cazal")
    assert count() == one


def test_no_points_out_of_bounds(client, request_sent):
    key = points_of(request_sent.versions.get().result)[0].key
    for points in ("-1", "abc", "1e9", str(Decimal("99999.01")), "1,234"):
        told = typed(request_sent, "controler", **{f"points-{key}": points, f"motif-{key}": "Essai."})
        assert client.post(page(request_sent), told).status_code == 400, points


def test_the_checks_of_chosen_requests_run_on_demand(client, request_sent):
    assert "Pas encore passés" in words(client.get(LIST))
    chosen = {"action": "check_again", "_selected_action": [request_sent.pk]}
    assert "Contrôles automatiques passés : 1." in words(client.post(LIST, chosen, follow=True))
    request_sent.refresh_from_db()
    assert request_sent.triage.found
