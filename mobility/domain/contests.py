"""Contesting a line of the barème displayed: what may be said of it, and the delay of the answer (K4)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from iprof.kernel import law
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource

FOLDER = Path(__file__).parents[1] / "legal"
FILE = "contest.yaml"
RULE = "mobility.contest.answer"
NOT_PUBLISHED = (
    "Les textes dont dispose le portail ne fixent aucun délai de réponse : le service répond avant d'arrêter le barème."
)


class Ground(StrEnum):
    """What the agent says of the line."""

    POINTS = "points"
    MISSING = "absente"
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class ContestLaw:
    """`answer_days` None: no text read sets it. `remedies` are sentences told with the answer."""

    answer_days: int | None
    source: LegalSource
    checked_on: dt.date
    remedies: tuple[str, ...]


@lru_cache(maxsize=1)
def contest_law() -> ContestLaw:
    data = law.read(FILE, required={"label", "checked_on", "answer", "remedies"}, folder=FOLDER)
    answer = data["answer"]
    law.check_keys(answer, {"days", "source"}, frozenset({"url", "confidence"}), f"{FILE}: answer")
    days = None if answer["days"] == law.UNKNOWN else int(answer["days"])
    told = tuple(law.text(one, f"{FILE}: remedies") for one in law.sequence(data["remedies"], f"{FILE}: remedies"))
    return ContestLaw(days, law.source_of(answer, data["checked_on"], FILE), data["checked_on"], told)


def answer_node(sent_on: dt.date, found: ContestLaw) -> Node:
    """The last day of the answer; without value while no text sets it."""
    day = None if found.answer_days is None else sent_on + dt.timedelta(found.answer_days)
    sentence = NOT_PUBLISHED if day is None else f"Le service répond sous {found.answer_days} jours."
    sent = Input("Contestation envoyée le", sent_on, "le portail", sent_on)
    return Node(
        "Réponse du service", day, "date", RULE, found.checked_on.isoformat(), (found.source,), (sent,), sentence=sentence
    )  # fmt: skip
