"""« Réglages des alertes »: one rhythm and one box a family, the notice elsewhere; and what a browser says of itself."""

from typing import Any, cast

from django import forms

from iprof.correspondence.enums import Pace
from iprof.correspondence.outbox.encryption import UnusableKeys, browser_keys
from iprof.correspondence.outbox.push_services import is_known
from iprof.correspondence.selectors.choices import FamilyChoice

PACES = {
    Pace.NOW: "Tout de suite",
    Pace.DAILY: "Chaque jour à 18 h",
    Pace.WEEKLY: "Chaque lundi à 7 h",
    Pace.NEVER: "Pas de courriel",
}
NO_SUCH_PACE = "« {family} » n'a pas ce rythme. Choisissez-en un dans la liste."
NO_ADDRESS = (
    "L'avis ne peut pas partir : vous n'avez pas d'adresse de secours confirmée. Ajoutez-en une dans « Mon compte », "
    "puis cochez de nouveau la case."
)
NOT_A_BROWSER = (
    "Ce navigateur n'a pas donné d'abonnement utilisable : rien n'est enregistré. Mettez-le à jour ou essayez avec "
    "Firefox, Chrome, Edge ou Safari."
)


class ChoicesForm(forms.Form):
    """Fields « rythme_<famille> » where there is something to choose, « notification_<famille> », and `avis`.

    Without notifications on this portal, `notification_…` is not there and what was chosen stays.
    """

    choices_only = True
    avis = forms.BooleanField(
        required=False,
        label="Me prévenir aussi à mon adresse de secours",
        help_text="Un avis sans contenu : il dit qu'une alerte attend, jamais laquelle. Un au plus par heure.",
    )

    def __init__(self, *args: Any, held: tuple[FamilyChoice, ...], with_push: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        for choice in held:
            code = choice.family.code
            if not choice.family.mandatory:
                self.fields[f"rythme_{code}"] = _pace_field(choice)
            if with_push:
                self.fields[f"notification_{code}"] = _push_field(choice)

    @property
    def rows(self) -> list[tuple[FamilyChoice, forms.BoundField | None, forms.BoundField | None]]:
        """Each family with its two fields, None where there is none."""
        return [(choice, self._bound("rythme", choice), self._bound("notification", choice)) for choice in self.held]

    @property
    def chosen(self) -> list[FamilyChoice]:
        """After validation."""
        data = self.cleaned_data
        return [
            FamilyChoice(
                held.family,
                Pace(data.get(f"rythme_{held.family.code}", held.pace)),
                data.get(f"notification_{held.family.code}", held.push),
            )
            for held in self.held
        ]

    def _bound(self, kind: str, choice: FamilyChoice) -> forms.BoundField | None:
        name = f"{kind}_{choice.family.code}"
        return self[name] if name in self.fields else None


def _pace_field(choice: FamilyChoice) -> forms.ChoiceField:
    wrong = NO_SUCH_PACE.format(family=choice.family.label)
    return forms.ChoiceField(
        label="Courriel",
        choices=[(pace.value, PACES[pace]) for pace in choice.family.paces],
        initial=choice.pace.value,
        widget=forms.Select,
        error_messages={"invalid_choice": wrong, "required": wrong},
    )


def _push_field(choice: FamilyChoice) -> forms.BooleanField:
    return forms.BooleanField(label="Notification sur mes appareils", required=False, initial=choice.push)


class DeviceForm(forms.Form):
    """What the script of the page sends for a browser that agreed."""

    endpoint = forms.CharField(max_length=500)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    def clean_endpoint(self) -> str:
        endpoint = cast(str, self.cleaned_data["endpoint"])
        if not is_known(endpoint):
            raise forms.ValidationError(NOT_A_BROWSER)
        return endpoint

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                browser_keys(data["p256dh"], data["auth"])
            except UnusableKeys:
                raise forms.ValidationError(NOT_A_BROWSER) from None
        return data
