import time

from celery import shared_task

from iprof.correspondence.outbox.mail import deliver_due

SECONDS = 30.0  # a task ends by itself: a worker asked to stop does not wait for 30 000 mails


@shared_task(name="iprof.correspondence.tasks.deliver_alerts")
def deliver_alerts() -> None:
    """Sends what is due. Run after each commit that wrote an alert, and by beat for what was missed.

    Stopped by the clock, it asks to be run again: the rest does not wait for beat.
    """
    began = time.monotonic()
    if deliver_due(seconds=SECONDS) and time.monotonic() - began >= SECONDS:
        deliver_alerts.delay()
