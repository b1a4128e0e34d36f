"""The form by which a person proves again who they are, before a change (norm D12)."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from security.confirmation import Ways
from security.domain.second_step import digits
from security.forms import current_password
from security.forms_factors import CODE_ATTRS, UNREADABLE_KEY


class ConfirmForm(forms.Form):
    """The password, and with it what the account holds: a code, or a key."""

    password = current_password("Mot de passe", missing="Saisissez votre mot de passe.")
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="6 chiffres de votre application, ou 8 chiffres d'un code de secours imprimé.",
        error_messages={
            "required": "Saisissez le code.",
            "max_length": "Un code est plus court : ne collez que ses chiffres.",
        },
        widget=forms.TextInput(attrs=CODE_ATTRS),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ways: Ways, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ways.code:
            del self.fields["code"]
        if not ways.key:
            del self.fields["credential"]
        if ways.key:
            self.fields["password"].help_text = "Inutile avec une clé qui vous demande un code ou une empreinte."
            for name in {"password", "code"} & set(self.fields):
                self.fields[name].required = not self.data.get("credential")

    def clean_code(self) -> str:
        code = digits(self.cleaned_data["code"])
        if self.cleaned_data["code"] and len(code) not in {6, 8}:
            raise ValidationError("Un code compte 6 ou 8 chiffres. Vérifiez votre saisie.", code="length")
        return code

    def clean_credential(self) -> dict[str, Any] | None:
        if not self.cleaned_data["credential"]:
            return None
        try:
            found = json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ValidationError(UNREADABLE_KEY, code="unreadable")
        return found
