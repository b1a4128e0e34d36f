"""A feed file loaded from the command line: progress bar, and what cannot be read told in one sentence."""

import gzip
import zlib
from pathlib import Path

from django.core.management.base import CommandError

from career.enums import FeedDoor
from career.feed.inbox import CHUNK_LINES
from career.feed.loader import LoadResult, load_file, open_feed
from iprof.web.progress import ProgressBar


def load_with_bar(
    file: Path,
    *,
    label: str,
    quiet: bool,
    force: bool = False,
    door: FeedDoor = FeedDoor.FILE,
    chunk_lines: int = CHUNK_LINES,
) -> LoadResult:
    """Loads `file`. Raises CommandError when it is missing, damaged or unreadable."""
    try:
        with open_feed(file) as stream:
            total = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
        bar = ProgressBar(total, label, quiet=quiet)
        result = load_file(file, force=force, door=door, on_progress=bar.advance, chunk_lines=chunk_lines)
    except FileNotFoundError:
        raise CommandError(f"Le fichier {file} n'existe pas. Vérifiez le chemin.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise CommandError(f"Le fichier compressé {file} est incomplet ou abîmé. Refaites-le et rechargez.") from None
    except OSError as error:
        raise CommandError(f"Le fichier {file} ne peut pas être lu : {error.strerror}.") from None
    bar.close()
    return result


def told_already(result: LoadResult) -> str:
    """What to say of a file loaded whole before."""
    assert result.previous is not None  # noqa: S101  (set whenever run is None)
    day = f"{result.previous.finished_at:%d/%m/%Y à %H:%M}"
    return f"Ce fichier a déjà été chargé le {day} : rien à faire, rien n'a été écrit."
