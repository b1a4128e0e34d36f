"""The academic CV, composed from the facts of the file: newest first in each part (requirement S46, seen only)."""

from dataclasses import dataclass

from career.enums import FactKind
from career.selectors.history import History, HistoryEntry

PARTS = (
    (FactKind.STEP, "Parcours statutaire"),
    (FactKind.ASSIGNMENT, "Postes occupés"),
    (FactKind.DIPLOMA, "Diplômes"),
    (FactKind.TRAINING, "Formations suivies"),
)


@dataclass(frozen=True, slots=True)
class CvPart:
    title: str
    entries: tuple[HistoryEntry, ...]


def academic_cv(history: History) -> tuple[CvPart, ...]:
    """The parts that hold something."""
    parts = (CvPart(title, history.of(kind=kind)[::-1]) for kind, title in PARTS)
    return tuple(part for part in parts if part.entries)
