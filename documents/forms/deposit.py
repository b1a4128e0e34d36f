"""What is typed about documents: the files themselves, then what each is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from documents.domain.titles import proposed_title, says_nothing
from documents.domain.types import document_type, type_law
from documents.probe import NEAR_THE_START, kind_of
from documents.services.deposit import Details
from iprof.correspondence.forms.files import FilesInput
from iprof.correspondence.forms.words import NUL, without_numen

MOST = 10  # files at once
EARLIEST = 1900
no_numen = without_numen("il est confidentiel : le titre d'un document n'en a pas besoin.")


class Uploads(forms.FileField):
    """The list of the files sent."""

    widget = FilesInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp,.pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        uploads = [one for one in (data or []) if isinstance(one, UploadedFile)]
        if not uploads:
            raise ValidationError(self.error_messages["required"])
        if len(uploads) > MOST:
            raise ValidationError(
                f"Vous avez choisi {len(uploads)} fichiers, {MOST} au plus à la fois : aucun n'est déposé. "
                "Déposez-les en plusieurs fois."
            )
        return uploads


class DepositForm(forms.Form):
    """`alone`: the form asks for one document, of a type already known."""

    fichiers = Uploads(
        label="Fichiers",
        help_text=f"PDF de moins de 3 Mo, ou photo JPEG, PNG ou WebP. {MOST} fichiers et 30 Mo au plus à la fois. Une photo devient un PDF.",
        error_messages={"required": "Aucun fichier n'est choisi. Choisissez au moins un PDF ou une photo."},
    )
    reunir = forms.BooleanField(
        label="Réunir les photos en un seul document",
        required=False,
        help_text="Une page par photo, dans l'ordre où vous les avez choisies.",
    )

    def __init__(self, *args: Any, alone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alone = alone
        if alone:
            self.fields["fichiers"].label = "Fichier"
            self.fields["fichiers"].help_text = "Un PDF de moins de 3 Mo, ou une ou plusieurs photos JPEG, PNG ou WebP."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        uploads = data.get("fichiers") or []
        if data.get("reunir"):
            if others := [one.name for one in uploads if not _is_photo(one)]:
                self.add_error("fichiers", f"« {others[0]} » n'est pas une photo : décochez « Réunir », ou retirez-le.")
        elif self.alone and len(uploads) > 1:
            self.add_error(
                "fichiers",
                "Un seul document est attendu ici. Choisissez un fichier, ou cochez « Réunir » pour plusieurs photos.",
            )
        return data

    @property
    def joined(self) -> bool:
        """Whether the photographs make one document."""
        return bool(self.cleaned_data["reunir"]) and len(self.cleaned_data["fichiers"]) > 1


def _is_photo(upload: UploadedFile[Any]) -> bool:
    start = upload.read(NEAR_THE_START)
    upload.seek(0)
    return kind_of(start) in ("image", "heic")


def _types() -> list[tuple[str, Any]]:
    law = type_law()
    groups = [
        (label, [(kind.code, kind.label) for kind in law.types.values() if kind.family == family])
        for family, label in law.families.items()
    ]
    return [("", "Choisir…"), *groups]


class DetailsForm(forms.Form):
    """What a document is. An empty title is the proposed one; so is a title that says nothing, at one click (`prendre`)."""

    proposed = ""

    type = forms.ChoiceField(
        label="Type de document",
        choices=_types,
        error_messages={
            "required": "Le type n'est pas choisi. Dites ce qu'est le document : sa durée de validité en dépend.",
            "invalid_choice": "Ce type n'est pas dans la liste. Choisissez-en un dans la liste.",
        },
    )
    date = forms.DateField(
        label="Date du document",
        required=False,
        help_text="Celle écrite sur le document, par exemple 15/04/2026.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Cette date n'existe pas. Écrivez jour, mois, année, par exemple 15/04/2026."},
    )
    fin = forms.DateField(
        label="Valable jusqu'au",
        required=False,
        help_text="Seulement si le document porte une date de fin, comme une notification RQTH.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Cette date n'existe pas. Écrivez jour, mois, année, par exemple 31/08/2027."},
    )
    titre = forms.CharField(
        label="Titre",
        required=False,
        max_length=120,
        validators=[no_numen],
        help_text="Laissez vide pour le titre proposé, comme JustifDomicile_Avril2025.",
        error_messages={
            "max_length": "Ce titre fait %(show_value)d caractères, 120 au plus. Raccourcissez-le.",
            "null_characters_not_allowed": NUL,
        },
    )

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if day and day > timezone.localdate():
            raise ValidationError("Cette date est à venir. Indiquez la date écrite sur le document.")
        if day and day.year < EARLIEST:
            raise ValidationError(f"Cette date est antérieure à {EARLIEST}. Vérifiez l'année.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = document_type(data.get("type", ""))
        if kind is None:
            return data
        if kind.dated and not data.get("date") and "date" not in self.errors:
            self.add_error("date", "La date manque. Sans elle, la validité de ce type de document ne se calcule pas.")
        if kind.ends and not data.get("fin") and "fin" not in self.errors:
            self.add_error("fin", "La date de fin manque. Recopiez celle écrite sur le document.")
        self._title(data, proposed_title(kind, data.get("date")))
        return data

    def _title(self, data: dict[str, Any], proposed: str) -> None:
        if "prendre" in self.data and "titre" in data:
            data["titre"] = proposed
        elif data.get("titre") and says_nothing(data["titre"]):
            self.proposed = proposed
            self.add_error("titre", f"Ce titre ne dit pas ce qu'est le document. Par exemple : « {proposed} ».")
        elif "titre" in data:
            data["titre"] = data["titre"] or proposed

    @property
    def details(self) -> Details:
        data = self.cleaned_data
        return Details(kind=data["type"], title=data["titre"], dated_on=data["date"], ends_on=data["fin"])


class KnownDetailsForm(DetailsForm):
    """The same where the type is known: asked for by a procedure, or that of the document replaced."""

    type = forms.ChoiceField(choices=_types, widget=forms.HiddenInput)
