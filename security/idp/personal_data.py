"""What this app holds about a person (`iprof.web.personal_data`)."""

from allauth.idp.oidc.models import Client, Token

from iprof.web.personal_data import KEY, SECRET, YOURSELF, hold, set_aside
from security.idp.models import Service, ServiceGrant, ServiceSession


def register() -> None:
    hold(
        ServiceGrant, "Services reliés", "user", "service scopes asked granted_at signed_in_at",
        {"id public_id": KEY, "user": YOURSELF},
    )  # fmt: skip
    hold(
        ServiceSession, "Connexions à des services reliés", "user", "service began_at",
        {"sid bound": SECRET, "user": YOURSELF, "open_session": KEY}, newest="-began_at",
    )  # fmt: skip
    set_aside("jetons de connexion : des secrets de courte durée", Token)
    set_aside("services enregistrés, sans information sur vous", Client, Service)
