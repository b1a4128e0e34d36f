"""How long each kind of line of the journal is kept: `data/retention.yaml`, with the source of each figure (D19)."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from iprof.kernel.periods import add_months

FILE = Path(__file__).parent / "data" / "retention.yaml"


@dataclass(frozen=True, slots=True)
class Retention:
    """`months` None: kept as long as the journal itself."""

    name: str
    months: int | None
    source: str
    kinds: tuple[str, ...]


@cache
def retentions() -> tuple[Retention, ...]:
    """The durations, in the order of the file."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(Retention(row["name"], row["months"], row["source"], tuple(row["kinds"])) for row in rows)


def cutoff_of(kind: str, now: dt.datetime) -> dt.datetime | None:
    """Lines of this kind written before that instant have reached their duration; None when they never do.

    Raises LookupError for a kind the file does not name.
    """
    for retention in retentions():
        if kind in retention.kinds:
            if retention.months is None:
                return None
            return dt.datetime.combine(add_months(now.date(), -retention.months), now.timetz())
    raise LookupError(kind)
