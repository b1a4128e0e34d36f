"""Filters of « Comparaison », in the address."""

from collections.abc import Mapping

from django import forms

from career.domain.grids import load_grids
from career.domain.pay import ordinal
from career.forms import FilterForm
from career.selectors.comparison import ACADEMIE, EVERY, Place

PERIMETERS = [
    (EVERY, "Tous"),
    (ACADEMIE, "Académie"),
    ("region", "Région académique"),
    ("national", "France"),
]  # fmt: skip


def _corps() -> list[tuple[str, str]]:
    return [(code, corps.label) for code, corps in load_grids().corps.items() if corps.grades]


def _grades() -> list[tuple[str, str]]:
    found = {grade.code: grade.label for corps in load_grids().corps.values() for grade in corps.grades.values()}
    return list(found.items())


def _echelons() -> list[tuple[str, str]]:
    grades = [grade for corps in load_grids().corps.values() for grade in corps.grades.values()]
    numbers = sorted({number for grade in grades for number in grade.echelons})
    return [(EVERY, "Tous"), *((str(number), ordinal(number)) for number in numbers)]


class ComparisonForm(FilterForm):
    """The group to compare oneself with; what is absent is the agent's own. A wrong filter keeps the group of before."""

    corps = forms.ChoiceField(
        label="Corps",
        choices=_corps,
        error_messages={"invalid_choice": "Ce corps n'existe pas. Choisissez-en un dans la liste."},
    )
    grade = forms.ChoiceField(
        label="Grade",
        choices=_grades,
        error_messages={"invalid_choice": "Ce grade n'existe pas. Choisissez-en un dans la liste."},
    )
    echelon = forms.ChoiceField(
        label="Échelon",
        choices=_echelons,
        error_messages={"invalid_choice": "Cet échelon n'existe pas. Choisissez-en un dans la liste."},
    )
    perimetre = forms.ChoiceField(
        label="Périmètre",
        choices=PERIMETERS,
        error_messages={"invalid_choice": "Ce périmètre n'existe pas. Choisissez-en un dans la liste."},
    )

    def __init__(self, query: Mapping[str, str], *, own: Place) -> None:
        self.own = own
        corps, grade, _ = own
        defaults = {"corps": corps, "grade": grade, "echelon": EVERY, "perimetre": EVERY}
        super().__init__({name: query.get(name) or default for name, default in defaults.items()})

    def clean(self) -> None:
        """The grade must exist in the corps, and the échelon in the grade."""
        corps, grade, echelon = (self.cleaned_data.get(name, "") for name in ("corps", "grade", "echelon"))
        grades = load_grids().corps[corps].grades if corps else {}
        if corps and grade and grade not in grades:
            names = ", ".join(found.label.lower() for found in grades.values())
            self.add_error("grade", f"Ce grade n'existe pas dans ce corps. Choisissez parmi : {names}.")
        elif grade in grades and echelon.isdigit() and int(echelon) not in grades[grade].echelons:
            last = ordinal(grades[grade].echelons[-1])
            self.add_error(
                "echelon", f"Cet échelon n'existe pas dans ce grade. Choisissez « Tous » ou un échelon jusqu'au {last}."
            )

    @property
    def place(self) -> Place:
        """The group asked for; the agent's own as long as something is wrong."""
        if self.errors:
            return self.own
        corps, grade, echelon = (self.cleaned_data[name] for name in ("corps", "grade", "echelon"))
        return corps, grade, None if echelon == EVERY else int(echelon)

    @property
    def perimeter(self) -> str:
        found: str = self.cleaned_data.get("perimetre", EVERY)
        return found
