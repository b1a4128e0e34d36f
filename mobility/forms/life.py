"""What an agent writes to withdraw a request or to change it after the closing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from career.geography import postal_codes
from documents.forms.sending import SendingForm, no_numen
from documents.selectors.procedures import PieceState
from iprof.correspondence.forms.words import NUL
from iprof.kernel.errors import DomainError
from iprof.web.forms import set_choices
from mobility.domain.facts import Degree
from mobility.domain.geography import geography
from mobility.domain.late import late_law
from mobility.forms.contests import REASON_MAX, REASON_MIN

WITHDRAW_MAX = 300
VOEUX_MAX_TEXT = 4000


class WithdrawForm(forms.Form):
    motif = forms.CharField(
        label="Motif",
        required=False,
        max_length=WITHDRAW_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_numen],
        help_text=f"{WITHDRAW_MAX} caractères au plus. Votre service le lit ; l'accusé de réception ne le porte pas.",
        error_messages={
            "max_length": "Ce motif fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-le.",
            "null_characters_not_allowed": NUL,
        },
    )
    accord = forms.BooleanField(
        label="Je retire ma demande de mutation",
        error_messages={"required": "Cochez la case pour retirer votre demande, ou revenez à votre demande."},
    )


class LateForm(SendingForm):
    """`degree` says how places are named, `most` how many vœux there may be (None: not published)."""

    evenement = forms.ChoiceField(
        label="Événement",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Aucun événement n'est choisi. Choisissez celui qui justifie le changement.",
            "invalid_choice": "Cet événement n'est pas dans la liste. Choisissez-en un.",
        },
    )
    survenu_le = forms.DateField(
        label="Survenu le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "La date de l'événement manque. Indiquez le jour où il est survenu.",
            "invalid": "Cette date n'est pas comprise. Écrivez le jour, le mois et l'année, par exemple 12/01/2027.",
        },
    )
    voeux = forms.CharField(
        label="Vos vœux, un par ligne, dans l'ordre",
        max_length=VOEUX_MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="La liste entière que vous demandez, même les vœux que vous gardez.",
        error_messages={
            "required": "Il n'y a plus aucun vœu. Écrivez-en au moins un, ou retirez votre demande.",
            "max_length": "Cette liste est trop longue. Écrivez un lieu par ligne, sans autre texte.",
            "null_characters_not_allowed": NUL,
        },
    )
    code_postal = forms.CharField(
        label="Nouveau code postal du travail du conjoint",
        required=False,
        max_length=10,
        help_text="S'il change. Cinq chiffres.",
        error_messages={"max_length": "Un code postal a cinq chiffres.", "null_characters_not_allowed": NUL},
    )
    departement = forms.CharField(
        label="Son département",
        required=False,
        max_length=3,
        help_text="Seulement si ce code postal en désigne plusieurs. Exemple : 51.",
        error_messages={
            "max_length": "Écrivez le numéro du département, par exemple 51.",
            "null_characters_not_allowed": NUL,
        },
    )
    famille = forms.ChoiceField(
        label="Situation familiale invoquée",
        required=False,
        choices=[("", "Inchangée"), ("aucune", "Je n'invoque plus aucune priorité familiale")],
        error_messages={"invalid_choice": "Cette réponse n'existe pas. Choisissez-en une dans la liste."},
    )
    message = forms.CharField(
        label="Votre explication",
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        validators=[no_numen],
        help_text=f"De {REASON_MIN} à {REASON_MAX} caractères. Ni NUMEN, ni donnée de santé : une pièce médicale se joint, "
        "elle ne s'écrit pas.",
        error_messages={
            "required": "Votre explication est vide : sans elle, le service ne peut pas décider. Écrivez-la.",
            "min_length": "Votre explication est trop courte. Dites ce qui est arrivé et ce qui change.",
            "max_length": "Cette explication fait %(show_value)d caractères, %(limit_value)d au plus. Raccourcissez-la.",
            "null_characters_not_allowed": NUL,
        },
    )

    def __init__(self, *args: Any, piece: PieceState, degree: Degree, most: int | None, **kwargs: Any) -> None:
        super().__init__(*args, pieces=[piece], **kwargs)
        self.degree, self.most = degree, most
        self.order_fields(["evenement", "survenu_le", "voeux", "code_postal", "departement", "famille", "message"])
        set_choices(self, "evenement", [(one.code, one.label) for one in late_law().events.values()])

    def clean_survenu_le(self) -> Any:
        day = self.cleaned_data["survenu_le"]
        if day > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir. Indiquez le jour où l'événement est survenu.")
        return day

    def clean_voeux(self) -> list[str]:
        """The names of places, in the order written."""
        lines = [line.strip(" -.\t") for line in self.cleaned_data["voeux"].splitlines() if line.strip(" -.\t")]
        found = [_place(self.degree, line) for line in lines]
        if unknown := [line for line, place in zip(lines, found, strict=True) if not place]:
            raise forms.ValidationError(
                f"« {unknown[0][:60]} » n'est pas un lieu de ce mouvement. Écrivez {PLACES[self.degree]}, un par ligne."
            )
        if len(set(found)) < len(found):
            raise forms.ValidationError("Un même lieu est écrit deux fois. Gardez-le une seule fois, à son rang.")
        if self.most is not None and len(found) > self.most:
            raise forms.ValidationError(f"{len(found)} vœux sont écrits, {self.most} au plus. Retirez les derniers.")
        return found

    def clean(self) -> dict[str, Any]:
        """`claims`: the fields of the claims that change, as the service takes them."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.claims: dict[str, str] = {"strategy": ""} if data.get("famille") == "aucune" else {}
        if code := data.get("code_postal"):
            self._place_of_work(code, data.get("departement", "").strip().upper())
        return data

    @property
    def joined(self) -> Sequence[Any]:
        return [one for documents in self.chosen.values() for one in documents]

    def _place_of_work(self, typed: str, departement: str) -> None:
        try:
            area = postal_codes().area(typed)
        except DomainError:
            self.add_error("code_postal", "Un code postal a cinq chiffres, par exemple 51100. Corrigez-le.")
            return
        if not area.departements:
            self.add_error("code_postal", "Aucun département ne répond à ce code postal. Vérifiez-le.")
            return
        if departement and departement not in area.departements:
            self.add_error("departement", f"Ce code postal est dans : {', '.join(area.departements)}. Choisissez là.")
            return
        if not departement and len(area.departements) > 1:
            told = ", ".join(area.departements)
            self.add_error("departement", f"Ce code postal désigne plusieurs départements : {told}. Indiquez lequel.")
            return
        commune = area.communes[0].name if len(area.communes) == 1 else ""
        self.claims |= {
            "conjoint_postal_code": area.code,
            "conjoint_commune": commune,
            "conjoint_departement": departement or area.departements[0],
        }


PLACES = {Degree.SECOND: "le nom d'une académie", Degree.FIRST: "le numéro d'un département"}


def _place(degree: Degree, told: str) -> str:
    return geography().departement(told) if degree is Degree.FIRST else geography().academie(told)
