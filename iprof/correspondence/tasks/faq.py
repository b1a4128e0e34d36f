from celery import shared_task
from django.utils import timezone


@shared_task(name="iprof.correspondence.tasks.keep_empty_searches")
def keep_empty_searches() -> None:
    """Each hour: what was searched in vain goes from the cache to the table, what is too old goes away."""
    from iprof.correspondence.services import faq  # noqa: PLC0415  (services import this package)

    faq.keep_empty_searches(on=timezone.localdate())
