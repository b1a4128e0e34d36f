"""« Par procédure »: what each asks for, which of one's documents answer, what is missing (requirements S14, S54, K6)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from documents.domain.procedures import Piece, Procedure, procedures
from documents.domain.types import document_type
from documents.domain.validity import Worth
from documents.enums import DocumentState
from documents.models import Document
from documents.selectors.own import Shown, shown

SERVICE_NAMES = {"gestionnaire": "votre gestionnaire", "medical": "le service médical"}
USELESS = frozenset({Worth.EXPIRED, Worth.UNDATED, Worth.FUTURE})


@dataclass(frozen=True, slots=True)
class PieceState:
    """A piece asked for. `ready`: documents that can be sent today; `blocked`: of the right type, and why not yet."""

    law: Piece
    types: tuple[str, ...]
    ready: tuple[Shown, ...]
    blocked: tuple[tuple[Shown, str], ...]

    @property
    def first_type(self) -> str:
        return self.law.types[0]

    @property
    def missing(self) -> bool:
        return not self.ready

    @property
    def word(self) -> str:
        if self.ready:
            return "Prête"
        if self.blocked:
            return "À corriger"
        return "Manquante" if self.law.always else "Selon votre situation"

    @property
    def tone(self) -> str:
        if self.ready:
            return "success"
        return "error" if self.law.always or self.blocked else "info"


@dataclass(frozen=True, slots=True)
class Checklist:
    """A procedure with its pieces, those always asked first."""

    law: Procedure
    pieces: tuple[PieceState, ...]

    @property
    def service(self) -> str:
        return SERVICE_NAMES[self.law.service]

    @property
    def gaps(self) -> tuple[PieceState, ...]:
        return tuple(one for one in self.pieces if one.law.always and one.missing)

    @property
    def word(self) -> str:
        """Empty for a procedure whose pieces depend on the situation, of which none is there yet."""
        if any(one.missing and one.blocked for one in self.pieces):
            return "Une pièce à corriger"
        if self.gaps:
            return "Pièce à déposer"
        return "Prêt" if any(one.ready and one.law.always for one in self.pieces) else ""

    @property
    def tone(self) -> str:
        return {"Une pièce à corriger": "warning", "Prêt": "success"}.get(self.word, "info")


def checklist(law: Procedure, rows: Iterable[Document], *, on: dt.date) -> Checklist:
    """`rows` come from `own.documents_of`; no query."""
    found = [shown(row, on=on) for row in rows if row.state in (DocumentState.KEPT, DocumentState.CHECKING)]
    pieces = [_piece(piece, found) for piece in law.pieces.values()]
    return Checklist(law, tuple(sorted(pieces, key=lambda one: not one.law.always)))


def checklists(rows: Iterable[Document], *, on: dt.date) -> tuple[Checklist, ...]:
    """Of every procedure, those sent from here first."""
    kept = list(rows)
    laws: Mapping[str, Procedure] = procedures()
    return tuple(checklist(law, kept, on=on) for law in sorted(laws.values(), key=lambda law: not law.by_portal))


def _piece(law: Piece, found: list[Shown]) -> PieceState:
    answers = [one for one in found if one.row.kind in law.types]
    reasons = [(one, _why_not(one)) for one in answers]
    return PieceState(
        law,
        tuple(kind.label for code in law.types if (kind := document_type(code))),
        tuple(one for one, why in reasons if not why),
        tuple((one, why) for one, why in reasons if why),
    )


def _why_not(one: Shown) -> str:
    """Empty when it can be sent today."""
    if one.row.damaged:
        return "contenu perdu : déposez-le de nouveau"
    if one.row.state != DocumentState.KEPT or one.validity is None:
        return "contrôles en cours"
    if one.validity.worth not in USELESS:
        return ""
    return {Worth.EXPIRED: "périmé aujourd'hui", Worth.UNDATED: "date à indiquer", Worth.FUTURE: "date à corriger"}[
        one.validity.worth
    ]
