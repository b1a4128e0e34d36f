from celery import shared_task


@shared_task
def expire_unconfirmed() -> None:
    """Every five minutes: drafts of the campaigns that closed."""
    from mobility.services.campaigns import expire_unconfirmed as expire  # noqa: PLC0415  (services import tasks)

    expire()


@shared_task
def remind_drafts() -> None:
    """Every morning."""
    from mobility.services.reminders import remind_drafts as remind  # noqa: PLC0415  (idem)

    remind()


@shared_task
def make_prints() -> None:
    """Every five minutes: the PDF of the versions that have none."""
    from mobility.services.versions import make_prints as make  # noqa: PLC0415  (idem)

    make()


@shared_task
def run_waiting_checks() -> None:
    """Every five minutes: the automatic checks of the requests to control, for the queue of the staff."""
    from mobility.services.control import run_waiting_checks as run  # noqa: PLC0415  (idem)

    run()
