from celery import shared_task

from iprof.correspondence.outbox.mail import deliver_due

SECONDS = 30  # a task ends by itself: a worker asked to stop does not wait for 30 000 mails


@shared_task(name="iprof.correspondence.tasks.deliver_alerts")
def deliver_alerts() -> None:
    """Sends what is due. Run after each commit that wrote an alert, and by beat for what was missed."""
    deliver_due(seconds=SECONDS)
