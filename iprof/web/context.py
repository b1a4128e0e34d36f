"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from iprof.web.formats import french_moment
from iprof.web.service_state import TONES, current_incidents, current_maintenance
from status.incidents import Incident

THEMES = ("system", "light", "dark")
THEME_COOKIE = "__Host-theme" if settings.SESSION_COOKIE_SECURE else "theme"

_FIXED = {
    "portal_name": settings.PORTAL_NAME,
    "version": settings.VERSION,
    "academie": settings.ACADEMIE,
    "brand": settings.BRAND,
    "official_address": settings.OFFICIAL_ADDRESS,
    "support_contact": settings.SUPPORT_CONTACT,
    "siae_label": settings.SIAE_LABEL,
    "training_label": settings.TRAINING_LABEL,
    "idle_seconds": settings.SESSION_IDLE_SECONDS,
    "idle_warning": settings.SESSION_WARNING_SECONDS,
    "accessibility_state": "non conforme",  # no audit has been made yet; the declaration says so
}


def chosen_theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    return theme if theme in THEMES else "system"


def portal(request: HttpRequest) -> dict[str, object]:
    return _FIXED | {
        "theme": chosen_theme(request),
        "season_warning": _season_warning(),
        "applications": _applications(),
        "incidents": _banners(),
        "status_url": settings.STATUS_URL,
        "has_state": bool(settings.STATUS_DIR),
    }


def _banners() -> list[dict[str, str]]:
    """The incidents that go on; and, for who passes during a maintenance, that the others cannot."""
    works = current_maintenance()
    said = {"label": "Maintenance en cours", "title": "le portail est fermé aux autres", "tone": "warning"}
    return ([said | {"text": works.reason}] if works else []) + [_banner(one) for one in current_incidents()]


def _banner(incident: Incident) -> dict[str, str]:
    """What the banner says: the last that is known, and the hours of planned works."""
    text = incident.last.text
    if incident.starts_at and incident.ends_at:
        start, end = timezone.localtime(incident.starts_at), timezone.localtime(incident.ends_at)
        text = f"Du {french_moment(start)} au {french_moment(end)}. {text}"
    return {"label": incident.label, "title": incident.title, "text": text, "tone": TONES[incident.level]}


def _applications() -> list[dict[str, str]]:
    """The other services of the place, by their own page (requirement S91)."""
    return [values for values in settings.SSO_PROVIDERS.values() if values.get("home")]


def _season_warning() -> bool:
    """The lure of an urgent change of barème comes in the mutation season (requirement S30)."""
    return timezone.localdate().month in {11, 12, 1, 2, 3}


def home_url() -> str:
    return reverse("home:dashboard")
