"""Django's password validators over `security.domain.passwords` (decisions T1 and T2, norms D01, D06, D07)."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from zxcvbn import zxcvbn

from security.domain import passwords
from security.enums import Role
from security.models import User

ADMINISTRATORS = (Role.IT, Role.SUPERADMIN)
ENOUGH = 3  # zxcvbn's « safely unguessable: moderate protection from offline slow-hash scenario »
READ_BY_ESTIMATE = 64  # its time grows with the square of the length


def is_administrator(user: User | None) -> bool:
    """Whoever can act on others' accounts or on the machine needs a longer password (norm D06)."""
    if user is None or user.pk is None:
        return False
    return user.is_superuser or user.groups.filter(name__in=ADMINISTRATORS).exists()


class CnilCompositionValidator:
    """Length and classes of characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > passwords.MAX_LENGTH:
            raise ValidationError(
                f"Ce mot de passe dépasse {passwords.MAX_LENGTH} caractères. Choisissez-en un plus court.",
                code="too_long",
            )
        administrator = is_administrator(user)
        if passwords.is_composed(password, administrator=administrator):
            return
        if administrator:
            raise ValidationError(
                "Ce mot de passe est trop simple pour un compte d'administration. Prenez au moins 16 caractères avec une "
                "majuscule, une minuscule, un chiffre et un caractère spécial, ou une phrase d'au moins 7 mots.",
                code="too_simple",
            )
        raise ValidationError(
            "Ce mot de passe est trop simple. Prenez au moins 12 caractères avec une majuscule, une minuscule, un chiffre "
            "et un caractère spécial, ou 14 caractères de trois de ces sortes, ou une phrase d'au moins 7 mots.",
            code="too_simple",
        )

    def get_help_text(self) -> str:
        return "Au moins 12 caractères avec majuscule, minuscule, chiffre et caractère spécial."


class ContextWordsValidator:
    """No name, login, place, date or secret of the person's own, nor the portal's name."""

    def validate(self, password: str, user: User | None = None) -> None:
        if re.search(settings.NUMEN_PATTERN.strip("^$"), re.sub(r"[\s-]", "", password).upper()):
            raise ValidationError(
                "Ce mot de passe ressemble à un NUMEN. Le NUMEN ne sert qu'à la première connexion : choisissez autre chose.",
                code="numen",
            )
        if word := passwords.context_word(password, context_words(user)):
            raise ValidationError(
                f"Ce mot de passe contient « {word} », facile à deviner à votre sujet. Choisissez d'autres mots.",
                code="context_word",
            )

    def get_help_text(self) -> str:
        return "Ni votre nom, ni votre identifiant, ni votre date de naissance, ni « Reims » ou « I-Prof »."


class PublishedExampleValidator:
    """No example of a guide, were it a good one once (requirement S27)."""

    def validate(self, password: str, user: User | None = None) -> None:
        if passwords.is_published_example(password):
            raise ValidationError(
                "Ce mot de passe est un exemple publié : c'est l'un des premiers qu'on essaiera. Inventez votre propre phrase.",
                code="published_example",
            )

    def get_help_text(self) -> str:
        return "Pas d'exemple lu dans un guide."


class GuessableValidator:
    """Refuses what looks composed but is guessed first: known passwords with decorations, walks on the keyboard.

    zxcvbn does not know the French keyboard: `surprises` does.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        # One character more than the estimate reads changes nothing: what is longer than 64 is judged on its start.
        found = zxcvbn(
            password[:READ_BY_ESTIMATE], user_inputs=sorted(context_words(user)), max_length=READ_BY_ESTIMATE
        )
        dressed = passwords.undressed(password[:READ_BY_ESTIMATE]) & known_passwords()
        if dressed or found["score"] < ENOUGH or passwords.surprises(password) < passwords.SURPRISES:
            raise ValidationError(
                "Ce mot de passe se devine vite : il suit une habitude connue (mot courant, suite de touches, répétition). "
                "Associez plutôt des mots sans rapport entre eux.",
                code="guessable",
            )

    def get_help_text(self) -> str:
        return "Pas de mot de passe courant ni de suite de touches."


@lru_cache(maxsize=1)
def known_passwords() -> frozenset[str]:
    """The twenty thousand most used, shipped with Django: with a capital and a year they are tried next."""
    return frozenset(CommonPasswordValidator().passwords)


def context_words(user: User | None) -> frozenset[str]:
    """What anybody may know of the person: names, login, académie, and what the providers of the settings add."""
    words = {settings.ACADEMIE, settings.PORTAL_NAME.split()[0]}
    if user is not None:
        for name in (user.first_name, user.last_name):
            words |= {name, *re.split(r"[\W_]+", name)}
        words |= {user.username, user.email.split("@")[0]}
        for path in settings.PASSWORD_CONTEXT_PROVIDERS:
            provider: Callable[[Any], Iterable[str]] = import_string(path)
            words |= set(provider(user))
    return frozenset(word for word in words if word)
