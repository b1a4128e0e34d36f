"""Forms of the requests about a rendez-vous de carrière."""

from typing import Any

from django import forms

from career.enums import AppraisalAsk
from career.forms import MESSAGE_MAX, MESSAGE_MIN

LABELS = {
    AppraisalAsk.EARLY: ("Votre motif", "Pourquoi vous souhaitez un rendez-vous plus tôt que prévu."),
    AppraisalAsk.OBSERVATIONS: ("Vos observations", "Ce que vous souhaitez joindre au compte rendu."),
    AppraisalAsk.REVISION: ("Votre motif", "Pourquoi l'appréciation finale devrait être revue."),
}


class AskForm(forms.Form):
    """What a request is about, as the links of the page give it; an early rendez-vous when nothing is said."""

    nature = forms.ChoiceField(choices=AppraisalAsk.choices, required=False)
    ref = forms.CharField(max_length=60, required=False, strip=False)


class AppraisalForm(forms.Form):
    """The text of the agent; the day of notification too, when the SIAE sent none."""

    notifie_le = forms.DateField(
        label="Date de notification",
        help_text="Le jour où vous en avez été informé, par courriel ou par courrier. Votre gestionnaire la vérifie.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Indiquez la date de notification : le délai court à partir de ce jour.",
            "invalid": "Cette date n'existe pas. Écrivez-la sous la forme 10/09/2026.",
        },
    )
    message = forms.CharField(
        min_length=MESSAGE_MIN,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "Écrivez votre texte : sans lui, votre gestionnaire ne peut pas répondre.",
            "min_length": f"Le texte est trop court : écrivez au moins {MESSAGE_MIN} caractères.",
            "max_length": f"Le texte est trop long : gardez au plus {MESSAGE_MAX} caractères (%(show_value)s saisis).",
        },
    )

    def __init__(self, *args: Any, kind: str, dated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label, hint = LABELS[AppraisalAsk(kind)]
        self.fields["message"].label = label
        self.fields[
            "message"
        ].help_text = f"{hint} De {MESSAGE_MIN} à {MESSAGE_MAX} caractères. N'indiquez ni NUMEN, ni donnée de santé."
        if dated:
            del self.fields["notifie_le"]
