"""What a person types to answer a contest or a late change: the decision, the points retained, the reason (D28)."""

from typing import Any

from django import forms

from mobility.models import Contest

MOST = 99_999
POINTS = "Écrivez un nombre de points entre 0 et 99 999, comme 150,2."


class AnswerForm(forms.Form):
    """Common to both."""

    choices_only = True  # what may be left empty says so itself

    decision = forms.ChoiceField(
        label="Réponse",
        choices=[("accepter", "Accepter"), ("refuser", "Refuser")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez d'accepter ou de refuser."),
    )
    motif = forms.CharField(
        label="Motif",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text="L'agent le lira. 2 000 caractères au plus. Ni donnée de santé, ni nom d'une autre personne.",
        error_messages={
            "required": "Le motif est vide : sans lui, l'agent ne comprend pas la réponse. Écrivez-le.",
            "max_length": "Ce motif fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-le.",
            "null_characters_not_allowed": "Ce texte contient un caractère nul, qui ne s'affiche pas. Ressaisissez-le.",
        },
    )

    @property
    def accepted(self) -> bool:
        return bool(self.cleaned_data["decision"] == "accepter")


class ContestAnswerForm(AnswerForm):
    points = forms.DecimalField(
        label="Points retenus",
        required=False,
        localize=True,
        min_value=0,
        max_value=MOST,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
        help_text="Si vous acceptez.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"), POINTS
        ),
    )
    partout = forms.BooleanField(label="Sur chaque vœu qui porte cette ligne", required=False)
    field_order = ("decision", "points", "partout", "motif")

    def __init__(self, data: Any = None, *, contest: Contest) -> None:
        super().__init__(data, initial={"points": contest.expected})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "accepter" and "points" in data and data["points"] is None:
            self.add_error("points", "Vous acceptez : écrivez les points que vous retenez pour cette ligne.")
        return data
