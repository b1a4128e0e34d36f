"""The connection to the mail relay: one per process, kept from a batch to the next, checked after a rest."""

import smtplib
import time

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from iprof.correspondence.outbox.leasing import TIMEOUT

MAX_MAILS = 1000  # relays close long sessions: ours ends before
RESTED = 5.0  # seconds after which a kept connection is asked whether it still lives
UNREACHABLE = (smtplib.SMTPException, OSError)
log = structlog.get_logger(__name__)


def code_of(error: Exception) -> int:
    """The relay's answer about a mail; 0 when it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return int(getattr(error, "smtp_code", 0) or 0)


def label_of(error: Exception) -> str:
    """The type and the code only: the relay's words may quote the address."""
    return f"{type(error).__name__} {code_of(error) or ''}".strip()


class Relay:
    """`open` before each mail, `close` after a failure; nothing is sent twice because of it."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._place: tuple[object, ...] = ()
        self._mails, self._used = 0, 0.0

    def open(self) -> BaseEmailBackend:
        """A live connection. Raises one of UNREACHABLE."""
        place = (settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT)
        if self._backend is not None and (place != self._place or self._mails >= MAX_MAILS or not self._alive()):
            self.close()
        if self._backend is None:
            self._backend, self._place, self._mails = get_connection(timeout=TIMEOUT), place, 0
        self._backend.open()
        self._mails, self._used = self._mails + 1, time.monotonic()
        return self._backend

    def close(self) -> None:
        backend, self._backend = self._backend, None
        try:
            if backend is not None:
                backend.close()
        except UNREACHABLE:
            log.info("outbox.relay_closed_badly")

    def _alive(self) -> bool:
        session = getattr(self._backend, "connection", None)
        if session is None or time.monotonic() - self._used < RESTED:
            return True
        try:
            return int(session.noop()[0]) == 250
        except UNREACHABLE:
            return False


relay = Relay()
