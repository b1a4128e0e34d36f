"""Forms of « Ma carrière »."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from career.domain.trainings import TrainingFact
from career.enums import FactKind
from iprof.web.forms import set_choices

MESSAGE_MIN, MESSAGE_MAX = 10, 2000
ORDERS = [("chronologique", "Du plus ancien au plus récent"), ("recent", "Du plus récent au plus ancien")]
KINDS = [choice for choice in FactKind.choices if choice[0] != FactKind.IDENTITY]
ALL = "tout"


class FilterForm(forms.Form):
    """Filters of a page, in its address. After validation, a wrong filter leaves the others at work."""

    choices_only = True  # no field says that it is optional

    def kept(self, name: str) -> str:
        """What the filter keeps, empty for all."""
        value: str = self.cleaned_data.get(name, ALL)
        return "" if value == ALL else value


class HistoryFilterForm(FilterForm):
    """Filters of the history, in the address. What is absent or empty filters nothing; a wrong value says so."""

    nature = forms.ChoiceField(
        label="Nature",
        error_messages={"invalid_choice": "Cette nature d'élément n'existe pas. Choisissez-en une dans la liste."},
    )
    annee = forms.ChoiceField(
        label="Année",
        error_messages={"invalid_choice": "Aucun élément n'est daté de cette année. Choisissez-en une dans la liste."},
    )
    ordre = forms.ChoiceField(
        label="Ordre",
        choices=ORDERS,
        error_messages={"invalid_choice": "Cet ordre n'existe pas. Choisissez-en un dans la liste."},
    )

    def __init__(self, query: Mapping[str, str], *, years: list[int]) -> None:
        defaults = {"nature": ALL, "annee": ALL, "ordre": ORDERS[0][0]}
        super().__init__({name: query.get(name) or default for name, default in defaults.items()})
        set_choices(self, "nature", [(ALL, "Toutes"), *KINDS])
        set_choices(self, "annee", [(ALL, "Toutes"), *((str(year), str(year)) for year in years)])

    @property
    def kind(self) -> str:
        """The kind kept, empty for all; after validation, as the two below. A wrong filter leaves the others at work."""
        return self.kept("nature")

    @property
    def year(self) -> int | None:
        return int(self.kept("annee")) if self.kept("annee") else None

    @property
    def recent_first(self) -> bool:
        return self.cleaned_data.get("ordre") == ORDERS[1][0]


class TrainingFilterForm(FilterForm):
    """Filters of « Mes formations », in the address; what the trainings do not hold cannot be asked."""

    competence = forms.ChoiceField(
        label="Compétence",
        error_messages={
            "invalid_choice": "Aucune de vos formations ne porte cette compétence. Choisissez dans la liste."
        },
    )
    annee = forms.ChoiceField(
        label="Année scolaire",
        error_messages={"invalid_choice": "Vous n'avez pas de formation cette année-là. Choisissez dans la liste."},
    )
    origine = forms.ChoiceField(
        label="Origine",
        error_messages={"invalid_choice": "Aucune de vos formations n'a cette origine. Choisissez dans la liste."},
    )

    def __init__(self, query: Mapping[str, str], *, facts: Sequence[TrainingFact]) -> None:
        super().__init__({name: query.get(name) or ALL for name in ("competence", "annee", "origine")})
        years = sorted({fact.school_year for fact in facts}, reverse=True)
        for name, values in (
            ("competence", [(name, name) for name in sorted({fact.competence for fact in facts} - {""})]),
            ("annee", [(str(year), f"{year}-{year + 1}") for year in years]),
            ("origine", [(name, name) for name in sorted({fact.origin for fact in facts})]),
        ):
            set_choices(self, name, [(ALL, "Toutes"), *values])

    @property
    def year(self) -> int | None:
        return int(self.kept("annee")) if self.kept("annee") else None


class TargetForm(forms.Form):
    """What a request is about, as the links of the history give it."""

    nature = forms.ChoiceField(choices=FactKind.choices, required=False)
    ref = forms.CharField(max_length=60, required=False, strip=False)


class CorrectionForm(forms.Form):
    """The explanation, and the nature when an element is missing."""

    nature = forms.ChoiceField(
        label="Nature de l'élément manquant",
        choices=[("", "Choisissez"), *KINDS],
        error_messages={
            "required": "Choisissez la nature de l'élément qui manque.",
            "invalid_choice": "Cette nature d'élément n'existe pas. Choisissez-en une dans la liste.",
        },
    )
    message = forms.CharField(
        label="Votre explication",
        help_text=f"Ce qui est faux ou manquant, et ce qui serait juste. De {MESSAGE_MIN} à {MESSAGE_MAX} caractères. "
        "N'indiquez ni NUMEN, ni donnée de santé.",
        min_length=MESSAGE_MIN,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Expliquez l'erreur : sans explication, votre gestionnaire ne peut pas répondre.",
            "min_length": f"L'explication est trop courte : écrivez au moins {MESSAGE_MIN} caractères.",
            "max_length": f"L'explication est trop longue : gardez au plus {MESSAGE_MAX} caractères (%(show_value)s saisis).",
        },
    )

    def __init__(self, *args: Any, about_fact: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about_fact:
            del self.fields["nature"]
