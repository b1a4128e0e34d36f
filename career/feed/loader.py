"""Loading a file of the feed: bulk door. The same file twice writes nothing and says so."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.db import DatabaseError
from django.utils import timezone

from career.enums import FeedDoor, RunState
from career.feed.inbox import CHUNK_LINES, ingest
from career.models import FeedRun

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class LoadResult:
    """`run` None: the file had been loaded whole before (`previous` tells when) and nothing was written."""

    run: FeedRun | None
    previous: FeedRun | None = None


def file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def open_feed(path: Path) -> Iterator[BinaryIO]:
    """The lines of a file, unpacked when it is gzip."""
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if packed:
        with gzip.open(path, "rb") as unpacked:
            yield cast("BinaryIO", unpacked)
    else:
        with path.open("rb", buffering=BLOCK) as stream:
            yield stream


def load_file(
    path: Path,
    *,
    force: bool = False,
    door: FeedDoor = FeedDoor.FILE,
    on_progress: Callable[[int], None] | None = None,
    chunk_lines: int = CHUNK_LINES,
) -> LoadResult:
    """Loads a file. `on_progress` gets the number of lines just done. Raises OSError when it cannot be read.

    A run left « en cours » by a killed process is marked interrupted; its messages are recognised, not applied twice.
    """
    digest = file_digest(path)
    previous = FeedRun.objects.filter(file_digest=digest, state=RunState.DONE).first()
    if previous is not None and not force:
        return LoadResult(None, previous)
    FeedRun.objects.filter(door=door, state=RunState.RUNNING, file_digest=digest).update(
        state=RunState.FAILED, error="Chargement interrompu, repris par un autre."
    )
    run = FeedRun.objects.create(door=door, file_name=path.name[:200], file_digest=digest)
    try:
        with open_feed(path) as stream:
            ingest(stream, run=run, on_chunk=on_progress, chunk_lines=chunk_lines)
    except BaseException as error:
        with suppress(DatabaseError):  # the error that stopped the load is the one to tell
            FeedRun.objects.filter(pk=run.pk).update(
                state=RunState.FAILED, finished_at=timezone.now(), error=type(error).__name__
            )
        raise
    FeedRun.objects.filter(pk=run.pk).update(state=RunState.DONE, finished_at=timezone.now())
    run.refresh_from_db()
    return LoadResult(run)
