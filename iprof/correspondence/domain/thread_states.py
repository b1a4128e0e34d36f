"""The states of a thread and what leads from one to the next; the same for a dialogue and a support ticket."""

import datetime as dt
from enum import StrEnum

from iprof.kernel.errors import DomainError

REOPEN_DAYS = 30  # a closed thread is taken up again by a new message within these days


class State(StrEnum):
    SENT = "envoye"
    TAKEN = "pris_en_charge"
    ANSWERED = "repondu"
    CLOSED = "clos"


class Act(StrEnum):
    WRITE = "ecrire"  # the person who opened the thread
    TAKE = "prendre"  # staff: for oneself, or handed over to a colleague
    REPLY = "repondre"  # staff
    CLOSE = "clore"  # either


WAITING = frozenset({State.SENT, State.TAKEN})
TRANSITIONS: dict[tuple[State, Act], State] = {
    (State.SENT, Act.WRITE): State.SENT,
    (State.SENT, Act.TAKE): State.TAKEN,
    (State.SENT, Act.REPLY): State.ANSWERED,
    (State.SENT, Act.CLOSE): State.CLOSED,
    (State.TAKEN, Act.WRITE): State.TAKEN,
    (State.TAKEN, Act.TAKE): State.TAKEN,
    (State.TAKEN, Act.REPLY): State.ANSWERED,
    (State.TAKEN, Act.CLOSE): State.CLOSED,
    (State.ANSWERED, Act.WRITE): State.SENT,
    (State.ANSWERED, Act.REPLY): State.ANSWERED,
    (State.ANSWERED, Act.CLOSE): State.CLOSED,
    (State.CLOSED, Act.WRITE): State.SENT,
}


def next_state(state: State, act: Act, *, closed_on: dt.date | None, on: dt.date) -> State:
    """Raises DomainError("thread_closed" | "thread_answered" | "thread_too_old").

    >>> next_state(State.ANSWERED, Act.WRITE, closed_on=None, on=dt.date(2026, 11, 24))
    <State.SENT: 'envoye'>
    """
    if (state, act) not in TRANSITIONS:
        raise DomainError("thread_closed" if state == State.CLOSED else "thread_answered")
    if closed_on is not None and on > last_day_to_reopen(closed_on):
        raise DomainError("thread_too_old", days=REOPEN_DAYS)
    return TRANSITIONS[state, act]


def last_day_to_reopen(closed_on: dt.date) -> dt.date:
    return closed_on + dt.timedelta(REOPEN_DAYS)
