"""One's own documents as the pages show them. The verdicts come with the rows: the number of queries is constant."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from documents.domain.reasons import reason
from documents.domain.sentences import LABELS, sentence
from documents.domain.titles import proposed_title
from documents.domain.types import type_law
from documents.domain.validity import Validity, Worth
from documents.domain.verdicts import Check, Outcome, Verdict
from documents.enums import DocumentState, SubmissionState
from documents.models import Document, DocumentUse
from iprof.kernel.explain import Node
from iprof.kernel.text import sort_key
from iprof.web.formats import french_weight
from security.models import User

EXPIRED = "perime"  # a state of the list, beside those of the rows
ORDER = {check.value: number for number, check in enumerate(Check)}
TONES = {
    Outcome.PASSED: "success",
    Outcome.WARNED: "warning",
    Outcome.CONSENT: "warning",
    Outcome.REFUSED: "error",
    Outcome.HELD: "info",
}
STATE_TONES = {
    DocumentState.CHECKING: "info",
    DocumentState.CONSENT: "warning",
    DocumentState.REFUSED: "error",
    DocumentState.KEPT: "success",
    DocumentState.DESTROYED: "new",
}
WORTH_WORDS = {
    Worth.VALID: ("Valable", "success"),
    Worth.EXPIRED: ("Périmé", "error"),
    Worth.UNDATED: ("Date à indiquer", "warning"),
    Worth.FUTURE: ("Date à corriger", "warning"),
    Worth.UNKNOWN: ("Durée non publiée", "info"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict in words. `same`: the document of which this one is a double, received on the day `received`."""

    label: str
    word: str
    tone: str
    sentence: str
    node: Node | None
    same: str = ""
    received: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A document of a list or of its page. `notable`: the verdicts that ask for something."""

    row: Document
    type_label: str
    tone: str
    validity: Validity | None
    validity_word: str
    validity_tone: str
    verdicts: tuple[Said, ...]
    notable: tuple[Said, ...]
    passed: tuple[Said, ...]
    joined: bool
    described: bool
    proposed: str

    @property
    def weight(self) -> str:
        """« 49 ko », « 2,4 Mo »: the units in which the limit is told."""
        return french_weight(self.row.size)

    @property
    def signed(self) -> bool:
        """Its content bears an electronic signature, which any change of the file breaks."""
        return any(one.check_name == Check.LOCK and one.word == "signe" for one in self.row.verdicts.all())

    @property
    def expired(self) -> bool:
        return self.validity is not None and self.validity.worth is Worth.EXPIRED


@dataclass(frozen=True, slots=True)
class Family:
    label: str
    documents: tuple[Shown, ...]


def documents_of(owner: User) -> QuerySet[Document]:
    """With their verdicts, and whether a service received them. Two queries."""
    sent = DocumentUse.objects.exclude(submission__state=SubmissionState.WITHDRAWN)
    joined = Exists(sent.filter(document=OuterRef("pk")))
    return (
        Document.objects.filter(owner=owner)
        .annotate(joined=joined)
        .select_related("stored")
        .prefetch_related("verdicts")
    )


def shown(row: Document, *, on: dt.date) -> Shown:
    """`row` comes from `documents_of`."""
    validity = row.validity_on(on) if row.state == DocumentState.KEPT and not row.damaged else None
    word, tone = WORTH_WORDS[validity.worth] if validity else ("", "info")
    said = tuple(_said(row))
    return Shown(
        row=row,
        type_label=row.type.label if row.type else "",
        tone=STATE_TONES[DocumentState(row.state)],
        validity=validity,
        validity_word=word,
        validity_tone=tone,
        verdicts=said,
        notable=tuple(one for one in said if one.tone != "success"),
        passed=tuple(one for one in said if one.tone == "success"),
        joined=bool(getattr(row, "joined", False)),
        described=bool(row.kind and row.title),
        proposed=proposed_title(row.type, row.dated_on) if row.type else "",
    )


def by_family(rows: Iterable[Document], *, on: dt.date) -> tuple[Family, ...]:
    """Those to describe first, each family that has some in the order of the law file, then the refused ones."""
    found = [shown(row, on=on) for row in rows]
    refused = [one for one in found if one.row.state == DocumentState.REFUSED]
    found = [one for one in found if one.row.state != DocumentState.REFUSED]
    families = [("À décrire", [one for one in found if one.row.type is None])]
    for code, label in type_law().families.items():
        families.append((label, [one for one in found if one.row.type and one.row.type.family == code]))
    families.append(("Refusés aux contrôles", refused))
    return tuple(Family(label, tuple(documents)) for label, documents in families if documents)


def looked_for(families: Iterable[Family], state: str, words: str) -> tuple[Family, ...]:
    """Those of a state and of a title, a type or a file name that holds each of the words, accents aside."""
    wanted = sort_key(words).split()
    kept = [
        Family(family.label, tuple(one for one in family.documents if _is(one, state) and _says(one, wanted)))
        for family in families
    ]
    return tuple(family for family in kept if family.documents)


def _is(one: Shown, state: str) -> bool:
    return one.expired if state == EXPIRED else not state or one.row.state == state


def _says(one: Shown, wanted: Iterable[str]) -> bool:
    text = sort_key(f"{one.row.title} {one.row.original_name} {one.type_label}")
    return all(word in text for word in wanted)


def _said(row: Document) -> Iterable[Said]:
    for stored in sorted(row.verdicts.all(), key=lambda one: ORDER[one.check_name]):
        verdict = Verdict(Check(stored.check_name), Outcome(stored.outcome), stored.word, stored.figures)
        yield Said(
            LABELS[verdict.check],
            stored.get_outcome_display(),
            TONES[verdict.outcome],
            sentence(verdict),
            reason(verdict),
            str(verdict.figures.get("document", "")),
            str(verdict.figures.get("received", "")),
        )
