"""« Signaler un message suspect »."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from iprof.correspondence.services.reports import Reported

NUMEN = re.compile(rf"\b{settings.NUMEN_PATTERN.strip('^$')}\b", re.IGNORECASE)
NUL = "Ce champ contient un caractère nul, qui ne s'affiche pas. Ressaisissez-le à la main."


def no_numen(value: str) -> None:
    """A NUMEN is written nowhere in clear, even when a message asked for it."""
    if NUMEN.search(value):
        raise ValidationError("Ce texte contient un NUMEN. Retirez-le : il est confidentiel et ne sert pas à l'examen.")


def line(label: str, *, length: int, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=False,
        help_text=hint,
        validators=[no_numen],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "max_length": f"Ce champ dépasse {length} caractères. Gardez-en le début.",
            "null_characters_not_allowed": NUL,
        },
    )


class ReportForm(forms.Form):
    """What is known of the message; one part at least."""

    objet = line("Objet du message", length=200)
    expediteur = line("Expéditeur affiché", length=200, hint="Nom et adresse, tels que votre messagerie les montre.")
    lien = line("Lien", length=2000, hint="Copié sans l'ouvrir : clic droit, « Copier l'adresse du lien ».")
    piece = line("Nom de la pièce jointe", length=200, hint="Le nom seulement. N'ouvrez pas la pièce jointe.")
    texte = forms.CharField(
        label="Passage du message",
        max_length=2000,
        required=False,
        help_text="Quelques lignes suffisent. N'y laissez ni mot de passe, ni NUMEN, ni nom d'élève ou de collègue.",
        validators=[no_numen],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "max_length": "Ce passage dépasse 2 000 caractères. Gardez les quelques lignes qui demandent d'agir.",
            "null_characters_not_allowed": NUL,
        },
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            self.add_error("objet", "Remplissez au moins un champ : sans élément, le message ne peut pas être reconnu.")
        return data

    @property
    def reported(self) -> Reported:
        """After validation."""
        data = self.cleaned_data
        return Reported(data["objet"], data["expediteur"], data["lien"], data["piece"], data["texte"])
