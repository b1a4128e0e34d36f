"""The mail of an alert, as text and as HTML. What many receive is serialised once: only whom it goes to changes."""

from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from email.utils import formatdate
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from iprof.correspondence.models import Alert, Mailing
from iprof.correspondence.outbox.unsubscribe import unsubscribe_headers

NONE: Mapping[str, str] = MappingProxyType({})
# What stands in a frame until it is somebody's.
_TO, _ID = "destinataire@place.invalid", "identifiant@place.invalid"
_DATE = "Thu, 01 Jan 1970 00:00:00 -0000"


class Bytes:
    """A message already serialised, as a mail backend asks for it."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def as_bytes(self, linesep: str = "\n") -> bytes:
        return self.raw if linesep == "\r\n" else self.raw.replace(b"\r\n", linesep.encode())

    def __getitem__(self, name: str) -> Any:
        return self.parsed[name]

    @property
    def parsed(self) -> Message:
        return message_from_bytes(self.raw)


class ReadyMail(EmailMultiAlternatives):
    """A mail of a mailing: its bytes are those of the first, with its own recipient and Message-ID."""

    raw = b""

    def message(self) -> Bytes:  # type: ignore[override]  # what backends use of a message
        return Bytes(self.raw)


def letter(alert: Alert) -> EmailMessage:
    """The mail of an alert with its `user` and `mailing`. The recipient is the account of the row (design §2).

    ValueError for an address that no header can hold.
    """
    own = unsubscribe_headers(alert)
    if alert.mailing is None or own:
        return _letter(alert, to=alert.user.email, message_id=_message_id(alert), headers=own)
    return _ready(alert, alert.mailing)


def _ready(alert: Alert, mailing: Mailing) -> ReadyMail:
    address = alert.user.email
    if not address.isascii() or any(c.isspace() or c in '<>,;:"()[]\\' for c in address):
        raise ValueError("address")
    frame = _frame(mailing.pk, mailing.subject, mailing.text, mailing.html, mailing.link)
    ready = ReadyMail(subject=mailing.subject, body=mailing.text, to=[address])
    own = ((_TO, address), (f"<{_ID}>", _message_id(alert)), (_DATE, formatdate(localtime=True)))
    for place, value in own:
        frame = frame.replace(place.encode(), value.encode(), 1)
    ready.raw = frame
    return ready


@lru_cache(maxsize=8)
def _frame(pk: int, subject: str, text: str, html: str, link: str) -> bytes:
    """The bytes of a mailing, to nobody yet. The words are in the key: a row is never mailed under another's frame."""
    model = Alert(subject=subject, link=link, mailing=Mailing(pk=pk, subject=subject, text=text, html=html, link=link))
    mail = _letter(model, to=_TO, message_id=f"<{_ID}>")
    mail.extra_headers["Date"] = _DATE
    return bytes(mail.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own message


def _letter(alert: Alert, *, to: str, message_id: str, headers: Mapping[str, str] = NONE) -> EmailMultiAlternatives:
    words = {
        "subject": alert.subject,
        "text": alert.text.strip(),
        "html": mark_safe(alert.mailing.html) if alert.mailing else "",  # noqa: S308  (cleaned when written: rich_text)
        "address": f"{settings.BASE_URL}{alert.link}" if alert.link else "",
        "portal": settings.PORTAL_NAME,
        "academie": settings.ACADEMIE,
        "choices": settings.BASE_URL + reverse("correspondence:choices"),
        "optional": bool(headers),
    }
    mail = EmailMultiAlternatives(
        subject=alert.subject,
        body=render_to_string("mail/alert.txt", words),
        to=[to],
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no automatic answer to this
            **headers,
        },
    )
    mail.attach_alternative(render_to_string("mail/alert.html", words), "text/html")
    return mail


def _message_id(alert: Alert) -> str:
    return f"<{alert.message_id}@{settings.ACADEMIC_MAIL_DOMAIN}>"
