"""The main navigation: only pages that exist, only for those they are meant for, one of them current."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Entry:
    url_name: str
    label: str
    icon: str
    audience: str  # "all", "agent" (a file of one's own) or "staff"


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    icon: str
    current: bool


ENTRIES = (
    Entry("home:dashboard", "Accueil", "home", "all"),
    Entry("career:history", "Ma carrière", "career", "agent"),
    Entry("career:training_list", "Mes formations", "check", "agent"),
    Entry("career:correction_list", "Mes demandes", "flag", "agent"),
    Entry("correspondence:alert_list", "Alertes", "bell", "all"),
    Entry("security:account", "Mon compte", "user", "all"),
    Entry("security:profile", "Mon profil", "shield", "all"),
    Entry("admin:index", "Gestion", "career", "staff"),
)


@lru_cache(maxsize=1)
def _existing() -> tuple[tuple[str, Entry], ...]:
    """The URL configuration never changes in a process: resolved once, not on each page."""
    found = []
    for entry in ENTRIES:
        try:
            found.append((reverse(entry.url_name), entry))
        except NoReverseMatch:
            continue
    return tuple(found)


def links_for(user: Any, path: str) -> list[Link]:
    """Links shown to a user; the current one is the longest address that starts `path` (« / » only for itself)."""
    audiences = {"all", "staff" if user.is_staff else "agent"}
    shown = [(url, entry) for url, entry in _existing() if entry.audience in audiences]
    matching = [url for url, _ in shown if path == url or (url != "/" and path.startswith(url))]
    current = max(matching, key=len, default=None)
    return [Link(url, entry.label, entry.icon, url == current) for url, entry in shown]
