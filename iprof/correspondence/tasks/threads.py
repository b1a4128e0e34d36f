from celery import shared_task


@shared_task(name="iprof.correspondence.tasks.close_quiet_threads")
def close_quiet_threads() -> None:
    from iprof.correspondence.services import thread_upkeep  # noqa: PLC0415  (services import this package)

    thread_upkeep.close_quiet()


@shared_task(name="iprof.correspondence.tasks.forget_old_threads")
def forget_old_threads() -> None:
    from iprof.correspondence.services import thread_files, thread_upkeep  # noqa: PLC0415  (idem)

    thread_files.forget_drafts()
    thread_upkeep.forget_old()
