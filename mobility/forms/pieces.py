"""« Pièces justificatives »: for each piece asked for, documents already deposited (S52, S55)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from documents.selectors.own import Shown
from iprof.web.formats import french_date
from mobility.selectors.pieces import PieceAsked

GONE = (
    "Un document choisi n'est plus disponible : il a été retiré, ou il est périmé. Choisissez parmi ceux de la liste."
)


class PiecesForm(forms.Form):
    """One field a piece that has documents to choose from; nothing is mandatory to save."""

    choices_only = True

    def __init__(self, *args: Any, pieces: Sequence[PieceAsked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = pieces
        for piece in pieces:
            if piece.state.ready:
                self.fields[f"piece_{piece.code}"] = _field(piece)

    @property
    def rows(self) -> list[tuple[PieceAsked, forms.BoundField | None]]:
        return [(one, self[f"piece_{one.code}"] if one.state.ready else None) for one in self.pieces]

    @property
    def chosen(self) -> dict[str, list[UUID]]:
        """By piece, after validation; a wrong choice is left out."""
        found = {}
        for piece in self.pieces:
            picked = self.cleaned_data.get(f"piece_{piece.code}") or []
            found[piece.code] = [UUID(one) for one in ([picked] if isinstance(picked, str) else picked)]
        return found


def _field(piece: PieceAsked) -> forms.Field:
    """What is chosen already, or the only document that answers a piece that is needed."""
    state = piece.state
    choices = [(str(one.row.pk), _words(one)) for one in state.ready]
    picked = [str(one) for one in piece.chosen]
    if not picked and piece.needed and len(choices) == 1:
        picked = [choices[0][0]]
    errors = {"invalid_choice": GONE, "invalid_list": GONE}
    label = f"Document à joindre : {state.law.label[0].lower()}{state.law.label[1:]}"
    options: dict[str, Any] = {"label": label, "required": False, "error_messages": errors}
    if state.law.several:
        return forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple,
            choices=choices,
            initial=picked,
            help_text="Un ou plusieurs documents.",
            **options,
        )
    first = picked[0] if picked else ""
    return forms.ChoiceField(
        widget=forms.RadioSelect, choices=[*choices, ("", "Aucun pour l'instant")], initial=first, **options
    )


def _words(one: Shown) -> str:
    told = [str(one.row), one.type_label]
    if one.validity and one.validity.last_day:
        told.append(f"valable jusqu'au {french_date(one.validity.last_day)}")
    return " · ".join(told)
