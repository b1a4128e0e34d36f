"""Where the sentences of the last act wait for the next page: a signed cookie, bound to the host as the others (D13)."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class NoticeStorage(FallbackStorage):
    """The cookie first; the session for what it cannot hold."""

    storage_classes = (HostCookieStorage, SessionStorage)
