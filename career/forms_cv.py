"""Forms of « Mon CV académique »."""

import datetime as dt
from typing import Any

from django import forms

from career.domain.cv import LEVELS, TEXT_MAX, TITLE_MAX, Content, Section, problems, read_moment, typed_moment
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.text import seen

TEXT_ERRORS = {
    "max_length": f"Le texte est trop long : gardez au plus {TEXT_MAX} caractères (%(show_value)s saisis).",
    "null_characters_not_allowed": "Le texte contient un caractère illisible. Effacez-le et saisissez-le de nouveau.",
}
TITLE_ERRORS = {
    "max_length": f"Cet intitulé est trop long : gardez au plus {TITLE_MAX} caractères (%(show_value)s saisis).",
    "null_characters_not_allowed": "L'intitulé contient un caractère illisible. Effacez-le et saisissez-le de nouveau.",
}
MOMENT_ERRORS = {
    "null_characters_not_allowed": "La date contient un caractère illisible. Effacez-la et saisissez-la de nouveau.",
}

MISSING = {
    "title": "cv_title_missing",
    "text": "cv_text_missing",
    "level": "cv_level_missing",
    "starts": "cv_start_missing",
}


class MomentField(forms.CharField):
    """A month or a year, typed « 09/2012 » or « 2012 », kept as « 2012-09 » or « 2012 »."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"size": 9, "autocomplete": "off"})
        super().__init__(required=False, widget=widget, error_messages=MOMENT_ERRORS, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return read_moment(super().clean(value))
        except DomainError as error:
            raise forms.ValidationError(explain_error(error)) from error


class LineField(forms.CharField):
    """One line: a break or a tab typed or pasted in it is a space."""

    def to_python(self, value: Any) -> str:
        return seen(" ".join((super().to_python(value) or "").split()))


class TextField(forms.CharField):
    """Several lines; a break is one character, as the browser counts it."""

    def to_python(self, value: Any) -> str:
        return seen((super().to_python(value) or "").replace("\r\n", "\n"))


class CvEntryForm(forms.Form):
    """One entry of a section: only the fields that section asks. `version`: that of the entry when it was shown."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    title = LineField(required=False, max_length=TITLE_MAX, error_messages=TITLE_ERRORS)
    level = forms.ChoiceField(
        label="Niveau",
        required=False,
        choices=[("", "Choisissez"), *LEVELS.items()],
        help_text="De A1 à C2 : cadre européen commun de référence pour les langues.",
        error_messages={"invalid_choice": "Ce niveau n'existe pas. Choisissez-en un dans la liste."},
    )
    starts = MomentField(label="Début", help_text="Mois et année, ou année seule. Exemples : 09/2012, 2012.")
    ends = MomentField(label="Fin", help_text="Laissez vide si cela se poursuit.")
    text = TextField(
        label="Description",
        required=False,
        max_length=TEXT_MAX,
        help_text=f"Au plus {TEXT_MAX} caractères. N'indiquez ni NUMEN, ni donnée de santé, ni opinion.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages=TEXT_ERRORS,
    )

    def __init__(self, *args: Any, section: Section, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section, self.on = section, on
        self.fields["title"].label = section.name
        for name in _unasked(section):
            del self.fields[name]
        for name in set(self.fields) - {"version"}:
            self.fields[name].required = name in _compulsory(section)
        self._word()

    def _word(self) -> None:
        """Labels that depend on the section."""
        if self.section.text_only:
            self.fields["text"].label = "Votre présentation"
        if self.section.dates == "moment":
            self.fields["starts"].label = "Date"
        for name, code in MISSING.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = explain_error(DomainError(code))

    def clean(self) -> dict[str, Any]:
        for name, code in problems(self.section, self.content, on=self.on):
            if name in self.fields and name not in self.errors:
                self.add_error(name, explain_error(DomainError(code)))
        return self.cleaned_data

    @property
    def content(self) -> Content:
        return Content(**{name: self.cleaned_data.get(name, "") for name in Content.__slots__})

    @property
    def version_seen(self) -> int:
        """0, which no entry has, when the form came without it or with anything else."""
        typed: str = self.data.get("version", "")
        return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def entry_initial(content: Content, version: int) -> dict[str, Any]:
    """What the form of an existing entry shows."""
    return {
        "version": version,
        "title": content.title,
        "text": content.text,
        "level": content.level,
        "starts": typed_moment(content.starts),
        "ends": typed_moment(content.ends),
    }


def _unasked(section: Section) -> list[str]:
    unasked = {
        "title": section.text_only,
        "level": not section.levelled,
        "starts": not section.dates,
        "ends": section.dates != "period",
    }
    return [name for name, out in unasked.items() if out]


def _compulsory(section: Section) -> list[str]:
    asked = {
        "title": not section.text_only,
        "text": section.text_only,
        "level": section.levelled,
        "starts": section.dated,
    }
    return [name for name, needed in asked.items() if needed]


ACTIONS = [("monter", "Monter"), ("descendre", "Descendre"), ("montrer", "Afficher"), ("masquer", "Masquer")]


class SectionActionForm(forms.Form):
    """A button of a section."""

    rubrique = forms.CharField(max_length=20)
    action = forms.ChoiceField(choices=ACTIONS)


class FactActionForm(forms.Form):
    """A button of a fact of the file."""

    nature = forms.CharField(max_length=15)
    ref = forms.CharField(max_length=60, strip=False)
    action = forms.ChoiceField(choices=ACTIONS[2:])


class MoveForm(forms.Form):
    """A button of an entry."""

    action = forms.ChoiceField(choices=ACTIONS[:2])
