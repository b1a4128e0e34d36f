"""Who something is for, chosen by the staff among the agents they may write to."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from iprof.correspondence.audience import Audience, provider
from iprof.web.forms import set_choices
from security.models import User

CHOSEN = ("departements", "corps", "grades", "disciplines")


def several(label: str, *, boxes: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple() if boxes else forms.SelectMultiple(attrs={"size": 6}),
        error_messages={
            "invalid_choice": "« %(value)s » n'est pas dans la liste. Choisissez parmi les valeurs proposées."
        },
    )


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
        return tuple(dict.fromkeys(re.findall(r"[^\s,;]+", self.cleaned_data["uais"].upper())))

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
        if audience.empty:
            self.add_error(
                "everyone", "Personne n'est choisi. Cochez « Tous les agents », ou donnez au moins un critère."
            )
        elif audience.everyone and audience != Audience(everyone=True):
            self.add_error(
                "everyone", "« Tous les agents » se choisit seul. Décochez-le, ou videz les autres critères."
            )
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
            self.add_error("everyone", "Ces critères ne désignent personne de votre périmètre. Élargissez-les.")
