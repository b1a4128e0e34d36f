"""The events for which a request may be changed after the closing, and what such a change is (requirement S72)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from iprof.kernel import law
from iprof.kernel.legal import LegalSource
from mobility.domain.contests import FOLDER

FILE = "late_events.yaml"


@dataclass(frozen=True, slots=True)
class LateEvent:
    """`proof` says what shows it."""

    code: str
    label: str
    proof: str


@dataclass(frozen=True, slots=True)
class LateLaw:
    events: Mapping[str, LateEvent]
    source: LegalSource


@lru_cache(maxsize=1)
def late_law() -> LateLaw:
    data = law.read(
        FILE, required={"label", "checked_on", "source", "events"}, optional=frozenset({"confidence"}), folder=FOLDER
    )
    events = {code: _event(code, entry) for code, entry in law.mapping(data["events"], FILE).items()}
    return LateLaw(events, law.source_of(data, data["checked_on"], FILE))


def differs(before: Sequence[str], after: Sequence[str], claims: Mapping[str, Any]) -> bool:
    """Whether a change asks for something: the vœux, their order, or what is claimed."""
    return tuple(before) != tuple(after) or bool(claims)


def _event(code: str, entry: Any) -> LateEvent:
    where = f"{FILE}: {code}"
    law.check_keys(entry, {"label", "proof"}, frozenset(), where)
    return LateEvent(code, law.text(entry["label"], where), law.text(entry["proof"], where))
