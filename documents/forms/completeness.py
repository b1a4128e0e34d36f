"""Which year the figures are about, and which table leaves as CSV."""

from collections.abc import Mapping

from django import forms

from iprof.web.forms import set_choices

TABLES = (
    ("procedure", "Par procédure"),
    ("mois", "Par mois"),
    ("departement", "Par département"),
    ("motif", "Par motif"),
)


class YearForm(forms.Form):
    choices_only = True
    annee = forms.ChoiceField(
        label="Année d'envoi",
        error_messages={"invalid_choice": "Aucun envoi n'est de cette année. Choisissez-en une dans la liste."},
    )
    par = forms.ChoiceField(
        label="Tableau",
        choices=TABLES,
        required=False,
        error_messages={"invalid_choice": "Ce tableau n'existe pas. Choisissez-en un dans la liste."},
    )

    def __init__(self, query: Mapping[str, str], *, years: list[int]) -> None:
        self.last = years[0]
        super().__init__({"annee": query.get("annee") or str(self.last), "par": query.get("par") or TABLES[0][0]})
        set_choices(self, "annee", [(str(year), str(year)) for year in years])

    @property
    def year(self) -> int:
        """After validation; the last one for a year that is not there."""
        return int(self.cleaned_data.get("annee", self.last))

    @property
    def table(self) -> str:
        return str(self.cleaned_data.get("par", TABLES[0][0]))
