from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

log = structlog.get_logger(__name__)


@shared_task
def examine_document(pk: str) -> None:
    from documents.services.examine import examine  # noqa: PLC0415  (services import this module)

    examine(UUID(pk))


@shared_task
def examine_waiting() -> None:
    """Every minute: what a lost message, a dead worker or an antivirus that was down has left in quarantine."""
    from documents.services.examine import examine, waiting  # noqa: PLC0415  (idem)

    for pk in waiting():
        examine(pk)


@shared_task
def verify_contents() -> None:
    """Each hour: contents read again, all of them in turn."""
    from documents.services.integrity import verify_contents as verify  # noqa: PLC0415  (idem)

    verify(apply=True)


@shared_task
def sweep_orphans() -> None:
    """Each night: contents that no document knows. A storage that does not answer is for tomorrow."""
    from documents.services.orphans import sweep_orphans as sweep  # noqa: PLC0415  (idem)

    found = sweep(apply=True)
    if found.found:
        log.warning("document_orphans", held=found.held, found=len(found.found), erased=found.erased)


@shared_task
def keep_documents() -> None:
    """Every night: owners are warned ninety days ahead; what is due is destroyed where the setting says so."""
    from documents.services.retention import apply, warn  # noqa: PLC0415  (idem)

    today = timezone.localdate()
    warn(on=today)
    if settings.DOCUMENTS_RETENTION_APPLY:
        apply(on=today)


@shared_task
def make_export(public_id: str) -> None:
    from documents.services import exports  # noqa: PLC0415  (idem)

    exports.make_export(UUID(public_id))


@shared_task
def make_exports() -> None:
    """Every minute: the copies a lost message or a dead worker has left."""
    from documents.services import exports  # noqa: PLC0415  (idem)

    for public_id in exports.waiting_exports():
        exports.make_export(public_id)


@shared_task
def forget_exports() -> None:
    from documents.services import exports  # noqa: PLC0415  (idem)

    exports.forget_exports()


@shared_task
def remind_expiries() -> None:
    """Every morning."""
    from documents.services.expiry import remind_all  # noqa: PLC0415  (idem)

    remind_all()


@shared_task
def make_receipt(pk: int) -> None:
    from documents.services import receipts  # noqa: PLC0415  (idem)

    receipts.make_receipt(pk)


@shared_task
def make_receipts() -> None:
    """Every five minutes: the receipts whose message was lost."""
    from documents.services import receipts  # noqa: PLC0415  (idem)

    receipts.make_receipts()
