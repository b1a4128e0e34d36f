from celery import shared_task


@shared_task(name="iprof.correspondence.tasks.remind_deadlines")
def remind_deadlines() -> None:
    from iprof.correspondence.services.deadline_reminders import remind_all  # noqa: PLC0415  (services import this package)

    remind_all()


@shared_task(name="iprof.correspondence.tasks.forget_old_deadlines")
def forget_old_deadlines() -> None:
    from iprof.correspondence.services.deadlines import forget_old_people  # noqa: PLC0415  (idem)

    forget_old_people()
