"""Forms of « Ma projection »: the hypotheses of a scenario, all in the address, and its name when it is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from career.domain.hypotheses import Hypotheses
from career.domain.pay import ordinal
from career.domain.pay_overseas import load_places
from career.domain.promotion_conditions import GRADE_NAMES
from iprof.kernel.text import seen
from iprof.web.forms import set_choices

PROJECTION_YEARS = (5, 10)
QUOTITES = (50, 60, 70, 80, 90)
RENTREE = "à partir de la rentrée"
NO_YEAR = "Cette année est hors de la période choisie. Choisissez-en une dans la liste."
NOT_OFFERED = "Ce choix n'est pas proposé. Choisissez dans la liste."
NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be supposed of an agent: échelons with a bonification, years of campaigns by grade, corps one may enter,
    years of a rentrée, scenarios kept (id, name)."""

    bonifications: Sequence[int] = ()
    promotions: Sequence[tuple[str, Sequence[int]]] = ()
    corps: Sequence[tuple[str, str]] = ()
    years: Sequence[int] = ()
    project: bool = False
    kept: Sequence[tuple[str, str]] = ()


def _choice(label: str, message: str = NOT_OFFERED) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, error_messages={"invalid_choice": message})


class ProjectionForm(forms.Form):
    """A projection can be kept as a bookmark: nothing is stored. Fields that have no choice to offer are left out."""

    choices_only = True  # every field may be left as it is: saying so at each would say nothing

    annees = forms.ChoiceField(
        label="Durée",
        choices=[(str(years), f"{years} ans") for years in PROJECTION_YEARS],
        required=False,
        error_messages={"invalid_choice": "Cette durée n'est pas proposée. Choisissez 5 ou 10 ans."},
    )
    bonification = forms.MultipleChoiceField(
        label="Bonification d'un an",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Aucune bonification n'est possible à cet échelon dans la période choisie."},
    )
    hors_classe = _choice("Promotion à la hors-classe", NO_YEAR)
    classe_exceptionnelle = _choice("Promotion à la classe exceptionnelle", NO_YEAR)
    concours = _choice("Réussite à un concours interne")
    concours_rentree = _choice("Concours : nomination à la rentrée", NO_YEAR)
    quotite = _choice("Temps partiel")
    quotite_rentree = _choice(f"Temps partiel {RENTREE}", NO_YEAR)
    outre_mer = _choice("Poste outre-mer")
    outre_mer_rentree = _choice(f"Poste outre-mer {RENTREE}", NO_YEAR)
    reforme = _choice("Projet de réforme de 2025, supposé applicable", NO_YEAR)
    formation = forms.BooleanField(label="Suivre une formation certifiante", required=False)
    face = _choice("Comparer avec", "Ce scénario n'est pas enregistré. Choisissez dans la liste.")

    def __init__(self, query: QueryDict) -> None:
        given = query.copy()
        given.setdefault("annees", str(PROJECTION_YEARS[0]))
        super().__init__(given)
        self.offer(Choices())

    @property
    def years(self) -> int:
        return int(self.cleaned_data.get("annees") or PROJECTION_YEARS[0])

    def offer(self, choices: Choices) -> None:
        """What the file allows to suppose, nothing without a rentrée to suppose it from; the form is then to be validated
        again."""
        years = [(str(year), str(year)) for year in choices.years]
        quotites = [(str(quotite), f"{quotite}\u202f%") for quotite in QUOTITES]
        places = [(code, place.label) for code, place in load_places().items() if place.is_majorated]
        promotions = dict(choices.promotions)
        set_choices(self, "bonification", [(str(n), f"au {ordinal(n)} échelon") for n in choices.bonifications])
        for grade in GRADE_NAMES:
            offered = [(str(year), f"campagne {year}") for year in promotions.get(grade, ())]
            set_choices(self, grade, [("", "Non supposée"), *offered])
        set_choices(self, "concours", [("", "Non supposée"), *choices.corps])
        set_choices(self, "quotite", [("", "Temps plein"), *(quotites if years else [])])
        set_choices(self, "outre_mer", [("", "Non"), *(places if years else [])])
        set_choices(
            self, "reforme", [("", "Non")] + ([(y, f"rentrée {y}") for y, _ in years] if choices.project else [])
        )
        for name in ("concours", "quotite", "outre_mer"):
            set_choices(self, f"{name}_rentree", years)
        set_choices(self, "face", [("", "L'avancement à l'ancienneté seul"), *choices.kept])
        self._errors = None

    def supposed(self) -> Hypotheses:
        """After validation; a wrong choice, or the wrong year of a choice, supposes nothing."""
        data, places = self.cleaned_data, load_places()
        corps, quotite, post = (self._dated(name) for name in ("concours", "quotite", "outre_mer"))
        reform = data.get("reforme", "")
        return Hypotheses(
            bonifications=frozenset(int(echelon) for echelon in data.get("bonification", ())),
            promotions={grade: int(data[grade]) for grade in GRADE_NAMES if data.get(grade)},
            corps=corps,
            quotite=(Decimal(quotite[0]), quotite[1]) if quotite else None,
            post=(places[post[0]], post[1]) if post else None,
            project=int(reform) if reform else None,
        )

    def _dated(self, name: str) -> tuple[str, int] | None:
        """The choice and the year of its rentrée, the next one when none is given."""
        year = f"{name}_rentree"
        offered: Any = self.fields[year]
        if not self.cleaned_data.get(name) or year in self.errors:
            return None
        return self.cleaned_data[name], int(self.cleaned_data.get(year) or offered.choices[0][0])

    def canonical(self) -> str:
        """The hypotheses as a query, defaults and wrong values left out, without what they are compared with."""
        data = self.cleaned_data
        names = [name for name in self.fields if name not in ("face", "bonification", "formation")]
        pairs = [(name, data[name]) for name in names if data.get(name) and not self._idle(name)]
        pairs += [("bonification", echelon) for echelon in data.get("bonification", ())]
        return urlencode(pairs + ([("formation", "on")] if data.get("formation") else []))

    def _idle(self, name: str) -> bool:
        """A year without what it is the year of."""
        return name.endswith("_rentree") and not self.cleaned_data.get(name.removesuffix("_rentree"))

    def shown(self) -> Iterable[forms.BoundField]:
        """The fields that have something to offer."""
        for name in self.fields:
            what = name.removesuffix("_rentree")
            field: Any = self.fields[what]
            offered = what == "formation" or len(field.choices) > (0 if what == "bonification" else 1)
            if name not in ("annees", "face") and (offered or self[name].errors):
                yield self[name]


class ScenarioNameForm(forms.Form):
    """The name under which a scenario is kept."""

    nom = forms.CharField(
        label="Nom du scénario",
        max_length=NAME_MAX,
        error_messages={
            "required": "Donnez un nom à ce scénario pour le retrouver.",
            "max_length": f"Ce nom est trop long : gardez au plus {NAME_MAX} caractères (%(show_value)s saisis).",
            "null_characters_not_allowed": "Ce nom contient un caractère illisible. Effacez-le et saisissez-le de nouveau.",
        },
    )

    def clean_nom(self) -> str:
        """A name of which nothing can be seen is no name: its link could not be followed."""
        name = seen(self.cleaned_data["nom"])
        if not name:
            raise forms.ValidationError(self.fields["nom"].error_messages["required"], code="required")
        return name
