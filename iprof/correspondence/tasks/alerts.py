from celery import shared_task

from iprof.correspondence.outbox.mail import deliver_due


@shared_task(name="iprof.correspondence.tasks.deliver_alerts")
def deliver_alerts() -> None:
    """Sends what is due. Run after each commit that wrote an alert, and by beat for what was missed."""
    deliver_due()
