"""The same act by several workers at the same moment, each with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(act: Callable[[], Any], *, times: int = 2) -> list[Any]:
    """What each gave, exceptions included, in no order. The test needs `transaction=True`."""
    start, given = threading.Barrier(times), []

    def work() -> None:
        try:
            start.wait()
            given.append(act())
        except Exception as error:
            given.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(times)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return given
