"""Documents deposited through the form, against the bare reading and encryption of the same files in as many processes.

Two bare sides: « opened » opens each file with pikepdf, looks at every object once, hashes and encrypts; « read » looks
for what is active and writes the file again without metadata, as the portal must, in the same process. The portal adds
the form, the account, a reader apart from it, the rows, the journal. No worker runs: the slow checks come after.
"""

import asyncio
import hashlib
import io
import itertools
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench import Figure, _academy
from bench._papers import another, scan
from bench._portal import sign_in, web_server
from bench._upload import deposit, token_of

AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
WEIGHTS = (300, 300, 300, 300, 300, 300, 1000, 1000, 1000, 2900)  # kilobytes: what people send
TOGETHER = 10  # files of one form at most
PER_ROUND = 80
CONNECTIONS = 4
HEAVY = 60  # deposits of the heaviest file, one after the other
RATIO_GOAL, P95_GOAL = 0.5, 1000.0
BARE = {"opened": "opened and encrypted", "read": "read as the portal must, and encrypted,"}
CLEAN = "TRUNCATE documents_document CASCADE"


def run() -> Iterator[Figure]:
    database = _academy.ensure(AGENTS)
    with TemporaryDirectory(prefix="iprof-bench-documents-") as folder:
        os.environ["IPROF_DOCUMENTS_DIR"] = folder
        try:
            yield from _figures(database, Path(folder))
        finally:
            del os.environ["IPROF_DOCUMENTS_DIR"]
            with psycopg.connect(_academy.url(database)) as connection:
                connection.execute(CLEAN)


def _figures(database: str, folder: Path) -> Iterator[Figure]:
    cookies = sign_in(database, 400).cookies
    numbers = itertools.count()
    with web_server(database) as port, ProcessPoolExecutor(os.cpu_count(), initializer=_warm) as pool:
        tokens = [asyncio.run(token_of(port, cookie)) for cookie in cookies]
        people = itertools.cycle(zip(cookies, tokens, strict=True))
        for together in (1, TOGETHER):
            portal: list[float] = []
            bare: dict[str, list[float]] = {side: [] for side in BARE}
            _send(port, people, _files(numbers, 2 * TOGETHER), together)  # warm
            for turn in range(ROUNDS):
                files = _files(numbers, PER_ROUND)
                if turn % 2:
                    portal.append(_send(port, people, files, together))
                for side in BARE:
                    bare[side].append(_bare(pool, side, files))
                if not turn % 2:
                    portal.append(_send(port, people, files, together))
            for side in BARE:
                yield _against(together, portal, side, bare[side])
        yield from _verdict_times(port, people, numbers)
    stored = [path for path in folder.rglob("*") if path.is_file()]
    expected = 2 * (2 * TOGETHER + ROUNDS * PER_ROUND) + HEAVY
    yield Figure("uploads.kept", len(stored), "files", goal=f"= {expected}", ok=len(stored) == expected)


def _against(together: int, portal: Sequence[float], side: str, bare: Sequence[float]) -> Figure:
    ratios = [a / b for a, b in zip(portal, bare, strict=True)]
    ratio = statistics.median(ratios)
    return Figure(
        f"uploads.per_second.against_{side}, {together} a form",
        round(statistics.median(portal), 1),
        "files/s",
        ratio=round(ratio, 3),
        limit=f"{BARE[side]} in {os.cpu_count()} processes: {statistics.median(bare):.1f} files/s",
        goal=f">= {RATIO_GOAL}",
        ok=ratio >= RATIO_GOAL,
        note=f"{ROUNDS} alternated rounds of {PER_ROUND} files, {CONNECTIONS} at a time, {min(ratios):.2f} to {max(ratios):.2f}; 60 % of 0.3 MB, 30 % of 1 MB, 10 % of 2.9 MB",
    )


def _verdict_times(port: int, people: Iterator[tuple[str, str]], numbers: Iterator[int]) -> Iterator[Figure]:
    """One deposit after the other of a file just under the limit, on an idle machine: form, verdicts, row, answer."""
    waits = []
    for _ in range(HEAVY):
        cookie, token = next(people)
        file = another(scan(2900), next(numbers))
        began = time.perf_counter()
        asyncio.run(deposit(port, cookie, token, [file]))
        waits.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(waits, n=20)[18]
    weight = len(scan(2900)) / 1_000_000
    yield Figure("uploads.verdict.p50", round(statistics.median(waits), 1), "ms")
    yield Figure(
        "uploads.verdict.p95", round(p95, 1), "ms", goal=f"<= {P95_GOAL:g}", ok=p95 <= P95_GOAL,
        note=f"{HEAVY} deposits of {weight:.2f} MB, one after the other",
    )  # fmt: skip


def _files(numbers: Iterator[int], count: int) -> list[bytes]:
    """In an order that spreads the weights; each a file of its own."""
    weights = [WEIGHTS[rank * 3 % len(WEIGHTS)] for rank in range(count)]
    return [another(scan(weight), next(numbers)) for weight in weights]


def _send(port: int, people: Iterator[tuple[str, str]], files: Sequence[bytes], together: int) -> float:
    """Files a second."""
    forms = [(next(people), files[first : first + together]) for first in range(0, len(files), together)]
    return asyncio.run(_closed(port, forms, len(files)))


async def _closed(port: int, forms: Sequence[tuple[tuple[str, str], Sequence[bytes]]], count: int) -> float:
    waiting = iter(forms)

    async def hand() -> None:
        for (cookie, token), files in waiting:
            await deposit(port, cookie, token, files)

    began = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - began)


def _bare(pool: ProcessPoolExecutor, side: str, files: Sequence[bytes]) -> float:
    """Files a second; the files reach the processes before the clock starts."""
    parts = [(side, files[number :: os.cpu_count() or 1]) for number in range(os.cpu_count() or 1)]
    return len(files) / max(pool.map(_bare_all, parts))


def _warm() -> None:
    for side in BARE:
        _bare_all((side, [scan(300)]))


def _bare_all(part: tuple[str, Sequence[bytes]]) -> float:
    """Seconds it took."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (in the child only)

    side, files = part
    began = time.perf_counter()
    for content in files:
        kept = _read(content) if side == "read" else _opened(content)
        hashlib.sha256(kept).hexdigest()
        AESGCM(AESGCM.generate_key(256)).encrypt(os.urandom(12), kept, None)
    return time.perf_counter() - began


def _read(content: bytes) -> bytes:
    from iprof.web.probe import pdf  # noqa: PLC0415  (in the child only)

    return pdf.read(content)[1]


def _opened(content: bytes) -> bytes:
    import pikepdf  # noqa: PLC0415  (in the child only)

    with pikepdf.open(io.BytesIO(content)) as document:
        for thing in document.objects:
            list(thing.keys()) if isinstance(thing, pikepdf.Dictionary) else None
    return content
