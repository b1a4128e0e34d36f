"""« Signaler un message suspect »."""

from typing import Any

from django import forms

from iprof.correspondence.forms.words import NUL, without_numen
from iprof.correspondence.services.reports import Reported

no_numen = without_numen("il est confidentiel et ne sert pas à l'examen.")


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
