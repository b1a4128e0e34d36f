"""The filter of « Actualités »."""

from collections.abc import Mapping

from django import forms

from iprof.correspondence.enums import NewsCategory

ALL = "toutes"


class NewsFilterForm(forms.Form):
    """In the address. Absent or empty filters nothing; a wrong value says so and filters nothing either."""

    choices_only = True  # no field says that it is optional

    rubrique = forms.ChoiceField(
        label="Rubrique",
        choices=[(ALL, "Toutes"), *NewsCategory.choices],
        error_messages={"invalid_choice": "Cette rubrique n'existe pas. Choisissez-en une dans la liste."},
    )

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__({"rubrique": query.get("rubrique") or ALL})

    @property
    def category(self) -> str:
        """After validation; empty for all."""
        value: str = self.cleaned_data.get("rubrique", ALL)
        return "" if value == ALL else value
