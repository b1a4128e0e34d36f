"""What an agent writes of a line of the barème, and what they join."""

from typing import Any

from django import forms

from documents.forms.sending import SendingForm, no_numen
from documents.selectors.procedures import PieceState
from iprof.correspondence.forms.words import NUL
from mobility.enums import Ground

REASON_MIN, REASON_MAX = 10, 2000
POINTS_MAX = 9999


class ContestForm(SendingForm):
    """`there`: the line is displayed. The documents come from the piece; all are optional."""

    objet = forms.ChoiceField(
        label="Ce que vous contestez",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites ce que vous contestez : choisissez une des réponses.",
            "invalid_choice": "Cette réponse n'est pas proposée pour cette ligne. Choisissez-en une autre.",
        },
    )
    points = forms.DecimalField(
        label="Points que vous attendez",
        required=False,
        localize=True,
        min_value=0,
        max_value=POINTS_MAX,
        max_digits=6,
        decimal_places=2,
        help_text="Laissez vide si vous ne savez pas. Exemple : 150,2.",
        error_messages={
            "invalid": "Ce nombre n'est pas compris. Écrivez les points en chiffres, par exemple 150,2.",
            "min_value": "Des points ne sont pas négatifs. Écrivez zéro ou plus.",
            "max_value": "C'est plus que ce qu'une ligne peut valoir. Vérifiez le nombre.",
            "max_digits": "Ce nombre a trop de chiffres. Écrivez par exemple 150,2.",
            "max_decimal_places": "Deux chiffres au plus après la virgule. Écrivez par exemple 150,2.",
            "max_whole_digits": "Ce nombre a trop de chiffres. Écrivez par exemple 150,2.",
        },
    )
    message = forms.CharField(
        label="Votre explication",
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[no_numen],
        help_text=f"Ce qui est faux et ce qui serait juste. De {REASON_MIN} à {REASON_MAX} caractères. N'indiquez ni "
        "NUMEN, ni donnée de santé : une pièce médicale se joint, elle ne s'écrit pas.",
        error_messages={
            "required": "Votre explication est vide : sans elle, le service ne peut pas répondre. Écrivez-la.",
            "min_length": "Votre explication est trop courte. Dites ce qui est faux et ce qui serait juste.",
            "max_length": "Cette explication fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-la.",
            "null_characters_not_allowed": NUL,
        },
    )

    def __init__(self, *args: Any, piece: PieceState, there: bool, **kwargs: Any) -> None:
        super().__init__(*args, pieces=[piece], **kwargs)
        self.order_fields(["objet", "points", "message"])
        wanted = (Ground.POINTS, Ground.PIECE) if there else (Ground.MISSING, Ground.PIECE)
        self.fields["objet"].choices = [(one.value, one.label) for one in wanted]  # type: ignore[attr-defined]

    @property
    def joined(self) -> list[Any]:
        """The documents chosen."""
        return [one for documents in self.chosen.values() for one in documents]
