"""« Mon barème » : each version of one's request, what it says line by line, what changed since the one before (K5)."""

from dataclasses import dataclass
from itertools import pairwise

from mobility.domain.versions import ArchivedVoeu, Change, changes, voeux_of
from mobility.models import BaremeVersion, MobilityRequest


@dataclass(frozen=True, slots=True)
class Version:
    """`changed` is empty for the first version. `decided`: a person made it (D28); the agent is told by whom: the service."""

    row: BaremeVersion
    voeux: tuple[ArchivedVoeu, ...]
    changed: tuple[Change, ...]
    first: bool

    @property
    def decided(self) -> bool:
        return self.row.decided_by_id is not None

    @property
    def corrected(self) -> bool:
        return any(voeu.corrected for voeu in self.voeux)

    @property
    def refusals(self) -> tuple[str, ...]:
        return tuple(one["message"] for one in self.row.result["refusals"])

    @property
    def dropped(self) -> tuple[tuple[str, str], ...]:
        """(label, why) of what was not counted."""
        rows = [(one["label"], one["reason"]) for one in (*self.row.result["dropped"], *self.row.result["unknown"])]
        return tuple(dict.fromkeys(rows))


def versions_of(request: MobilityRequest) -> tuple[Version, ...]:
    """The latest first. One query."""
    rows = list(request.versions.order_by("number"))
    read = [voeux_of(row.result, row.retained) for row in rows]
    found = [Version(rows[0], read[0], (), True)] if rows else []
    for (_, before), (row, after) in pairwise(zip(rows, read, strict=True)):
        found.append(Version(row, after, changes(before, after), False))
    return tuple(reversed(found))


def version_of(request: MobilityRequest, number: int) -> Version | None:
    """One version with what changed since the one before. One query."""
    return next((one for one in versions_of(request) if one.row.number == number), None)
