"""What oauthlib asks while it runs the code flow: every answer reads or writes the tables of codes and tokens.

allauth's own validator is not used: it accepts a redirection with another user part or query, lets plain PKCE through,
does not tie tokens to a session and does not react to a replayed code (ADR 0014).
"""

import time
import uuid
from typing import Any, cast

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import transaction
from oauthlib.common import Request

from security.idp import keys
from security.idp.claims import claims_of, subject_of
from security.idp.clients import ClientChecks, find_service
from security.idp.models import Service, ServiceSession
from security.idp.redeem import Replayed, end_family, family_of, redeem, row_for
from security.idp.sessions import is_live
from security.models import User

CODE_SECONDS, ACCESS_SECONDS, ID_TOKEN_SECONDS = 30, 600, 300
Type = Token.Type


class ServiceValidator(ClientChecks):
    """One per request. `user`, `session` and `sign_in` are those of the page that grants; a machine has none of them."""

    def __init__(
        self,
        *,
        user: User | None = None,
        session: ServiceSession | None = None,
        sign_in: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.user, self.session, self.sign_in = user, session, sign_in
        self.replayed: User | None = None  # whose code or token came a second time
        self.origin: Token | None = None  # the code or refresh token this request redeems

    def validate_silent_login(self, request: Request) -> bool:
        """Decided by `security.idp.asked`, as for every other prompt."""
        return True

    validate_silent_authorization = validate_silent_login

    def validate_user_match(self, id_token_hint: Any, scopes: Any, claims: Any, request: Request) -> bool:
        """With a hint, nobody but the person it names goes on."""
        if not id_token_hint or self.user is None:
            return True
        told = keys.read_hint(str(id_token_hint), audience=request.client.pk)
        return told is not None and told["sub"] == subject_of(request.client.pk, self.user.pk)

    # --- The code ---------------------------------------------------------------------------------------------------
    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        data = {
            "redirect_uri": request.redirect_uri,
            "challenge": request.code_challenge,
            "nonce": request.nonce or "",
            "sid": str(cast(ServiceSession, self.session).sid),
            "sign_in": self.sign_in,
        }
        row_for(
            Type.AUTHORIZATION_CODE,
            code["code"],
            request.client,
            cast(User, self.user),
            request.scopes,
            data,
            CODE_SECONDS,
        ).save()

    def validate_code(
        self, client_id: str, code: str, client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Once, within half a minute, by the service it was made for. Played again, it ends what came of it."""
        return self._redeem(Type.AUTHORIZATION_CODE, code, client, request)

    def validate_refresh_token(
        self, refresh_token: str, client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return self._redeem(Type.REFRESH_TOKEN, refresh_token, client, request)

    def _redeem(self, kind: str, value: str, client: Service, request: Request) -> bool:
        try:
            row = redeem(kind, value, client)
        except Replayed as twice:
            self.replayed = twice.user
            return False
        if row is None:
            return False
        self.origin = row
        request.user, request.scopes = row.user, row.get_scopes()
        return True

    def get_code_challenge(self, code: str, request: Request) -> str:
        return self._told("challenge")

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return "S256"

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        return self._told("nonce") or None

    def get_authorization_code_scopes(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> list[str]:
        return ["openid"]

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return redirect_uri == self._told("redirect_uri")

    @property
    def _spent(self) -> Token:
        return cast(Token, self.origin)  # oauthlib redeems before it asks anything of what was redeemed

    def _told(self, name: str) -> str:
        return str(self._spent.data[name])

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Already spent by `save_bearer_token`, in the same transaction."""

    # --- The tokens -------------------------------------------------------------------------------------------------
    def get_original_scopes(self, refresh_token: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        return request.scopes

    def rotate_refresh_token(self, request: Request) -> bool:
        return True

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        origin = self._spent
        data = {"sid": origin.data["sid"], "sign_in": origin.data["sign_in"], "family": family_of(origin)}
        origin.data |= {"used": True}
        origin.save(update_fields=["data"])
        made = [(Type.ACCESS_TOKEN, token["access_token"], ACCESS_SECONDS)]
        if Client.GrantType.REFRESH_TOKEN in request.client.get_grant_types():
            made.append((Type.REFRESH_TOKEN, token["refresh_token"], settings.SESSION_COOKIE_AGE))
        else:
            token.pop("refresh_token", None)
        Token.objects.bulk_create(
            row_for(kind, value, request.client, origin.user, request.scopes, data, seconds)
            for kind, value, seconds in made
        )

    def get_id_token(self, token: dict[str, Any], token_handler: Any, request: Request) -> None:
        """oauthlib begins it (aud, iat, nonce, at_hash); `finalize_id_token` ends it."""

    def finalize_id_token(
        self, id_token: dict[str, Any], token: dict[str, Any], token_handler: Any, request: Request
    ) -> str:
        now = int(time.time())
        told = {
            "iss": settings.BASE_URL,
            "sub": subject_of(request.client.pk, request.user.pk),
            "exp": now + ID_TOKEN_SECONDS,
            "jti": uuid.uuid4().hex,
            "sid": self._spent.data["sid"],
        }
        return keys.sign({**id_token, **told, **self._spent.data["sign_in"]})

    def validate_bearer_token(self, token: str | None, scopes: list[str], request: Request) -> bool:
        found = Token.objects.valid().filter(type=Type.ACCESS_TOKEN, hash=keys.token_hash(token or ""))
        row = found.select_related("user").first()
        if row is None or row.user is None or not set(scopes) <= set(row.get_scopes()) or not is_live(row):
            return False
        request.user, request.scopes = row.user, row.get_scopes()
        return self._use(request, find_service(row.client_id))

    def get_userinfo_claims(self, request: Request) -> dict[str, Any]:
        return claims_of(request.user, request.client.pk, request.scopes)

    @transaction.atomic
    def revoke_token(self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any) -> None:
        """A token of the service that asks, and those of the same sign-in."""
        row = Token.objects.filter(hash=keys.token_hash(token), client_id=request.client.pk).first()
        if row is not None and row.data is not None:
            end_family(row)
