"""Codes and refresh tokens as rows: each is spent once, in the transaction that locks it."""

import datetime as dt
from typing import Any

import structlog
from allauth.idp.oidc.models import Token
from django.utils import timezone

from security.idp.keys import token_hash
from security.idp.models import Service
from security.idp.sessions import is_live
from security.models import User

log = structlog.get_logger(__name__)


class Replayed(Exception):
    """A code or refresh token came twice: somebody else holds it."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user


def redeem(kind: str, value: str, service: Service) -> Token | None:
    """The row, locked, if it may serve. Played again, it ends what came of it and raises Replayed (RFC 9700 §4.14)."""
    rows = Token.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(type=kind, hash=token_hash(value), client_id=service.pk).first()
    if row is None or row.user is None or row.data is None:
        return None
    if row.data.get("used"):
        log.warning("service_replay", service=service.pk, kind=kind)
        end_family(row)
        raise Replayed(row.user)
    return row if row.expires_at > timezone.now() and is_live(row) else None


def end_family(row: Token) -> None:
    """Every token that came of the same code; spent refresh tokens stay, so that their replay is still seen."""
    rows = Token.objects.filter(client_id=row.client_id, user=row.user_id, data__family=family_of(row))
    rows.exclude(data__has_key="used").delete()


def family_of(row: Token) -> str:
    """All that came of one code is told apart by it."""
    return str(row.data.get("family") or row.hash)


def row_for(
    kind: str, value: str, service: Service, user: User, scopes: list[str], data: dict[str, Any], seconds: int
) -> Token:
    row = Token(
        type=kind,
        hash=token_hash(value),
        client=service,
        user=user,
        data=data,
        expires_at=timezone.now() + dt.timedelta(seconds=seconds),
    )
    row.set_scopes(scopes)
    return row
