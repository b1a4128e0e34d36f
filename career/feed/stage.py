"""The stage: a temporary table that holds one chunk of accepted messages while it is applied."""

from collections.abc import Sequence
from typing import Any

from career.feed.reader import Accepted

# Only what `apply` and `agents` ask for; NUMENs lie apart, sealed, in feed_secrets.
TABLES = """
    CREATE TEMP TABLE IF NOT EXISTS feed_stage (
        line int, source text, message_id uuid, seq bigint, type text, matricule text, time timestamptz, digest text,
        payload jsonb
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS feed_secrets (
        line int, matricule text, seq bigint, sort_key text, numen_sealed bytea, numen_digest text,
        activation_digest text
    ) ON COMMIT DELETE ROWS;
    TRUNCATE feed_stage, feed_secrets
"""


def fill_stage(cursor: Any, messages: Sequence[Accepted]) -> None:
    """Copies a chunk. The stage is emptied first: a chunk refused by the database comes again in halves."""
    cursor.execute(TABLES)
    columns = "line, source, message_id, seq, type, matricule, time, digest, payload"
    with cursor.copy(f"COPY feed_stage ({columns}) FROM STDIN") as copy:
        copy.write(b"".join(map(_copy_line, messages)))
    with cursor.copy("COPY feed_secrets FROM STDIN") as copy:
        for m in messages:
            if (s := m.secrets) is not None:
                copy.write_row(
                    (
                        m.line_number,
                        m.matricule,
                        m.seq,
                        s.sort_key,
                        s.numen_sealed,
                        s.numen_digest,
                        s.activation_digest,
                    )
                )
    cursor.execute("ANALYZE feed_stage (line, matricule, message_id, type)")


def _copy_line(m: Accepted) -> bytes:
    """One line of COPY's text format. Only the payload may hold a backslash or white space; it is valid JSON."""
    payload = m.payload.replace(b"\\", b"\\\\").replace(b"\t", b" ").replace(b"\n", b" ").replace(b"\r", b" ")
    head = f"{m.line_number}\t{m.source}\t{m.message_id}\t{m.seq}\t{m.type}\t{m.matricule}\t{m.time.isoformat()}\t{m.digest}\t"
    return head.encode() + payload + b"\n"
