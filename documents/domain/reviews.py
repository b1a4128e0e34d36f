"""What a service says of the pieces it received: reasons, two people for what is sensitive, where a sending stands after
(documents/legal/review_reasons.yaml; norm D17, requirement S54)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from documents.domain.procedures import procedures
from documents.domain.types import LEGAL, Sensitivity, document_type
from iprof.kernel import law
from iprof.kernel.legal import LegalSource

FILE = "review_reasons.yaml"
CODE_MAX = 30  # of the column that keeps it


class Standing(StrEnum):
    """Of one piece."""

    WAITING = "a-verifier"
    SECOND = "second-regard"  # one person accepted, another must
    ACCEPTED = "accepte"
    REFUSED = "refuse"


class Progress(StrEnum):
    """Of a sending."""

    SENT = "transmis"
    INCOMPLETE = "a-completer"
    COMPLETE = "complet"


@dataclass(frozen=True, slots=True)
class Reason:
    """`sentence` is told to the agent. `comment`: a precision is asked of who decides. `asks`: another document is asked
    for, this one is not at fault. `procedures` empty: all."""

    code: str
    label: str
    sentence: str
    comment: bool
    asks: bool
    procedures: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReviewLaw:
    reasons: Mapping[str, Reason]
    four_eyes: frozenset[Sensitivity]
    source: LegalSource


@dataclass(frozen=True, slots=True)
class Said:
    """One decision on a piece, in the order they were made; `by` is who made it."""

    by: int
    accepted: bool


def build_review_law(folder: Path = LEGAL, *, known: Collection[str] | None = None) -> ReviewLaw:
    """Raises LawFileError, also for a procedure or a sensitivity that does not exist."""
    data = law.read(FILE, required={"checked_on", "source", "four_eyes", "reasons"}, folder=folder)
    known = procedures().keys() if known is None else known
    reasons = {code: _reason(code, entry, known) for code, entry in law.mapping(data["reasons"], FILE).items()}
    try:
        four_eyes = frozenset(Sensitivity(str(one)) for one in law.sequence(data["four_eyes"], FILE))
    except ValueError as error:
        raise law.LawFileError(f"{FILE}: four_eyes: {error}") from None
    return ReviewLaw(reasons, four_eyes, law.source_of(data, data["checked_on"], FILE))


def _reason(code: str, entry: Any, known: Collection[str]) -> Reason:
    where = f"{FILE}: {code}"
    law.check_keys(entry, {"label", "sentence"}, frozenset({"comment", "asks", "procedures"}), where)
    meant = frozenset(map(str, law.sequence(entry["procedures"], where))) if "procedures" in entry else frozenset()
    if meant - set(known) or len(code) > CODE_MAX:
        raise law.LawFileError(f"{where}: {sorted(meant - set(known)) or 'code too long'}")
    return Reason(
        code,
        law.text(entry["label"], where),
        law.text(entry["sentence"], where),
        law.flag(entry.get("comment", False), where),
        law.flag(entry.get("asks", False), where),
        meant,
    )


@cache
def review_law() -> ReviewLaw:
    return build_review_law()


def reasons_for(procedure: str) -> tuple[Reason, ...]:
    """Those a service may give in a procedure, in the order of the file."""
    return tuple(
        reason for reason in review_law().reasons.values() if not reason.procedures or procedure in reason.procedures
    )


def eyes_for(kind: str) -> int:
    """How many different people must accept a document of a type; two for one that the law file does not know."""
    found = document_type(kind)
    return 1 if found is not None and found.sensitivity not in review_law().four_eyes else 2


def standing(said: Sequence[Said], *, eyes: int) -> Standing:
    """Where a piece stands: a refusal holds until somebody accepts, and takes back the acceptances before it.

    >>> standing([Said(1, True), Said(1, True)], eyes=2).value, standing([Said(1, True), Said(2, True)], eyes=2).value
    ('second-regard', 'accepte')
    """
    if not said:
        return Standing.WAITING
    if not said[-1].accepted:
        return Standing.REFUSED
    return Standing.ACCEPTED if len(accepting(said)) >= eyes else Standing.SECOND


def accepting(said: Sequence[Said]) -> frozenset[int]:
    """Who accepted since the last refusal."""
    refusals = [number for number, one in enumerate(said) if not one.accepted]
    return frozenset(one.by for one in said[refusals[-1] + 1 if refusals else 0 :])


def accepts_again(said: Sequence[Said], *, by: int, eyes: int) -> bool:
    """Whether an acceptance by a person would change nothing: theirs holds already, or the piece is accepted."""
    return by in accepting(said) or standing(said, eyes=eyes) is Standing.ACCEPTED


def progress(standings: Collection[Standing], *, now: Progress, missing: bool = False) -> Progress:
    """Where a sending stands, from its pieces: sent back once every piece is decided and one is refused; what was sent back
    stays so while a refusal holds, its agent is preparing the next sending. `missing`: the document of a piece
    was destroyed before it was decided on, another is expected."""
    if missing:
        return Progress.INCOMPLETE
    open_ = any(one in (Standing.WAITING, Standing.SECOND) for one in standings)
    if Standing.REFUSED in standings and (not open_ or now is Progress.INCOMPLETE):
        return Progress.INCOMPLETE
    return Progress.SENT if open_ or not standings else Progress.COMPLETE


def decided(standings: Collection[Standing]) -> bool:
    """Whether the service has answered on every piece."""
    return bool(standings) and not any(one in (Standing.WAITING, Standing.SECOND) for one in standings)


def may_take_back(state: str, *, decided: bool) -> bool:
    """Whether an agent may take a sending back: nobody has `decided` on a piece yet, or the service asks for others, which
    the agent does not want to send.

    >>> may_take_back("transmis", decided=False), may_take_back("transmis", decided=True), may_take_back("a-completer", decided=True)
    (True, False, True)
    """
    return state == Progress.INCOMPLETE or (state == Progress.SENT and not decided)
