"""The period of an audit."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

EARLIEST = dt.date(2020, 1, 1)
_ERRORS = {
    "required": "Cette date manque. Écrivez jour, mois, année, par exemple 15/04/2026.",
    "invalid": "Cette date n'existe pas. Écrivez jour, mois, année, par exemple 15/04/2026.",
}


def _input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AuditForm(forms.Form):
    du = forms.DateField(label="Du", error_messages=_ERRORS, widget=_input())
    au = forms.DateField(label="Au (inclus)", error_messages=_ERRORS, widget=_input())

    def clean_du(self) -> dt.date:
        day: dt.date = self.cleaned_data["du"]
        if day < EARLIEST:
            raise ValidationError(f"Le portail n'existait pas avant {EARLIEST.year}. Choisissez une date plus récente.")
        return day

    def clean_au(self) -> dt.date:
        day: dt.date = self.cleaned_data["au"]
        if day > timezone.localdate():
            raise ValidationError("Cette date est à venir. Choisissez aujourd'hui ou une date passée.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("du") and data.get("au") and data["au"] < data["du"]:
            self.add_error("au", "La fin précède le début. Inversez les deux dates.")
        return data
