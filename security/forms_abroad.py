"""The request of an access from abroad."""

import datetime as dt
from typing import Any

from django import forms

from security.services_abroad import LONGEST

REASON_MIN, REASON_MAX = 10, 500


class AbroadForm(forms.Form):
    """Why, and until when: fifteen days at most."""

    reason = forms.CharField(
        label="Pourquoi vous connectez-vous depuis l'étranger ?",
        help_text=f"Séjour, mission, détachement… De {REASON_MIN} à {REASON_MAX} caractères, sans donnée de santé.",
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Dites pourquoi : sans motif, la demande ne peut pas être examinée.",
            "min_length": f"Le motif est trop court : écrivez au moins {REASON_MIN} caractères.",
            "max_length": f"Le motif est trop long : gardez au plus {REASON_MAX} caractères (%(show_value)s saisis).",
        },
    )
    until = forms.DateField(
        label="Jusqu'au",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": "Indiquez jusqu'à quelle date vous en avez besoin.",
            "invalid": "Cette date n'existe pas. Écrivez-la comme 31/12/2026.",
        },
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = f"Au plus {LONGEST.days} jours. L'accès se ferme de lui-même ce jour-là."
        self.today = today

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError("Cette date est passée. Choisissez-en une à venir.", code="past")
        return until
