"""The files of the state of the service: whatever they hold, reading never fails; a write is whole or not at all (K1)."""

import datetime as dt
import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status import incidents, maintenance, probes
from status.command import main
from status.files import StateProblem
from status.incidents import load, open_incident, update_incident

NOW = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SAID = {"level": "panne", "title": "Connexion impossible", "text": "Nous cherchons.", "now": NOW}


def test_an_incident_is_opened_told_of_and_closed(tmp_path):
    made = open_incident(tmp_path, **SAID)
    assert made.code == "20261125-1"
    assert open_incident(tmp_path, **SAID).code == "20261125-2"
    update_incident(tmp_path, code=made.code, text="Trouvé.", now=NOW + HOUR)
    closed = update_incident(tmp_path, code=made.code, text="Réparé.", now=NOW + 2 * HOUR, close=True)
    book = load(tmp_path)
    assert [one.code for one in book.current] == ["20261125-2"]
    assert closed in book.incidents
    assert [one.text for one in closed.updates] == ["Nous cherchons.", "Trouvé.", "Réparé."]
    with pytest.raises(StateProblem, match="est clos"):
        update_incident(tmp_path, code=made.code, text="Encore.", now=NOW)


def test_closed_incidents_are_kept_ninety_days_and_open_ones_for_ever(tmp_path):
    old = open_incident(tmp_path, **SAID)
    update_incident(tmp_path, code=old.code, text="Réparé.", now=NOW, close=True)
    still = open_incident(tmp_path, **SAID)
    later = open_incident(tmp_path, **SAID | {"now": NOW + dt.timedelta(91)})
    assert {one.code for one in load(tmp_path).incidents} == {still.code, later.code}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " \n"}, "Écrivez le titre"),
        ({"title": "x" * 151}, "dépasse 150 caractères"),
        ({"text": ""}, "Écrivez le texte"),
        ({"level": "grave"}, "n'est pas un niveau"),
        ({"level": "travaux"}, "un début et une fin"),
        ({"level": "travaux", "starts_at": NOW + HOUR, "ends_at": NOW}, "un début et une fin"),
        ({"level": "travaux", "starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR}, "à venir"),
    ],
)
def test_what_is_refused_writes_nothing(tmp_path, change, sentence):
    with pytest.raises(StateProblem, match=sentence):
        open_incident(tmp_path, **SAID | change)
    assert not (tmp_path / incidents.NAME).exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null x", '{"incidents": [{}]}', '{"incidents": 3}', "\x00", "é" * 10]
)
def test_a_file_that_cannot_be_understood_is_said_and_not_written_over(tmp_path, content):
    path = tmp_path / incidents.NAME
    path.write_text(content, encoding="utf-8")
    assert load(tmp_path).problem
    assert load(tmp_path).incidents == ()
    with pytest.raises(StateProblem):
        open_incident(tmp_path, **SAID)
    assert path.read_text(encoding="utf-8") == content


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["incidents", "code", "level", "title", "opened_at", "updates", "at", "text", "since", "until", "reason", "days"]
    ), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(JSON, st.binary(max_size=30))
def test_whatever_the_files_hold_reading_never_fails(tmp_path_factory, content, raw):
    folder = tmp_path_factory.mktemp("state")
    for text in (json.dumps(content).encode(), raw):
        for name in (incidents.NAME, maintenance.NAME, probes.NAME):
            (folder / name).write_bytes(text)
        assert isinstance(load(folder).problem, str)
        assert maintenance.load(folder) is None or maintenance.load(folder).since.tzinfo
        assert isinstance(probes.load(folder).days, dict)


def test_many_writers_lose_nothing(tmp_path):
    threads = [threading.Thread(target=open_incident, args=[tmp_path], kwargs=SAID) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.code for one in load(tmp_path).incidents}) == 12


def test_maintenance_is_a_file_and_a_broken_one_still_closes(tmp_path):
    assert maintenance.load(tmp_path) is None
    works = maintenance.start(tmp_path, until=NOW + HOUR, reason="Mise à  jour", now=NOW)
    assert maintenance.load(tmp_path) == works
    assert works.reason == "Mise à jour"
    (tmp_path / maintenance.NAME).write_text("{")
    assert maintenance.load(tmp_path) is not None
    assert maintenance.stop(tmp_path)
    assert not maintenance.stop(tmp_path)
    for until, reason in ((NOW, "x"), (NOW + HOUR, " ")):
        with pytest.raises(StateProblem):
            maintenance.start(tmp_path, until=until, reason=reason, now=NOW)


def test_the_commands_of_the_operator(tmp_path, capsys):
    def told(*arguments: str) -> tuple[int, str]:
        code = main(arguments[0], arguments[1:], tmp_path)
        out = capsys.readouterr()
        return code, out.out + out.err

    assert told("incident", "open", "gene", "Lenteurs", "Le portail est lent.")[0] == 0
    code = load(tmp_path).incidents[0].code
    assert "en cours : Lenteurs" in told("incident", "list")[1]
    assert told("incident", "update", code, "Cause trouvée.")[0] == 0
    assert "clos" in told("incident", "close", code, "Réparé.")[1]
    assert told("incident", "update", "20000101-1", "x") == (
        1, "✗ Aucun incident n'a le numéro 20000101-1. La commande « list » les donne.\n"
    )  # fmt: skip
    assert "Portail ouvert" in told("maintenance", "state")[1]
    assert "Portail fermé" in told("maintenance", "on", "--until", "2099-01-01T08:00", "--reason", "Mise à jour")[1]
    assert "jusqu'au 1er janvier 2099 à 8 h 00" in told("maintenance", "state")[1]
    assert "rouvert" in told("maintenance", "off")[1]
    with pytest.raises(SystemExit):
        told("maintenance", "on", "--until", "demain", "--reason", "x")
    assert "écrivez 2026-12-01T18:30" in capsys.readouterr().err
    (tmp_path / incidents.NAME).write_text("{")
    assert told("incident", "list")[0] == 1


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises((StateProblem, OSError)):
        maintenance.start(tmp_path / "file" / "below", until=NOW + HOUR, reason="x", now=NOW)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 200)), max_size=40))
def test_what_is_measured_is_what_was_probed(probed):
    record = probes.Record()
    for up, works, day in sorted(probed, key=lambda one: one[2]):
        record.add(probes.Answer(NOW + dt.timedelta(day), up), maintenance=works)
    if not probed:
        assert probes.share(record.counts(days=90, now=NOW)) is None
        return
    last = max(day for _, _, day in probed)
    now = NOW + dt.timedelta(last)
    kept = [(up, works) for up, works, day in probed if day > last - 90]
    counts = record.counts(days=90, now=now)
    assert counts == {
        "up": sum(up and not works for up, works in kept),
        "down": sum(not up and not works for up, works in kept),
        "maintenance": sum(works for _, works in kept),
    }
    assert record.since == NOW + dt.timedelta(min(day for _, _, day in probed))


def test_measures_survive_the_process(tmp_path):
    record = probes.Record()
    record.add(probes.Answer(NOW, True, 12), maintenance=False)
    probes.save(tmp_path, record)
    again = probes.load(tmp_path)
    assert (again.since, again.days) == (record.since, record.days)
