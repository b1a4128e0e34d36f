"""Whatever is asked and in whatever order: no state but by the table, each step told once to its owner only (D17, S57)."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iprof.correspondence.calendar import entries_of
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from mobility import tasks
from mobility.domain.states import BY_ACT, Act, Actor, State
from mobility.models import BaremePrint, MobilityRequest, RequestEvent
from mobility.services.campaigns import expire_unconfirmed
from mobility.services.contests import answer_contest
from mobility.services.drafts import lock, move
from mobility.services.reminders import remind_drafts
from mobility.services.told import kind_of
from mobility.services.versions import make_prints, print_bytes
from security.models import AccessEvent
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.mobility import campaign, draft
from tests.factories.mobility_life import contest, controlled, displaying, sent

pytestmark = [pytest.mark.django_db, pytest.mark.req("S56", "S57")]


@pytest.fixture
def people():
    """(the owner, someone of the service)."""
    return full_career().user, UserFactory()


@pytest.mark.req("D17")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(sorted(Act)), max_size=8))
def test_no_state_but_by_the_table_and_each_step_told_once(people, acts):
    owner, staff = people
    with transaction.atomic():
        request = draft(owner, displaying())
        state = State.DRAFT
        for act in acts:
            before = _counts(request)
            row = BY_ACT[act]
            by = {Actor.AGENT: request.owner, Actor.STAFF: staff, Actor.CLOCK: None}[row.actor]
            if state not in row.sources:
                with pytest.raises(DomainError, match="request_transition"):
                    move(lock(request), act, by=by, at=timezone.now(), confirmed_at=timezone.now())
                assert _counts(request) == before
                continue
            event = move(lock(request), act, by=by, at=timezone.now(), confirmed_at=timezone.now())
            assert _counts(request) == tuple(one + 1 for one in before)
            assert (event.was, event.became) == (state.value, (row.target or state).value)
            assert AccessEvent.objects.latest("pk").kind == kind_of(act)
            state = State(event.became)
        request.refresh_from_db()
        assert request.state == state.value
        assert set(Alert.objects.filter(kind="demande.mobilite").values_list("user", flat=True)) <= {request.owner_id}
        transaction.set_rollback(True)


def _one() -> MobilityRequest:
    return draft(full_career().user, displaying())


def _counts(request: MobilityRequest) -> tuple[int, int, int]:
    """(events, lines of the journal about it, alerts of its owner)."""
    return (
        RequestEvent.objects.filter(request=request).count(),
        AccessEvent.objects.filter(detail__demande=str(request.public_id)).count(),
        Alert.objects.filter(user=request.owner, kind="demande.mobilite").count(),
    )


@pytest.mark.req("S71")
def test_an_alert_says_where_to_read_and_nothing_of_the_request():
    version = controlled(full_career().user)
    contest(version)
    for alert in Alert.objects.filter(user=version.request.owner, kind="demande.mobilite"):
        text = f"{alert.subject} {alert.body}"
        assert not any(word in text for word in ("Dijon", "49", "échelon", "conjoint"))
        assert alert.link == version.request.get_absolute_url()


def test_drafts_expire_at_the_second_of_the_closing_and_their_owners_are_told():
    request = _one()
    closes = request.campaign.closes_at
    assert expire_unconfirmed(at=closes - dt.timedelta(seconds=1)) == 0
    assert expire_unconfirmed(at=closes) == 1
    assert expire_unconfirmed(at=closes) == 0
    assert Alert.objects.filter(user=request.owner, subject__contains="n'est pas confirmée").count() == 1


def test_drafts_are_reminded_once_a_step_and_again_when_the_date_moves():
    there = campaign(
        closes_at=timezone.now() + dt.timedelta(days=9), pieces_until=timezone.now() + dt.timedelta(days=19)
    )
    request = draft(full_career().user, there)
    sent(full_career().user, there)
    for left, told in ((8, 0), (7, 1), (7, 1), (5, 1), (2, 2), (0, 3)):
        remind_drafts(at=there.closes_at - dt.timedelta(days=left, minutes=1 if not left else 0))
        assert Alert.objects.filter(kind="echeance.mobilite").count() == told
    assert set(Alert.objects.filter(kind="echeance.mobilite").values_list("user", flat=True)) == {request.owner_id}


@pytest.mark.req("S11")
def test_the_dates_of_a_request_are_in_the_calendar():
    version = controlled(full_career().user)
    titles = [one.title for one in entries_of(version.request.owner, on=timezone.localdate())]
    for title in ("Confirmer ma demande de mutation", "Transmettre les pièces de ma demande de mutation"):
        assert title in titles
    assert "Relire mon barème et le contester s'il est faux" in titles
    done = {one.title: one.done for one in entries_of(version.request.owner, on=timezone.localdate())}
    assert done["Confirmer ma demande de mutation"]


@pytest.mark.req("K5")
def test_each_version_gets_its_pdf_once_and_keeps_it():
    version = controlled(full_career().user)
    assert make_prints() == 2
    assert make_prints() == 0
    first = print_bytes(version)
    assert first.startswith(b"%PDF")
    assert print_bytes(version) == first
    assert BaremePrint.objects.filter(version=version).count() == 1


@pytest.mark.req("K5")
def test_a_version_changed_behind_the_portal_is_found():
    version = controlled(full_career().user)
    make_prints()
    out = StringIO()
    call_command("verify_baremes", stdout=out)
    assert "2 versions" in out.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE mobility_baremeversion DISABLE TRIGGER append_only")
        cursor.execute(
            "UPDATE mobility_baremeversion SET note = note, result = jsonb_set(result, '{rules_session}', '2025') WHERE id = %s",
            [version.pk],
        )
        cursor.execute("ALTER TABLE mobility_baremeversion ENABLE TRIGGER append_only")
    with pytest.raises(CommandError, match="1 version"):
        call_command("verify_baremes", stderr=StringIO())


def test_a_pdf_changed_behind_the_portal_is_found():
    controlled(full_career().user)
    make_prints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE mobility_baremeprint DISABLE TRIGGER append_only")
        cursor.execute("UPDATE mobility_baremeprint SET pdf = set_byte(pdf, 40, get_byte(pdf, 40) # 1)")
        cursor.execute("ALTER TABLE mobility_baremeprint ENABLE TRIGGER append_only")
    with pytest.raises(CommandError, match="2 version"):
        call_command("verify_baremes", stderr=StringIO())


def test_the_clock_runs_them_all():
    request = _one()
    contested = contest(controlled(full_career().user))
    answer_contest(contest=contested, by=UserFactory(), accepted=True, points=Decimal(50), reason="Oui.")
    for task in (tasks.expire_unconfirmed, tasks.remind_drafts, tasks.make_prints):
        task()
    assert BaremePrint.objects.count() == 3
    assert Alert.objects.filter(user=request.owner, kind="echeance.mobilite").count() == 1
