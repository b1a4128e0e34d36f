"""The final appréciation the hors-classe looks at: when it can exist, how long it lasts, how it can be contested."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import french_date, ordinal
from career.domain.progress import passages
from career.domain.rendez_vous import Window, load_rendez_vous_law, window
from career.domain.snapshot import Standing
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.periods import add_months

FILE = "promotions/appreciation_hors_classe.yaml"
CAREER_MONTHS = 40 * 12  # as far as one looks ahead for a rendez-vous


@dataclass(frozen=True, slots=True)
class AppreciationRule:
    """Given by the rendez-vous of this number (or by a campaign), and kept until promoted or not."""

    rendez_vous: int
    kept_until_promoted: bool


def build_appreciation(folder: Path = law.LEGAL) -> DatedValues[AppreciationRule]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "to_grade", "values"}, folder=folder)
    law.text(data["to_grade"], f"{FILE}: to_grade")
    return law.dated(FILE, data["values"], data["checked_on"], {"rendez_vous", "kept_until_promoted"}, _rule)


def _rule(entry: Mapping[str, Any], where: str) -> AppreciationRule:
    return AppreciationRule(
        law.whole(entry["rendez_vous"], f"{where}.rendez_vous"),
        law.flag(entry["kept_until_promoted"], f"{where}.kept_until_promoted"),
    )


@lru_cache(maxsize=1)
def load_appreciation() -> DatedValues[AppreciationRule]:
    """The rule of the project, read once per process."""
    return build_appreciation()


def window_ahead(now: Standing, on: dt.date) -> Window | None:
    """The rendez-vous that gives the appréciation, if it is not past on the day `on`, automatic advancement included.

    None when it is past, when its échelon is, or when the grade has none. Raises NotInForce, DomainError.
    """
    number = load_appreciation().at(on).value.rendez_vous
    places = [now.step, *(after.step for after, _ in passages(now, add_months(on, CAREER_MONTHS)))]
    for step in places:
        found = window(step)
        if found and found.rule.value.number == number and on <= found.last:
            return found
    return None


def check_appreciation(now: Standing, on: dt.date) -> None:
    """An appréciation can have been given by the day `on`.

    Raises DomainError("appreciation_too_early") while the rendez-vous is still to open.
    """
    found = window_ahead(now, on)
    if found and on < found.first:
        rule = found.rule.value
        raise DomainError(
            "appreciation_too_early", number=rule.number, echelon=rule.echelon, first=found.first, last=found.last
        )


def kept_node(on: dt.date) -> Node:
    """Whether the appréciation can still change from one campaign to the next. Raises NotInForce."""
    found = load_appreciation().at(on)
    kept = found.value.kept_until_promoted
    return Node(
        "Appréciation revue à chaque campagne",
        "Non" if kept else "Oui",
        "",
        "career.promotion.appreciation_kept",
        found.since.isoformat(),
        (found.source,),
        sentence=(
            "Une fois donnée, elle est conservée jusqu'à la promotion : seule une demande de révision, dans son délai, "
            "peut la changer."
            if kept
            else "Elle est donnée de nouveau à chaque campagne."
        ),
    )


def contest_node(on: dt.date) -> Node:
    """How long one has to ask for a revision, in days from the notification. Raises NotInForce."""
    rule = load_rendez_vous_law().revision.at(on)
    days = rule.value.ask_days
    return Node(
        "Délai pour demander la révision",
        days,
        "jours",
        "career.promotion.contest",
        rule.since.isoformat(),
        (rule.source,),
        sentence=(
            f"{days} jours francs après la notification de l'appréciation finale. Le jour de la notification n'est pas "
            "transmis au portail : gardez le courrier ou le message qui la porte."
        ),
    )


def window_text(found: Window) -> str:
    """« 3e rendez-vous de carrière, du 1er septembre 2026 au 31 août 2027 »."""
    return (
        f"{ordinal(found.rule.value.number)} rendez-vous de carrière, du {french_date(found.first)} "
        f"au {french_date(found.last)}"
    )
