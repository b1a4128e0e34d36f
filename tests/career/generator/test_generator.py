"""The fictional académie: reproducible, well-formed, and with careers no texts would contradict."""

import datetime as dt
import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from career.domain import uai
from career.domain.advancement import can_have_bonification, next_step
from career.domain.grids import load_grids
from career.domain.snapshot import CareerStepFact, standing
from career.feed.contract import CANCEL_TYPES, FACT_TYPES
from career.feed.reader import Accepted, read_line
from career.generator.academie import establishments, feed_lines
from career.generator.careers import CORPS, PPCR
from career.models import QuarantinedMessage
from iprof.kernel.periods import months_between
from iprof.kernel.text import sort_key
from tests.career.feed.messages import FEED_TABLES, career_state, load

pytestmark = pytest.mark.req("S02", "S07")
ON = dt.date(2026, 11, 23)
DAYS = [ON, dt.date(2026, 1, 15), dt.date(2026, 8, 31), dt.date(2026, 9, 1), dt.date(2028, 2, 29)]
AGENTS = 300


@cache
def lines(agents: int = AGENTS, seed: int = 1, on: dt.date = ON) -> tuple[bytes, ...]:
    return tuple(feed_lines(agents, seed, on))


@cache
def messages(seed: int = 1, on: dt.date = ON) -> list[dict[str, Any]]:
    return [json.loads(raw) for raw in lines(AGENTS, seed, on)]


@cache
def people(seed: int = 1, on: dt.date = ON) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Matricule → type → what remains of the facts once corrections and rectifications are applied, as `data`."""
    facts: dict[tuple[str, str, str], dict[str, Any] | None] = {}
    for message in messages(seed, on):
        data, kind = message["data"], message["type"]
        if kind in CANCEL_TYPES:
            facts[message["agent"], CANCEL_TYPES[kind], data["ref"]] = None
        else:
            facts[message["agent"], kind, data.get("ref", "")] = data
    found: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for (matricule, kind, _), data in facts.items():
        if data is not None:
            found[matricule][kind].append(data)
    return found


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def steps_of(person: dict[str, list[dict[str, Any]]]) -> list[tuple[CareerStepFact, str]]:
    return [
        (
            CareerStepFact(
                d["corps"],
                d["grade"],
                d.get("echelon"),
                day(d["effective_on"]),
                d.get("chevron"),
                d.get("kept_days", 0),
            ),
            d["mode"],
        )
        for d in sorted(person["career.step"], key=lambda d: d["ref"])
    ]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    assert lines(40, 5) == tuple(feed_lines(40, 5, ON))
    assert set(lines(40, 5)).isdisjoint(lines(40, 6))


def test_bytes_do_not_depend_on_the_process(tmp_path):
    """The order of a set of texts changes from one process to the next: none may show."""
    digests = set()
    for hash_seed in ("1", "2"):
        out = tmp_path / hash_seed
        command = [sys.executable, "manage.py", "siae_generate", "--agents=80", "--seed=3", f"--on={ON}", "--quiet"]
        subprocess.run(
            [*command, f"--out={out}", f"--annuaire-out={out}.csv"],
            cwd=settings.BASE_DIR, env=os.environ | {"PYTHONHASHSEED": hash_seed}, check=True, capture_output=True,
        )  # fmt: skip
        digests.add(hashlib.sha256(out.read_bytes() + Path(f"{out}.csv").read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_line_is_accepted_on_whatever_day_it_is_made(on):
    refused = [
        read for n, raw in enumerate(lines(AGENTS, 1, on), 1) if not isinstance(read := read_line(raw, n), Accepted)
    ]
    assert refused == []


def test_an_agent_has_about_twenty_five_events():
    assert 20 <= len(lines()) / AGENTS <= 32
    assert Counter(m["type"] for m in messages())["agent.upserted"] == AGENTS


def test_all_kinds_of_events_come():
    kinds = Counter(m["type"] for seed in range(1, 4) for m in messages(seed))
    assert set(FACT_TYPES) | {"agent.upserted", "agent.left"} <= kinds.keys()
    assert kinds.keys() & CANCEL_TYPES.keys()


def test_messages_are_numbered_in_order_and_never_from_the_future():
    assert [m["seq"] for m in messages()] == list(range(1, len(messages()) + 1))
    assert len({m["id"] for m in messages()}) == len(messages())
    days = {day(m["time"][:10]) for m in messages()}
    assert PPCR <= min(days)
    assert max(days) <= ON


# --- People ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("S19")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_names_are_those_logins_stumble_on(seed):
    identities = [m["data"] for m in messages(seed) if m["type"] == "agent.upserted"]
    names = [d["last_name"] for d in identities]
    assert any(re.match(r"(?:de|De La|d'|Le|du)\b ?", name) for name in names), "particles"
    assert any("-" in name for name in names), "double names"
    assert any("-" in d["first_name"] for d in identities), "double first names"
    assert any(re.search(r"[À-ÿ]", name) for name in names), "accents"
    keys = Counter(sort_key(d["last_name"], d["first_name"]) for d in identities)
    assert max(keys.values()) > 1, "homonyms"
    logins = Counter(sort_key(d["first_name"][0], d["last_name"]) for d in identities)
    assert sum(count > 1 for count in logins.values()) > 5, "initials and name in common"


def test_people_are_of_an_age_to_teach():
    for person in people().values():
        (identity,) = person["agent.upserted"]
        entered, born = day(identity["entered_on"]), day(identity["birth_date"])
        assert 22 <= entered.year - born.year <= 41
        assert ON.year - born.year <= 66
        assert entered <= ON
        assert born.year + 17 < min(day(d["awarded_on"]).year for d in person["diploma.recorded"])


@pytest.mark.req("D36")
def test_numens_have_the_shape_and_belong_to_one_person():
    numens = [m["data"]["numen"] for m in messages() if m["type"] == "agent.upserted"]
    assert len(set(numens)) == AGENTS
    assert all(re.fullmatch(settings.NUMEN_PATTERN, numen) for numen in numens)
    assert all(numen.startswith(settings.ACADEMIE_CODE) for numen in numens)
    for raw in lines():  # nowhere but in its field
        text = raw.decode()
        assert not re.search(r"\d{2}[A-Z]\d{7}[A-Z]{3}", re.sub(r'"numen":"[^"]*"', "", text))


def test_every_corps_has_its_dossiers():
    corps = Counter(step.corps for person in people().values() for step, _ in steps_of(person)[-1:])
    assert set(corps) == set(CORPS) == set(load_grids().corps)
    assert corps.most_common(1)[0][0] == "pe"


# --- Careers --------------------------------------------------------------------------------------------------------


@pytest.mark.req("S79")
@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_each_step_lies_on_the_day_the_texts_give(seed, on):
    modes = Counter()
    for matricule, person in people(seed, on).items():
        walked = steps_of(person)
        facts = tuple(step for step, _ in walked)
        (identity,) = person["agent.upserted"]
        first, mode = walked[0]
        assert {"reclassement": PPCR, "recrutement": day(identity["entered_on"])}.get(
            mode, first.effective_on
        ) == first.effective_on, matricule
        for n in range(1, len(walked)):
            step, mode = walked[n]
            modes[mode] += 1
            before = standing(facts[:n], step.effective_on)
            assert facts[n - 1].effective_on < step.effective_on <= on, matricule
            if mode == "promotion":
                check_promotion(facts[n - 1], step)
                continue
            found = next_step(before.step, before.echelon_start, bonification=mode == "bonification")
            assert (found.on, found.echelon) == (step.effective_on, step.echelon), matricule
            assert found.bonified == (mode == "bonification"), matricule
            assert (step.chevron or 0) == (found.chevron or (1 if hors_echelle(step) else 0)), matricule
            if mode == "bonification":
                assert can_have_bonification(before.step)
    assert modes["anciennete"] > modes["bonification"] > 0
    assert modes["promotion"] > 0


def hors_echelle(step: CareerStepFact) -> bool:
    return bool(load_grids().rule(step.corps, step.grade, step.echelon, step.effective_on).value.hors_echelle)


def check_promotion(old: CareerStepFact, new: CareerStepFact) -> None:
    assert (new.effective_on.month, new.effective_on.day) == (9, 1)
    ranks = ["classe_normale", "hors_classe", "classe_exceptionnelle"]
    assert ranks.index(new.grade) == ranks.index(old.grade) + 1
    known = max(new.effective_on, dt.date(2021, 1, 1))  # indices of the earlier years are not in the law files
    index = load_grids().index
    assert (
        index(new.corps, new.grade, new.echelon, new.chevron, known).value
        >= index(old.corps, old.grade, old.echelon, old.chevron, known).value
    )


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_nobody_is_overdue_on_the_day_the_feed_is_made(on):
    """The last step is the one held: what follows automatically lies after `on`, or after the departure."""
    for matricule, person in people(1, on).items():
        walked = steps_of(person)
        if walked[-1][0].echelon is None:
            continue
        until = min([on, *(day(d["left_on"]) - dt.timedelta(1) for d in person["agent.left"])])
        now = standing(tuple(step for step, _ in walked), until)
        found = next_step(now.step, now.echelon_start)
        assert found.on is None or found.on > until, matricule


def test_each_step_has_its_arrete_signed_published_then_in_force():
    for person in people().values():
        arretes = {d["ref"]: d for d in person["arrete.published"]}
        for data in person["career.step"]:
            arrete = arretes[data["arrete_ref"]]
            assert arrete["effective_on"] == data["effective_on"]
            assert arrete["signed_on"] < arrete["published_on"] < arrete["effective_on"]


def test_posts_follow_one_another_without_gap_nor_overlap():
    known = {row["uai"]: row["kind"] for row in establishment_rows()}
    for matricule, person in people().items():
        posts = sorted(person["assignment.upserted"], key=lambda d: d["starts_on"])
        (identity,) = person["agent.upserted"]
        assert posts[0]["starts_on"] == identity["entered_on"], matricule
        for post, following in zip(posts, posts[1:], strict=False):
            assert day(post["ends_on"]) + dt.timedelta(1) == day(following["starts_on"]), matricule
        left = [day(d["left_on"]) - dt.timedelta(1) for d in person["agent.left"]]
        assert [day(posts[-1]["ends_on"])] == left if left else "ends_on" not in posts[-1], matricule
        first_degree = steps_of(person)[-1][0].corps in {"pe", "instituteurs"}
        assert all((known[post["uai"]] == "ecole") == first_degree for post in posts), matricule


def establishment_rows() -> list[dict[str, str]]:
    return establishments(random.Random(1), AGENTS)


def test_uais_carry_their_right_letter_and_are_those_of_the_annuaire():
    rows = establishment_rows()
    codes = [row["uai"] for row in rows]
    assert len(set(codes)) == len(codes)
    assert all(uai.is_valid(code) for code in codes)
    assert {uai.creation_departement(row["uai"]) for row in rows} == set(settings.DEPARTEMENTS)
    assert all(uai.creation_departement(row["uai"]) == row["departement"] for row in rows)
    used = {m["data"]["uai"] for m in messages() if m["data"].get("uai")}
    assert used <= set(codes)


def test_evaluations_are_held_in_the_months_the_texts_name():
    """Second year of the 6th échelon, 18 to 30 months of the 8th, second year of the 9th, kept ancienneté counted."""
    windows = {"rdv_carriere_1": (6, 12, 24), "rdv_carriere_2": (8, 18, 30), "rdv_carriere_3": (9, 12, 24)}
    held = Counter()
    for seed in (1, 2, 3):
        for matricule, person in people(seed).items():
            facts = tuple(step for step, _ in steps_of(person))
            for data in person["evaluation.recorded"]:
                held[data["kind"]] += 1
                now = standing(facts, day(data["held_on"]))
                echelon, low, high = windows[data["kind"]]
                assert (now.step.grade, now.step.echelon) == ("classe_normale", echelon), matricule
                assert low <= months_between(now.echelon_start, day(data["held_on"])) < high, matricule
    assert set(held) == set(windows)


def test_a_rendez_vous_is_notified_after_it_was_held_and_told_once_it_is():
    """The appreciation comes with its notification; some delays of the last weeks are still running."""
    found = [data for person in people().values() for data in person["evaluation.recorded"]]
    for data in found:
        assert data["held_on"] <= data.get("report_notified_on", data["held_on"]) <= ON.isoformat()
        assert data["held_on"] <= data.get("notified_on", data["held_on"]) <= ON.isoformat()
        assert bool(data["appreciation"]) == ("notified_on" in data)
    assert {bool(data["appreciation"]) for data in found} == {True, False}


def test_nothing_is_told_after_a_departure():
    gone = 0
    for person in people().values():
        for left in person["agent.left"]:
            gone += 1
            dates = [v for kind in FACT_TYPES for d in person[kind] for k, v in d.items() if k.endswith("_on") and v]
            assert max(dates) < left["left_on"]
    assert gone > 3


def test_withdrawn_facts_leave_nothing_behind():
    cancelled = [m for seed in (1, 2, 3) for m in messages(seed) if m["type"] in CANCEL_TYPES]
    assert cancelled
    for seed in (1, 2, 3):
        assert not [d for p in people(seed).values() for facts in p.values() for d in facts if d.get("ref") == "ERR-1"]


# --- The command ----------------------------------------------------------------------------------------------------


def generate(tmp_path: Path, **options: Any) -> tuple[list[bytes], str]:
    told, out = StringIO(), tmp_path / "flux.ndjson"
    call_command("siae_generate", out=out, on=ON, quiet=True, stdout=told, **{"agents": 60, "seed": 4} | options)
    return out.read_bytes().splitlines(keepends=True), told.getvalue()


def test_the_command_writes_the_stream_and_says_how_much(tmp_path):
    written, told = generate(tmp_path)
    assert tuple(written) == lines(60, 4)
    assert told == f"{len(written)} messages pour 60 agents dans {tmp_path / 'flux.ndjson'}.\n"
    assert not list(tmp_path.glob("*corrected*"))


def test_bad_rows_of_every_kind_come_with_their_corrected_version(tmp_path):
    good = lines(60, 4)
    written, told = generate(tmp_path, bad=0.1)
    corrected = (tmp_path / "flux.corrected.ndjson").read_bytes().splitlines(keepends=True)
    spoiled = [n for n, raw in enumerate(written) if raw != good[n]]
    assert len(written) == len(good)
    assert [good[n] for n in spoiled] == corrected
    assert 0.05 < len(spoiled) / len(good) < 0.15
    assert f"{len(spoiled)} fautifs" in told
    ids = {json.loads(raw)["id"]: raw for raw in good}
    codes = Counter()
    for n in spoiled:
        read = read_line(written[n], n)
        if isinstance(read, Accepted):  # the inbox refuses it: its id is that of another message
            assert ids[str(read.message_id)] != good[n]
            codes["identifiant_reutilise"] += 1
        else:
            codes[read.problem.code] += 1
    assert set(codes) == {
        "json_illisible", "identifiant_reutilise", "corps_inconnu", "dates_desordonnees", "uai_cle",
    }  # fmt: skip
    assert not any(b'"type":"agent.upserted"' in good[n] for n in spoiled), "identities stay right"


@pytest.mark.django_db
def test_a_bad_file_then_its_corrections_end_as_the_right_file(tmp_path):
    tables = tuple(name for name in FEED_TABLES if name not in {"career_quarantinedmessage", "career_inboxmessage"})
    written, _ = generate(tmp_path, agents=12, bad=0.2)
    corrected = (tmp_path / "flux.corrected.ndjson").read_bytes().splitlines(keepends=True)
    load(*written)
    load(*corrected)
    mended = career_state(tables)
    assert set(QuarantinedMessage.objects.values_list("state", flat=True)) == {"rejoue"}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL iprof.retention = 'on'")
        for table in (*(name for name in FEED_TABLES if name != "career_agent"), "career_agent"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    load(*lines(12, 4))
    assert career_state(tables) == mended


@pytest.mark.parametrize("options", [{"agents": 0}, {"bad": -0.1}, {"bad": 1.5}])
def test_senseless_options_are_refused(tmp_path, options):
    with pytest.raises(CommandError, match="--agents"):
        generate(tmp_path, **options)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        call_command("siae_generate", agents=1, out=tmp_path / "absent" / "flux.ndjson", quiet=True)
