"""Rejected messages replayed, corrected, dismissed: settled only by what got in, once, and journalled."""

import json
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from career.enums import FeedDoor, QuarantineState, RunState
from career.feed.masking import MASK, mask_line
from career.feed.quarantine import raw_line
from career.models import Agent, CareerStep, FeedRun, InboxMessage, QuarantinedMessage
from career.services import quarantine as services
from career.services.corrected_lines import correct_message, read_line_of
from career.services.quarantine import dismiss_message, replay_messages
from iprof.kernel.errors import DomainError
from iprof.web.crypto import UnreadableSecret, unseal
from security.enums import AccessKind, Role
from security.models import AccessEvent
from security.selectors import reads_by_others
from tests.career.feed.messages import MATRICULE, event, load, numen
from tests.factories.accounts import staff

pytestmark = [pytest.mark.django_db, pytest.mark.req("S06")]
STEP = "career.step"


def rejected(*messages) -> QuarantinedMessage:
    """The last rejected row after loading the messages."""
    load(*messages)
    return QuarantinedMessage.objects.latest("pk")


def replay(*rows, **options):
    return replay_messages(pks=[row.pk for row in rows], **options)


def corrected(row, **changes) -> str:
    """What a person sends back: the masked line with some fields of its data changed."""
    message = json.loads(mask_line(raw_line(row)))
    message["data"] |= changes
    return json.dumps(message, ensure_ascii=False, indent=2)


@pytest.fixture
def law(monkeypatch):
    """Until `law()` the nomenclature lacks every corps; then it is up to date."""
    with monkeypatch.context() as patch:
        patch.setattr("career.feed.checks.load_grids", lambda: type("Grids", (), {"corps": {}})())
        row = rejected(event("agent.upserted"), event(STEP))
    assert row.code == "corps_inconnu"
    return row


@pytest.fixture
def by():
    return staff(Role.IT)


def test_a_message_whose_cause_was_mended_is_applied(law, by):
    result = replay(law, by=by)

    assert (result.applied, result.repeated, result.refused) == (1, 0, {})
    assert (result.run.door, result.run.state, result.run.lines_read, result.run.applied) == ("rejeu", "termine", 1, 1)
    law.refresh_from_db()
    assert (law.state, law.settled_by) == (QuarantineState.REPLAYED, by)
    assert law.settled_at is not None
    assert CareerStep.objects.get().agent.matricule == MATRICULE


def test_a_second_replay_applies_nothing_and_leaves_no_run(law):
    replay(law)
    runs = FeedRun.objects.count()

    assert replay(law).run is None
    assert FeedRun.objects.count() == runs
    assert InboxMessage.objects.filter(type=STEP).count() == 1


def test_what_is_still_wrong_stays_open_with_the_reason_of_today(by):
    row = rejected(event("agent.upserted"), event(STEP, corps="archivistes"))
    QuarantinedMessage.objects.update(code="ancien_code", reason="Ancien motif.", field="ancien")
    result = replay(row, by=by)

    row.refresh_from_db()
    assert result.refused == {"corps_inconnu": 1}
    assert (row.state, row.code, row.field) == (QuarantineState.OPEN, "corps_inconnu", "corps")
    assert "archivistes" in row.reason
    assert row.settled_by is None
    assert QuarantinedMessage.objects.count() == 1


def test_the_agent_who_comes_in_the_same_replay_brings_what_waits(by, monkeypatch):
    monkeypatch.setattr(services, "CHUNK_ROWS", 1)
    waiting = rejected(event(STEP))
    assert waiting.state == QuarantineState.WAITING
    assert replay(waiting).refused == {"agent_inconnu": 1}
    with monkeypatch.context() as patch:
        patch.setattr("career.feed.checks.YOUNGEST_ENTRY_YEARS", 99)
        agent = rejected(event("agent.upserted"))
    replay(agent, waiting, by=by)

    assert set(QuarantinedMessage.objects.values_list("state", flat=True)) == {QuarantineState.REPLAYED}
    assert CareerStep.objects.count() == 1


def test_a_message_known_already_settles_its_row(law, by):
    load(event(STEP))
    QuarantinedMessage.objects.update(state=QuarantineState.OPEN, settled_at=None)
    result = replay(law, by=by)

    law.refresh_from_db()
    assert (result.applied, result.repeated) == (0, 1)
    assert (law.state, law.settled_by) == (QuarantineState.REPLAYED, by)


def test_a_wrong_line_and_its_correction_replayed_together_are_both_settled(law):
    wrong = rejected(event(STEP, corps="archivistes"))
    replay(wrong, law)
    assert set(QuarantinedMessage.objects.values_list("state", flat=True)) == {QuarantineState.REPLAYED}


def test_two_messages_under_one_id_are_not_taken_for_one(monkeypatch):
    first, second = event(STEP, 2), event(STEP, 2, echelon=7)
    load(first)
    load(second)  # both wait for their agent
    rows = list(QuarantinedMessage.objects.order_by("pk"))
    assert [row.state for row in rows] == ["en_attente", "en_attente"]
    with monkeypatch.context() as patch:
        patch.setattr("career.feed.inbox.release_waiting", lambda matricules, run: None)
        load(event("agent.upserted"))
    replay(*rows)

    for row in rows:
        row.refresh_from_db()
    assert [(row.state, row.code) for row in rows] == [
        ("rejoue", "agent_inconnu"),
        ("a_traiter", "identifiant_reutilise"),
    ]


def test_bytes_that_are_no_text_stay_one_row():
    row = rejected(b'{"id": "\xff\xfe"}\n')
    replay(row)
    assert QuarantinedMessage.objects.get().digest == row.digest


def test_a_line_sealed_with_another_key_says_so_and_stops_nothing(law, by):
    other = rejected(event(STEP, 3, corps="archivistes"))
    QuarantinedMessage.objects.filter(pk=other.pk).update(raw_sealed=b"0" * 40)
    result = replay(law, other)

    assert result.applied == 1
    assert result.refused == {"ligne_scellee": 1}
    other.refresh_from_db()
    assert other.state == QuarantineState.OPEN
    with pytest.raises(UnreadableSecret):
        read_line_of(row=other, by=by)


def test_a_replay_that_stops_says_so(law, monkeypatch):
    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "replay_rows", stop)
    with pytest.raises(KeyboardInterrupt):
        replay(law)
    run = FeedRun.objects.get(door=FeedDoor.REPLAY)
    assert (run.state, run.error) == (RunState.FAILED, "KeyboardInterrupt")


@pytest.mark.req("D20")
def test_what_a_person_does_is_told_to_the_agent(law, by):
    read_line_of(row=law, by=by)
    replay(law, by=by)
    row = rejected(event(STEP, 4, corps="archivistes"))
    dismiss_message(row=row, reason="Envoyé par erreur", by=by)

    user = Agent.objects.get().user
    seen = list(reads_by_others(user).values_list("kind", "actor", "reason"))
    assert seen == [
        (AccessKind.FEED_DISMISSED, by.pk, "Envoyé par erreur"),
        (AccessKind.FEED_REPLAYED, by.pk, ""),
        (AccessKind.FEED_READ, by.pk, ""),
    ]


@pytest.mark.req("D20")
def test_reading_what_is_about_oneself_leaves_no_trace(law):
    read_line_of(row=law, by=Agent.objects.get().user)
    assert not AccessEvent.objects.filter(kind=AccessKind.FEED_READ).exists()


def test_a_replay_leaves_one_trace_a_person_whatever_the_number_of_messages(by):
    load(event("agent.upserted"), *(event(STEP, n, corps="x", ref=f"E{n}") for n in range(2, 9)), b"illisible\n")
    replay(*QuarantinedMessage.objects.all(), by=by)

    traces = AccessEvent.objects.filter(kind=AccessKind.FEED_REPLAYED)
    assert {(trace.subject_id, trace.detail["messages"]) for trace in traces} == {
        (Agent.objects.get().user_id, 7),
        (None, 1),
    }


@pytest.mark.req("D36")
def test_a_correction_keeps_the_numen_that_stays_masked(by):
    row = rejected(event("agent.upserted", numen=numen(7), entered_on="1990-09-01"))
    text = corrected(row, entered_on="2017-09-01")
    assert numen(7) not in text
    assert MASK in text
    run, verdict = correct_message(row=row, text=text, by=by)

    assert verdict.status == "applied"
    assert unseal(bytes(Agent.objects.get().numen_sealed), context="numen") == numen(7)
    row.refresh_from_db()
    assert (row.state, row.settled_by, row.note) == ("rejoue", by, "Appliqué après correction.")
    assert (run.door, run.state, run.applied) == ("rejeu", "termine", 1)
    assert AccessEvent.objects.get(kind=AccessKind.FEED_REPLAYED).detail["corrected"] == "dates_desordonnees"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "json_illisible"),
        ("{", "json_illisible"),
        ("[" * 5000, "json_illisible"),
        ('{"a": ' + "9" * 5000, "json_illisible"),
        ("\ud800", "json_illisible"),
        ("[1]", "champ_invalide"),
        (f'{{"id": "{MASK}"}}', "masque_restant"),
    ],
)
def test_a_refused_correction_changes_nothing_and_says_why(by, text, code):
    row = rejected(event("agent.upserted"), event(STEP, corps="archivistes"))
    before = FeedRun.objects.count(), QuarantinedMessage.objects.values().get()
    with pytest.raises(DomainError) as refused:
        correct_message(row=row, text=text, by=by)

    assert refused.value.code == "correction_refused"
    assert refused.value.params["problem"].code == code
    assert refused.value.params["problem"].reason.endswith(".")
    assert (FeedRun.objects.count(), QuarantinedMessage.objects.values().get()) == before


def test_the_place_where_the_json_breaks_is_told(by):
    row = rejected(event("agent.upserted"), event(STEP, corps="archivistes"))
    with pytest.raises(DomainError) as refused:
        correct_message(row=row, text='{\n  "id": x\n}', by=by)
    assert "à la ligne 2, colonne 9" in refused.value.params["problem"].reason


def test_a_correction_the_base_refuses_changes_nothing(by):
    load(event("agent.upserted", numen=numen(1)))
    row = rejected(event("agent.upserted", agent="B7", numen="COURT"))
    with pytest.raises(DomainError) as refused:
        correct_message(row=row, text=corrected(row, numen=numen(1)), by=by)

    assert refused.value.params["problem"].code == "numen_autre_agent"
    assert QuarantinedMessage.objects.count() == 1
    assert not FeedRun.objects.filter(door=FeedDoor.REPLAY).exists()


def test_a_correction_whose_agent_is_not_there_waits_for_it(by):
    row = rejected(event(STEP, corps="archivistes"))
    _, verdict = correct_message(row=row, text=corrected(row, corps="certifies"), by=by)

    assert verdict.code == "agent_inconnu"
    row.refresh_from_db()
    assert (row.state, row.settled_by) == (QuarantineState.DISMISSED, by)
    assert QuarantinedMessage.objects.exclude(pk=row.pk).get().state == QuarantineState.WAITING
    load(event("agent.upserted"))
    assert CareerStep.objects.get().corps == "certifies"


def test_sending_a_waiting_line_back_unchanged_leaves_it_waiting(by):
    row = rejected(event(STEP))
    text = raw_line(row)
    correct_message(row=row, text=text, by=by)  # laid out otherwise, the same line
    waiting = QuarantinedMessage.objects.get(state=QuarantineState.WAITING)
    correct_message(row=waiting, text=raw_line(waiting), by=by)
    assert QuarantinedMessage.objects.filter(state=QuarantineState.WAITING).count() == 1


def test_nobody_corrects_or_dismisses_what_is_about_themselves():
    row = rejected(event("agent.upserted"), event(STEP, corps="archivistes"))
    myself = Agent.objects.get().user
    for act in (
        lambda: dismiss_message(row=row, reason="Je n'en veux pas", by=myself),
        lambda: correct_message(row=row, text=corrected(row, corps="agreges"), by=myself),
    ):
        with pytest.raises(DomainError, match="message_own"):
            act()
    elsewhere = rejected(event(STEP, 5, agent="Z9", corps="archivistes"))
    text = corrected(elsewhere, corps="certifies").replace("Z9", MATRICULE)
    with pytest.raises(DomainError, match="message_own"):
        correct_message(row=elsewhere, text=text, by=myself)


def test_a_dismissed_message_says_why_and_may_still_be_replayed(law, by):
    with pytest.raises(DomainError, match="reason_missing"):
        dismiss_message(row=law, reason="  ok ", by=by)
    dismiss_message(row=law, reason="Doublon du message précédent", by=by)
    law.refresh_from_db()
    assert (law.state, law.note, law.settled_by) == ("ecarte", "Doublon du message précédent", by)
    with pytest.raises(DomainError, match="message_settled"):
        dismiss_message(row=law, reason="Une fois encore", by=by)
    assert replay(law, by=by).applied == 1
    for act in (dismiss_message, correct_message):
        with pytest.raises(DomainError, match="message_settled"):
            act(row=law, by=by, **({"reason": "Trop tard"} if act is dismiss_message else {"text": "{}"}))


def test_the_base_refuses_a_dismissal_without_reason(law):
    with pytest.raises(IntegrityError, match="quarantine_dismissed_says_why"), transaction.atomic():
        QuarantinedMessage.objects.filter(pk=law.pk).update(state=QuarantineState.DISMISSED)


@pytest.mark.django_db(transaction=True)
def test_two_people_and_a_load_at_once_apply_a_message_once(law):
    """The load settles rows while it holds the turn: a replay that locked rows first would wait for it in a circle."""
    results, errors = [], []
    start = threading.Barrier(5)

    def work(act):
        try:
            start.wait(10)
            results.append(act())
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    acts = [lambda: replay(law)] * 3 + [lambda: load(event(STEP))] * 2
    threads = [threading.Thread(target=work, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert errors == []
    assert len(results) == 5
    assert InboxMessage.objects.filter(type=STEP).count() == 1
    law.refresh_from_db()
    assert law.state == QuarantineState.REPLAYED


def test_the_cost_of_a_replay_does_not_grow_with_the_rows(django_assert_max_num_queries, by):
    load(event("agent.upserted"), *(event(STEP, n, corps="x", ref=f"E{n}") for n in range(2, 60)))
    rows = list(QuarantinedMessage.objects.all())
    with django_assert_max_num_queries(30):
        replay(*rows, by=by)
