"""Health for the machines that watch, and the browser's reports of refused content."""

import json
import logging
import shutil
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

logger = logging.getLogger(__name__)
MAX_REPORT_BYTES = 16_384
REPORT_FIELDS = ("document-uri", "blocked-uri", "violated-directive", "source-file", "line-number")
MAX_FIELD = 200
LEAST_FREE_BYTES = 200 * 1024 * 1024


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _cache() -> bool:
    cache.get("health")
    return True


def _broker() -> bool:
    with current_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        return True


def _disk() -> bool:
    """That of the system and that of the documents, when they have one."""
    return all(shutil.disk_usage(place).free > LEAST_FREE_BYTES for place in ("/", _documents_place()))


def _documents_place() -> Path:
    """The nearest folder that exists: theirs is made at the first deposit."""
    place = Path(settings.DOCUMENTS_DIR or "/")
    return next(folder for folder in (place, *place.absolute().parents) if folder.exists())


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, 503 with the name of the part that does not. Says nothing else."""
    parts = {}
    for name, probe in (("database", _database), ("cache", _cache), ("broker", _broker), ("disk", _disk)):
        try:
            parts[name] = probe()
        except Exception:  # any failure of a part is its answer
            logger.exception("health probe %s failed", name)
            parts[name] = False
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


@csrf_exempt
@login_not_required
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Writes one trimmed line: a report is a stranger's text, and the query of its addresses may hold secrets."""
    body = request.read(MAX_REPORT_BYTES + 1)
    if len(body) > MAX_REPORT_BYTES:
        return HttpResponse(status=413)
    try:
        report = json.loads(body)["csp-report"]
        told = {name: str(report.get(name, "")).split("?")[0].split("#")[0][:MAX_FIELD] for name in REPORT_FIELDS}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return HttpResponse(status=400)
    logger.warning("csp report %s", json.dumps(told))
    return HttpResponse(status=204)
