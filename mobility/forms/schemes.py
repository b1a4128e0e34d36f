"""The form of an application, made from the data of its scheme: fields, then documents for each piece."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from career.geography import departement_names
from documents.forms.sending import GONE
from documents.selectors.own import Shown
from documents.selectors.procedures import PieceState
from iprof.correspondence.forms.words import NUL, without_numen
from mobility.domain.schemes import FieldKind, FieldLaw, Scheme

TEXT_MAX, LONG_MAX = 200, 4000
no_numen = without_numen("il est confidentiel : le service vous connaît sans lui.")
TOO_LONG = "Cette réponse fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-la."
DAY = "Cette date n'est pas comprise. Écrivez-la sous la forme JJ/MM/AAAA, ou choisissez-la dans le calendrier."
UNLISTED = "Cette réponse ne fait pas partie de la liste. Choisissez-en une qui y figure."
ODD = {"null_characters_not_allowed": NUL}


def answer_name(code: str) -> str:
    return f"champ_{code}"


def piece_name(code: str) -> str:
    return f"piece_{code}"


class ApplicationForm(forms.Form):
    """Nothing is required to keep a draft: what lacks is told before sending. `pieces` come from a checklist."""

    choices_only = True  # what is optional to send says so in its label

    def __init__(self, *args: Any, scheme: Scheme, pieces: Sequence[PieceState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        self.pieces = [one for one in pieces if one.law.code in scheme.pieces]
        for field in scheme.fields:
            self.fields[answer_name(field.code)] = _field(field)
        for piece in self.pieces:
            if piece.ready:
                self.fields[piece_name(piece.law.code)] = _documents(piece, required=scheme.pieces[piece.law.code])

    @property
    def questions(self) -> list[Any]:
        return [self[answer_name(field.code)] for field in self.scheme.fields]

    @property
    def by_piece(self) -> list[tuple[PieceState, Any, bool]]:
        """Each piece, its field (None where no document can be chosen yet), whether it is required to send."""
        return [
            (one, self[piece_name(one.law.code)] if one.ready else None, self.scheme.pieces[one.law.code])
            for one in self.pieces
        ]

    @property
    def answers(self) -> dict[str, str]:
        """As kept: text, days in ISO. After validation."""
        kept = ((field.code, self.cleaned_data.get(answer_name(field.code))) for field in self.scheme.fields)
        return {code: _text(value) for code, value in kept if value not in (None, "")}

    @property
    def chosen(self) -> dict[str, list[UUID]]:
        found = ((one.law.code, self.cleaned_data.get(piece_name(one.law.code)) or []) for one in self.pieces)
        return {code: [UUID(one) for one in picked] for code, picked in found if picked}

    def tell(self, problems: Mapping[str, Sequence[str]]) -> None:
        for name, sentences in problems.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def initial_of(answers: Mapping[str, str], chosen: Sequence[tuple[str, UUID]]) -> dict[str, Any]:
    """What a draft holds, for the form."""
    found: dict[str, Any] = {answer_name(code): value for code, value in answers.items()}
    for piece, document in chosen:
        found.setdefault(piece_name(piece), []).append(str(document))
    return found


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _field(law: FieldLaw) -> forms.Field:
    label = law.label if law.required else f"{law.label} (facultatif)"
    told: dict[str, Any] = {"label": label, "required": False, "help_text": law.help}
    match law.kind:
        case FieldKind.LONG:
            told["help_text"] = " ".join(filter(None, (law.help, f"{LONG_MAX} caractères au plus.")))
            return _words(LONG_MAX, forms.Textarea(attrs={"rows": 5}), told)
        case FieldKind.CHOICE:
            choices = [("", "Choisir"), *law.choices]
            return forms.ChoiceField(choices=choices, error_messages={"invalid_choice": UNLISTED}, **told)
        case FieldKind.PLACE:
            choices = [("", "Choisir"), *((code, f"{code} · {name}") for code, name in departement_names().items())]
            return forms.ChoiceField(choices=choices, error_messages={"invalid_choice": UNLISTED}, **told)
        case FieldKind.DATE:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(widget=widget, error_messages={"invalid": DAY}, **told)
        case FieldKind.NUMBER:
            wrong = f"Ce nombre n'est pas compris. Écrivez un nombre entier de {law.least} à {law.most}."
            errors = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)
            return forms.IntegerField(min_value=law.least, max_value=law.most, error_messages=errors, **told)
        case _:
            return _words(TEXT_MAX, None, told)


def _words(longest: int, widget: Any, told: dict[str, Any]) -> forms.Field:
    errors = {"max_length": TOO_LONG, **ODD}
    return forms.CharField(max_length=longest, widget=widget, validators=[no_numen], error_messages=errors, **told)


def _documents(piece: PieceState, *, required: bool) -> forms.Field:
    return forms.MultipleChoiceField(
        label=piece.law.label if required else f"{piece.law.label} (facultatif)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(one.row.pk), _title(one)) for one in piece.ready],
        error_messages={"invalid_choice": GONE, "invalid_list": GONE},
    )


def _title(one: Shown) -> str:
    return f"{one.row} · {one.type_label}"
