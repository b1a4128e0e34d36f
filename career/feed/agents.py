"""The people of a chunk: one row and one account each. The newest message wins, whatever the order of arrival.

The NUMEN has its own place in that order (`numen_seq`): a message without NUMEN says nothing about it, so it must not
hide the one of an older message that comes late. Two values under one number are settled by the value itself.
"""

from typing import Any

from career.feed.checks import Problem
from security.provisioning import NewAccount, provision_accounts, refresh_accounts

OTHERS_NUMEN = Problem(
    "numen_autre_agent", "Ce NUMEN est celui d'un autre agent. Vérifiez le matricule ou le NUMEN.", "numen"
)


def upsert_agents(cursor: Any) -> tuple[list[str], dict[int, Problem]]:
    """(matricules of new agents, refusals by line). Refused lines leave the stage."""
    cursor.execute("SELECT 1 FROM feed_stage WHERE type = 'agent.upserted' LIMIT 1")
    if cursor.fetchone() is None:
        return [], {}
    cursor.execute("DELETE FROM feed_secrets x WHERE NOT EXISTS (SELECT 1 FROM feed_stage s WHERE s.line = x.line)")
    cursor.execute(_OTHERS_NUMEN)
    refused = dict.fromkeys((line for (line,) in cursor.fetchall()), OTHERS_NUMEN)
    cursor.execute(_NEW_AGENTS)
    new = cursor.fetchall()
    accounts = provision_accounts([NewAccount(*row) for row in new])
    cursor.execute(_AGENTS, [list(accounts), list(accounts.values())])
    changed = {user: (user, first, last, "") for user, first, last, known in cursor.fetchall() if known and user}
    cursor.execute(_NUMENS)
    for user, first, last, activation_digest in cursor.fetchall():
        if user:  # an agent without account has nothing to refresh
            changed[user] = (user, first, last, activation_digest)
    refresh_accounts(changed.values())
    return [row[0] for row in new], refused


# A NUMEN names one person: a message that brings somebody else's is refused, the others go on.
_OTHERS_NUMEN = """
    WITH owner AS (
        SELECT DISTINCT ON (numen_digest) numen_digest, matricule FROM (
            SELECT numen_digest, matricule, 0 AS rank, 0 AS line FROM career_agent
             WHERE numen_digest IN (SELECT numen_digest FROM feed_secrets)
            UNION ALL
            SELECT numen_digest, matricule, 1, line FROM feed_secrets WHERE numen_digest IS NOT NULL) x
         ORDER BY numen_digest, rank, line),
    gone AS (
        DELETE FROM feed_secrets x USING owner o
         WHERE x.numen_digest = o.numen_digest AND x.matricule <> o.matricule RETURNING x.line)
    DELETE FROM feed_stage s USING gone WHERE s.line = gone.line RETURNING s.line
"""

_NEWEST_NUMEN = """
    SELECT DISTINCT ON (matricule) matricule, seq, numen_sealed, numen_digest, activation_digest
      FROM feed_secrets WHERE numen_digest IS NOT NULL ORDER BY matricule, seq DESC, numen_digest DESC
"""

# In the order of arrival at the source: it decides who of two homonyms gets the login without a digit.
_NEW_AGENTS = f"""
    SELECT matricule, first_name, last_name, coalesce(activation_digest, '')
      FROM (SELECT DISTINCT ON (matricule) matricule, payload->>'first_name' AS first_name,
                   payload->>'last_name' AS last_name, min(seq) OVER (PARTITION BY matricule) AS first_seq
              FROM feed_stage WHERE type = 'agent.upserted'
             ORDER BY matricule, seq DESC, message_id DESC) s
      LEFT JOIN ({_NEWEST_NUMEN}) n USING (matricule)
     WHERE NOT EXISTS (SELECT 1 FROM career_agent a WHERE a.matricule = s.matricule)
     ORDER BY first_seq, matricule
"""  # noqa: S608  (no value in it)

_AGENTS = f"""
    INSERT INTO career_agent AS t (matricule, user_id, civilite, first_name, last_name, birth_name, sort_key,
           birth_date, address, postal_code, commune, phone, entered_on, left_reason, left_seq,
           seq, event_id, recorded_at, numen_sealed, numen_digest, numen_seq)
    SELECT DISTINCT ON (s.matricule) s.matricule, u.user_id, coalesce(p->>'civilite', ''), p->>'first_name',
           p->>'last_name', coalesce(p->>'birth_name', ''), x.sort_key, (p->>'birth_date')::date,
           coalesce(p->>'address', ''), coalesce(p->>'postal_code', ''), coalesce(p->>'commune', ''),
           coalesce(p->>'phone', ''), (p->>'entered_on')::date, '', 0, s.seq, s.message_id, s.time,
           n.numen_sealed, n.numen_digest, coalesce(n.seq, 0)
      FROM feed_stage s
      CROSS JOIN LATERAL (SELECT s.payload AS p) AS y
      JOIN feed_secrets x ON x.line = s.line
      LEFT JOIN ({_NEWEST_NUMEN}) n ON n.matricule = s.matricule
      LEFT JOIN unnest(%s::text[], %s::bigint[]) AS u (matricule, user_id) ON u.matricule = s.matricule
     WHERE s.type = 'agent.upserted'
     ORDER BY s.matricule, s.seq DESC, s.message_id DESC
    ON CONFLICT (matricule) DO UPDATE
       SET civilite = excluded.civilite, first_name = excluded.first_name, last_name = excluded.last_name,
           birth_name = excluded.birth_name, sort_key = excluded.sort_key, birth_date = excluded.birth_date,
           address = excluded.address, postal_code = excluded.postal_code, commune = excluded.commune,
           phone = excluded.phone, entered_on = excluded.entered_on,
           seq = excluded.seq, event_id = excluded.event_id, recorded_at = excluded.recorded_at
     WHERE (t.seq, t.event_id) < (excluded.seq, excluded.event_id)
    RETURNING t.user_id, t.first_name, t.last_name, xmax <> 0
"""  # noqa: S608  (no value in it)

_NUMENS = f"""
    UPDATE career_agent a
       SET numen_sealed = n.numen_sealed, numen_digest = n.numen_digest, numen_seq = n.seq
      FROM ({_NEWEST_NUMEN}) n
     WHERE a.matricule = n.matricule AND (a.numen_seq, coalesce(a.numen_digest, '')) < (n.seq, n.numen_digest)
    RETURNING a.user_id, a.first_name, a.last_name, n.activation_digest
"""  # noqa: S608  (no value in it)
