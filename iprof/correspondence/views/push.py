"""The service worker: the part of the portal a browser keeps to show notifications."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

SOURCE = Path("static/js/service_worker.js")


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, for its scope is where it lies; asked again at each visit, so that a correction reaches everybody."""
    return HttpResponse(_source(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def _source() -> str:
    return (settings.BASE_DIR / SOURCE).read_text(encoding="utf-8")
