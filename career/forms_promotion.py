"""The form of « Promotion de grade »: the situation of the file, or another one, and the appréciation to reckon with."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from career.domain.bareme_hors_classe import APPRECIATIONS
from career.domain.grids import load_grids
from career.domain.promotion_situation import (
    BAREME_GRADE,
    check_echelon,
    check_entry,
    check_grade,
    check_supposed,
    entered,
)
from career.domain.refusals import refusal_of
from career.domain.snapshot import Standing
from career.forms import FilterForm
from career.selectors.promotion_file import PromotionFile
from iprof.kernel.errors import DomainError
from iprof.web.forms import set_choices

SITUATION = ("corps", "grade", "echelon", "entree")
MAX_ECHELON = 99  # far above any: the number of échelons of the grade is told by the rule


class PromotionForm(FilterForm):
    """Prefilled from the file, in the address. After validation `typed` is the standing typed, None for the file's."""

    appreciation = forms.ChoiceField(
        label="Appréciation finale",
        required=False,
        choices=[("", "Non transmise"), *APPRECIATIONS.items()],
        error_messages={"invalid_choice": "Cette appréciation n'existe pas. Choisissez-en une dans la liste."},
    )
    corps = forms.ChoiceField(
        label="Corps",
        error_messages={
            "required": "Le corps manque : sans lui, aucune grille ne s'applique. Choisissez-en un dans la liste.",
            "invalid_choice": "Ce corps n'est pas proposé. Choisissez-en un dans la liste.",
        },
    )
    grade = forms.ChoiceField(
        label="Grade",
        error_messages={
            "required": "Le grade manque : la promotion en dépend. Choisissez-en un dans la liste.",
            "invalid_choice": "Ce grade n'est pas proposé. Choisissez-en un dans la liste.",
        },
    )
    echelon = forms.IntegerField(
        label="Échelon",
        min_value=1,
        max_value=MAX_ECHELON,
        error_messages={
            "required": "L'échelon manque : les points en dépendent. Saisissez son numéro, par exemple 9.",
            "invalid": "L'échelon s'écrit en chiffres, sans « e ». Saisissez par exemple 9.",
            "min_value": "Les échelons commencent à 1. Saisissez un nombre à partir de 1.",
            "max_value": "Aucun grade n'a autant d'échelons. Saisissez par exemple 9.",
        },
    )
    entree = forms.DateField(
        label="Date d'entrée dans l'échelon",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "La date manque : l'ancienneté se compte à partir d'elle. Saisissez le jour, le mois et l'année.",
            "invalid": "Cette date n'existe pas. Saisissez le jour, le mois et l'année, par exemple 01/09/2025.",
        },
    )

    def __init__(self, query: Mapping[str, str], *, file: PromotionFile) -> None:
        defaults = _defaults(file)
        self.file = file
        self.typed: Standing | None = None
        self.asked = any(query.get(name, defaults[name]) != defaults[name] for name in SITUATION)
        given = {name: query.get(name, defaults[name]) for name in SITUATION}
        given["appreciation"] = query.get("appreciation", "") or ("" if self.asked else defaults["appreciation"])
        super().__init__(given)
        with_grid = [corps for corps in load_grids().corps.values() if corps.has_grid]
        grades = {code: grade.label for corps in with_grid for code, grade in corps.grades.items()}
        set_choices(self, "corps", [("", "Choisissez"), *((corps.code, corps.label) for corps in with_grid)])
        set_choices(self, "grade", [("", "Choisissez"), *grades.items()])

    def clean(self) -> dict[str, Any]:
        if not self.asked:  # the file is as it is: nothing of it is corrected here
            for name in SITUATION:
                self.errors.pop(name, None)
        else:
            self._check_situation()
        self._check_appreciation()
        return self.cleaned_data

    @property
    def refused(self) -> bool:
        """The situation typed cannot be: the page then shows that of the file."""
        return any(name in self.errors for name in SITUATION)

    def _check_situation(self) -> None:
        """Each rule once what it looks at is there; the échelon is that of the day of entry, failing that of today."""
        corps, grade = self.kept("corps"), self.kept("grade")
        echelon: int | None = self.cleaned_data.get("echelon")
        since: dt.date | None = self.cleaned_data.get("entree")
        if not (corps and grade and self._passes("grade", lambda: check_grade(corps, grade))):
            return
        dated = since and self._passes("entree", lambda: check_entry(corps, grade, since, self.file.on))
        seen_on = since if since and dated else self.file.on
        if (
            echelon
            and self._passes("echelon", lambda: check_echelon(corps, grade, echelon, seen_on))
            and since
            and dated
        ):
            typed = entered(corps, grade, echelon, since)
            self.typed = None if _same(typed, self.file) else typed

    def _check_appreciation(self) -> None:
        now = self.typed or self.file.now
        supposed = self.kept("appreciation")
        as_transmitted = self.typed is None and supposed == self.file.appreciation
        if supposed and now and not self.refused and not as_transmitted:
            self._passes("appreciation", lambda: check_supposed(now, self.file.on))

    def _passes(self, name: str, check: Callable[[], None]) -> bool:
        """Whether the rule lets it pass; its French sentence goes to the field otherwise."""
        try:
            check()
        except DomainError as error:
            self.add_error(name, refusal_of(error).message)
            return False
        return True


def _defaults(file: PromotionFile) -> dict[str, str]:
    """What the file holds, as one would type it; empty where it cannot be typed (no échelon, corps without grid)."""
    empty = dict.fromkeys((*SITUATION, "appreciation"), "")
    now, entered_on = file.now, file.entered_on
    corps = load_grids().corps.get(now.step.corps) if now else None
    if now is None or entered_on is None or corps is None or now.step.grade not in corps.grades:
        return empty
    return {
        "corps": now.step.corps,
        "grade": now.step.grade,
        "echelon": str(now.step.echelon or ""),
        "entree": entered_on.isoformat(),
        "appreciation": file.appreciation if now.step.grade == BAREME_GRADE else "",
    }


def _same(typed: Standing, file: PromotionFile) -> bool:
    """What was typed is what the file holds: the file is then read, with its chevron and kept ancienneté."""
    if file.now is None:
        return False
    one, other = typed.step, file.now.step
    return (one.corps, one.grade, one.echelon, typed.echelon_start) == (
        other.corps,
        other.grade,
        other.echelon,
        file.entered_on,
    )
