"""Forms of the account. Passwords never come back in the page; everything else typed does."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator

from security.domain.passwords import MAX_LENGTH
from security.models import User

TOO_LONG = f"Un mot de passe compte au plus {MAX_LENGTH} caractères. Vérifiez ce que vous avez collé."
LOGIN_HINT = "Première lettre du prénom puis nom, en minuscules, par exemple mdurand ou mdurand1."


class SignInForm(LoginForm):
    """allauth's form in the portal's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.help_text = "Identifiant", LOGIN_HINT
        login.error_messages["required"] = (
            "Saisissez votre identifiant : il figure sur votre courrier de prise de fonction."
        )
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        password.label, password.help_text = "Mot de passe", ""
        password.error_messages["required"] = "Saisissez votre mot de passe."
        password.widget.attrs = {"autocomplete": "current-password"}
        login.validators.append(MaxLengthValidator(150, "Un identifiant compte au plus 150 caractères. Vérifiez-le."))
        password.validators.append(MaxLengthValidator(MAX_LENGTH, TOO_LONG))


class FirstAccessForm(forms.Form):
    """Login and secret of the letter."""

    login = forms.CharField(
        label="Identifiant",
        max_length=150,
        help_text=LOGIN_HINT,
        error_messages={"required": "Saisissez votre identifiant : il figure sur votre courrier de prise de fonction."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label="NUMEN",
        max_length=60,
        strip=True,
        help_text="13 caractères, sur votre courrier. Il est strictement confidentiel et ne sert qu'une fois.",
        error_messages={"required": "Saisissez votre NUMEN : il figure sur votre courrier de prise de fonction."},
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class NewPasswordForm(forms.Form):
    """A password chosen twice, checked against the rules with the person in mind."""

    password1 = forms.CharField(
        label="Nouveau mot de passe",
        strip=False,
        max_length=MAX_LENGTH,
        error_messages={"required": "Choisissez un mot de passe.", "max_length": TOO_LONG},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-iprof-password": ""}),
    )
    password2 = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        max_length=MAX_LENGTH,
        error_messages={"required": "Saisissez le mot de passe une seconde fois.", "max_length": TOO_LONG},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-iprof-password-again": ""}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Les deux saisies diffèrent. Saisissez deux fois le même mot de passe.")
        return data


def current_password(label: str, *, missing: str) -> forms.CharField:
    """The field of a password already chosen: nothing cut, the browser's manager allowed to fill it."""
    return forms.CharField(
        label=label,
        strip=False,
        validators=[MaxLengthValidator(MAX_LENGTH, TOO_LONG)],
        error_messages={"required": missing},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordChangeForm(NewPasswordForm):
    """The same, with the present password first (norm D12)."""

    current = current_password("Mot de passe actuel", missing="Saisissez votre mot de passe actuel.")
    field_order = ["current", "password1", "password2"]

    def clean_current(self) -> str:
        current = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError("Ce n'est pas votre mot de passe actuel. Vérifiez les majuscules.", code="wrong")
        return current

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("password1") and data.get("password1") == data.get("current"):
            self.add_error("password1", "C'est votre mot de passe actuel. Choisissez-en un autre.")
        return data


class RecoveryForm(forms.Form):
    """The personal address that receives password links (requirement S22)."""

    email = forms.EmailField(
        label="Adresse de secours",
        max_length=254,
        help_text="Une boîte personnelle bien protégée, par exemple nom@exemple.fr, de préférence avec double authentification.",
        error_messages={
            "required": "Saisissez une adresse, ou choisissez « Plus tard ».",
            "invalid": "Cette adresse n'est pas complète. Écrivez-la comme nom@exemple.fr.",
        },
        validators=[EmailValidator(message="Cette adresse n'est pas complète. Écrivez-la comme nom@exemple.fr.")],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class LostPasswordForm(forms.Form):
    login = forms.CharField(
        label="Identifiant",
        max_length=150,
        help_text=LOGIN_HINT,
        error_messages={"required": "Saisissez votre identifiant : il figure sur votre courrier de prise de fonction."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
