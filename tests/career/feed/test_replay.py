"""siae_replay and the replay service: completes a bad file, twice the same, two at once (S06)."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from career.enums import QuarantineState
from career.feed.checks import CHECKS
from career.feed.replay import replay
from career.models import CareerStep, Diploma, FeedRun, QuarantinedMessage
from tests.career.feed.messages import FEED_TABLES, career_state, event, load

pytestmark = [pytest.mark.django_db, pytest.mark.req("S02", "S06")]

CAREERS = tuple(table for table in FEED_TABLES if table != "career_quarantinedmessage")


def command(**options) -> str:
    out = StringIO()
    call_command("siae_replay", quiet=True, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_corrected_file_completes_a_spoiled_load(tmp_path):
    feed = tmp_path / "flux.ndjson"
    call_command("siae_generate", agents=120, seed=3, bad=0.05, out=feed, quiet=True, stdout=StringIO())
    corrected = tmp_path / "flux.corrected.ndjson"
    wrong = sum(1 for _ in corrected.open())
    assert wrong > 20
    call_command("siae_load", feed, quiet=True, stdout=StringIO())
    open_rows = QuarantinedMessage.objects.filter(state__in=["a_traiter", "en_attente"])
    assert open_rows.count() == wrong

    told = command(file=corrected)
    assert f"{wrong} message(s) rejoués : {wrong} appliqués, 0 déjà reçus, 0 encore rejetés." in told
    assert "La quarantaine est vide." in told
    assert not open_rows.exists()
    assert "rien n'a été écrit" in command(file=corrected)
    completed = career_state(CAREERS)

    call_command("flush", interactive=False, stdout=StringIO())
    clean = tmp_path / "clean.ndjson"
    call_command("siae_generate", agents=120, seed=3, out=clean, quiet=True, stdout=StringIO())
    call_command("siae_load", clean, quiet=True, stdout=StringIO())
    assert completed == career_state(CAREERS)


def test_what_the_cause_no_longer_stops_is_applied(monkeypatch):
    load(event("agent.upserted"), event("career.step", corps="archivistes"), event("diploma.recorded"))
    run = FeedRun.objects.get()
    assert "1 message(s) seraient rejoués." in command(run=run.pk, dry_run=True)
    assert "0 appliqués, 0 déjà reçus, 1 encore rejetés." in command(run=run.pk)
    monkeypatch.setitem(CHECKS, "career.step", lambda data: None)
    assert "1 appliqués" in command(code="corps_inconnu")
    assert CareerStep.objects.count() == 1
    assert "Aucun message à rejouer." in command(all=True)
    (row,) = QuarantinedMessage.objects.all()
    assert (row.state, row.settled_by) == (QuarantineState.REPLAYED, None)


def test_bytes_that_are_no_text_are_replayed_without_a_second_row():
    load(event("agent.upserted"), b'{"id": "\xff\xfe')
    command(all=True)
    assert QuarantinedMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"run": 987654}, "Aucun chargement n'a le numéro 987654"),
        ({"code": "fantaisie"}, "Aucun message n'est rejeté sous « fantaisie »"),
        ({"file": "absent.ndjson"}, "ne peut pas être lu"),
        ({}, "one of the arguments"),
        ({"all": True, "code": "x"}, "not allowed with"),
    ],
)
def test_a_wrong_call_is_told(options, said):
    arguments = [
        part for key, value in options.items() for part in ([f"--{key}"] if value is True else [f"--{key}", str(value)])
    ]
    with pytest.raises((CommandError, SystemExit)) as caught:
        call_command("siae_replay", *arguments, stdout=StringIO())
    assert isinstance(caught.value, CommandError)
    assert said in str(caught.value)


@pytest.mark.django_db(transaction=True)
def test_two_people_replaying_at_once_apply_once():
    load(event("agent.upserted"))
    load(event("diploma.recorded", agent="A0000077"))
    QuarantinedMessage.objects.update(state=QuarantineState.OPEN)
    load(event("agent.upserted", agent="A0000077"))

    def one(_):
        try:
            return replay(rows=QuarantinedMessage.objects.all()).applied
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(one, range(2))) == 1
    assert Diploma.objects.count() == 1
    assert QuarantinedMessage.objects.get().state == QuarantineState.REPLAYED
