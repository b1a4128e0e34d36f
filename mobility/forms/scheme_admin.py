"""What staff type of specific schemes: an opening, a new date, a guide."""

from typing import Any

from django import forms
from django.conf import settings

from career.geography import academies, departement_names
from mobility.domain.schemes import schemes
from mobility.enums_schemes import SchemeDate
from mobility.models import SchemeCampaign, SchemeGuide
from mobility.selectors.schemes import label_of
from security.policies import Scope

UNLISTED = "Ce choix ne fait pas partie de la liste. Choisissez-en un qui y figure."
MOMENT = "Cette date n'est pas comprise. Écrivez le jour et l'heure, par exemple 12/12/2026 12:00."
OWN = "Choisissez votre département : un guide de toute l'académie s'écrit avec une habilitation académique."
WHOLE = ("", "Toute l'académie")


def scheme_choices() -> list[tuple[str, str]]:
    return [(code, label_of(law)) for code, law in schemes().items()]


def scheme_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="Dispositif", choices=scheme_choices, error_messages={"invalid_choice": UNLISTED})


class OpeningForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    scheme = scheme_field()

    class Meta:
        model = SchemeCampaign
        fields = ("scheme", "year", "source", "opens_at", "closes_at", "opinions_until", "results_at")


class MoveForm(forms.Form):
    date = forms.ChoiceField(
        label="Date à changer", choices=SchemeDate.choices, error_messages={"invalid_choice": UNLISTED}
    )
    to = forms.DateTimeField(
        label="Nouvelle date",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": MOMENT, "required": "Écrivez la nouvelle date et son heure."},
    )
    reason = forms.CharField(
        label="Motif",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Il reste écrit, avec votre nom : dites ce qui change et d'après quel texte.",
        error_messages={
            "required": "Écrivez le motif : sans lui, une date ne change pas.",
            "max_length": "Le motif fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-le.",
        },
    )


class GuideForm(forms.ModelForm):  # type: ignore[type-arg]  # idem
    """`scope` says for which départements: a DSDEN writes for its own."""

    scheme = scheme_field()
    departement = forms.ChoiceField(label="Pour", error_messages={"invalid_choice": UNLISTED, "required": OWN})
    scope = Scope()

    class Meta:
        model = SchemeGuide
        fields = ("scheme", "departement", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"})}
        help_texts = {
            "text": "Une phrase ou deux par ligne ; chaque ligne fait un paragraphe. 8 000 caractères au plus."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [code for code, one in academies().items() if one.name == settings.ACADEMIE]
        mine = [code for code in here if self.scope.whole or code in self.scope.departements]
        named = [(code, f"{departement_names()[code]} ({code})") for code in mine]
        field = self.fields["departement"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.required = not self.scope.whole
        field.choices = [WHOLE, *named] if self.scope.whole else named
