"""`siae_replay`: what it takes, what it says, and the file of corrected lines that completes a faulty load."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from career.enums import FeedDoor, QuarantineState
from career.models import CareerStep, FeedRun, QuarantinedMessage
from tests.career.feed.messages import FEED_TABLES, career_state, event, line, load

pytestmark = [pytest.mark.django_db, pytest.mark.req("S06")]
STEP = "career.step"


def replay(**options) -> str:
    out = StringIO()
    call_command("siae_replay", quiet=True, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def mended(monkeypatch):
    """Two runs with rejected steps: those of « certifies » pass now, that of « archivistes » never will."""
    with monkeypatch.context() as patch:
        patch.setattr("career.feed.checks.load_grids", lambda: type("Grids", (), {"corps": {}})())
        load(event("agent.upserted"), event(STEP, 2, ref="E2"), event(STEP, 3, ref="E3", corps="archivistes"))
        load(event(STEP, 4, ref="E4"), b"illisible\n")


def test_everything_is_replayed_and_told_by_code(mended):
    told = replay(all=True)

    assert "4 lignes lues" in told
    assert "2 appliquées, 0 déjà reçues, 2 rejetées." in told
    assert "       1  corps_inconnu — ex. ligne 3 : Le corps « archivistes »" in told
    assert "       1  json_illisible — ex. ligne 2 : " in told
    assert "Il reste 2 message(s) à traiter ou en attente de leur agent." in told
    assert CareerStep.objects.count() == 2


def test_one_run_or_one_code_alone(mended):
    first, second = FeedRun.objects.order_by("pk")
    assert "1 lignes lues" in replay(code="json_illisible")
    assert "2 lignes lues" in replay(run=str(first.pk), code="corps_inconnu")
    assert CareerStep.objects.get().ref == "E2"
    assert "2 lignes lues" in replay(run=str(second.pk))
    assert CareerStep.objects.count() == 2


def test_a_dry_run_tells_the_same_and_keeps_nothing(mended):
    before = career_state(), FeedRun.objects.count()
    told = replay(all=True, dry_run=True)

    assert "2 appliquées, 0 déjà reçues, 2 rejetées." in told
    assert "Il resterait 2 message(s)" in told
    assert "Essai à blanc : rien n'a été gardé." in told
    assert (career_state(), FeedRun.objects.count()) == before


def test_an_empty_quarantine_is_no_error():
    assert "Aucun message rejeté à rejouer : rien n'a été écrit." in replay(all=True)
    assert not FeedRun.objects.exists()


def test_what_others_settled_meanwhile_is_told(mended, monkeypatch):
    chosen = list(QuarantinedMessage.objects.values_list("pk", flat=True))
    monkeypatch.setattr("career.management.commands.siae_replay.replay_order", lambda rows: chosen)
    QuarantinedMessage.objects.update(state=QuarantineState.REPLAYED)
    assert "traités entre-temps" in replay(all=True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Rien n'est choisi"),
        ({"all": True, "code": "x"}, "--code et --all ne vont pas ensemble"),
        ({"file": Path("f"), "run": "1"}, "--run et --file ne vont pas ensemble"),
        ({"run": "0"}, "pas de chargement n° 0"),
        ({"run": "9" * 30}, "pas de chargement n° 9"),
        ({"run": "٣"}, "pas de chargement"),
        ({"code": "inconnu"}, "Codes présents : corps_inconnu, json_illisible."),
        ({"file": Path("absent.ndjson")}, "n'existe pas"),
    ],
)
def test_what_cannot_be_done_says_what_why_and_what_next(mended, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        replay(**options)


def test_a_code_when_the_quarantine_is_empty():
    with pytest.raises(CommandError, match="La quarantaine est vide"):
        replay(code="uai_cle")


def test_a_file_tried_first_then_replayed_once(mended, tmp_path):
    file = tmp_path / "corrigees.ndjson"
    file.write_bytes(line(event(STEP, 3, ref="E3")) + line(event(STEP, 9, ref="E9", corps="archivistes")))
    assert "1 appliquées, 0 déjà reçues, 1 rejetées." in replay(file=file, dry_run=True)
    assert CareerStep.objects.count() == 0

    told = replay(file=file)

    assert "1 appliquées, 0 déjà reçues, 1 rejetées." in told
    assert "       1  corps_inconnu — ex. ligne 2" in told
    run = FeedRun.objects.latest("pk")
    assert (run.door, run.file_name, run.state) == (FeedDoor.REPLAY, "corrigees.ndjson", "termine")
    assert "a déjà été chargé" in replay(file=file)


@pytest.mark.req("S02")
def test_the_corrected_file_completes_a_faulty_load_as_if_it_had_been_clean(tmp_path):
    def generate(name: str, **options):
        file = tmp_path / name
        call_command("siae_generate", agents=60, seed=8, out=file, quiet=True, stdout=StringIO(), **options)
        call_command("siae_load", file, quiet=True, stdout=StringIO())

    generate("juste.ndjson")
    clean = career_state()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL iprof.retention = 'on'")  # as the retention job does
        cursor.execute(f"DELETE FROM {'; DELETE FROM '.join(FEED_TABLES[1:])}")  # noqa: S608
        cursor.execute("DELETE FROM career_agent")
    generate("fautif.ndjson", bad=0.01)
    wrong = QuarantinedMessage.objects.count()
    assert wrong >= 10
    assert career_state() != clean

    told = replay(file=tmp_path / "fautif.corrected.ndjson")

    assert f"{wrong} appliquées, 0 déjà reçues, 0 rejetées." in told
    assert "Il reste 0 message(s)" in told
    assert set(QuarantinedMessage.objects.values_list("state", flat=True)) == {QuarantineState.REPLAYED}
    quarantine = FEED_TABLES[-1]
    assert {t: r for t, r in career_state().items() if t != quarantine} == {
        t: r for t, r in clean.items() if t != quarantine
    }
