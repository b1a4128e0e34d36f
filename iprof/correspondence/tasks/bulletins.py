from celery import shared_task


@shared_task(name="iprof.correspondence.tasks.announce_bulletins")
def announce_bulletins() -> None:
    """Writes the alerts of published bulletins not announced to all yet. Run at publication, and by beat after a crash."""
    from iprof.correspondence.models import Bulletin  # noqa: PLC0415  (services import this module)
    from iprof.correspondence.services.bulletins import announce_next_batch  # noqa: PLC0415

    for bulletin in Bulletin.objects.published().filter(announced_at__isnull=True):
        while announce_next_batch(bulletin=bulletin):
            pass
