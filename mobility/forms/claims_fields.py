"""The fields of « Priorités légales et sociales », with their sentences."""

from collections.abc import Sequence
from typing import Any

from django import forms

from iprof.web.forms import LongSelect
from mobility.domain.facts import Degree
from mobility.selectors.places import places

ISO, FRENCH = "%Y-%m-%d", "%d/%m/%Y"
MOST_YEARS = 45
CHILDREN = 12
NUL = "Ce champ contient un caractère nul. Ressaisissez-le à la main."
TRUTH = {"oui": True, "non": False}


def choice(label: str, choices: Sequence[tuple[str, str]], *, radio: bool = False, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        help_text=hint,
        widget=forms.RadioSelect if radio else LongSelect,
        error_messages={"invalid_choice": "Ce choix n'existe pas. Choisissez dans la liste."},
    )


def yes_no(label: str, hint: str = "", unknown: str = "Je ne sais pas") -> forms.ChoiceField:
    return choice(label, [("", unknown), ("oui", "Oui"), ("non", "Non")], radio=True, hint=hint)


def tick(label: str, hint: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=hint)


def day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=hint,
        input_formats=[ISO, FRENCH],
        widget=forms.DateInput(format=ISO, attrs={"type": "date"}),
        error_messages={"invalid": "Cette date n'existe pas. Écrivez-la jour/mois/année, par exemple 27/04/2019."},
    )


def years(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_YEARS,
        help_text=hint,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Ce nombre n'est pas entier. Écrivez des années entières, par exemple 4.",
            "min_value": "Un nombre d'années ne peut pas être négatif. Corrigez-le, ou laissez vide.",
            "max_value": f"Ce nombre dépasse {MOST_YEARS} ans : vérifiez-le.",
        },
    )


def text(label: str, most: int, hint: str = "", **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=hint,
        widget=forms.TextInput(attrs=attrs),
        error_messages={
            "max_length": f"Ce texte dépasse {most} caractères : raccourcissez-le.",
            "null_characters_not_allowed": NUL,
        },
    )


def lines(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2500,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": "Cette liste est trop longue : gardez les vœux, un par ligne.",
            "null_characters_not_allowed": NUL,
        },
    )


def place(label: str, degree: Degree, hint: str = "") -> forms.ChoiceField:
    return choice(label, [("", "Sans objet"), *places(degree).items()], hint=hint)
