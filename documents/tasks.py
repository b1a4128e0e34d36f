from uuid import UUID

from celery import shared_task


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
