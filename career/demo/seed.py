"""Loading the fictional académie: the product's own generator, then the doors real data come by."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from career.models import Agent, FeedRun

FEED_NAME = "academie-fictive.ndjson"
ANNUAIRE_NAME = "annuaire-fictif.csv"


class State(Enum):
    EMPTY = auto()  # nobody yet
    INTERRUPTED = auto()  # a load stopped half-way: its file is still there
    FILLED = auto()  # agents are there, from the demo or from elsewhere


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of the demo. They hold NUMENs in clear: readable by their owner only, and deleted once loaded."""

    folder: Path

    @property
    def feed(self) -> Path:
        return self.folder / FEED_NAME

    @property
    def annuaire(self) -> Path:
        return self.folder / ANNUAIRE_NAME

    def write(self, generate: Callable[[Path, Path], None]) -> None:
        """`generate` fills a feed and an annuaire. The feed gets its name last: a named feed is a whole one."""
        part = self.feed.with_suffix(".part")
        for path in (part, self.annuaire):
            path.unlink(missing_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        generate(part, self.annuaire)
        part.rename(self.feed)

    def delete(self) -> None:
        for path in (self.feed, self.annuaire):
            path.unlink(missing_ok=True)


def state_of(files: Files) -> State:
    if files.feed.exists():
        return State.INTERRUPTED
    return State.FILLED if Agent.objects.exists() else State.EMPTY


def is_demo_database() -> bool:
    """Whether the agents here came from the demo's feed: nothing else may be given accounts with known passwords."""
    return FeedRun.objects.filter(file_name=FEED_NAME).exists()
