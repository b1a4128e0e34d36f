from celery import shared_task

from iprof.correspondence.outbox.copies import forget_old_copies as forget
from iprof.correspondence.outbox.digests import tell_due
from iprof.correspondence.outbox.forward import send_due as send_notices
from iprof.correspondence.outbox.push import send_due as ring_devices

SECONDS = 30  # as for mails: a task ends by itself


@shared_task(name="iprof.correspondence.tasks.send_copies")
def send_copies() -> None:
    """Rings the devices and sends the notices that are due. Run after each commit that wrote an alert, and by beat."""
    ring_devices(seconds=SECONDS)
    send_notices(seconds=SECONDS)


@shared_task(name="iprof.correspondence.tasks.tell_digests")
def tell_digests() -> None:
    """Writes the digests whose hour is past. By beat, often: an hour missed is caught up, a digest is written once."""
    tell_due()


@shared_task(name="iprof.correspondence.tasks.forget_old_copies")
def forget_old_copies() -> None:
    forget()
