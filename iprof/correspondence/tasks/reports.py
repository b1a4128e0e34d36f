from celery import shared_task


@shared_task(name="iprof.correspondence.tasks.forget_old_reports")
def forget_old_reports() -> None:
    from iprof.correspondence.services import reports  # noqa: PLC0415  (services import this package)

    reports.forget_old_reports()
