"""The main navigation and that of a section: only pages that exist, only for those they are meant for, one current."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    Entry("documents:home", "Mes documents", "check", "agent"),
    Entry("mobility:home", "Mutation", "career", "agent"),
    Entry("career:correction_list", "Mes demandes", "flag", "agent"),
    Entry("correspondence:alert_list", "Messages", "bell", "all"),
    Entry("security:account", "Mon compte", "user", "all"),
    Entry("security:profile", "Mon profil", "shield", "all"),
    Entry("admin:index", "Gestion", "career", "staff"),
)

CAREER_PAGES = (
    Entry("career:history", "Situation et historique", "career", "agent"),
    Entry("career:projection", "Projection", "career", "agent"),
    Entry("career:promotion", "Promotion de grade", "career", "agent"),
    Entry("career:perspectives", "Perspectives", "career", "agent"),
    Entry("career:appraisal_list", "Rendez-vous de carrière", "career", "agent"),
    Entry("career:comparison", "Comparaison", "career", "agent"),
    Entry("career:hours", "Heures et formations", "career", "agent"),
    Entry("career:cv", "CV académique", "career", "agent"),
)

MESSAGE_PAGES = (
    Entry("correspondence:alert_list", "Alertes", "bell", "all"),
    Entry("correspondence:circular_list", "Correspondances", "bell", "agent"),
    Entry("correspondence:thread_list", "Échanges", "bell", "agent"),
    Entry("correspondence:news_list", "Actualités", "bell", "all"),
    Entry("correspondence:deadline_list", "Échéances", "bell", "all"),
    Entry("correspondence:ticket_list", "Support", "bell", "all"),
    Entry("correspondence:choices", "Réglages des alertes", "bell", "all"),
)

DOCUMENT_PAGES = (
    Entry("documents:home", "Tous mes documents", "check", "agent"),
    Entry("documents:procedures", "Par procédure", "check", "agent"),
    Entry("documents:submission_list", "Mes envois", "check", "agent"),
    Entry("documents:offline", "Copie hors ligne", "check", "agent"),
)

MOBILITY_PAGES = (
    Entry("mobility:home", "Mes demandes de mutation", "career", "agent"),
    Entry("mobility:simulation", "Mon barème aujourd'hui", "career", "agent"),
    Entry("mobility:comparison", "Comparer les destinations", "career", "agent"),
    Entry("mobility:scheme_list", "Dispositifs spécifiques", "career", "agent"),
)


@lru_cache(maxsize=8)
def _existing(entries: tuple[Entry, ...]) -> tuple[tuple[str, Entry], ...]:
    """The URL configuration never changes in a process: resolved once, not on each page."""
    found = []
    for entry in entries:
        try:
            found.append((reverse(entry.url_name), entry))
        except NoReverseMatch:
            continue
    return tuple(found)


def links_for(user: Any, path: str) -> list[Link]:
    """Links shown to a user; the current one is the longest address that starts `path` (« / » only for itself).

    A page of « Messages » makes its entry current, wherever its own address lies.
    """
    links = _links(_meant(ENTRIES, user), path, "/")
    if not _section(MESSAGE_PAGES, user, path):
        return links
    home = {entry.url_name: url for url, entry in _existing(ENTRIES)}.get(MESSAGE_PAGES[0].url_name)
    return [replace(link, current=link.url == home) for link in links]


def section_links(user: Any, path: str) -> tuple[str, list[Link]]:
    """Name and pages of the section `path` is in; nothing on a page of no section."""
    if links := _section(CAREER_PAGES, user, path, root_alone=True):
        return "Ma carrière", links
    if links := _section(DOCUMENT_PAGES, user, path, root_alone=True):
        return "Mes documents", links
    if links := _section(MOBILITY_PAGES, user, path, root_alone=True):
        return "Mutation", links
    return "Messages", _section(MESSAGE_PAGES, user, path)


def _meant(entries: tuple[Entry, ...], user: Any) -> list[tuple[str, Entry]]:
    audiences = {"all", "staff" if user.is_staff else "agent"}
    return [(url, entry) for url, entry in _existing(entries) if entry.audience in audiences]


def _section(pages: tuple[Entry, ...], user: Any, path: str, *, root_alone: bool = False) -> list[Link]:
    """With `root_alone`, the first page is that of the section only for itself: other pages lie below it."""
    shown = _meant(pages, user)
    found = _links(shown, path, shown[0][0] if shown and root_alone else "")
    return found if any(link.current for link in found) else []


def _links(shown: Sequence[tuple[str, Entry]], path: str, root: str) -> list[Link]:
    matching = [url for url, _ in shown if path == url or (url != root and path.startswith(url))]
    current = max(matching, key=len, default=None)
    return [Link(url, entry.label, entry.icon, url == current) for url, entry in shown]
