"""How pressing a support ticket is: from what does not work, and from the deadline the person says is near.

A commitment of the support team, not a rule of law: the order of the types and the two thresholds are its own choice.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from iprof.kernel.working_days import open_days_until

NEAR_DAYS, COMING_DAYS = 3, 10  # open days before a deadline


class Priority(StrEnum):
    HIGH = "haute"
    NORMAL = "normale"
    LOW = "basse"


class TicketType(StrEnum):
    SIGN_IN = "connexion"
    UPLOAD = "depot"
    DISPLAY = "affichage"
    WRONG_DATA = "donnee"
    OTHER = "autre"


BY_TYPE: dict[TicketType, tuple[Priority, str]] = {
    TicketType.SIGN_IN: (Priority.HIGH, "sans connexion, rien d'autre n'est possible"),
    TicketType.UPLOAD: (Priority.NORMAL, "une pièce qui manque peut arrêter un dossier"),
    TicketType.WRONG_DATA: (Priority.NORMAL, "une donnée fausse peut fausser une décision"),
    TicketType.DISPLAY: (Priority.LOW, "un défaut d'affichage se contourne le plus souvent"),
    TicketType.OTHER: (Priority.LOW, "rien dans la demande ne dit qu'elle presse"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """`reason` completes « Priorité haute : … »; `days` are the open days left before the deadline, None without one."""

    priority: Priority
    reason: str
    days: int | None


def judge(kind: TicketType, *, deadline: dt.date | None, on: dt.date) -> Judged:
    """The priority of a ticket filed on a day. A near deadline raises it, none lowers it.

    >>> judge(TicketType.DISPLAY, deadline=dt.date(2026, 11, 26), on=dt.date(2026, 11, 24)).priority
    <Priority.HIGH: 'haute'>
    """
    own, reason = BY_TYPE[kind]
    days = open_days_until(on, deadline) if deadline else None
    if days is not None and days <= NEAR_DAYS:
        return Judged(Priority.HIGH, f"l'échéance indiquée tombe dans {NEAR_DAYS} jours ouvrés au plus", days)
    if days is not None and days <= COMING_DAYS and own == Priority.LOW:
        return Judged(Priority.NORMAL, f"l'échéance indiquée tombe dans {COMING_DAYS} jours ouvrés au plus", days)
    return Judged(own, reason, days)
