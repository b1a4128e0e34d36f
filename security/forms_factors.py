"""Forms of the second step."""

import json
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.core.exceptions import ValidationError

from security.domain.second_step import digits, key_name
from security.factors import FORGED, matching_counter

UNREADABLE_KEY = "La clé n'a pas répondu comme attendu. Recommencez, ou choisissez un autre moyen."
CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class CodeForm(forms.Form):
    """The digits of a mail or of an application; of a recovery code too, when `lengths` holds 8."""

    lengths: tuple[int, ...] = (6,)
    code = forms.CharField(
        label="Code",
        max_length=20,
        error_messages={
            "required": "Saisissez le code.",
            "max_length": "Un code est plus court : ne collez que ses chiffres.",
        },
        widget=forms.TextInput(attrs=CODE_ATTRS),
    )

    def clean_code(self) -> str:
        code = digits(self.cleaned_data["code"])
        if len(code) not in self.lengths:
            wanted = " ou ".join(str(length) for length in self.lengths)
            raise ValidationError(f"Un code compte {wanted} chiffres. Vérifiez votre saisie.", code="length")
        return code


class MailCodeForm(CodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code reçu"
        self.fields["code"].help_text = "6 chiffres, dans le dernier courriel reçu."


class FactorCodeForm(CodeForm):
    lengths = (6, 8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "6 chiffres de votre application, ou 8 chiffres d'un code de secours imprimé."


class TotpForm(CodeForm):
    """Proves that the application holds the secret shown."""

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        self.counter = 0
        self.fields["code"].label = "Code affiché par l'application"
        self.fields["code"].help_text = "6 chiffres, qui changent toutes les 30 secondes."

    def clean_code(self) -> str:
        code = super().clean_code()
        counter = matching_counter(self.secret, code)
        if counter is None:
            raise ValidationError(
                "Ce code n'est pas celui attendu. Attendez le suivant, et vérifiez que l'heure de l'appareil est juste.",
                code="wrong",
            )
        self.counter = counter
        return code


class CredentialForm(forms.Form):
    """What the browser answers for a key, in JSON."""

    credential = forms.CharField(
        max_length=20_000, widget=forms.HiddenInput, error_messages={"required": UNREADABLE_KEY}
    )

    def clean_credential(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError):
            raise ValidationError(UNREADABLE_KEY, code="unreadable") from None
        if not isinstance(found, dict):
            raise ValidationError(UNREADABLE_KEY, code="unreadable")
        return found


class KeyNameForm(forms.Form):
    """The name a person gives a key to know it again."""

    name = forms.CharField(
        label="Nom de la clé",
        max_length=60,
        help_text="Pour la reconnaître : « Clé bleue », « Téléphone ».",
        error_messages={"required": "Donnez un nom à la clé.", "max_length": "60 caractères au plus."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        name = key_name(self.cleaned_data["name"])
        if not name:
            raise ValidationError("Donnez à la clé un nom qui se lit.", code="unreadable")
        return name


class KeyForm(KeyNameForm, CredentialForm):
    """A new key: its name, and what it signed for the challenge of this session."""

    field_order = ["name", "credential"]

    def clean_credential(self) -> dict[str, Any]:
        found = super().clean_credential()
        try:
            webauthn.parse_registration_response(found)
            webauthn.complete_registration(found)
            return _kept(found)
        except FORGED:
            raise ValidationError(UNREADABLE_KEY, code="refused") from None


def _kept(found: dict[str, Any]) -> dict[str, Any]:
    """The parts that are read again; whatever else the browser sent is dropped."""
    response = found["response"]
    return {
        "id": found["id"],
        "rawId": found["rawId"],
        "type": "public-key",
        "response": {name: response[name] for name in ("clientDataJSON", "attestationObject")},
        "clientExtensionResults": {"credProps": {"rk": _is_passkey(found)}},
    }


def _is_passkey(found: dict[str, Any]) -> bool:
    """Whether the device says it keeps the key itself, so that it opens without a login typed. Shown, never relied on."""
    results = found.get("clientExtensionResults")
    properties = results.get("credProps") if isinstance(results, dict) else None
    return isinstance(properties, dict) and properties.get("rk") is True
