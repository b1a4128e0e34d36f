"""Versions of a barème: one made from another by a named person, and the PDF of each, made once and kept (K5, D28)."""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from documents.services.receipts import canonical_digest
from iprof.web.crypto import seal, unseal
from mobility import bareme_pdf
from mobility.enums import VersionCause
from mobility.models import BaremePrint, BaremeVersion, MobilityRequest
from security.models import User

CONTEXT = "bareme"


def version_from(
    locked: MobilityRequest,
    base: BaremeVersion,
    *,
    cause: VersionCause,
    retained: Mapping[str, str],
    decided_by: User,
    note: str,
    at: dt.datetime,
) -> BaremeVersion:
    """The next version of a request held by `lock`: what `base` computed, with the points `decided_by` retains."""
    kept = dict(retained)
    return BaremeVersion.objects.create(
        request=locked,
        number=latest_version(locked).number + 1,
        cause=cause,
        rules_session=base.rules_session,
        official=base.official,
        facts=base.facts,
        result=base.result,
        retained=kept,
        digest=digest_of(base, kept),
        decided_by=decided_by,
        note=note,
        made_at=at,
    )


def latest_version(request: MobilityRequest) -> BaremeVersion:
    """Raises BaremeVersion.DoesNotExist for a request never confirmed."""
    return request.versions.latest("number")


def digest_of(version: BaremeVersion, retained: Mapping[str, str] | None = None) -> str:
    """What the digest of a version must be."""
    return canonical_digest(version.facts, version.result, version.retained if retained is None else dict(retained))


def make_print(version: BaremeVersion) -> None:
    """Makes and keeps the PDF of a version, once, whoever asks at the same moment."""
    if BaremePrint.objects.filter(version=version).exists():
        return
    content = bareme_pdf.render(version)
    sealed, digest = seal(base64.b64encode(content).decode(), context=CONTEXT), hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            BaremePrint.objects.create(version=version, pdf=sealed, pdf_digest=digest)
    except IntegrityError:  # another worker was first
        return


def make_prints(*, most: int = 100) -> int:
    """The PDF of the versions that have none yet; how many were made."""
    waiting = BaremeVersion.objects.filter(print__isnull=True).select_related("request__owner", "request__campaign")
    rows = list(waiting.order_by("made_at", "pk")[:most])
    for row in rows:
        make_print(row)
    return len(rows)


def print_bytes(version: BaremeVersion) -> bytes:
    """The PDF kept; made from the same words while the task has not kept it yet. Raises UnreadableSecret."""
    kept = BaremePrint.objects.filter(version=version).first()
    if kept is None:
        return bareme_pdf.render(version)
    return base64.b64decode(unseal(bytes(kept.pdf), context=CONTEXT))


def damaged_versions() -> list[str]:
    """« demande:version » of each version whose content or PDF is no longer what its digest says."""
    found = []
    for version in BaremeVersion.objects.select_related("request", "print").order_by("pk").iterator(chunk_size=200):
        if digest_of(version) != version.digest or not _whole_print(version):
            found.append(f"{version.request.public_id}:{version.number}")
    return found


def _whole_print(version: BaremeVersion) -> bool:
    kept: BaremePrint | None = getattr(version, "print", None)
    if kept is None:
        return True
    try:
        content = base64.b64decode(unseal(bytes(kept.pdf), context=CONTEXT))
    except Exception:
        return False
    return hashlib.sha256(content).hexdigest() == kept.pdf_digest
