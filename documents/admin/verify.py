"""What staff do on the page of a sending: decide on each piece, accept all, or several sendings together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from documents.forms.review import AT_THE_FIELD, PieceForm
from documents.models import Submission
from documents.selectors.review import PieceShown, pieces_by_submission, submission_shown
from documents.services.review import Decision, review
from iprof.kernel.errors import DomainError
from security.models import User

SENTENCES = {
    "review_gone": "L'envoi ou une de ses pièces n'est plus à vérifier par vous : il a pu être retiré. Rien n'est enregistré.",
    "review_completed": "L'agent a complété son envoi pendant que vous le lisiez : rien n'est enregistré. Relisez les pièces ci-dessous, puis décidez.",
    "review_replaced": "Une pièce a été remplacée par l'agent pendant que vous la lisiez : rien n'est enregistré. Relisez, puis décidez.",
    "review_changed": "Un collègue a décidé sur une de ces pièces pendant que vous la lisiez : rien n'est enregistré. Relisez, puis décidez.",
    "review_destroyed": "Une pièce vient d'être détruite : il n'y a plus rien à vérifier. Rien n'est enregistré.",
    "review_nothing": "Aucune décision n'est choisie : rien n'est enregistré. Choisissez-en une pour au moins une pièce.",
}
PREPARED = (
    "Vous avez préparé un refus, une demande ou une précision : rien n'est enregistré. Enregistrez vos décisions, ou effacez-les "
    "pour tout accepter."
)
AT_THE_PIECE = "Une décision est à corriger : rien n'est enregistré."
PLAN = re.compile(r"^plan-(\d{1,18})$", re.ASCII)
MOST = 50  # a page of the list
KEPT_TEXT = re.compile(r"^piece-(\d{1,18})-precision$")


class Verification:
    """The page of one sending with a form per piece the reader may decide on."""

    def __init__(self, data: Mapping[str, Any] | None, row: Submission, by: User) -> None:
        self.data, self.row, self.by, self.problem = data, row, by, ""
        self.shown = submission_shown(row, by, on=timezone.localdate())
        self.forms = {piece.use.pk: self._form(piece) for piece in self.shown.pieces}

    def _form(self, piece: PieceShown) -> PieceForm:
        return PieceForm(
            self.data,
            use=piece.use.pk,
            seen=len(piece.told),
            reasons=self.shown.reasons,
            may_accept=piece.waits_for_me or piece.use.review == "refuse",
        )

    @property
    def pairs(self) -> list[tuple[PieceShown, PieceForm]]:
        return [(piece, self.forms[piece.use.pk]) for piece in self.shown.pieces]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """(address of the field, piece, sentence) of what is to be corrected."""
        return [
            (form[name].auto_id, str(piece.use.document), str(sentence))
            for piece, form in self.pairs
            if form.is_bound
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]

    @property
    def lost(self) -> list[str]:
        """What was typed on pieces that are no more on the page."""
        known = {str(pk) for pk in self.forms}
        found = ((KEPT_TEXT.match(name), value) for name, value in (self.data or {}).items())
        return [str(value) for match, value in found if match and match[1] not in known and str(value).strip()]

    def act(self, request: HttpRequest) -> str:
        """Does what `acte` asks; the sentence that says so, empty when something is to be corrected. Raises DomainError."""
        if request.POST.get("acte") == "tout":
            if any(form.prepared for form in self.forms.values()):
                self.problem = PREPARED
                return ""
            decisions = [Decision(piece.use.pk, True, self._seen(piece)) for piece in self.shown.waiting]
        else:
            valid = [form.is_valid() for form in self.forms.values()]
            if not all(valid):
                self.problem = AT_THE_PIECE
                return ""
            decisions = [form.made for form in self.forms.values() if form.decides]
        row = review(
            submission=self.row, by=self.by, decisions=decisions, attempt=_number(request, "essai"), request=request
        )
        return _done(row, len(decisions))

    def _seen(self, piece: PieceShown) -> int:
        typed = str((self.data or {}).get(f"piece-{piece.use.pk}-vu", ""))
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else -1

    def again(self, row: Submission, error: DomainError) -> Verification:
        """The page as things are now, with what was typed."""
        page = Verification(self.data, row, self.by)
        form = page.forms.get(int(str(error.params.get("use", 0))))
        for one in page.forms.values():
            one.is_valid()
        explained = form is not None and form.explain(error)
        page.problem = AT_THE_PIECE if explained else SENTENCES.get(error.code, AT_THE_PIECE)
        if not explained:
            page.renew()
        return page

    def renew(self) -> None:
        """What was typed, on the pieces as they are seen now."""
        if self.data is None:
            return
        seen = {f"piece-{piece.use.pk}-vu": str(len(piece.told)) for piece in self.shown.pieces}
        self.data = {**{name: str(value) for name, value in self.data.items()}, **seen}
        self.forms = {piece.use.pk: self._form(piece) for piece in self.shown.pieces}

    @staticmethod
    def status(error: DomainError) -> int:
        return 400 if error.code in AT_THE_FIELD or error.code == "review_nothing" else 409


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


def _done(row: Submission, count: int) -> str:
    s = "s" if count > 1 else ""
    begun = f"{count} décision{s} enregistrée{s}."
    told = {
        "complet": "L'envoi est complet. L'agent en est averti.",
        "a-completer": "L'envoi est à compléter. L'agent lira pourquoi, pièce par pièce.",
    }
    return f"{begun} {told.get(row.state, 'L’agent sera averti quand toutes les pièces seront vues.')}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What accepting several sendings would do to one of them. `said` is what was seen, sent back with the confirmation."""

    row: Submission
    accepted: tuple[PieceShown, ...]
    left: tuple[PieceShown, ...]

    @property
    def said(self) -> str:
        return ",".join(f"{piece.use.pk}:{len(piece.told)}" for piece in self.accepted)


def plans_of(rows: Sequence[Submission], by: User) -> list[Plan]:
    """Plain pieces are accepted; those that ask for a look, or for two people, are left for their own page."""
    pieces = pieces_by_submission(rows, by, on=timezone.localdate())
    return [
        Plan(
            row,
            tuple(piece for piece in pieces[row.pk] if piece.plain),
            tuple(piece for piece in pieces[row.pk] if piece.waits_for_me and not piece.plain),
        )
        for row in rows
    ]


def accept_together(rows: QuerySet[Submission], by: User, request: HttpRequest) -> tuple[int, int]:
    """(pieces accepted, sendings left as they are because they changed): the plans sent back, among `rows`."""
    plans = {match[1]: _planned(str(plan)) for name, plan in request.POST.items() if (match := PLAN.match(name))}
    plans = {key: decisions for key, decisions in plans.items() if decisions}
    known = {str(row.pk): row for row in rows.filter(pk__in=list(plans)[:MOST])}
    accepted = 0
    changed = len(plans) - len(known)
    for key, row in known.items():
        try:
            review(
                submission=row, by=by, decisions=plans[key], attempt=_number(request, f"essai-{key}"), request=request
            )
        except DomainError:
            changed += 1
        else:
            accepted += len(plans[key])
    return accepted, changed


def _planned(said: str) -> list[Decision]:
    pairs = re.findall(r"(\d{1,18}):(\d{1,6})", said[:2000], re.ASCII)
    return [Decision(int(use), True, int(seen)) for use, seen in dict(pairs).items()]
