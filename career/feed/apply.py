"""A chunk of accepted messages, from stage to inbox to career tables, in the caller's transaction.

Everything is set-based. The order inside a chunk does not matter: agents first, then rectifications, then facts, each
row keeping the message with the highest (seq, id).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from career.feed.checks import Problem
from career.feed.contract import CANCEL_TYPES
from career.feed.reader import Accepted
from career.feed.tables import FACT_TABLES, cancel_facts, upsert_fact
from security.provisioning import NewAccount, provision_accounts, refresh_accounts

STAGE = """
    CREATE TEMP TABLE IF NOT EXISTS feed_stage (
        line int, source text, message_id uuid, seq bigint, type text, matricule text, time timestamptz, digest text,
        payload jsonb, sort_key text, numen_sealed bytea, numen_digest text, activation_digest text
    ) ON COMMIT DELETE ROWS
"""


@dataclass(slots=True)
class Outcome:
    """What became of a chunk: line numbers already known, and refusals by line number."""

    applied: int = 0
    repeated: set[int] = field(default_factory=set)
    refused: dict[int, Problem] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    new_agents: list[str] = field(default_factory=list)


def apply_chunk(messages: Sequence[Accepted], *, run_id: int) -> Outcome:
    """Applies what is new. Raises DataError or IntegrityError when the database refuses a row; see `inbox.ingest`."""
    outcome = Outcome()
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.execute("TRUNCATE feed_stage")
        _copy(cursor, messages)
        cursor.execute("ANALYZE feed_stage (matricule, message_id, type)")
        _drop_known(cursor, outcome)
        _upsert_agents(cursor, outcome)
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


def _copy(cursor: Any, messages: Sequence[Accepted]) -> None:
    columns = "line, source, message_id, seq, type, matricule, time, digest, payload"
    with cursor.copy(f"COPY feed_stage ({columns}) FROM STDIN") as copy:
        copy.write(b"".join(map(_stage_line, messages)))
    secrets = [(m.line_number, m.secrets) for m in messages if m.secrets is not None]
    if not secrets:
        return
    cursor.execute(
        "CREATE TEMP TABLE IF NOT EXISTS feed_secrets (line int, sort_key text, numen_sealed bytea, numen_digest text,"
        " activation_digest text) ON COMMIT DELETE ROWS"
    )
    cursor.execute("TRUNCATE feed_secrets")
    with cursor.copy("COPY feed_secrets FROM STDIN") as copy:
        for line, s in secrets:
            copy.write_row((line, s.sort_key, s.numen_sealed, s.numen_digest, s.activation_digest))
    cursor.execute(
        "UPDATE feed_stage s SET sort_key = x.sort_key, numen_sealed = x.numen_sealed, numen_digest = x.numen_digest,"
        " activation_digest = x.activation_digest FROM feed_secrets x WHERE x.line = s.line AND s.type = 'agent.upserted'"
    )


def _stage_line(m: Accepted) -> bytes:
    """One line of COPY's text format. Only the payload may hold a backslash or white space; it is valid JSON."""
    payload = m.payload.replace(b"\\", b"\\\\").replace(b"\t", b" ").replace(b"\n", b" ").replace(b"\r", b" ")
    head = f"{m.line_number}\t{m.source}\t{m.message_id}\t{m.seq}\t{m.type}\t{m.matricule}\t{m.time.isoformat()}\t{m.digest}\t"
    return head.encode() + payload + b"\n"


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
                "identifiant_reutilise",
                "Cet identifiant désigne déjà un autre message. Renvoyez-le sous un nouvel identifiant.",
                "id",
            )


def _upsert_agents(cursor: Any, outcome: Outcome) -> None:
    cursor.execute("SELECT 1 FROM feed_stage WHERE type = 'agent.upserted' LIMIT 1")
    if cursor.fetchone() is None:
        return
    # A NUMEN names one person: a message that brings somebody else's is refused, the others go on.
    cursor.execute(
        """
        WITH owner AS (
            SELECT DISTINCT ON (numen_digest) numen_digest, matricule FROM (
                SELECT numen_digest, matricule, 0 AS rank, 0 AS line FROM career_agent
                 WHERE numen_digest IN (SELECT numen_digest FROM feed_stage)
                UNION ALL
                SELECT numen_digest, matricule, 1, line FROM feed_stage WHERE numen_digest IS NOT NULL) x
             ORDER BY numen_digest, rank, line)
        DELETE FROM feed_stage s USING owner o
         WHERE s.numen_digest = o.numen_digest AND s.matricule <> o.matricule RETURNING s.line
        """
    )
    for (line,) in cursor.fetchall():
        outcome.refused[line] = Problem(
            "numen_autre_agent", "Ce NUMEN est celui d'un autre agent. Vérifiez le matricule ou le NUMEN.", "numen"
        )
    cursor.execute(_AGENTS)
    rows = cursor.fetchall()
    new = sorted((row for row in rows if row[1] is None), key=lambda row: (row[5], row[0]))
    outcome.new_agents = [row[0] for row in new]
    accounts = provision_accounts([NewAccount(row[0], row[2], row[3], row[4] or "") for row in new])
    if accounts:
        cursor.execute(
            "UPDATE career_agent a SET user_id = x.user_id"
            " FROM unnest(%s::text[], %s::bigint[]) AS x (matricule, user_id) WHERE a.matricule = x.matricule",
            [list(accounts), list(accounts.values())],
        )
    refresh_accounts((row[1], row[2], row[3], row[4] or "") for row in rows if row[1] is not None)


_AGENTS = """
    INSERT INTO career_agent AS t (matricule, civilite, first_name, last_name, birth_name, sort_key, birth_date,
           numen_sealed, numen_digest, address, postal_code, commune, phone, entered_on, left_reason, left_seq,
           seq, event_id, recorded_at)
    SELECT DISTINCT ON (s.matricule) s.matricule, coalesce(p->>'civilite', ''), p->>'first_name', p->>'last_name',
           coalesce(p->>'birth_name', ''), s.sort_key, (p->>'birth_date')::date, s.numen_sealed, s.numen_digest,
           coalesce(p->>'address', ''), coalesce(p->>'postal_code', ''), coalesce(p->>'commune', ''),
           coalesce(p->>'phone', ''), (p->>'entered_on')::date, '', 0, s.seq, s.message_id, s.time
      FROM feed_stage s CROSS JOIN LATERAL (SELECT s.payload AS p) AS x
     WHERE s.type = 'agent.upserted'
     ORDER BY s.matricule, s.seq DESC, s.message_id DESC
    ON CONFLICT (matricule) DO UPDATE
       SET civilite = excluded.civilite, first_name = excluded.first_name, last_name = excluded.last_name,
           birth_name = excluded.birth_name, sort_key = excluded.sort_key, birth_date = excluded.birth_date,
           numen_sealed = coalesce(excluded.numen_sealed, t.numen_sealed),
           numen_digest = coalesce(excluded.numen_digest, t.numen_digest),
           address = excluded.address, postal_code = excluded.postal_code, commune = excluded.commune,
           phone = excluded.phone, entered_on = excluded.entered_on,
           seq = excluded.seq, event_id = excluded.event_id, recorded_at = excluded.recorded_at
     WHERE (t.seq, t.event_id) < (excluded.seq, excluded.event_id)
    RETURNING t.matricule, t.user_id, t.first_name, t.last_name,
              (SELECT s.activation_digest FROM feed_stage s WHERE s.message_id = t.event_id LIMIT 1), t.seq
"""


def _drop_orphans(cursor: Any, outcome: Outcome) -> None:
    cursor.execute(
        "DELETE FROM feed_stage s WHERE NOT EXISTS (SELECT 1 FROM career_agent a WHERE a.matricule = s.matricule)"
        " RETURNING s.line"
    )
    for (line,) in cursor.fetchall():
        outcome.waiting.add(line)
        outcome.refused[line] = Problem(
            "agent_inconnu",
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

_DEPARTURES = """
    UPDATE career_agent a
       SET left_on = x.left_on, left_reason = x.reason, left_seq = x.seq
      FROM (SELECT DISTINCT ON (matricule) matricule, seq, (payload->>'left_on')::date AS left_on,
                   CASE WHEN type = 'agent.left' THEN payload->>'reason' ELSE '' END AS reason
              FROM feed_stage WHERE type IN ('agent.left', 'left.cancelled')
             ORDER BY matricule, seq DESC, message_id DESC) x
     WHERE a.matricule = x.matricule AND a.left_seq < x.seq
"""

# A line that waited, or its corrected version under the same id, is settled by the one that got in.
_SETTLE = """
    UPDATE career_quarantinedmessage q SET state = 'rejoue', settled_at = now()
      FROM feed_stage s
     WHERE q.state IN ('a_traiter', 'en_attente')
       AND (q.digest = s.digest OR q.message_id = s.message_id::text AND q.code <> 'identifiant_reutilise')
"""
