"""A batch the database refuses is halved until the guilty line is alone: one bad value never stops the others."""

from collections.abc import Sequence

from django.db import DatabaseError, DataError, IntegrityError, transaction

from career.feed.apply import Outcome, apply_chunk
from career.feed.checks import Problem
from career.feed.reader import Accepted


def apply_batch(messages: Sequence[Accepted], run_id: int) -> Outcome:
    """Applies the messages in the caller's transaction; what the database refuses is among `refused`."""
    if not messages:
        return Outcome()
    try:
        with transaction.atomic():
            return apply_chunk(messages, run_id=run_id)
    except (DataError, IntegrityError) as error:
        if len(messages) == 1:
            return Outcome(refused={messages[0].line_number: _problem(error)})
        middle = len(messages) // 2
        return apply_batch(messages[:middle], run_id) + apply_batch(messages[middle:], run_id)


def _problem(error: DatabaseError) -> Problem:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "valeur"
    return Problem("refus_base", f"La base refuse cette valeur (règle « {name} »). Corrigez le message à la source.")
