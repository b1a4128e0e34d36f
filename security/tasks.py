"""Mails with a secret link: built in the worker at the moment they leave, so that no link rests in a table or a queue."""

import smtplib
from typing import Any

import structlog
from allauth.account.models import EmailAddress
from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from security import (
    services_audit,
    services_impersonation,
    services_loss,
    services_refusals,
    services_sso,
    sessions,
    throttle,
    tokens,
    trust,
)
from security.domain.logins import account_name
from security.models import FactorLoss, JournalSeal, User
from security.models_loss import OPEN
from security.selectors import addresses_of
from security.services_journal import purge_journal, seal_journal

log = structlog.get_logger(__name__)

RETRY: dict[str, Any] = {
    "autoretry_for": (OSError, smtplib.SMTPException),
    "retry_backoff": 5,
    "retry_backoff_max": 300,
    "max_retries": 8,
}


@shared_task(**RETRY)
def send_password_link(login: str) -> None:
    """To the academic mailbox and to the confirmed recovery address; nothing for an unknown login.

    The login is looked up here, not in the page, so that the page answers alike and as fast for every login (D08).
    """
    user = User.objects.filter(username=account_name(login), is_active=True).first()
    if user is None:
        return
    if user.activated_at is None:
        _send(user.email, "Votre première connexion", "mail/not_activated.txt", {"user": user})
        return
    user.reset_requested_at = timezone.now()
    user.save(update_fields=["reset_requested_at"])
    path = reverse(
        "security:password_link",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), tokens.password_link.make_token(user)],
    )
    for email in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True):
        _send(email, "Choisir un nouveau mot de passe", "mail/password_link.txt", {"user": user, "path": path})


@shared_task(**RETRY)
def send_recovery_confirmation(address_pk: int) -> None:
    """The link that confirms a recovery address, valid one day."""
    address = EmailAddress.objects.filter(pk=address_pk, verified=False).select_related("user").first()
    if address is None:
        return
    path = reverse("security:recovery_confirm", args=[tokens.recovery_key(address)])
    _send(
        address.email, "Confirmer votre adresse de secours", "mail/recovery.txt", {"user": address.user, "path": path}
    )


@shared_task(**RETRY)
def tell_losses() -> int:
    """To both mailboxes, the link that cancels a request about a lost factor. Each minute, for what could not leave before."""
    sent = 0
    for loss in FactorLoss.objects.filter(told_at__isnull=True, state__in=OPEN).select_related("user"):
        path = reverse("security:factor_loss_cancel", args=[tokens.loss_key(loss)])
        for email in addresses_of(loss.user):
            _send(email, "Second facteur signalé perdu", "mail/factor_loss.txt", {"user": loss.user, "path": path})
        sent += FactorLoss.objects.filter(pk=loss.pk, told_at__isnull=True).update(told_at=timezone.now())
    return sent


@shared_task
def apply_due_losses() -> int:
    return services_loss.apply_due()


@shared_task
def forget_old_tries() -> int:
    """Each hour: counters without effect, sessions that are over, tokens of providers that expired."""
    return throttle.forget_old_tries() + sessions.forget_old_sessions() + services_sso.forget_spent_tokens()


@shared_task
def remind_old_passwords() -> int:
    """Each day: advises everybody after a year, and asks administrators for a new one at their own term."""
    return services_audit.remind_old_passwords() + services_audit.expire_privileged_passwords()


@shared_task
def end_overdue_impersonations() -> int:
    """Each minute: the visits in the place of an agent whose browser never came back."""
    return services_impersonation.end_overdue()


@shared_task
def write_folded_refusals() -> int:
    """Each minute: refusals that were only counted."""
    return services_refusals.write_folded()


@shared_task
def forget_expired_browsers() -> int:
    """Each day: trusts that are over, and requests about lost factors closed for a year."""
    return trust.forget_expired() + services_loss.forget_old_losses()


@shared_task
def seal_access_journal() -> int:
    """Each minute. Two at once do no harm: the second leaves the work to the first."""
    return seal_journal()


@shared_task
def keep_access_journal() -> None:
    """Each night: seals what is left, takes away what has reached its duration, and tells the newest seal in the logs,
    which are kept elsewhere: the end of the journal cannot be rewritten unnoticed."""
    seal_journal(everywhere=True)
    gone = purge_journal()
    services_impersonation.forget_old_impersonations()
    seal_journal()
    head = JournalSeal.objects.order_by("-position").first()
    if head:
        log.info("journal_head", anchor=str(head), purged=sum(due.lines for due in gone))


def _send(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    body = render_to_string(
        template,
        context
        | {
            "address": settings.BASE_URL,
            "portal": settings.PORTAL_NAME,
            "support": settings.SUPPORT_CONTACT,
            "academie": settings.ACADEMIE,
        },
    )
    EmailMessage(f"{settings.PORTAL_NAME} : {subject}", body, to=[to]).send()
