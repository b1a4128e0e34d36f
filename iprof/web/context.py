"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

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


def portal(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    return _FIXED | {
        "theme": theme if theme in THEMES else "system",
        "season_warning": _season_warning(),
        "applications": _applications(),
    }


def _applications() -> list[dict[str, str]]:
    """The other services of the place, by their own page (requirement S91)."""
    return [values for values in settings.SSO_PROVIDERS.values() if values.get("home")]


def _season_warning() -> bool:
    """The lure of an urgent change of barème comes in the mutation season (requirement S30)."""
    from django.utils import timezone  # noqa: PLC0415  (settings first)

    return timezone.localdate().month in {11, 12, 1, 2, 3}


def home_url() -> str:
    return reverse("home:dashboard")
