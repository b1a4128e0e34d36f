"""The chain that makes the access journal tamper-evident (norm D20). Pure: the key is inside the `sign` given.

Each line is signed when it is written. Later, lines are sealed one after the other: a seal signs the seal before it, its
own position and the signature of its line. A line changed no longer fits its signature; a line removed leaves its seal
alone; a line inserted has no true signature; seals moved, removed or added no longer follow one another.
"""

import datetime as dt
import ipaddress
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

NONCE_LENGTH = 16  # hexadecimal characters, before the 64 of the signature: two equal lines differ
START = "0" * 64  # what the first seal follows

Sign = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key of today and the former ones, each with the position of the last seal it made, in order. A former key is
    believed up to there and no further: stolen later, it forges nothing new.
    """

    today: Sign
    former: tuple[tuple[int, Sign], ...] = ()

    def at(self, position: int) -> Sign:
        """The key of the seal at a position, and of its line."""
        return next((sign for last, sign in self.former if position <= last), self.today)


class FaultCode(StrEnum):
    """What is wrong with the journal, at one place."""

    SEAL_MISSING = "seal_missing"
    SEAL_ALTERED = "seal_altered"
    LINE_REMOVED = "line_removed"
    LINE_CHANGED = "line_changed"
    LINE_FOREIGN = "line_foreign"
    ANCHOR_LOST = "anchor_lost"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal as stored. `at` is aware; `actor` and `subject` are keys of accounts."""

    pk: int
    at: dt.datetime
    kind: str
    actor: int | None
    actor_label: str
    subject: int | None
    reason: str
    detail: Mapping[str, Any]
    ip: str | None
    request_id: str
    mark: str


@dataclass(frozen=True, slots=True)
class Seal:
    """One link. It keeps kind and date of its line, so that what is missing can be told from what was due to go."""

    position: int
    line: int
    kind: str
    at: dt.datetime
    mark: str
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """`position` in the chain, from 1 (0: not sealed); `line` is the key of the line, 0 when there is none."""

    code: FaultCode
    position: int
    line: int


def mark_of(line: Line, *, nonce: str, sign: Sign) -> str:
    """The signature written with a line: the nonce, then 64 characters. The key of the line is not known yet."""
    said = [
        _instant(line.at), line.kind, line.actor, line.actor_label, line.subject, line.reason,
        line.detail, ipaddress.ip_address(line.ip).packed.hex() if line.ip else "", line.request_id,
    ]  # fmt: skip
    return nonce + sign(nonce + json.dumps(said, sort_keys=True, separators=(",", ":")))


def is_true(line: Line, *, sign: Sign) -> bool:
    """Whether the line still says what was signed."""
    return mark_of(line, nonce=line.mark[:NONCE_LENGTH], sign=sign) == line.mark


def link(previous: str, *, position: int, line: int, kind: str, at: dt.datetime, mark: str, sign: Sign) -> str:
    """The digest of the seal that follows the digest `previous`."""
    return sign("|".join((previous, str(position), str(line), kind, _instant(at), mark)))


def first_fault(
    pairs: Iterable[tuple[Seal, Line | None]], *, keys: Keyring, was_due: Callable[[str, dt.datetime], bool]
) -> Fault | None:
    """The first place where chain and lines disagree, None when they agree. `pairs` come by position.

    `was_due` tells whether a line of a kind and date has been taken away by the retention job.
    """
    return next(_faults(pairs, keys, was_due), None)


def _faults(
    pairs: Iterable[tuple[Seal, Line | None]], keys: Keyring, was_due: Callable[[str, dt.datetime], bool]
) -> Iterator[Fault]:
    previous = START
    for expected, (seal, line) in enumerate(pairs, start=1):
        sign = keys.at(seal.position)
        if seal.position != expected:
            yield Fault(FaultCode.SEAL_MISSING, expected, 0)
        if seal.digest != _link_of(seal, previous, sign):
            yield Fault(FaultCode.SEAL_ALTERED, seal.position, seal.line)
        if line is None and not was_due(seal.kind, seal.at):
            yield Fault(FaultCode.LINE_REMOVED, seal.position, seal.line)
        if line is not None and not (line.mark == seal.mark and is_true(line, sign=sign)):
            yield Fault(FaultCode.LINE_CHANGED, seal.position, seal.line)
        previous = seal.digest


def _link_of(seal: Seal, previous: str, sign: Sign) -> str:
    return link(previous, position=seal.position, line=seal.line, kind=seal.kind, at=seal.at, mark=seal.mark, sign=sign)


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
