"""What is chosen for a sending: documents for each piece, a message to the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from documents.models import Document
from documents.selectors.own import Shown
from documents.selectors.procedures import PieceState
from iprof.correspondence.forms.words import NUL, without_numen
from iprof.web.formats import french_date, french_moment

MESSAGE_MAX = 2000
no_numen = without_numen("il est confidentiel : le service vous connaît sans lui.")
NONE_CHOSEN = "Aucun document n'est choisi. Choisissez celui qui répond à ce qui est demandé."
GONE = (
    "Un document choisi n'est plus disponible : il a été retiré, ou il est périmé. Choisissez parmi ceux de la liste."
)


def field_of(piece: str) -> str:
    return f"piece_{piece}"


class SendingForm(forms.Form):
    """One field a piece: the documents that may be sent today. `pieces` come from a checklist."""

    def __init__(self, *args: Any, pieces: Sequence[PieceState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = pieces
        message = self.fields.pop("message")
        for piece in pieces:
            if piece.ready:
                self.fields[field_of(piece.law.code)] = _field(piece)
        self.fields["message"] = message

    message = forms.CharField(
        label="Message au service",
        required=False,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_numen],
        help_text=f"{MESSAGE_MAX} caractères au plus. Ce que les pièces ne disent pas : depuis quand, pour qui.",
        error_messages={
            "max_length": "Ce message fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-le.",
            "null_characters_not_allowed": NUL,
        },
    )

    @property
    def by_piece(self) -> list[tuple[PieceState, Any]]:
        """Each piece with its field, None where nothing can be chosen yet."""
        return [(one, self[field_of(one.law.code)] if one.ready else None) for one in self.pieces]

    @property
    def chosen(self) -> dict[str, list[Document]]:
        """By piece; what is not ready is not there."""
        found = {}
        for piece in self.pieces:
            picked = self.cleaned_data.get(field_of(piece.law.code)) or []
            wanted = {UUID(one) for one in ([picked] if isinstance(picked, str) else picked)}
            found[piece.law.code] = [one.row for one in piece.ready if one.row.pk in wanted]
        return found

    def tell(self, problems: Mapping[str, Sequence[str]]) -> None:
        """The sentences of `services.submit` at the piece they are about."""
        for piece, sentences in problems.items():
            name = field_of(piece)
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def _field(piece: PieceState) -> forms.Field:
    """Chosen beforehand when there is no choice to make."""
    choices = [(str(one.row.pk), _words(one)) for one in piece.ready]
    errors = {"required": NONE_CHOSEN, "invalid_choice": GONE, "invalid_list": GONE}
    options: dict[str, Any] = {"label": piece.law.label, "required": piece.law.always, "error_messages": errors}
    first = choices[0][0] if len(choices) == 1 and piece.law.always else ""
    if piece.law.several:
        return forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple,
            choices=choices,
            initial=[first] if first else [],
            help_text="Un ou plusieurs documents.",
            **options,
        )
    if not piece.law.always:
        choices = [("", "Ne rien joindre"), *choices]
    return forms.ChoiceField(widget=forms.RadioSelect, choices=choices, initial=first, **options)


def _words(one: Shown) -> str:
    """Two of the same title are told apart by when they came and how long they are."""
    told = [str(one.row), one.type_label]
    if one.validity and one.validity.last_day:
        told.append(f"valable jusqu'au {french_date(one.validity.last_day)}")
    pages = one.row.pages or 1
    told.append(
        f"déposé le {french_moment(timezone.localtime(one.row.deposited_at))}, {pages} page{'s' if pages > 1 else ''}"
    )
    return " · ".join(told)
