"""Who something is for, chosen by the staff among the agents they may write to."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from iprof.correspondence.audience import Audience, provider
from iprof.web.forms import set_choices
from security.models import User

CHOSEN = ("departements", "corps", "grades", "disciplines")


NOBODY = "Ces critères ne désignent personne de votre périmètre. Élargissez-les."


def several(label: str, hint: str = "", *, boxes: bool = False, size: int = 6) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.CheckboxSelectMultiple() if boxes else forms.SelectMultiple(attrs={"size": size}),
        error_messages={
            "invalid_choice": "« %(value)s » n'est pas dans la liste. Choisissez parmi les valeurs proposées."
        },
    )


def codes_of(text: str) -> tuple[str, ...]:
    """Codes pasted one by line, or parted by spaces, commas or semicolons: each once, in their order."""
    return tuple(dict.fromkeys(code for code in re.split(r"[\s,;]+", text) if code))


def misuse_of(audience: Audience) -> tuple[str, str] | None:
    """(field, sentence) of a choice that means nothing: nobody, everyone and more, a list and more; None if it does."""
    if audience.empty:
        return "everyone", "Personne n'est choisi. Cochez « Tous les agents », ou donnez au moins un critère."
    if audience.everyone and audience != Audience(everyone=True):
        return "everyone", "« Tous les agents » se choisit seul. Décochez-le, ou videz les autres critères."
    if audience.logins and audience != Audience(logins=audience.logins):
        return "logins", "Une liste de personnes se donne seule. Videz-la, ou videz les autres critères."
    return None


class AudienceForm(forms.Form):
    """The criteria; `by` is the author. After validation, `audience` and the `accounts` it reaches today."""

    everyone = forms.BooleanField(
        label="Tous les agents de votre périmètre", required=False, help_text="Seul, sans autre critère."
    )
    departements = several("Départements", boxes=True)
    corps = several("Corps", boxes=True)
    grades = several("Grades")
    disciplines = several("Disciplines")
    uais = forms.CharField(
        label="Établissements",
        required=False,
        max_length=20_000,
        help_text="Un code UAI par ligne.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "spellcheck": "false"}),
        error_messages={"max_length": "Cette liste est trop longue. Choisissez plutôt un département."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for name, choices in provider().choices().items():
            set_choices(self, name, choices)

    def clean_uais(self) -> tuple[str, ...]:
        return codes_of(self.cleaned_data["uais"].upper())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not {"everyone", "uais", *CHOSEN} & set(self.errors):
            self._check_audience()
        return data

    @property
    def audience(self) -> Audience:
        """After validation of its fields."""
        codes = {name: tuple(self.cleaned_data[name]) for name in (*CHOSEN, "uais")}
        return Audience(everyone=self.cleaned_data["everyone"], **codes)

    def _check_audience(self) -> None:
        audience = self.audience
        if misuse := misuse_of(audience):
            self.add_error(*misuse)
        else:
            self._check_people(audience)

    def _check_people(self, audience: Audience) -> None:
        today = timezone.localdate()
        unknown = provider().unknown(audience, by=self.by, on=today)
        if unknown:
            self.add_error(
                "uais", f"Aucun établissement n'a le code « {unknown[0]} ». Corrigez-le, ou retirez la ligne."
            )
        self.accounts = provider().accounts(audience, by=self.by, on=today)
        if not unknown and not self.accounts:
            self.add_error("everyone", NOBODY)
