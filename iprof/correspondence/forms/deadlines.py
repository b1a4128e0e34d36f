"""The forms of the staff: a new deadline with its public, a change of date."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from iprof.correspondence.calendar import LAST_MINUTE
from iprof.correspondence.forms.audience import AudienceForm

NO_DATE = "Cette date n'existe pas. Écrivez-la sous la forme 11/12/2026."
PAST = "Cette échéance est déjà passée : personne ne pourrait agir. Choisissez une date et une heure à venir."


def day(label: str, *, required: str = "", hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=bool(required),
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": NO_DATE},
    )


def hour() -> forms.TimeField:
    return forms.TimeField(
        label="Heure de fin",
        required=False,
        help_text="Heure de Paris. Vide : 23 h 59.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Cette heure n'existe pas. Écrivez-la sous la forme 12:00."},
    )


def text(label: str, *, length: int, required: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        help_text=hint,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={
            "required": required,
            "max_length": f"Ce texte dépasse {length} caractères (%(show_value)s). Raccourcissez-le.",
            "null_characters_not_allowed": "Ce texte contient un caractère nul, qui ne s'affiche pas. Ressaisissez-le.",
        },
    )


class EndForm(forms.Form):
    """The instant a deadline closes, ahead of now."""

    choices_only = True  # what may be left empty says so itself

    closes_on = day("Dernier jour", required="Indiquez le dernier jour pour agir.")
    closes_time = hour()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not {"closes_on", "closes_time"} & set(self.errors) and self.closes_at <= timezone.now():
            self.add_error("closes_on", PAST)
        return data

    @property
    def closes_at(self) -> dt.datetime:
        """After validation."""
        time = self.cleaned_data["closes_time"] or LAST_MINUTE
        return timezone.make_aware(dt.datetime.combine(self.cleaned_data["closes_on"], time))


class MoveForm(EndForm):
    reason = text(
        "Motif",
        length=300,
        required="Écrivez le motif : il est envoyé à toutes les personnes concernées, et gardé.",
        hint="Envoyé tel quel. Sans nom de personne ni donnée d'un dossier.",
    )
    field_order = ("closes_on", "closes_time", "reason")


class DeadlineForm(AudienceForm, EndForm):
    """A deadline and who it is for, among the agents `by` may write to."""

    title = text("Ce qu'il faut faire", length=150, required="Dites en une ligne ce qu'il faut faire.")
    procedure = text("Campagne ou procédure", length=100, required="Nommez la campagne ou la procédure.")
    opens_on = day("Premier jour", hint="Facultatif.")
    link = forms.CharField(
        label="Page du portail",
        required=False,
        max_length=200,
        help_text="Facultatif. L'adresse après le nom du site, par exemple /ma-carriere/promotion/.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"max_length": "Cette adresse dépasse 200 caractères. Donnez celle d'une page du portail."},
    )
    source = text("D'où vient la date", length=300, required="Indiquez le texte ou le service qui fixe cette date.")
    field_order = ("title", "procedure", "opens_on", "closes_on", "closes_time", "link", "source")

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not re.fullmatch(r"/(?![/\\])[\w\-./?=&#%]*", link, re.ASCII):
            raise ValidationError("Ce n'est pas une page du portail : l'adresse commence par une seule barre oblique.")
        return link

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        opens_on, closes_on = data.get("opens_on"), data.get("closes_on")
        if opens_on and closes_on and opens_on > closes_on:
            self.add_error("opens_on", "Le premier jour vient après le dernier. Corrigez l'une des deux dates.")
        return data

    def fill(self) -> dict[str, Any]:
        """The fields of the deadline, after validation."""
        names = ("title", "procedure", "opens_on", "link", "source")
        return {name: self.cleaned_data[name] for name in names} | {"closes_at": self.closes_at}
