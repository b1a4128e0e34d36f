"""A chunk of accepted messages, from stage to inbox to career tables, in the caller's transaction.

Everything is set-based. The order inside a chunk does not matter: agents first, then rectifications, then facts, each
row keeping the message with the highest (seq, id).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from career.feed.agents import upsert_agents
from career.feed.checks import Problem
from career.feed.contract import CANCEL_TYPES
from career.feed.reader import Accepted
from career.feed.stage import fill_stage
from career.feed.tables import FACT_TABLES, cancel_facts, upsert_fact

UNKNOWN_AGENT, REUSED_ID = "agent_inconnu", "identifiant_reutilise"


@dataclass(slots=True)
class Outcome:
    """What became of a chunk: line numbers already known, and refusals by line number."""

    applied: int = 0
    repeated: set[int] = field(default_factory=set)
    refused: dict[int, Problem] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    new_agents: list[str] = field(default_factory=list)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.applied + other.applied,
            self.repeated | other.repeated,
            self.refused | other.refused,
            self.waiting | other.waiting,
            self.new_agents + other.new_agents,
        )


def apply_chunk(messages: Sequence[Accepted], *, run_id: int) -> Outcome:
    """Applies what is new. Raises DataError or IntegrityError when the database refuses a row; see `batches.apply_batch`."""
    outcome = Outcome()
    with connection.cursor() as cursor:
        fill_stage(cursor, messages)
        _drop_known(cursor, outcome)
        outcome.new_agents, others = upsert_agents(cursor)
        outcome.refused |= others
        _drop_orphans(cursor, outcome)
        _land(cursor, run_id)
        cursor.execute("SELECT type, count(*) FROM feed_stage GROUP BY type")
        counts = dict(cursor.fetchall())
        outcome.applied = sum(counts.values())
        for cancel, fact in CANCEL_TYPES.items():
            if cancel in counts:
                cursor.execute(_TOMBSTONES, [fact, cancel])
        for fact in FACT_TABLES:
            if fact in counts:
                cursor.execute(upsert_fact(fact))
        for cancel, fact in CANCEL_TYPES.items():
            if cancel in counts:
                cursor.execute(cancel_facts(fact), [cancel])
        if "agent.left" in counts or "left.cancelled" in counts:
            cursor.execute(_DEPARTURES)
        cursor.execute(_SETTLE)
    return outcome


def _drop_known(cursor: Any, outcome: Outcome) -> None:
    """Repeats leave the stage; so does another message under an id already used (the first line received wins)."""
    cursor.execute(
        """
        WITH first AS (SELECT DISTINCT ON (source, message_id) line, source, message_id, digest
                         FROM feed_stage ORDER BY source, message_id, line),
             known AS (SELECT s.line, coalesce(i.digest, f.digest) = s.digest AS same
                         FROM feed_stage s
                         JOIN first f USING (source, message_id)
                         LEFT JOIN career_inboxmessage i ON i.source = s.source AND i.message_id = s.message_id
                        WHERE i.id IS NOT NULL OR f.line <> s.line)
        DELETE FROM feed_stage s USING known k WHERE s.line = k.line RETURNING s.line, k.same
        """
    )
    for line, same in cursor.fetchall():
        if same:
            outcome.repeated.add(line)
        else:
            outcome.refused[line] = Problem(
                REUSED_ID,
                "Cet identifiant désigne déjà un autre message. Renvoyez-le sous un nouvel identifiant.",
                "id",
            )


def _drop_orphans(cursor: Any, outcome: Outcome) -> None:
    cursor.execute(
        "DELETE FROM feed_stage s WHERE NOT EXISTS (SELECT 1 FROM career_agent a WHERE a.matricule = s.matricule)"
        " RETURNING s.line"
    )
    for (line,) in cursor.fetchall():
        outcome.waiting.add(line)
        outcome.refused[line] = Problem(
            UNKNOWN_AGENT,
            "Aucun agent n'a ce matricule. Le message sera appliqué dès l'arrivée de l'agent.",
            "agent",
        )


def _land(cursor: Any, run_id: int) -> None:
    cursor.execute(
        "INSERT INTO career_inboxmessage (source, message_id, seq, type, matricule, time, payload, digest, run_id)"
        " SELECT source, message_id, seq, type, matricule, time, payload, digest, %s FROM feed_stage ORDER BY line",
        [run_id],
    )


_TOMBSTONES = """
    INSERT INTO career_tombstone AS t (type, matricule, ref, seq, event_id, time, reason)
    SELECT DISTINCT ON (matricule, payload->>'ref') %s, matricule, payload->>'ref', seq, message_id, time,
           coalesce(payload->>'reason', '')
      FROM feed_stage WHERE type = %s
     ORDER BY matricule, payload->>'ref', seq DESC, message_id DESC
    ON CONFLICT (type, matricule, ref) DO UPDATE
       SET seq = excluded.seq, event_id = excluded.event_id, time = excluded.time, reason = excluded.reason
     WHERE (t.seq, t.event_id) < (excluded.seq, excluded.event_id)
"""

# Two departures under one number are settled by what they say, so that the order of arrival does not decide.
_DEPARTURES = """
    UPDATE career_agent a
       SET left_on = x.left_on, left_reason = x.reason, left_seq = x.seq
      FROM (SELECT DISTINCT ON (matricule) matricule, seq, left_on, reason
              FROM (SELECT matricule, seq, (payload->>'left_on')::date AS left_on,
                           CASE WHEN type = 'agent.left' THEN payload->>'reason' ELSE '' END AS reason
                      FROM feed_stage WHERE type IN ('agent.left', 'left.cancelled')) s
             ORDER BY matricule, seq DESC, left_on DESC NULLS LAST, reason DESC) x
     WHERE a.matricule = x.matricule
       AND (a.left_seq, coalesce(a.left_on, '-infinity'), a.left_reason)
           < (x.seq, coalesce(x.left_on, '-infinity'), x.reason)
"""

# What waited, or was corrected under its own id or its own place at the source, is settled by the line that got in.
_SETTLE = """
    UPDATE career_quarantinedmessage q SET state = 'rejoue', settled_at = now()
     WHERE q.state IN ('a_traiter', 'en_attente')
       AND (q.digest IN (SELECT digest FROM feed_stage)
            OR q.code <> 'identifiant_reutilise' AND q.message_id IN (SELECT message_id::text FROM feed_stage)
            OR q.code = 'identifiant_reutilise' AND (q.source, q.seq) IN (SELECT source, seq FROM feed_stage))
"""
