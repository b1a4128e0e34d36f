"""What the messages make of a career: landed once, newest wins, rectified, refused one by one by the database."""

import datetime as dt
from decimal import Decimal

import pytest

from career.enums import QuarantineState
from career.feed.inbox import ingest
from career.models import Agent, Assignment, CareerStep, FeedRun, InboxMessage, QuarantinedMessage, Training
from iprof.web.crypto import lookup_digest, unseal
from security.models import User
from tests.career.feed.messages import DATA, MATRICULE, career_state, event, line, load, numen
from tests.factories.career import EstablishmentFactory, uai

pytestmark = [pytest.mark.django_db, pytest.mark.req("S02", "S06")]


def test_a_whole_career_lands_and_opens_an_account():
    post = EstablishmentFactory(uai=uai(519_001))
    verdicts = load(*(event(kind, seq) for seq, kind in enumerate(DATA, 1) if kind != "left.cancelled"))

    assert {v.status for v in verdicts} == {"applied"}
    agent = Agent.objects.get(matricule=MATRICULE)
    assert (agent.user.username, agent.sort_key, agent.left_on) == ("mdurand", "durand maelle", dt.date(2026, 9, 1))
    assert agent.steps.get().echelon == 6
    assert agent.assignments.get().establishment == post
    assert agent.assignments.get().quotity == Decimal(80)
    assert agent.family_situations.get().children_birthdates == [dt.date(2020, 1, 9)]
    assert agent.service_periods.get().hsa == 1
    assert (agent.diplomas.count(), agent.evaluations.count(), agent.arretes.count()) == (1, 1, 1)
    assert InboxMessage.objects.count() == len(verdicts)


def test_the_notifications_of_an_evaluation_may_come_later():
    load(event("agent.upserted"), event("evaluation.recorded", 2))
    found = Agent.objects.get(matricule=MATRICULE).evaluations.get()
    assert (found.report_notified_on, found.notified_on) == (None, None)
    load(event("evaluation.recorded", 3, report_notified_on="2024-05-18", notified_on="2024-09-14"))
    found.refresh_from_db()
    assert (found.report_notified_on, found.notified_on) == (dt.date(2024, 5, 18), dt.date(2024, 9, 14))


def test_a_message_received_twice_is_applied_once():
    load(event("agent.upserted"), event("career.step", 2))
    before = career_state()
    verdicts = load(event("agent.upserted"), event("career.step", 2), event("career.step", 2))

    assert [v.status for v in verdicts] == ["repeated"] * 3
    assert career_state() == before


def test_another_message_under_a_known_id_is_refused():
    first = event("career.step", 2)
    load(event("agent.upserted"), first)
    verdicts = load(event("career.step", 3, id=first["id"], ref="ECH-2"))

    assert [(v.status, v.code, v.field) for v in verdicts] == [("quarantined", "identifiant_reutilise", "id")]
    assert verdicts[0].reason.startswith("Cet identifiant désigne déjà un autre message.")
    assert CareerStep.objects.count() == 1


def test_the_same_message_sent_under_a_new_id_settles_the_refused_one():
    first = event("career.step", 2)
    load(event("agent.upserted"), first, event("career.step", 3, id=first["id"], ref="ECH-2"))
    load(event("career.step", 3, ref="ECH-2"))

    assert QuarantinedMessage.objects.get().state == QuarantineState.REPLAYED
    assert CareerStep.objects.count() == 2


def test_an_older_message_never_hides_a_newer_one():
    load(event("agent.upserted"), event("career.step", 5, echelon=7))
    load(event("career.step", 4, echelon=6))

    assert CareerStep.objects.get().echelon == 7


def test_a_rectification_marks_the_fact_and_a_newer_message_brings_it_back():
    load(event("agent.upserted"), event("career.step", 2))
    load(event("career.step.cancelled", 3, reason="Saisie en double"))
    assert CareerStep.objects.get().cancelled

    load(event("career.step", 4, echelon=7))
    step = CareerStep.objects.get()
    assert (step.cancelled, step.echelon) == (False, 7)


def test_a_rectification_that_comes_before_its_fact_still_wins():
    load(event("agent.upserted"), event("training.cancelled", 9, ref="FOR-1"))
    load(event("training.recorded", 3))

    assert Training.objects.get().cancelled


def test_a_departure_can_be_taken_back():
    load(event("agent.upserted"), event("agent.left", 2))
    load(event("left.cancelled", 3))

    agent = Agent.objects.get()
    assert (agent.left_on, agent.left_reason) == (None, "")


def test_messages_before_the_agent_wait_for_it():
    verdicts = load(event("career.step", 2), event("assignment.upserted", 3))
    assert {(v.status, v.code) for v in verdicts} == {("quarantined", "agent_inconnu")}
    assert set(QuarantinedMessage.objects.values_list("state", flat=True)) == {QuarantineState.WAITING}

    load(event("agent.upserted", 1))
    assert set(QuarantinedMessage.objects.values_list("state", flat=True)) == {QuarantineState.REPLAYED}
    assert (CareerStep.objects.count(), Assignment.objects.count()) == (1, 1)


def test_a_file_told_backwards_counts_nobody_as_refused():
    run = FeedRun.objects.create(door="fichier")
    ingest(map(line, (event("career.step", 2), event("agent.upserted", 1))), run=run, chunk_lines=1)

    run.refresh_from_db()
    assert (run.lines_read, run.applied, run.quarantined) == (2, 2, 0)


def test_what_waited_and_can_no_longer_be_applied_is_left_to_people():
    load(event("career.step", 2))
    waiting = QuarantinedMessage.objects.get()
    InboxMessage.objects.create(
        source="siae", message_id=waiting.message_id, seq=2, type="career.step", matricule="B1",
        time="2026-09-01T00:00:00Z", payload={}, digest="0" * 32, run=waiting.run,
    )  # fmt: skip
    load(event("agent.upserted", 1))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.code) == (QuarantineState.OPEN, "identifiant_reutilise")


def test_the_database_refuses_one_value_and_keeps_the_others(monkeypatch):
    """Were a check missing, the constraint would name the line: the batch is halved until it is alone."""
    monkeypatch.setattr("career.feed.reader.CHECKS", {})
    good = [event("diploma.recorded", n, ref=f"DIP-{n}") for n in range(2, 12)]
    bad = event("arrete.published", 20, published_on="2024-01-01")
    verdicts = load(event("agent.upserted"), *good[:5], bad, *good[5:])

    refused = [v for v in verdicts if v.status == "quarantined"]
    assert [(v.code, v.line_number) for v in refused] == [("refus_base", 7)]
    assert "arrete_published_after_signed" in refused[0].reason
    assert Agent.objects.get().diplomas.count() == 10
    assert FeedRun.objects.get().applied == 11


@pytest.mark.req("D36")
def test_the_numen_is_sealed_found_by_its_digest_and_opens_the_account():
    load(event("agent.upserted", numen=numen(7)))

    agent = Agent.objects.get()
    assert unseal(agent.numen_sealed, context="numen") == numen(7)
    assert agent.numen_digest == lookup_digest(numen(7), context="numen")
    assert agent.user.activation_digest == lookup_digest(numen(7), context="activation")
    assert numen(7) not in str(career_state())


def test_a_newer_numen_opens_the_account_that_waits():
    load(event("agent.upserted", numen=numen(7)))
    load(event("agent.upserted", 2, numen=numen(8), last_name="Martin"))

    user = User.objects.get()
    assert (user.username, user.last_name) == ("mdurand", "Martin")
    assert user.activation_digest == lookup_digest(numen(8), context="activation")


def test_somebody_elses_numen_is_refused_whichever_way_it_comes():
    load(event("agent.upserted", numen=numen(7)))
    later = load(event("agent.upserted", 2, agent="B2", numen=numen(7)), event("career.step", 3, agent="B2"))
    together = load(
        event("agent.upserted", 4, agent="C3", numen=numen(9)), event("agent.upserted", 5, agent="C4", numen=numen(9))
    )

    assert [(v.status, v.code) for v in later] == [
        ("quarantined", "numen_autre_agent"),
        ("quarantined", "agent_inconnu"),
    ]
    assert [v.code for v in together] == ["", "numen_autre_agent"]
    assert set(Agent.objects.values_list("matricule", flat=True)) == {MATRICULE, "C3"}
    assert numen(7) not in " ".join(v.reason for v in later)


@pytest.mark.req("S19")
def test_homonyms_of_one_batch_take_their_logins_in_the_order_of_the_source():
    load(*(event("agent.upserted", 30 - n, agent=f"A{n}") for n in range(3)))

    logins = dict(Agent.objects.values_list("matricule", "user__username"))
    assert sorted(logins, key=lambda matricule: (len(logins[matricule]), logins[matricule])) == ["A2", "A1", "A0"]
