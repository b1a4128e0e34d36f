"""A copy of everything held about a person: asked, made by a worker, offered seven days (RGPD art. 15, norm D22).

The worker writes the data as JSON and PDF, sealed; the documents are decrypted one by one as the archive leaves.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from documents.enums_privacy import ExportState
from documents.models import EXPORT_CONTEXT, PersonalExport
from documents.services.archives import archive
from documents.tasks import make_export as make_export_task
from iprof.correspondence.services.alerts import send_alert
from iprof.web.crypto import seal, unseal
from iprof.web.formats import french_date
from iprof.web.personal_data import ASIDE, HELD, Held, label_of, value_of
from iprof.web.printing import printed
from security.enums import AccessKind
from security.journal import record
from security.models import User

DAYS, ATTEMPTS = 7, 3
LEASE = dt.timedelta(minutes=10)
PRINTED = 200  # rows of a table in the PDF, the newest; the JSON holds them all


@transaction.atomic
def ask_export(*, owner: User, request: HttpRequest | None = None) -> PersonalExport:
    """The copy waited for, or a new one, which takes the place of the one offered."""
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)  # asked twice at once: one row
    waiting = PersonalExport.objects.filter(owner=owner, state=ExportState.ASKED).first()
    if waiting is not None:
        return waiting
    _expire(PersonalExport.objects.filter(owner=owner, state=ExportState.READY))
    export = PersonalExport.objects.create(owner=owner)
    record(AccessKind.DATA_COPIED, actor=owner, subject=owner, request=request, act="demande")
    transaction.on_commit(lambda: make_export_task.delay(str(export.public_id)), robust=True)
    return export


def make_export(public_id: UUID) -> bool:
    """Prepares one; False when it is not waited for or somebody else makes it. Can be run again at any step."""
    export = _take(public_id)
    if export is None:
        return False
    if export.attempts > ATTEMPTS:
        _give_up(export)
        return False
    data = _data(export)
    content = {"json": json.dumps(data, ensure_ascii=False, indent=1), "pdf": _encoded(_pdf(export, data))}
    return _offer(export, seal(json.dumps(content), context=EXPORT_CONTEXT))


def waiting_exports() -> list[UUID]:
    """Those nobody makes: a message was lost, or a worker died."""
    return list(PersonalExport.objects.filter(_free(), state=ExportState.ASKED).values_list("public_id", flat=True))


def forget_exports() -> int:
    """Takes away the copies whose seven days are over. Returns how many."""
    return _expire(PersonalExport.objects.filter(state=ExportState.READY, expires_at__lte=timezone.now()))


@transaction.atomic
def download_export(*, export: PersonalExport, by: User, request: HttpRequest | None = None) -> Iterator[bytes]:
    """The archive, piece by piece. Raises UnreadableSecret; the trace is written before the first byte leaves."""
    content = json.loads(unseal(bytes(cast(bytes, export.sealed)), context=EXPORT_CONTEXT))
    if export.downloaded_at is None:
        PersonalExport.objects.filter(pk=export.pk).update(downloaded_at=timezone.now())
    record(AccessKind.DATA_COPIED, actor=by, subject=export.owner, request=request, act="telechargement")
    return archive(export.owner, text=content["json"], pdf=base64.b64decode(content["pdf"]))


def _free() -> Q:
    return Q(making_until__isnull=True) | Q(making_until__lt=timezone.now())


def _take(public_id: UUID) -> PersonalExport | None:
    with transaction.atomic():
        rows = PersonalExport.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner")
        export = rows.filter(_free(), public_id=public_id, state=ExportState.ASKED).first()
        if export is not None:
            export.making_until = timezone.now() + LEASE
            export.attempts += 1
            export.total, export.done = len(HELD) + 1, 0
            export.save(update_fields=["making_until", "attempts", "total", "done"])
    return export


def _data(export: PersonalExport) -> dict[str, Any]:
    """Everything held, table by table, as it is written in JSON."""
    sections = []
    for held in HELD.values():
        sections.append(_section(held, export.owner))
        PersonalExport.objects.filter(pk=export.pk).update(done=F("done") + 1)
    aside = [{"table": model._meta.label, "motif": why} for model, why in ASIDE.items()]
    return {
        "portail": settings.PORTAL_NAME,
        "academie": settings.ACADEMIE,
        "compte": export.owner.username,
        "edite_le": timezone.localtime().isoformat(timespec="seconds"),
        "tables": sections,
        "tables_non_reprises": aside,
    }


def _section(held: Held, owner: Model) -> dict[str, Any]:
    rows = held.rows(owner).iterator(chunk_size=500)
    return {
        "table": held.model._meta.label,
        "titre": held.label,
        "champs": {name: label_of(held.model, name) for name in held.fields},
        "champs_non_repris": dict(held.excluded),
        "lignes": [{name: value_of(held, row, name) for name in held.fields} for row in rows],
    }


def _pdf(export: PersonalExport, data: dict[str, Any]) -> bytes:
    sections = [{**section, "montrees": section["lignes"][:PRINTED]} for section in data["tables"] if section["lignes"]]
    empty = [section["titre"] for section in data["tables"] if not section["lignes"]]
    context = {"owner": export.owner, "on": timezone.localdate(), "sections": sections, "empty": empty, "most": PRINTED}
    return printed("pdf/personal_data.html", context)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


@transaction.atomic
def _offer(export: PersonalExport, sealed: bytes) -> bool:
    locked = PersonalExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if locked.state != ExportState.ASKED:
        return False
    now = timezone.now()
    locked.state, locked.sealed, locked.ready_at, locked.making_until = ExportState.READY, sealed, now, None
    locked.expires_at, locked.done = now + dt.timedelta(DAYS), locked.total
    locked.save(update_fields=["state", "sealed", "ready_at", "making_until", "expires_at", "done"])
    until = french_date(timezone.localtime(locked.expires_at).date())
    _tell(locked, "La copie de vos données est prête", f"Elle est offerte sur le portail jusqu'au {until}.")
    return True


@transaction.atomic
def _give_up(export: PersonalExport) -> None:
    export.state, export.making_until = ExportState.FAILED, None
    export.save(update_fields=["state", "making_until"])
    _tell(
        export, "La copie de vos données n'a pas pu être préparée", "Demandez-la de nouveau, ou écrivez à l'assistance."
    )


def _tell(export: PersonalExport, subject: str, body: str) -> None:
    send_alert(
        user=export.owner,
        kind="demande.copie",
        subject=subject,
        body=body,
        link=reverse("privacy:export"),
        cause=f"copie:{export.public_id}:{export.state}",
    )


def _expire(rows: Any) -> int:
    return int(rows.update(state=ExportState.EXPIRED, sealed=None))
