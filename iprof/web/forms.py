"""What the forms share."""

from collections.abc import Iterable
from typing import cast

from django import forms


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """The choices of a field that are known only when the form is shown."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)
