"""What is chosen for an offline copy: the documents, and the password that closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from documents.selectors.own import Shown
from documents.services.offline import MOST_BYTES
from iprof.web.formats import french_date, french_weight
from iprof.web.forms import set_choices
from security.domain.passwords import is_composed
from security.forms import NewPasswordForm
from security.models import User

RARE = (
    "Ce mot de passe contient « {letter} », que tous les logiciels n'écrivent pas de la même façon : la copie risquerait de "
    "ne plus s'ouvrir. Écrivez-le sans accent, avec les lettres, chiffres et signes simples du clavier."
)
SHORT = (
    "Ce mot de passe est trop simple pour une copie hors du portail, où l'on peut l'essayer sans limite. Prenez au moins 16 "
    "caractères avec une majuscule, une minuscule, un chiffre et un caractère spécial, ou une phrase d'au moins 7 mots."
)
HEAVY = "Les documents choisis pèsent {weight}, {most} au plus dans une copie : rien n'est préparé. Faites deux copies."


class OfflineForm(NewPasswordForm):
    """Its password keeps to the rules of an administrator's, of characters every tool writes alike. `rows`: what may be
    copied, from `selectors.offline`."""

    documents = forms.MultipleChoiceField(
        label="Documents à copier",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Aucun document n'est choisi. Cochez au moins un document à emporter.",
            "invalid_choice": "Un document choisi n'est plus disponible. Choisissez parmi ceux de la liste.",
            "invalid_list": "Un document choisi n'est plus disponible. Choisissez parmi ceux de la liste.",
        },
    )
    field_order = ("documents", "password1", "password2")

    def __init__(self, *args: Any, user: User, rows: Sequence[Shown], **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.rows = rows
        set_choices(self, "documents", [(str(one.row.pk), _words(one)) for one in rows])
        if sum(one.row.size for one in rows) <= MOST_BYTES:
            self.initial.setdefault("documents", [str(one.row.pk) for one in rows if not one.expired])
        password = self.fields["password1"]
        password.label, password.error_messages["required"] = "Mot de passe de la copie", "Choisissez un mot de passe."
        password.help_text = "Un autre que celui de votre compte, sans accent. Il n'est gardé nulle part."

    def clean_documents(self) -> list[str]:
        picked: list[str] = self.cleaned_data["documents"]
        size = sum(one.row.size for one in self._among(picked))
        if size > MOST_BYTES:
            raise ValidationError(HEAVY.format(weight=french_weight(size), most=french_weight(MOST_BYTES)))
        return picked

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        if rare := next((letter for letter in password if not " " <= letter <= "~"), ""):
            raise ValidationError(RARE.format(letter=rare))
        if not is_composed(password, administrator=True):
            raise ValidationError(SHORT)
        return super().clean_password1()

    @property
    def chosen(self) -> tuple[Shown, ...]:
        """After validation."""
        return self._among(self.cleaned_data["documents"])

    def _among(self, picked: Sequence[str]) -> tuple[Shown, ...]:
        return tuple(one for one in self.rows if str(one.row.pk) in picked)


def _words(one: Shown) -> str:
    told = [str(one.row), one.type_label, french_date(one.row.dated_on), f"PDF, {one.weight}"]
    return " · ".join(part for part in told if part)
