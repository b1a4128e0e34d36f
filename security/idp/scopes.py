"""What a service may ask for, and what each word gives. The one list: discovery, consent page and claims read it."""

from dataclasses import dataclass

SUBJECT = "openid"


@dataclass(frozen=True, slots=True)
class Scope:
    """`given` completes « Ce service reçoit : » on the consent page; `claims` are the names in the answer of userinfo."""

    name: str
    given: str
    claims: tuple[str, ...]


SCOPES = {
    scope.name: scope
    for scope in (
        Scope(SUBJECT, "un numéro propre à ce service, qui ne dit pas qui vous êtes", ("sub",)),
        Scope("profile", "votre prénom et votre nom d'usage", ("given_name", "family_name", "usual_name")),
        Scope("email", "votre adresse académique", ("email", "email_verified")),
        Scope("agent", "votre corps et votre établissement", ("corps", "uai")),
    )
}
SIGN_IN_CLAIMS = ("iss", "aud", "exp", "iat", "jti", "sid", "auth_time", "amr", "acr", "nonce", "at_hash")


def known(names: list[str]) -> list[Scope]:
    """In the order of the page, each once.

    >>> [scope.name for scope in known(["email", "openid", "autre"])]
    ['openid', 'email']
    """
    return [scope for name, scope in SCOPES.items() if name in names]
