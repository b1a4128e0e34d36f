"""Messages of the feed for tests, the state they end in, and nothing of real people. NUMENs are built, never written."""

import json
import uuid
from typing import Any

from django.db import connection

from career.enums import FeedDoor
from career.feed.inbox import Verdict, ingest
from career.models import FeedRun
from tests.factories.career import uai

MATRICULE = "A0000042"
DATA: dict[str, dict[str, Any]] = {
    "agent.upserted": {
        "civilite": "mme",
        "first_name": "Maëlle",
        "last_name": "Durand",
        "birth_date": "1984-05-12",
        "entered_on": "2017-09-01",
        "commune": "Reims",
        "postal_code": "51100",
    },
    "career.step": {
        "ref": "ECH-1",
        "corps": "certifies",
        "grade": "classe_normale",
        "echelon": 6,
        "effective_on": "2025-02-10",
        "mode": "anciennete",
        "arrete_ref": "2025-AR-0042",
    },
    "assignment.upserted": {
        "ref": "AFF-1",
        "uai": uai(519_001),
        "nature": "definitif",
        "starts_on": "2021-09-01",
        "quotity": "80",
        "discipline": "Histoire-géographie",
    },
    "evaluation.recorded": {"ref": "EVA-1", "kind": "rdv_carriere_1", "held_on": "2024-03-14"},
    "diploma.recorded": {"ref": "DIP-1", "label": "Master MEEF", "awarded_on": "2016-07-01", "level": 7},
    "training.recorded": {
        "ref": "FOR-1",
        "label": "Évaluer pour faire progresser",
        "starts_on": "2025-11-18",
        "ends_on": "2025-11-19",
        "hours": "12",
        "origin": "scolarite_services",
    },
    "family.changed": {
        "ref": "FAM-1",
        "effective_on": "2019-04-27",
        "union": "pacs",
        "union_on": "2019-04-27",
        "conjoint_departement": "21",
        "children_birthdates": ["2020-01-09"],
    },
    "service.validated": {
        "ref": "SRV-2025",
        "school_year": 2025,
        "hours_due": 18,
        "hours_done": 19,
        "hsa": 1,
        "validated_on": "2025-10-15",
    },
    "arrete.published": {
        "ref": "2025-AR-0042",
        "title": "Avancement d'échelon",
        "signed_on": "2025-01-20",
        "published_on": "2025-01-22",
        "effective_on": "2025-02-10",
    },
    "agent.left": {"left_on": "2026-09-01", "reason": "mutation"},
    "left.cancelled": {},
}
FEED_TABLES = (
    "career_agent",
    "career_careerstep",
    "career_assignment",
    "career_evaluation",
    "career_diploma",
    "career_training",
    "career_familysituation",
    "career_serviceperiod",
    "career_arrete",
    "career_tombstone",
    "career_inboxmessage",
    "career_quarantinedmessage",
)
# Surrogate keys and hours of arrival differ from one load to the next; so do sealed values, by their nonce.
NOT_COMPARED = {"id", "run_id", "user_id", "received_at", "settled_at", "raw_sealed", "numen_sealed", "line_number"}


def numen(number: int) -> str:
    """A well-formed NUMEN of nobody."""
    return "".join(("19", "E", "17", f"{number:05d}", "XYZ"))


def event(kind: str, seq: int = 1, *, agent: str = MATRICULE, **changes: Any) -> dict[str, Any]:
    """A right message. `changes` go into its data (None removes a field), or into the envelope for its own fields."""
    data = dict(DATA.get(kind, {"ref": "ECH-1"}))
    message = {
        "id": str(uuid.UUID(int=(hash_of(agent, kind) << 64) | seq, version=4)),
        "source": "siae",
        "seq": seq,
        "type": kind,
        "time": f"2026-09-01T06:{seq % 60:02d}:00+02:00",
        "agent": agent,
        "data": data,
    }
    for name, value in changes.items():
        holder = message if name in {"id", "source", "time", "type"} else data
        if value is None:
            holder.pop(name, None)
        else:
            holder[name] = value
    return message


def hash_of(*parts: str) -> int:
    return sum(ord(char) * 31**n for n, char in enumerate("".join(parts))) % 2**60


def line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def load(*messages: dict[str, Any] | bytes, chunk_lines: int = 20_000) -> list[Verdict]:
    """Ingests messages as one file would, and returns the verdicts."""
    run = FeedRun.objects.create(door=FeedDoor.FILE, file_name="essai.ndjson")
    lines = [m if isinstance(m, bytes) else line(m) for m in messages]
    return ingest(lines, run=run, collect=True, chunk_lines=chunk_lines)


def career_state(tables: tuple[str, ...] = FEED_TABLES) -> dict[str, list[str]]:
    """The rows of the tables the feed writes, without surrogate keys: equal states give equal dumps."""
    state = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [table]
            )
            names = [name for (name,) in cursor.fetchall() if name not in NOT_COMPARED]
            shown = [_shown(name) for name in names]
            cursor.execute(f"SELECT ({', '.join(shown)})::text FROM {table} t ORDER BY 1")  # noqa: S608
            state[table] = [row for (row,) in cursor.fetchall()]
    return state


def _shown(name: str) -> str:
    if name == "agent_id":
        return "(SELECT matricule FROM career_agent a WHERE a.id = t.agent_id)"
    if name == "establishment_id":
        return "(SELECT uai FROM career_establishment e WHERE e.id = t.establishment_id)"
    return f't."{name}"'
