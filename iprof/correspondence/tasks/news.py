from celery import shared_task
from django.utils import timezone


@shared_task(name="iprof.correspondence.tasks.tell_the_week")
def tell_the_week() -> None:
    """On Mondays from 7:00 to noon, each hour: the first run that finds the database writes, the others do nothing."""
    from iprof.correspondence.services import news  # noqa: PLC0415  (services import this package)

    news.tell_the_week(now=timezone.now())
