from celery import shared_task
from django.utils import timezone


@shared_task(name="iprof.correspondence.tasks.remind_circulars")
def remind_circulars() -> None:
    """Each morning; running it again the same day reminds nobody twice."""
    from iprof.correspondence.services import circular_reminders  # noqa: PLC0415  (services import this package)

    circular_reminders.remind_circulars(on=timezone.localdate())
