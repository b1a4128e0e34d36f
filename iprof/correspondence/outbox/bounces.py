"""Mails that came back: delivery reports (RFC 3464), matched to their alert by the Message-ID of what they return.

Neither the address nor the words of a report are kept or logged: it is the alert that knows its person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from iprof.correspondence.models import Alert

_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^<>\s]+)>", re.IGNORECASE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers"})


class Outcome(StrEnum):
    NOTED = "noted"
    ALREADY = "already"
    DELAYED = "delayed"  # the server still tries
    UNKNOWN = "unknown"  # no alert of this portal
    NO_REPORT = "no_report"  # an answer of a person, an absence message, anything else


@dataclass(frozen=True, slots=True)
class Report:
    """`message_id` of the mail that came back, None when the report does not give one of ours; `status` « 5.1.1 » or
    empty; `final` when the server has given up."""

    message_id: UUID | None
    status: str
    final: bool


def note_bounce(raw: bytes) -> Outcome:
    """Marks the alert of a report, once: a report read twice changes nothing."""
    report = read_report(raw)
    if report is None:
        return Outcome.NO_REPORT
    if not report.final:
        return Outcome.DELAYED
    if report.message_id is None:
        return Outcome.UNKNOWN
    alerts = Alert.objects.filter(message_id=report.message_id)
    told = f"Revenue {report.status}".strip()
    if alerts.filter(bounced_at__isnull=True).update(bounced_at=timezone.now(), last_error=told):
        return Outcome.NOTED
    return Outcome.ALREADY if alerts.exists() else Outcome.UNKNOWN


def read_report(raw: bytes) -> Report | None:
    """None for what is no delivery report, however broken."""
    try:
        mail = message_from_bytes(raw)
        if mail.get_content_type() != "multipart/report" or _param(mail, "report-type") != "delivery-status":
            return None
        recipients = [block for block in _blocks(mail) if block["Action"]]
        if not recipients:
            return None
        failed = [block for block in recipients if _word(block["Action"]) == "failed"]
        status = _STATUS.match(str(failed[0]["Status"] or "").strip()) if failed else None
        return Report(_returned_id(mail), status[0] if status else "", bool(failed))
    except (ValueError, LookupError, TypeError, AttributeError):  # the parser of the library on hostile input
        return None


def _param(mail: Message, name: str) -> str:
    value = mail.get_param(name)
    return value.strip().lower() if isinstance(value, str) else ""


def _word(value: object) -> str:
    """The first word of a field, its comments left out: « failed (mailbox full) »."""
    return (str(value).split("(")[0].split() or [""])[0].lower()


def _blocks(mail: Message) -> Iterator[Message]:
    """The groups of fields of the report: the first about the message, one a recipient after it."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _returned_id(mail: Message) -> UUID | None:
    """From what is returned; else from what the report answers to, for servers that return nothing."""
    for part in mail.walk():
        if found := _ours(_headers_of(part)):
            return found
    return _ours(str(mail["In-Reply-To"] or "")) or _ours(str(mail["References"] or ""))


def _headers_of(part: Message) -> str:
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(payload, list) and payload:
        return str(payload[0]["Message-ID"] or "") if isinstance(payload[0], Message) else ""
    if part.get_content_type() in HEADERS:
        if isinstance(payload, list):  # read as a message already
            return str(payload[0]["Message-ID"] or "") if payload and isinstance(payload[0], Message) else ""
        decoded = part.get_payload(decode=True)
        text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""
        return str(message_from_string(text)["Message-ID"] or "")
    return ""


def _ours(text: str) -> UUID | None:
    """The identifier of an alert in « <…@academic domain> »."""
    for name, domain in _ID.findall(text):
        if domain.lower() == settings.ACADEMIC_MAIL_DOMAIN.lower():
            return UUID(name)
    return None
