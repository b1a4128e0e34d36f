"""The register of the processings as data: what is shown to the people concerned (RGPD art. 13, 14 and 30; norm D23)."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from django.conf import settings

from iprof.kernel import law

FOLDER = Path(settings.BASE_DIR) / "iprof" / "home" / "data"
FILE = "processings.yaml"


@dataclass(frozen=True, slots=True)
class Processing:
    """In the words of the file; none is empty."""

    name: str
    purposes: str
    basis: str
    data: str
    mandatory: str
    recipients: str
    sources: str
    retention: str


def build_processings(folder: Path = FOLDER) -> tuple[Processing, ...]:
    """Raises LawFileError: a record that lacks a field, says nothing in one, or has one of no name."""
    names = [one.name for one in fields(Processing)]
    found = []
    for entry in law.sequence(law.load(FILE, folder=folder), FILE):
        law.check_keys(entry, set(names), frozenset(), FILE)
        found.append(Processing(*(law.text(entry[name], f"{FILE}: {name}") for name in names)))
    return tuple(found)


@cache
def processings() -> tuple[Processing, ...]:
    return build_processings()
