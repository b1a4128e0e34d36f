"""Loading files by the command: once, again, with faults, corrected, unreadable, and told on the screen."""

import gzip
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from career.enums import QuarantineState, RunState
from career.feed.loader import load_file
from career.models import Agent, FeedRun, QuarantinedMessage
from tests.career.feed.messages import FEED_TABLES, career_state, event, line

pytestmark = [pytest.mark.django_db, pytest.mark.req("S02", "S06")]
AGENTS = 40


def generate(path, **options):
    call_command("siae_generate", agents=AGENTS, seed=3, out=path, quiet=True, stdout=StringIO(), **options)
    return path


def load(path, **options) -> str:
    out = StringIO()
    call_command("siae_load", path, quiet=True, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def feed(tmp_path):
    return generate(tmp_path / "flux.ndjson")


def test_a_file_loads_whole_and_says_so(feed):
    told = load(feed)

    lines = feed.read_bytes().count(b"\n")
    assert f"{lines} lignes lues" in told
    assert f"{lines} appliquées, 0 déjà reçues, 0 rejetées." in told
    assert Agent.objects.count() == AGENTS


def test_a_second_load_of_the_same_file_writes_nothing_and_says_so(feed):
    load(feed)
    before = career_state(), FeedRun.objects.count()
    with CaptureQueriesContext(connection) as queries:
        told = load(feed)

    assert "a déjà été chargé" in told
    assert "rien n'a été écrit" in told
    assert (career_state(), FeedRun.objects.count()) == before
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE", "COPY"))] == []


def test_the_same_messages_in_another_file_change_no_career(feed, tmp_path):
    load(feed)
    before = career_state()
    other = tmp_path / "copie.ndjson"
    other.write_bytes(feed.read_bytes() + b"\n")
    told = load(other)

    assert "0 appliquées" in told
    assert "Aucune donnée nouvelle : rien n'a été écrit dans les dossiers." in told
    assert career_state() == before


def test_reading_a_loaded_file_again_by_force_changes_no_career(feed):
    load(feed)
    before = career_state()
    assert "0 appliquées" in load(feed, force=True)
    assert career_state() == before


def test_a_packed_file_is_the_same_as_a_plain_one(feed, tmp_path):
    packed = tmp_path / "flux.ndjson.gz"
    packed.write_bytes(gzip.compress(feed.read_bytes()))
    load(packed)
    assert Agent.objects.count() == AGENTS


def test_one_bad_row_in_a_hundred_leaves_the_others_in_and_the_corrected_file_completes_them(tmp_path):
    good = generate(tmp_path / "juste.ndjson", bad=0)
    load(good)
    whole = career_state()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL iprof.retention = 'on'")  # as the retention job does
        cursor.execute(f"DELETE FROM {'; DELETE FROM '.join(FEED_TABLES[1:])}")  # noqa: S608
        cursor.execute("DELETE FROM career_agent")
    faulty = generate(tmp_path / "fautif.ndjson", bad=0.1)
    corrected = tmp_path / "fautif.corrected.ndjson"
    wrong = corrected.read_bytes().count(b"\n")
    assert wrong > 50

    told = load(faulty)
    lines = faulty.read_bytes().count(b"\n")
    assert f"{lines - wrong} appliquées, 0 déjà reçues, {wrong} rejetées." in told
    codes = set(QuarantinedMessage.objects.values_list("code", flat=True))
    assert codes == {"json_illisible", "corps_inconnu", "dates_desordonnees", "uai_cle", "identifiant_reutilise"}
    for code in codes:
        assert code in told

    assert f"{wrong} appliquées, 0 déjà reçues, 0 rejetées." in load(corrected)
    assert set(QuarantinedMessage.objects.values_list("state", flat=True)) == {QuarantineState.REPLAYED}
    facts = {table: rows for table, rows in career_state().items() if table not in ("career_quarantinedmessage",)}
    assert {t: r for t, r in facts.items() if t != "career_inboxmessage"} == {
        t: r for t, r in whole.items() if t not in ("career_quarantinedmessage", "career_inboxmessage")
    }


def test_the_same_bad_row_again_is_kept_once(tmp_path):
    for name in ("a.ndjson", "b.ndjson"):
        (tmp_path / name).write_bytes(line(event("career.step", corps="archivistes")) + name.encode() + b"\n")
        load(tmp_path / name)
    assert QuarantinedMessage.objects.filter(code="corps_inconnu").count() == 1


def test_a_missing_or_unreadable_file_is_told_in_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="n'existe pas"):
        load(tmp_path / "absent.ndjson")
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        load(tmp_path)
    cut = tmp_path / "coupe.ndjson.gz"
    cut.write_bytes(gzip.compress(line(event("agent.upserted")) * 500)[:60])
    with pytest.raises(CommandError, match="est incomplet ou abîmé"):
        load(cut)


def test_a_load_that_stops_says_so_and_is_taken_up_again(feed, monkeypatch):
    def stop(lines):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_file(feed, on_progress=stop, chunk_lines=200)
    assert FeedRun.objects.get().state == RunState.FAILED
    result = load_file(feed, chunk_lines=200)

    assert result.run.state == RunState.DONE
    assert result.run.repeated == 200
    assert Agent.objects.count() == AGENTS
