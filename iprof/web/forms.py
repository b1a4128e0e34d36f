"""What the forms share."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """The choices of a field that are known only when the form is shown."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


class LongSelect(forms.Select):
    """A list of many choices, written in one go: Django renders each option by a template of its own."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (option["value"], SafeString(" selected") if option["selected"] else "", option["label"])
                for _, group, _ in told["optgroups"]
                for option in group
            ),
        )
        return format_html('<select name="{}"{}>{}</select>', told["name"], flatatt(told["attrs"]), options)
