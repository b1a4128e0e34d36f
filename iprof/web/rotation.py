"""Sealing again what rests under a former NUMEN_KEY: which columns, how far it has gone (docs/operations.md).

Each app names its sealed columns when it is ready. A row is read, sealed under the present key and written back only if
nobody changed it meanwhile: it can be stopped at any row and run again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from iprof.web.crypto import UnreadableSecret, is_fresh, seal, unseal

BATCH = 500


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """`rows` those that hold something; `reseal` the value with every secret in it sealed again, by `again`."""

    label: str
    rows: Callable[[], QuerySet[Any]]
    column: str
    context: str
    reseal: Callable[[Any, Callable[[bytes], bytes]], Any] = field(default=lambda value, again: again(bytes(value)))
    batch: int = 0  # rows held in memory and locked together; BATCH unless told


@dataclass(slots=True)
class Progress:
    """Rows of a column: sealed under the present key, under a former one, under none known."""

    label: str
    fresh: int = 0
    old: int = 0
    unreadable: int = 0


COLUMNS: dict[str, SealedColumn] = {}


def register(column: SealedColumn) -> None:
    COLUMNS[column.label] = column


def reseal_all(*, apply: bool) -> list[Progress]:
    """Counts, and with `apply` seals again. What no key opens stays as it is."""
    return [_column(column, apply) for column in COLUMNS.values()]


def _column(column: SealedColumn, apply: bool) -> Progress:
    progress = Progress(column.label)
    for batch in _batches(column.rows(), column.batch or BATCH):
        with transaction.atomic():
            for row in batch:
                _row(column, row, progress, apply)
    return progress


def _row(column: SealedColumn, row: Model, progress: Progress, apply: bool) -> None:
    state, value = {"old": False}, getattr(row, column.column)

    def again(sealed: bytes) -> bytes:
        if is_fresh(sealed, context=column.context):
            return sealed
        state["old"] = True
        return seal(unseal(sealed, context=column.context), context=column.context)

    try:
        new = column.reseal(value, again)
    except (UnreadableSecret, ValueError):
        progress.unreadable += 1
        return
    progress.old += state["old"]
    progress.fresh += not state["old"]
    if apply and state["old"]:
        same = column.rows().filter(pk=row.pk, **{column.column: value})  # a fresher value written meanwhile stays
        same.update(**{column.column: new})


def _batches(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    last: Any = None
    while batch := list((rows.filter(pk__gt=last) if last is not None else rows).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk
