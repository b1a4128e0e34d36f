"""Showing a NUMEN: an act with a reason, journalled before anything is shown (norms D20, D36)."""

from django.db import transaction
from django.http import HttpRequest

from career.models import Agent
from iprof.kernel.errors import DomainError
from iprof.web.crypto import unseal
from security.enums import AccessKind
from security.journal import record
from security.models import User


@transaction.atomic
def reveal_numen(*, agent: Agent, by: User, reason: str, request: HttpRequest | None = None) -> str:
    """The NUMEN in clear, for one page. Raises DomainError("numen_unknown" | "reason_missing")."""
    if not reason.strip():
        raise DomainError("reason_missing")
    if agent.numen_sealed is None:
        raise DomainError("numen_unknown")
    record(AccessKind.NUMEN_REVEALED, actor=by, subject=agent.user, reason=reason, request=request)
    return unseal(bytes(agent.numen_sealed), context="numen")
