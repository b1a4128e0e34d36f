"""Forms of « État du service » for those who tell of it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from status.incidents import LEVELS, TEXT_MAX, TITLE_MAX

NUL = "Ce texte contient un caractère nul, qui ne s'affiche pas. Ressaisissez-le."


def text_field() -> forms.CharField:
    return forms.CharField(
        label="Ce que tout le monde lira",
        max_length=TEXT_MAX,
        help_text="Ce qui ne marche pas, pour qui, et quand la suite sera dite. Aucun nom de personne.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Écrivez ce qui se passe : c'est ce que tout le monde lira.",
            "max_length": f"Ce texte dépasse {TEXT_MAX} caractères (%(show_value)s). Raccourcissez-le.",
            "null_characters_not_allowed": NUL,
        },
    )


def instant(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text="Pour une maintenance prévue. Heure de Paris.",
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Cette date n'existe pas. Écrivez-la sous la forme 01/12/2026 18:30."},
    )


class OpenForm(forms.Form):
    prefix = "nouveau"
    level = forms.ChoiceField(
        label="Gravité",
        choices=list(LEVELS.items()),
        error_messages={
            "invalid_choice": "Cette gravité n'existe pas. Choisissez dans la liste.",
            "required": "Choisissez la gravité.",
        },
    )
    title = forms.CharField(
        label="Titre",
        max_length=TITLE_MAX,
        error_messages={
            "required": "Donnez un titre : il est lu sur toutes les pages.",
            "max_length": f"Ce titre dépasse {TITLE_MAX} caractères (%(show_value)s). Raccourcissez-le.",
            "null_characters_not_allowed": NUL,
        },
    )
    text = text_field()
    starts_at = instant("Début")
    ends_at = instant("Fin")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("level") == "travaux" and not {"starts_at", "ends_at"} & set(self.errors):
            self._check_hours(data.get("starts_at"), data.get("ends_at"))
        return data

    def _check_hours(self, starts_at: dt.datetime | None, ends_at: dt.datetime | None) -> None:
        if starts_at is None or ends_at is None:
            self.add_error("starts_at", "Une maintenance prévue a un début et une fin. Donnez les deux.")
        elif not starts_at < ends_at or ends_at <= timezone.now():
            self.add_error("ends_at", "La fin vient après le début et n'est pas passée. Corrigez l'une des deux.")


class UpdateForm(forms.Form):
    prefix = "suite"
    text = text_field()
