"""What staff type of a campaign: its dates and their source, then a new date with its reason (S50, K2)."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from iprof.correspondence.audience import Audience
from iprof.kernel.errors import DomainError
from mobility.domain.sessions import session_of
from mobility.enums import CampaignDate, Degree, Phase
from mobility.models import Campaign
from mobility.selectors.campaigns import accounts_reached, audience_of
from security.models import User

UNLISTED = "Ce choix ne fait pas partie de la liste. Choisissez-en un qui y figure."
MOMENT = "Cette date n'est pas comprise. Écrivez le jour et l'heure, par exemple 12/12/2026 12:00."
NUL = "Ce texte contient un caractère nul, qui ne s'affiche pas. Ressaisissez-le."
PAST = "Cette clôture est déjà passée : personne ne pourrait saisir. Choisissez une date à venir."
PIECES_BEFORE = "Les pièces sont reçues au moins jusqu'à la clôture. Corrigez l'une des deux dates."
CONTEST_BEFORE = "La contestation suit l'affichage des barèmes : donnez une date d'affichage antérieure."
INTRA = "Le portail ne calcule pas le barème de ce mouvement : sa campagne ne s'ouvre pas ici. Choisissez l'autre mouvement."
REQUIRED = {
    CampaignDate.OPENS: "Écrivez quand la saisie ouvre.",
    CampaignDate.CLOSES: "Écrivez quand la saisie ferme.",
    CampaignDate.PIECES: "Écrivez jusqu'à quand les pièces sont reçues.",
}
TITLES = {
    Degree.SECOND: "Mouvement interacadémique",
    Degree.FIRST: "Mouvement interdépartemental",
}
YEARS_AHEAD, YEARS_AROUND = 2, (-2, 1)  # guards against a slip of the finger, not a rule of the texts


def moment(label: str, *, required: str = "", hint: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=bool(required),
        help_text=hint,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": MOMENT, "required": required},
    )


def line(label: str, *, required: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        help_text=hint,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={
            "required": required,
            "max_length": "Ce texte fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-le.",
            "null_characters_not_allowed": NUL,
        },
    )


def far(at: dt.datetime, session: int) -> str:
    """What is said of a date far from the rentrée; empty otherwise."""
    first, last = (session + years for years in YEARS_AROUND)
    if first <= at.year <= last:
        return ""
    return f"Cette date est loin de la rentrée {session}. Vérifiez l'année : elle va de {first} à {last}."


class CampaignForm(forms.Form):
    """After validation: `fill`, the `audience` and the `accounts` it reaches for `by`, the campaign itself."""

    choices_only = True  # what may be left empty says so itself

    degree = forms.ChoiceField(label="Degré", choices=Degree.choices, error_messages={"invalid_choice": UNLISTED})
    phase = forms.ChoiceField(label="Mouvement", choices=Phase.choices, error_messages={"invalid_choice": UNLISTED})
    session = forms.IntegerField(
        label="Session",
        help_text="L'année de la rentrée, comme 2027.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
        error_messages=dict.fromkeys(("required", "invalid"), "Écrivez l'année de la rentrée en quatre chiffres, comme 2027."),
    )  # fmt: skip
    source = line(
        "Texte d'où viennent les dates",
        required="Indiquez le texte qui fixe ces dates : l'agent le lit sous elles.",
        hint="Par exemple une note de service et sa date. Affiché tel quel.",
    )
    voeux_max = forms.IntegerField(
        label="Nombre de vœux au plus",
        required=False,
        min_value=1,
        max_value=999,
        help_text="Facultatif. Vide : « non publié ».",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Écrivez un nombre entier de vœux, de 1 à 999."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data)
        self.by = by
        self.accounts: list[int] = []
        for date in CampaignDate:
            hint = "" if date in REQUIRED else "Facultatif. Vide : « non publié »."
            self.fields[date.value] = moment(date.label, required=REQUIRED.get(date, ""), hint=hint)
        self.order_fields(("degree", "phase", "session", *CampaignDate.values, "source", "voeux_max"))

    def clean_phase(self) -> str:
        """Only what agents would find on « Mutation », with the rules the portal knows."""
        if self.cleaned_data["phase"] != Phase.INTER:
            raise ValidationError(INTRA)
        return Phase.INTER.value

    def clean_session(self) -> int:
        session: int = self.cleaned_data["session"]
        this_year = timezone.localdate().year
        if not this_year <= session <= this_year + YEARS_AHEAD:
            raise ValidationError(
                f"La session va de {this_year} à {this_year + YEARS_AHEAD} : écrivez l'année de la rentrée."
            )
        try:
            session_of(session)
        except DomainError as error:
            raise ValidationError("Les règles de cette session ne sont pas connues du portail.") from error
        return session

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_years(data)
        self._check_order(data)
        if {"degree", "phase", "session"} <= data.keys():
            self._check_once(data)
        if not self.errors:
            self.accounts = accounts_reached(data["degree"], by=self.by, on=timezone.localdate())
        return data

    def _check_years(self, data: dict[str, Any]) -> None:
        for date in CampaignDate:
            if data.get(date.value) and "session" in data and (told := far(data[date.value], data["session"])):
                self.add_error(date.value, told)

    def _check_order(self, data: dict[str, Any]) -> None:
        """Only between dates that were understood."""
        opens, closes, pieces = (data.get(name) for name in ("opens_at", "closes_at", "pieces_until"))
        shown, contest = (data.get(name) for name in ("bareme_shown_at", "contest_until"))
        if closes and closes <= timezone.now():
            self.add_error("closes_at", PAST)
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "La clôture vient avant l'ouverture. Corrigez l'une des deux dates.")
        if closes and pieces and pieces < closes:
            self.add_error("pieces_until", PIECES_BEFORE)
        if contest and "bareme_shown_at" in data and (shown is None or contest <= shown):
            self.add_error("contest_until", CONTEST_BEFORE)
        for name in ("late_until", "results_at"):
            if closes and data.get(name) and data[name] <= closes:
                self.add_error(name, "Cette date vient avant la clôture. Corrigez l'une des deux.")

    def _check_once(self, data: dict[str, Any]) -> None:
        same = {name: data[name] for name in ("degree", "phase", "session")}
        if found := Campaign.objects.filter(**same).first():
            self.add_error("session", f"Cette campagne existe déjà : « {found} ». Changez-en les dates sur sa page.")

    @property
    def audience(self) -> Audience:
        return audience_of(self.cleaned_data["degree"])

    def fill(self) -> dict[str, Any]:
        """The fields of the campaign, its title and its rules with them."""
        told = self.cleaned_data
        title = f"{TITLES[Degree(told['degree'])]} {told['session']}"
        return {**told, "title": title, "rules_session": session_of(told["session"]).rules}


class MoveForm(forms.Form):
    """One date of `campaign`, a new moment, the reason."""

    date = forms.ChoiceField(
        label="Date à changer", choices=CampaignDate.choices, error_messages={"invalid_choice": UNLISTED}
    )
    to = moment("Nouvelle date", required="Écrivez la nouvelle date et son heure.")
    reason = line(
        "Motif",
        required="Écrivez le motif : il est envoyé aux personnes concernées, et gardé.",
        hint="Envoyé tel quel et affiché sous la date. Sans nom de personne ni donnée d'un dossier.",
    )

    def __init__(self, data: Any = None, *, campaign: Campaign) -> None:
        super().__init__(data)
        self.campaign = campaign

    def clean_to(self) -> dt.datetime:
        to: dt.datetime = self.cleaned_data["to"]
        if told := far(to, self.campaign.session):
            raise ValidationError(told)
        return to
