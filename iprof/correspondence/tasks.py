from celery import shared_task

from iprof.correspondence.delivery import deliver_due


@shared_task(name="iprof.correspondence.tasks.deliver_alerts")
def deliver_alerts() -> None:
    """Sends what is due. Run after each commit that wrote an alert, and by beat for what was missed."""
    deliver_due()


@shared_task(name="iprof.correspondence.tasks.announce_bulletins")
def announce_bulletins() -> None:
    """Writes the alerts of published bulletins not announced to all yet. Run at publication, and by beat after a crash."""
    from iprof.correspondence.models import Bulletin  # noqa: PLC0415  (services import this module)
    from iprof.correspondence.services_bulletins import announce_next_batch  # noqa: PLC0415

    for bulletin in Bulletin.objects.published().filter(announced_at__isnull=True):
        while announce_next_batch(bulletin=bulletin):
            pass


@shared_task(name="iprof.correspondence.tasks.forget_old_reports")
def forget_old_reports() -> None:
    from iprof.correspondence import services_reports  # noqa: PLC0415

    services_reports.forget_old_reports()
