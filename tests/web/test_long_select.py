"""A long list is written by us and says what Django's says."""

from django import forms
from lxml import html

from iprof.web.forms import LongSelect

CHOICES = [("", "Choisissez"), ("<b>", 'A "b" & c'), ("é", "É")]


def read(widget: forms.Select, value: str) -> tuple:
    made = html.fromstring(widget.render("lieu", value, {"id": "id_lieu", "required": True, "aria-invalid": "true"}))
    options = [(one.get("value"), one.get("selected") is not None, one.text_content()) for one in made]
    return made.tag, dict(made.attrib), options


def test_it_says_what_the_select_of_django_says():
    for value in ("", "<b>", "é", "inconnu"):
        plain, ours = forms.Select(choices=CHOICES), LongSelect(choices=CHOICES)
        assert read(ours, value) == read(plain, value)
