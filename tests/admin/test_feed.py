"""Loads, received messages and the quarantine in the administration: who may, what it does, what it shows (S06, D16)."""

import html as html_module
import json

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from career.enums import FeedDoor, QuarantineState
from career.models import Agent, CareerStep, FeedRun, InboxMessage, QuarantinedMessage
from security.enums import AccessKind, Role
from security.models import AccessEvent
from tests.career.feed.messages import event, line, load, numen
from tests.factories.accounts import staff

pytestmark = [pytest.mark.django_db, pytest.mark.req("S06", "D16")]


@pytest.fixture
def it(client):
    user = staff(Role.IT)
    client.force_login(user)
    return user


def page(row) -> str:
    return reverse("admin:career_quarantinedmessage_change", args=[row.pk])


def refused(**data) -> QuarantinedMessage:
    """A step of an unknown corps, refused, of an agent who is there."""
    load(event("agent.upserted", numen=numen(1)))
    load(event("career.step", corps="archivistes", **data))
    return QuarantinedMessage.objects.get()


def typed_in(response) -> str:
    content = response.content.decode()
    return html_module.unescape(content.split('id="ligne"')[1].split(">", 1)[1].split("</textarea>")[0])


def test_the_page_tells_why_and_leaves_a_trace(client, it):
    row = refused()
    content = client.get(page(row)).content.decode()

    assert "n&#x27;est pas dans la nomenclature" in content
    assert "corps_inconnu" in content
    trace = AccessEvent.objects.get(kind=AccessKind.FEED_MESSAGE_READ)
    assert (trace.actor, trace.subject) == (it, Agent.objects.get().user)


def test_correcting_applies_the_message_and_settles_the_row(client, it):
    row = refused()
    corrected = typed_in(client.get(page(row))).replace("archivistes", "certifies")
    assert client.post(page(row), {"geste": "corriger", "ligne": corrected}).status_code == 302

    assert CareerStep.objects.get().corps == "certifies"
    row.refresh_from_db()
    assert (row.state, row.settled_by) == (QuarantineState.REPLAYED, it)
    assert row.settled_at is not None
    run = FeedRun.objects.filter(door=FeedDoor.REPLAY).get()
    assert (run.lines_read, run.applied, run.state) == (1, 1, "termine")
    assert AccessEvent.objects.filter(kind=AccessKind.FEED_REPLAYED, subject=Agent.objects.get().user).count() == 1
    assert 'name="geste"' not in client.get(page(row)).content.decode()


@pytest.mark.req("D36")
def test_a_masked_numen_is_that_of_the_line_received(client, it):
    load(event("agent.upserted", numen=numen(7), birth_date="2016-01-01"))
    row = QuarantinedMessage.objects.get()
    content = client.get(page(row))
    assert numen(7) not in content.content.decode()
    corrected = typed_in(content).replace("2016-01-01", "1984-05-12")
    client.post(page(row), {"geste": "corriger", "ligne": corrected})

    agent = Agent.objects.get()
    assert agent.numen_digest
    assert agent.user.activation_digest


@pytest.mark.parametrize("typed", ["", "{", '{"id": 3}', "é\x00", "[" * 2000, '{"a": "' + "1" * 5000])
def test_a_bad_correction_writes_nothing_and_keeps_what_was_typed(client, it, typed):
    row = refused()
    before = FeedRun.objects.count()
    response = client.post(page(row), {"geste": "corriger", "ligne": typed})

    assert response.status_code == 400
    assert "Encore rejeté, rien n&#x27;est écrit." in response.content.decode()
    assert typed_in(response).strip() == typed.strip()
    row.refresh_from_db()
    assert (row.state, FeedRun.objects.count()) == (QuarantineState.OPEN, before)


def test_a_correction_refused_by_the_database_s_side_writes_nothing(client, it):
    row = refused()
    stranger = typed_in(client.get(page(row))).replace("archivistes", "certifies").replace("A0000042", "A9999999")
    response = client.post(page(row), {"geste": "corriger", "ligne": stranger})

    assert response.status_code == 400
    assert "Aucun agent n&#x27;a ce matricule" in response.content.decode()
    assert QuarantinedMessage.objects.count() == 1
    assert not FeedRun.objects.filter(door=FeedDoor.REPLAY).exists()


def test_replaying_as_it_stands_keeps_the_reason_of_today(client, it):
    row = refused()
    assert client.post(page(row), {"geste": "rejouer"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.code) == (QuarantineState.OPEN, "corps_inconnu")
    assert "1 encore rejeté" in client.get(page(row)).content.decode()


def test_setting_aside_needs_a_reason_and_is_for_good(client, it):
    row = refused()
    response = client.post(page(row), {"geste": "ecarter", "motif": "non"})
    assert response.status_code == 400
    assert 'value="non"' in response.content.decode()

    assert client.post(page(row), {"geste": "ecarter", "motif": "Essai de la source"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.note, row.settled_by) == (QuarantineState.DISMISSED, "Essai de la source", it)
    for gesture in ("rejouer", "corriger", "ecarter"):
        again = {"geste": gesture, "motif": "encore une fois", "ligne": line(event("diploma.recorded")).decode()}
        assert client.post(page(row), again).status_code == 409, gesture
    assert AccessEvent.objects.get(kind=AccessKind.FEED_DISMISSED).reason == "Essai de la source"


def test_an_unknown_gesture_says_so(client, it):
    assert client.post(page(refused()), {"geste": "danser"}).status_code == 400


def test_the_chosen_ones_are_replayed_together(client, it):
    load(*(event("diploma.recorded", agent=f"A{n:07d}") for n in range(3)))
    rows = QuarantinedMessage.objects.all()
    assert {row.state for row in rows} == {QuarantineState.WAITING}
    QuarantinedMessage.objects.update(state=QuarantineState.OPEN)
    load(event("agent.upserted", agent="A0000001"))
    data = {"action": "replay_chosen", "_selected_action": [row.pk for row in rows]}
    told = client.post(reverse("admin:career_quarantinedmessage_changelist"), data, follow=True).content.decode()

    assert "1 message(s) appliqué(s) ou déjà reçu(s), 2 encore rejeté(s)." in told
    assert rows.filter(state=QuarantineState.REPLAYED).count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.TEACHER, Role.IT, Role.SUPERADMIN}])
def test_nobody_else_opens_a_message(client, role):
    row = refused()
    client.force_login(staff(role))
    assert client.get(page(row)).status_code == 403
    assert client.post(page(row), {"geste": "rejouer"}).status_code == 403
    row.refresh_from_db()
    assert row.state == QuarantineState.OPEN


@pytest.mark.parametrize("pk", ["0", "9" * 40, "abc", "é", "-1"])
def test_what_does_not_exist_is_404(client, it, pk):
    assert client.get(f"/gestion/career/quarantinedmessage/{pk}/change/").status_code == 404


def test_the_page_of_a_load_counts_its_refusals_and_leads_to_them(client, it):
    load(event("agent.upserted"), *(event("career.step", n + 1, corps=f"inconnu{n}", ref=f"E{n}") for n in range(3)))
    run = FeedRun.objects.get()
    content = html_module.unescape(client.get(reverse("admin:career_feedrun_change", args=[run.pk])).content.decode())
    link = f"{reverse('admin:career_quarantinedmessage_changelist')}?run__id__exact={run.pk}&code=corps_inconnu"
    assert f'<a href="{link}">corps_inconnu</a> : 3' in content
    assert client.get(link).content.decode().count('class="action-select"') == 3


def test_received_messages_are_found_and_never_read(client, it):
    load(event("agent.upserted", address="3 rue Cachée"))
    message = InboxMessage.objects.get()
    listing = reverse("admin:career_inboxmessage_changelist")
    for term, found in (
        ("A0000042", 1),
        ("a00", 1),
        ("B1", 0),
        (str(message.message_id), 1),
        ("-" * 36, 0),
        ("\x00", 1),
    ):
        assert client.get(listing, {"q": term}).content.decode().count(str(message.message_id)) >= found, term
        assert ("1 message" in client.get(listing, {"q": term}).content.decode()) == bool(found), term
    detail = client.get(reverse("admin:career_inboxmessage_change", args=[message.pk])).content.decode()
    assert str(message.message_id) in detail
    assert "Cachée" not in detail


@pytest.mark.parametrize("table", ["feedrun", "inboxmessage", "quarantinedmessage"])
def test_lists_ask_the_same_queries_for_one_row_or_many(client, it, table, django_assert_max_num_queries):
    counts = set()
    for number in range(3):
        load(event("agent.upserted", agent=f"A{number:07d}"), event("career.step", number + 1, corps=f"x{number}"))
        with django_assert_max_num_queries(14) as queries:
            assert client.get(reverse(f"admin:career_{table}_changelist")).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_is_typed_gets_an_answer(client, it, typed):
    row = QuarantinedMessage.objects.first() or refused()
    assert client.post(page(row), {"geste": "corriger", "ligne": typed}).status_code == 400
