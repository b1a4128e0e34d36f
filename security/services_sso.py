"""Signing in through a provider, linking an account to it, hearing that a session ended there (S62, D39, D40, D42)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from iprof.web.crypto import lookup_digest
from security.domain.sso import Fault, Identity, SignOnProblem
from security.enums import AccessKind, AccountChange
from security.journal import record
from security.models import FederatedLink, FederatedSession, OpenSession, SpentToken, User
from security.services_refusals import note_refusal
from security.sessions import end_sessions, held_session
from security.signals import account_changed
from security.sso.providers import Provider

REFUSED = "Réponse d'un fournisseur d'identité refusée"


def linked_account(identity: Identity) -> User | None:
    """The account linked to this very issuer and subject: names and addresses open nothing (norm D39)."""
    links = FederatedLink.objects.filter(issuer=identity.issuer, subject=identity.subject).select_related("user")
    link = links.first()
    return link.user if link else None


@transaction.atomic
def accept_identity(*, user: User, identity: Identity, provider: Provider, request: HttpRequest | None = None) -> None:
    """A linked person comes from the provider; what is left of the sign-in may still refuse them."""
    FederatedLink.objects.filter(issuer=identity.issuer, subject=identity.subject).update(used_at=timezone.now())
    kind = AccessKind.SSO_ACCEPTED
    record(kind, actor=user, subject=user, request=request, provider=provider.slug, strong=identity.strong)


def refuse_identity(*, problem: SignOnProblem, provider: Provider, request: HttpRequest) -> None:
    """One line a minute for the same refusal: whoever sends nonsense cannot fill the journal."""
    told = {"provider": provider.slug, "fault": problem.fault.value, "cause": problem.detail[:80]}
    note_refusal(actor=None, subject=None, reason=REFUSED, request=request, **told)


@transaction.atomic
def link_account(*, user: User, identity: Identity, provider: Provider, request: HttpRequest | None = None) -> None:
    """The owner confirmed, signed in. Raises DomainError("already_linked" | "link_taken")."""
    User.objects.select_for_update().get(pk=user.pk)
    if FederatedLink.objects.filter(user=user, provider=provider.slug).exists():
        raise DomainError("already_linked")
    try:
        with transaction.atomic():
            FederatedLink.objects.create(
                user=user, provider=provider.slug, issuer=identity.issuer, subject=identity.subject
            )
    except IntegrityError:
        raise DomainError("link_taken") from None
    record(AccessKind.SSO_LINKED, actor=user, subject=user, request=request, provider=provider.slug)
    account_changed.send(User, user=user, kind=AccountChange.SSO_LINKED)


@transaction.atomic
def unlink_account(*, user: User, pk: int, request: HttpRequest) -> None:
    """Forgets a link and ends the sessions it opened, but the one that asks. FederatedLink.DoesNotExist otherwise."""
    link = FederatedLink.objects.select_for_update().get(pk=pk, user=user)
    opened = OpenSession.objects.filter(federated__issuer=link.issuer, federated__subject=link.subject, user=user)
    end_sessions(opened.exclude(session_key=request.session.session_key or ""))
    link.delete()
    record(AccessKind.SSO_UNLINKED, actor=user, subject=user, request=request, provider=link.provider)
    account_changed.send(User, user=user, kind=AccountChange.SSO_UNLINKED)


def note_federated(*, identity: Identity, request: HttpRequest) -> None:
    """The session that has just begun came from a provider."""
    held = held_session(request).first()
    if held:
        values = {"issuer": identity.issuer, "subject": identity.subject, "sid": identity.session}
        FederatedSession.objects.update_or_create(session=held, defaults=values)


@transaction.atomic
def end_federated(*, provider: Provider, subject: str = "", sid: str = "", request: HttpRequest | None = None) -> int:
    """Ends the sessions the provider names, by its session or, without one, by the person; returns how many."""
    named = OpenSession.objects.select_for_update(of=("self",)).filter(federated__issuer=provider.issuer)
    if sid:
        named = named.filter(federated__sid=sid)
    if subject:
        named = named.filter(federated__subject=subject)
    ended = list(named.select_related("user")) if sid or subject else []
    end_sessions(ended)
    for session in ended:
        kind = AccessKind.SESSION_ENDED
        record(kind, actor=None, subject=session.user, request=request, sessions=1, provider=provider.slug)
    return len(ended)


def spend(provider: Provider, token: str, *, until: dt.datetime) -> None:
    """Hears a token of the provider for the first time. Raises SignOnProblem at the second."""
    digest = lookup_digest(f"{provider.issuer}\x00{token}", context="sso-spent")
    _, first = SpentToken.objects.get_or_create(digest=digest, defaults={"expires_at": until})
    if not first:
        raise SignOnProblem(Fault.STALE, "replay")


def forget_spent_tokens() -> int:
    """Deletes what has expired by itself; returns how many."""
    return SpentToken.objects.filter(expires_at__lt=timezone.now()).delete()[0]
