"""The access journal tells when a line was changed, removed, inserted or moved (norm D20)."""

import datetime as dt
import hashlib
import re
from dataclasses import replace
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from security.domain.chain import START, FaultCode, Keyring, Line, Seal, first_fault, is_true, link, mark_of
from security.enums import AccessKind
from security.journal import line_of, record, record_each, sign
from security.models import AccessEvent, JournalSeal
from security.selectors_journal import journal_state
from security.services_journal import seal_journal
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.req("D20")
NOON = dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)


def secret(text: str) -> str:
    return hashlib.sha256(b"key" + text.encode()).hexdigest()


def chain(size: int) -> list[tuple[Seal, Line | None]]:
    pairs, digest = [], START
    for n in range(1, size + 1):
        bare = Line(n, NOON, "dossier.lecture", 1, "Odile Perrin", 2, f"motif {n}", {"n": n}, "::1", "r", "")
        line = replace(bare, mark=mark_of(bare, nonce=f"{n:016x}", sign=secret))
        digest = link(digest, position=n, line=n, kind=line.kind, at=line.at, mark=line.mark, sign=secret)
        pairs.append((Seal(n, n, line.kind, line.at, line.mark, digest), line))
    return pairs


def fault_of(pairs):
    return first_fault(pairs, keys=Keyring(secret), was_due=lambda kind, at: False)


CHANGES = {
    "at": NOON + dt.timedelta(microseconds=1),
    "kind": "dossier.export",
    "actor": None,
    "actor_label": "Odile Perrin ",
    "subject": 3,
    "reason": "",
    "detail": {"n": "1"},
    "ip": None,
    "request_id": "",
    "mark": "0" * 80,
}


@given(st.integers(1, 12), st.data())
def test_whatever_is_changed_in_a_line_is_found(size, data):
    pairs = chain(size)
    where, name = data.draw(st.integers(0, size - 1)), data.draw(st.sampled_from(sorted(CHANGES)))
    seal, line = pairs[where]
    pairs[where] = seal, replace(line, **{name: CHANGES[name]})
    assert fault_of(pairs).code is FaultCode.LINE_CHANGED
    assert fault_of(pairs).position == where + 1


@given(st.integers(2, 12), st.data())
def test_lines_and_seals_taken_away_moved_or_added_are_found(size, data):
    pairs = chain(size)
    assert fault_of(pairs) is None
    where = data.draw(st.integers(0, size - 2))
    without_line = [(s, None if i == where else line) for i, (s, line) in enumerate(pairs)]
    assert fault_of(without_line).code is FaultCode.LINE_REMOVED
    assert fault_of(pairs[:where] + pairs[where + 1 :]).position == where + 1
    moved = pairs[:where] + [pairs[where + 1], pairs[where]] + pairs[where + 2 :]
    assert fault_of(moved).position == where + 1
    swapped = [(seal, line) for (seal, _), (_, line) in zip(pairs, reversed(pairs), strict=True)]
    assert fault_of(swapped).code is FaultCode.LINE_CHANGED
    added = [*pairs[: where + 1], pairs[where], *pairs[where + 1 :]]
    assert fault_of(added).position == where + 2
    renumbered = [(replace(seal, position=n), line) for n, (seal, line) in enumerate(added, start=1)]
    assert fault_of(renumbered).code is FaultCode.SEAL_ALTERED


@given(st.sampled_from(["line", "kind", "at", "mark", "digest"]))
def test_a_seal_changed_is_found(name):
    pairs = chain(3)
    other = {"line": 9, "kind": "x", "at": NOON + dt.timedelta(1), "mark": "0" * 80, "digest": "0" * 64}[name]
    pairs[1] = replace(pairs[1][0], **{name: other}), pairs[1][1]
    assert fault_of(pairs).code is FaultCode.SEAL_ALTERED


def test_a_line_due_to_go_is_no_fault():
    pairs = [(seal, None) for seal, _ in chain(3)]
    assert first_fault(pairs, keys=Keyring(secret), was_due=lambda kind, at: kind == "dossier.lecture") is None


@pytest.fixture
def lines(db) -> list[AccessEvent]:
    clerk, user = UserFactory(username="clerk"), UserFactory()
    made = [record(AccessKind.FILE_READ, actor=clerk, subject=user, reason=f"Motif {n}") for n in range(4)]
    record_each(AccessKind.FEED_READ, actor=clerk, subjects={None: {"messages": 2}, user.pk: {"code": "é", "n": 1}})
    return made


def tamper(sql: str, *parameters: object) -> None:
    """As somebody who owns the tables could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute(sql, parameters)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_journal", *arguments, stdout=out)
    return out.getvalue()


def test_what_is_read_back_is_what_was_signed(lines):
    request = RequestFactory().get("/", REMOTE_ADDR="::ffff:192.0.2.7")
    kept = record(AccessKind.SIGNED_IN, actor=None, request=request, deep={"a": [1, None, True, "x"]}, rate=0.5)
    for event in AccessEvent.objects.all():
        assert is_true(line_of(event), sign=sign), event
    assert AccessEvent.objects.get(pk=kept.pk).detail["rate"] == "0.5"


def test_an_intact_journal_is_said_so_and_sealing_again_changes_nothing(lines):
    assert "6 à sceller" in verified()
    assert seal_journal() == 6
    assert seal_journal() == 0
    said = verified()
    assert "Le journal est intact." in said
    assert re.search(r"6:[0-9a-f]{64}", said)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE security_accessevent SET reason = 'Autre' WHERE id = %s", "a été modifiée"),
        ("UPDATE security_accessevent SET actor_id = subject_id WHERE id = %s", "a été modifiée"),
        ("UPDATE security_accessevent SET at = at - interval '1 day' WHERE id = %s", "a été modifiée"),
        ("DELETE FROM security_accessevent WHERE id = %s", "a été retirée"),
        ("DELETE FROM security_journalseal WHERE line = %s", "le sceau manque"),
        ("UPDATE security_journalseal SET kind = 'journal.purge' WHERE line = %s", "ne suit pas le précédent"),
        (
            "INSERT INTO security_accessevent (at, kind, actor_label, reason, detail, request_id, mark) "
            "SELECT at, kind, actor_label, 'Faux', detail, request_id, mark FROM security_accessevent WHERE id = %s",
            "n'a pas été écrite par le portail",
        ),
        (
            "INSERT INTO security_accessevent (at, kind, actor_id, actor_label, subject_id, reason, detail, request_id, "
            "mark) SELECT at, kind, actor_id, actor_label, subject_id, reason, detail, request_id, mark "
            "FROM security_accessevent WHERE id = %s",
            "n'a pas été écrite par le portail",
        ),
    ],
)
def test_the_command_names_the_first_line_at_fault(lines, sql, said):
    seal_journal()
    tamper(sql, lines[1].pk)
    with pytest.raises(CommandError, match=said):
        verified()


def test_an_inserted_line_stays_foreign_once_sealed(lines):
    tamper(
        "INSERT INTO security_accessevent (at, kind, actor_label, reason, detail, request_id, mark) "
        "VALUES (now(), 'dossier.lecture', '', '', '{}', '', 'faux')"
    )
    seal_journal()
    with pytest.raises(CommandError, match="a été modifiée"):
        verified()


def test_the_end_rewritten_is_found_with_the_digest_noted_outside(lines):
    seal_journal()
    head = JournalSeal.objects.latest("position")
    assert "intact" in verified("--anchor", f"{head.position}:{head.digest.upper()}")
    tamper("DELETE FROM security_journalseal WHERE position = %s", head.position)
    tamper("DELETE FROM security_accessevent WHERE id = %s", head.line)
    assert "intact" in verified()  # the chain alone cannot know what came last
    with pytest.raises(CommandError, match="Rang 6 : l'empreinte notée"):
        verified("--anchor", f"{head.position}:{head.digest}")


@pytest.mark.parametrize("text", ["", "12", ":abc", "x:abc", "²:abc"])
def test_a_misread_anchor_is_refused(db, text):
    with pytest.raises(CommandError, match="n'est pas une empreinte"):
        verified("--anchor", text)


@pytest.mark.parametrize("text", ["Motif\r\n2026-11-24 FAUX", "a\u2028b", "\x1b[31m", "nul\x00", "\u202eabc", "\ud800"])
def test_a_line_break_or_a_control_never_enters(db, text):
    actor = UserFactory()
    actor.last_name = f"Du{text}"
    event = record(AccessKind.FILE_READ, actor=actor, reason=text, code=text)
    event.refresh_from_db()
    for kept in (event.reason, event.detail["code"], event.actor_label):
        assert kept.isprintable()


def test_a_numen_typed_as_a_reason_is_masked(db):
    numen = "19E" + "99" + "12345" + "abc"
    event = record(AccessKind.FILE_READ, actor=UserFactory(), reason=f"NUMEN {numen} vérifié", told=[numen])
    assert event.reason == "NUMEN [masqué] vérifié"
    assert numen not in str(AccessEvent.objects.values())


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_at_once_lose_nothing():
    user = UserFactory()

    def write() -> None:
        try:
            for _ in range(3):
                with transaction.atomic():
                    record(AccessKind.SIGNED_IN, actor=user, subject=user)
                seal_journal()
        finally:
            connection.close()

    writers = [Thread(target=write) for _ in range(50)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    seal_journal()
    assert AccessEvent.objects.count() == JournalSeal.objects.count() == 150
    assert journal_state().fault is None


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_sealed_when_it_ends():
    user = UserFactory()
    with transaction.atomic():
        record(AccessKind.SIGNED_IN, actor=user, subject=user)

        def meanwhile() -> None:
            record(AccessKind.SIGNED_OUT, actor=user, subject=user)
            seal_journal()
            connection.close()

        other = Thread(target=meanwhile)
        other.start()
        other.join()
    assert JournalSeal.objects.count() == 1
    assert seal_journal() == 1
    assert journal_state().fault is None


def test_sealing_costs_the_same_for_more_lines(lines):
    costs = []
    for number in (2, 60):
        for _ in range(number):
            record(AccessKind.SIGNED_IN, actor=None)
        with CaptureQueriesContext(connection) as queries:
            seal_journal()
        costs.append(len(queries))
    assert costs[0] == costs[1]
