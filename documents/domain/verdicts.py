"""What the checks of a file say, one named verdict each, and what the whole of them means (requirement S86, norm D18)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Check(StrEnum):
    """The checks of a file, in the order a person reads them."""

    WEIGHT = "poids"  # strictly under the limit, not empty
    TYPE = "type"  # what the bytes say, whatever the name says; images become a PDF
    READABLE = "lisible"  # a real parse
    LOCK = "protection"  # password, or rights that forbid reading
    ACTIVE = "contenu-actif"  # JavaScript, launch, embedded files, XFA…
    PAGES = "pages"  # how many; none, or too many
    DUPLICATE = "doublon"  # same bytes, or same content, already deposited
    TITLE = "titre"  # says what the document is (requirement S69)
    DATE = "date"  # of the document, and validity today (requirement S70)
    BLANK = "pages-blanches"
    SHARPNESS = "nettete"  # resolution and sharpness, measured on rendered pages
    LETTERHEAD = "en-tete"  # legible heading, by OCR where it is installed
    VIRUS = "virus"


class Outcome(StrEnum):
    PASSED = "conforme"
    WARNED = "a-verifier"  # taken, a person looks: « à vérifier »
    CONSENT = "accord"  # taken once its owner agrees to what must be removed
    REFUSED = "refuse"
    HELD = "attente"  # cannot be said yet: the check is tried again


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's answer. `word` names the sentence among those of the check, `figures` fill its blanks (never text
    read in the file, never a name typed)."""

    check: Check
    outcome: Outcome
    word: str = ""
    figures: Mapping[str, int | float | str] = field(default_factory=dict)


QUICK = (
    Check.WEIGHT,
    Check.TYPE,
    Check.READABLE,
    Check.LOCK,
    Check.ACTIVE,
    Check.PAGES,
    Check.DUPLICATE,
    Check.TITLE,
    Check.DATE,
)
SLOW = (Check.BLANK, Check.SHARPNESS, Check.LETTERHEAD, Check.VIRUS)
_WORST = (Outcome.REFUSED, Outcome.HELD, Outcome.CONSENT, Outcome.WARNED, Outcome.PASSED)


def overall(verdicts: Iterable[Verdict]) -> Outcome:
    """The gravest outcome: a refusal first, then what still waits; PASSED for none.

    >>> overall([Verdict(Check.TYPE, Outcome.PASSED), Verdict(Check.VIRUS, Outcome.HELD)]).value
    'attente'
    """
    found = {verdict.outcome for verdict in verdicts}
    return next((outcome for outcome in _WORST if outcome in found), Outcome.PASSED)
