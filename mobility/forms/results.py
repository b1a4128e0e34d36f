"""A file of results and the campaign it is for."""

from typing import Any

from django import forms

from mobility.models import Campaign

MOST = 20_000_000


class ResultsForm(forms.Form):
    campaign = forms.ModelChoiceField(
        Campaign.objects.order_by("-session", "degree"),
        label="Campagne",
        error_messages={"required": "Choisissez la campagne.", "invalid_choice": "Cette campagne n'existe pas."},
    )
    file = forms.FileField(
        label="Fichier de résultats (CSV)",
        help_text="Colonnes : demande;resultat;rang;lieu;points. 20 Mo au plus.",
        error_messages={"required": "Choisissez le fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > MOST:
            raise forms.ValidationError("Ce fichier dépasse 20 Mo : envoyez une campagne à la fois.")
        return found
