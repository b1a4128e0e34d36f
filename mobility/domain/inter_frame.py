"""The frame of a request: how many vœux, how old a piece or a child may be, where extension never leads, names of pieces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from iprof.kernel import law
from iprof.kernel.legal import LegalSource
from iprof.kernel.text import sort_key
from mobility.domain.law import LEGAL

FILE = "inter/frame.yaml"
COUNTS = ("voeux_max", "piece_months", "adult_age", "separation_months")


@dataclass(frozen=True, slots=True)
class Frame:
    """`pieces` gives the codes a word means: « livret_famille » is the piece of the marriage and of the children."""

    counts: Mapping[str, int]
    sources: Mapping[str, LegalSource]
    never_reached: frozenset[str]
    extension: LegalSource
    pieces: Mapping[str, frozenset[str]]

    def codes(self, words: Iterable[str]) -> frozenset[str]:
        """The pieces said by their code, or by another word for them."""
        return frozenset(code for word in words for code in self.pieces.get(sort_key(word), ()))


def build_frame(folder: Path = LEGAL) -> Frame:
    """Raises LawFileError."""
    data = law.read(FILE, required={"checked_on", "extension", "pieces", *COUNTS}, folder=folder)
    extension, on = data["extension"], data["checked_on"]
    for name in COUNTS:
        law.check_keys(data[name], {"value", "source"}, frozenset({"confidence"}), f"{FILE}: {name}")
    law.check_keys(extension, {"source", "never_reached"}, frozenset({"confidence"}), f"{FILE}: extension")
    return Frame(
        {name: law.whole(data[name]["value"], f"{FILE}: {name}") for name in COUNTS},
        {name: law.source_of(data[name], on, f"{FILE}: {name}") for name in COUNTS},
        frozenset(law.sequence(extension["never_reached"], FILE)),
        law.source_of(extension, on, FILE),
        _words(law.mapping(data["pieces"], FILE)),
    )


def _words(pieces: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for code, words in pieces.items():
        for word in (code, *(words or ())):
            key = sort_key(word)
            found[key] = found.get(key, frozenset()) | {code}
    return found


@lru_cache(maxsize=1)
def frame() -> Frame:
    """That of the project, read once per process."""
    return build_frame()
