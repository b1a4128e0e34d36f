"""Traces live as long as the law says, by kind, and their leaving is itself written (norm D19)."""

import datetime as dt
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from security import tasks
from security.enums import AccessKind
from security.journal import record
from security.models import AccessEvent, JournalSeal
from security.retention import FILE, cutoff_of, retentions
from security.selectors_journal import journal_state
from security.services_journal import lines_due, purge_journal, seal_journal
from tests.factories.accounts import UserFactory
from tests.security.test_journal_chain import tamper, verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("D19")]
TODAY = dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)


def test_every_kind_has_one_duration_with_its_source():
    named = [kind for retention in retentions() for kind in retention.kinds]
    assert sorted(named) == sorted(AccessKind.values)
    assert all(row["source"] for row in yaml.safe_load(FILE.read_text(encoding="utf-8")))


@given(st.sampled_from(AccessKind), st.integers(0, 4000))
def test_no_duration_leaves_the_bounds_of_the_cnil(kind, days):
    now = TODAY + dt.timedelta(days)
    cutoff = cutoff_of(kind, now)
    if kind in {AccessKind.JOURNAL_PURGED, AccessKind.DESTRUCTION_CERTIFIED}:  # names nobody, proves what went
        assert cutoff is None
    else:
        assert 180 <= (now - cutoff).days <= 3 * 366


def test_an_unknown_kind_has_no_duration():
    with pytest.raises(LookupError):
        cutoff_of("inconnu", TODAY)


@pytest.fixture
def journal(time_machine) -> None:
    """Every two months for four years: a reading, a sign-in, a failed one."""
    user = UserFactory()
    for months in range(48, -1, -2):
        time_machine.move_to(TODAY - dt.timedelta(days=months * 30.5), tick=False)
        record(AccessKind.FILE_READ, actor=UserFactory(username="clerk"), subject=user)
        record(AccessKind.SIGNED_IN, actor=user, subject=user)
        record(AccessKind.SIGN_IN_FAILED, actor=None, subject=user)
    time_machine.move_to(TODAY, tick=False)
    seal_journal()


def oldest(kind: str) -> dt.datetime:
    return AccessEvent.objects.filter(kind=kind).earliest("at", "pk").at


def test_each_kind_goes_at_its_term_and_the_chain_still_holds(journal):
    before = AccessEvent.objects.count()
    gone = {due.kind: due.lines for due in purge_journal()}
    assert gone.keys() == {AccessKind.FILE_READ, AccessKind.SIGNED_IN, AccessKind.SIGN_IN_FAILED}
    assert oldest(AccessKind.FILE_READ) >= dt.datetime(2023, 11, 24, 11, tzinfo=dt.UTC)
    assert oldest(AccessKind.SIGNED_IN) >= dt.datetime(2025, 11, 24, 11, tzinfo=dt.UTC)
    assert AccessEvent.objects.count() == before - sum(gone.values()) + 3  # one line tells of each kind
    state = journal_state()
    assert (state.fault, state.gone, state.waiting) == (None, sum(gone.values()), 3)
    assert purge_journal() == []


def test_after_a_purge_every_fault_is_still_found(journal):
    purge_journal()
    seal_journal()
    assert "intact" in verified()
    tamper(
        "DELETE FROM security_accessevent WHERE id = %s", AccessEvent.objects.filter(kind="dossier.lecture").first().pk
    )
    with pytest.raises(CommandError, match="retirée avant le terme"):
        verified()


def test_a_purge_nobody_signed_excuses_nothing(journal):
    tamper(
        "INSERT INTO security_accessevent (at, kind, actor_label, reason, detail, request_id, mark) VALUES "
        """(now(), 'journal.purge', '', '', '{"purged": "dossier.lecture", "before": "2030-01-01T00:00:00+00:00"}', '', 'x')"""
    )
    tamper("DELETE FROM security_accessevent WHERE id = %s", AccessEvent.objects.earliest("pk").pk)
    with pytest.raises(CommandError, match="retirée avant le terme"):
        verified()


def test_a_line_not_sealed_yet_is_not_taken(time_machine):
    time_machine.move_to(TODAY - dt.timedelta(days=2000))
    record(AccessKind.SIGNED_IN, actor=None)
    time_machine.move_to(TODAY)
    assert purge_journal() == []
    assert AccessEvent.objects.count() == 1


def test_the_command_shows_first_and_takes_away_when_told(journal):
    lines, out = AccessEvent.objects.count(), StringIO()
    call_command("purge_journal", stdout=out)
    assert "rien n'est effacé sans --apply" in out.getvalue()
    assert AccessEvent.objects.count() == lines
    call_command("purge_journal", "--apply", stdout=out)
    assert lines_due() == []


def test_the_nightly_task_purges_seals_and_tells_the_newest_seal(journal, caplog):
    record(AccessKind.SIGNED_IN, actor=None)
    with caplog.at_level("INFO"):
        tasks.keep_access_journal()
    assert not AccessEvent.objects.exclude(pk__in=JournalSeal.objects.values("line")).exists()
    assert str(JournalSeal.objects.latest("position")) in caplog.text
    assert tasks.seal_access_journal() == 0


def test_purging_leaves_the_journal_append_only_again(journal):
    purge_journal()
    with pytest.raises(Exception, match="append-only"):
        AccessEvent.objects.first().delete()
