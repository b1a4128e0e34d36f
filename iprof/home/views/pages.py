"""Pages about the portal itself: open to everyone, nothing personal."""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from iprof.web.context import THEME_COOKIE, THEMES
from iprof.web.kept_form import has_text, kept_page
from iprof.web.navigation import links_for
from iprof.web.processings import processings
from security.refusals import CSRF, refuse

DATA = Path(__file__).resolve().parent.parent / "data"
THEME_SECONDS = 13 * 30 * 86_400
SECURITY_TXT_DAYS = 180


@lru_cache(maxsize=4)
def _data(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    links = links_for(request.user, request.path) if request.user.is_authenticated else []
    return render(request, "home/sitemap.html", {"links": links})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html", {"declaration": _data("accessibility")})


@login_not_required
@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    return render(request, "home/legal_notice.html")


@login_not_required
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "home/personal_data.html", {"processings": processings(), "dpo": settings.DPO_EMAIL})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def display(request: HttpRequest) -> HttpResponse:
    """The choice of theme; a cookie holds it, nothing else does."""
    following = request.POST.get("suite") or request.GET.get("suite") or "/"
    if not url_has_allowed_host_and_scheme(following, allowed_hosts=None) or not following.startswith("/"):
        following = "/"
    if request.method == "POST":
        theme = request.POST.get("theme", "")
        if theme not in THEMES:
            return render(request, "home/display.html", {"suite": following, "problem": True}, status=400)
        response = redirect(following)
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=THEME_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    return render(request, "home/display.html", {"suite": following})


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116. The date is kept ahead as long as the portal runs."""
    expires = (timezone.now() + dt.timedelta(days=SECURITY_TXT_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.OFFICIAL_ADDRESS}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone shows when the portal is kept on its home screen. iOS notifies only what stands alone."""
    content = {
        "name": f"{settings.PORTAL_NAME}, académie de {settings.ACADEMIE}",
        "short_name": settings.PORTAL_NAME,
        "lang": "fr",
        "start_url": "/",
        "display": "standalone",
        "icons": [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(content, content_type="application/manifest+json")


EXPIRED = "Vous vous êtes reconnecté depuis que ce formulaire est ouvert : il n'a pas été enregistré."
CHECK = "Relisez, puis renvoyez."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form had lost its protection (session ended, cookies refused): the page before still holds what was typed."""
    refuse(request, CSRF)
    if has_text(request):
        return kept_page(request, title="Formulaire expiré", status=403, lines=[EXPIRED], hint=CHECK)
    return render(request, "403_csrf.html", {"back": quote(request.path)}, status=403)
