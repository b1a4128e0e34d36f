"""What is said of a document once its owner has told what it is: its title (S69), its date and what it is worth (S70)."""

import datetime as dt

from documents.domain.titles import proposed_title, says_nothing
from documents.domain.types import DocumentType
from documents.domain.validity import Worth, validity
from documents.domain.verdicts import Check, Outcome, Verdict

WORDS = {
    Worth.EXPIRED: (Outcome.WARNED, "perime"),
    Worth.UNDATED: (Outcome.WARNED, "absente"),
    Worth.FUTURE: (Outcome.WARNED, "future"),
    Worth.VALID: (Outcome.PASSED, "au-depot"),
    Worth.UNKNOWN: (Outcome.PASSED, ""),
}


def told_verdicts(
    kind: DocumentType | None, *, title: str, dated_on: dt.date | None, ends_on: dt.date | None, on: dt.date
) -> tuple[Verdict, ...]:
    """On the day `on`, that of the deposit. Of the date nothing is said before the type is known."""
    if kind is None:
        return (Verdict(Check.TITLE, Outcome.WARNED, "absent"),)
    worth = validity(kind, dated_on=dated_on, ends_on=ends_on, deposit=on).worth
    return title_verdict(kind, title, dated_on), Verdict(Check.DATE, *WORDS[worth])


def title_verdict(kind: DocumentType, title: str, dated_on: dt.date | None) -> Verdict:
    if not says_nothing(title):
        return Verdict(Check.TITLE, Outcome.PASSED)
    return Verdict(Check.TITLE, Outcome.WARNED, "peu-clair", {"proposed": proposed_title(kind, dated_on)})
