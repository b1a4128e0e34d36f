"""A first load of the SIAE feed, against a raw COPY of the rows it leaves into the same tables, in turn.

The limit is generous: COPY decodes nothing, checks nothing, opens no account and hashes no NUMEN; it writes the same
rows under the same indexes and constraints.
"""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from bench import Figure, _academy
from bench._process import run_command

AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
ROUNDS = int(os.environ.get("BENCH_FEED_ROUNDS", "3"))
GOAL, GOAL_AGAIN = 0.30, 0.5
LOADED, COPIED = "iprof_bench_load", "iprof_bench_copy"
BLOCK = 1 << 20


def run() -> Iterator[Figure]:
    annuaire, feed = _academy.feed_of(AGENTS)
    lines = _lines(feed)
    ratios, speeds, copies, peak = [], [], [], 0
    for _ in range(ROUNDS):
        _fresh(LOADED, annuaire)
        done = run_command(LOADED, "siae_load", str(feed), "--quiet")
        rows = _dump(LOADED)
        _fresh(COPIED, annuaire)
        seconds = _copy(COPIED, rows)
        ratios.append(seconds / done.seconds)
        speeds.append(sum(rows.values()) / done.seconds)
        copies.append(sum(rows.values()) / seconds)
        peak = max(peak, done.peak_mb)
    ratio = statistics.median(ratios)
    yield Figure(
        "feed.rows_per_second", round(statistics.median(speeds)), "rows/s",
        ratio=round(ratio, 3), ok=ratio >= GOAL, goal=f">= {GOAL}",
        limit=f"raw COPY of the same rows, same tables, indexes and constraints: {statistics.median(copies):.0f} rows/s",
        note=f"{lines} messages, {sum(rows.values())} rows, {ROUNDS} rounds, {min(ratios):.2f} to {max(ratios):.2f}; "
        "the whole command is timed, from the shell",
    )  # fmt: skip
    yield from _again(feed, lines, statistics.median(copies) / sum(rows.values()))
    yield from _memory(peak)


def _again(feed: Path, lines: int, copies_per_row: float) -> Iterator[Figure]:
    """The file known already, then the same read again by force: neither writes a fact."""
    before = _written(LOADED)
    known = run_command(LOADED, "siae_load", str(feed), "--quiet")
    yield Figure(
        "feed.known_file", round(known.seconds, 2), "s", goal="writes nothing and says so",
        ok=_written(LOADED) == before and "rien n'a été écrit" in known.output,
    )  # fmt: skip
    forced = run_command(LOADED, "siae_load", str(feed), "--quiet", "--force")
    ratio = 1 / copies_per_row / forced.seconds
    yield Figure(
        "feed.read_again_by_force", round(lines / forced.seconds), "messages/s", ratio=round(ratio, 3),
        limit="raw COPY, as above", ok=_written(LOADED) == before, goal="no fact written",
    )  # fmt: skip


def _memory(peak: int) -> Iterator[Figure]:
    """Peak of the loader for a tenth of the agents and for all: it may not follow the size of the file."""
    annuaire, feed = _academy.feed_of(AGENTS // 10)
    _fresh(LOADED, annuaire)
    small = run_command(LOADED, "siae_load", str(feed), "--quiet").peak_mb
    yield Figure(f"feed.peak_memory, {AGENTS // 10} agents", small, "MB")
    yield Figure(
        f"feed.peak_memory, {AGENTS} agents", peak, "MB", ratio=round(peak / small, 2), limit="a tenth of the file",
        goal="<= 1.3", ok=peak <= 1.3 * small,
    )  # fmt: skip


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(BLOCK), b""))


def _fresh(name: str, annuaire: Path) -> None:
    """An empty portal with its establishments, as it stands before the first load."""
    _academy.create(name)
    _academy.manage(name, "import_annuaire", str(annuaire))
    with psycopg.connect(_academy.url(name), autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def _tables(connection: psycopg.Connection) -> list[str]:
    """The tables a load writes, parents first."""
    listed = connection.execute(
        "SELECT relname FROM pg_stat_user_tables WHERE n_tup_ins > 0"
        " AND relname ~ '^(career_|security_user|account_emailaddress)'"
        " AND relname !~ '(establishment|annuaireimport)'"
    ).fetchall()
    first = ["security_user", "career_agent", "career_feedrun"]
    return first + sorted({name for (name,) in listed} - set(first))


def _file(table: str) -> Path:
    return _academy.FEEDS / f"{table}.copy"


def _dump(name: str) -> dict[str, int]:
    """Table → rows; each written to a file in COPY's own format."""
    rows = {}
    with psycopg.connect(_academy.url(name)) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        for table in _tables(connection):
            statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
            with connection.cursor() as cursor, _file(table).open("wb") as out:
                with cursor.copy(statement) as copy:
                    for block in copy:
                        out.write(block)
                rows[table] = cursor.rowcount
    return rows


def _copy(name: str, rows: dict[str, int]) -> float:
    """Seconds to COPY every table in one transaction, its commit (and so its deferred constraints) included."""
    with psycopg.connect(_academy.url(name)) as connection:
        started = time.perf_counter()
        for table in rows:
            statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            with (
                connection.cursor() as cursor,
                _file(table).open("rb", buffering=BLOCK) as source,
                cursor.copy(statement) as copy,
            ):
                while block := source.read(BLOCK):
                    copy.write(block)
        connection.commit()
        return time.perf_counter() - started


def _written(name: str) -> list[int]:
    with psycopg.connect(_academy.url(name)) as connection:
        tables = [table for table in _tables(connection) if table != "career_feedrun"]
        return [
            connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()[0]  # type: ignore[index]
            for table in tables
        ]
