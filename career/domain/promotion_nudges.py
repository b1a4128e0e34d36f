"""What gains points or time before a campaign, and what does not: each said with its own figure, none invented."""

import datetime as dt
from collections.abc import Sequence

from career.domain.bareme_hors_classe import APPRECIATIONS, bareme_of
from career.domain.pay import french_date, ordinal, step_input
from career.domain.progress import advanced, passages
from career.domain.promotion_order import load_order
from career.domain.snapshot import Standing
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.money import counted
from iprof.kernel.periods import months_between

Observation = tuple[int, dt.date]  # year of a campaign, day on which it is observed


def seniority_gain(earlier: Node, later: Node, years: tuple[int, int]) -> Node:
    """Points that the ancienneté alone adds from a campaign to the next; the two barèmes are its children."""
    before, after = _points(earlier), _points(later)
    return Node(
        f"Une année de plus, de la campagne {years[0]} à la campagne {years[1]}",
        after - before,
        "points",
        "career.promotion.nudge.seniority",
        later.version,
        later.sources,
        children=(earlier, later),
        sentence=(
            f"{after} − {before} = {counted(after - before, 'points')}, par la seule ancienneté et le seul avancement automatique."
        ),
    )


def higher_appreciations(corps: str, appreciation: str, on: dt.date) -> tuple[Node, ...]:
    """Points each better appréciation would add, the nearest one first. Raises NotInForce, DomainError("no_bareme")."""
    table = bareme_of(corps, on)
    held = table.value.appreciation[appreciation]
    better = sorted((points, code) for code, points in table.value.appreciation.items() if points > held)
    return tuple(
        Node(
            f"Appréciation « {APPRECIATIONS[code]} »",
            points - held,
            "points",
            "career.promotion.nudge.appreciation",
            table.since.isoformat(),
            (table.source,),
            sentence=f"{points} points au lieu de {held} pour « {APPRECIATIONS[appreciation]} ».",
        )
        for points, code in better
    )


def echelons_ahead(now: Standing, on: dt.date, campaigns: Sequence[Observation]) -> tuple[Node, ...]:
    """The échelons reached before the last observation day, the day of each and what the first campaign to see it gives.

    Raises as `next_step`.
    """
    last = campaigns[-1][1]
    found = []
    for reached, step in passages(now, last):
        if reached.step.effective_on <= on or reached.step.echelon == now.step.echelon:
            continue
        year, observed_on = next(one for one in campaigns if reached.step.effective_on <= one[1])
        sources = (step.source,) if step.source else ()
        found.append(
            Node(
                f"Passage au {ordinal(reached.step.echelon or 0)} échelon",
                reached.step.effective_on,
                "date",
                "career.promotion.nudge.echelon",
                (step.since or on).isoformat(),
                sources,
                (step_input(now.step),),
                sentence=(
                    f"Automatique, et avant l'observation du {french_date(observed_on)} : la campagne {year} en tient "
                    f"compte. {_effect(reached, observed_on)}"
                ),
            )
        )
    return tuple(found)


def _effect(reached: Standing, observed_on: dt.date) -> str:
    if reached.step.grade != "classe_normale":
        criteria = [criterion.fact for criterion in load_order().at(observed_on).value.criteria]
        return f"L'échelon est le {ordinal(criteria.index('echelon') + 1)} critère d'examen, sans points."
    then = advanced(reached, observed_on)
    years = months_between(then.echelon_start, observed_on) // 12
    try:
        points = bareme_of(then.step.corps, observed_on).value.seniority_points(then.step.echelon or 0, years)
    except DomainError:
        return "Le barème ne lui donne pas encore de points."
    return f"Points d'ancienneté ce jour-là : {points}."


def trainings_gain(corps: str, on: dt.date) -> Node:
    """No line of the barème is for trainings: zero, by the table itself. Raises NotInForce, DomainError("no_bareme")."""
    table = bareme_of(corps, on)
    return Node(
        "Points donnés par une formation",
        0,
        "point",
        "career.promotion.nudge.trainings",
        table.since.isoformat(),
        (table.source,),
        sentence=(
            "Le barème n'a que deux lignes, l'appréciation et l'ancienneté dans l'échelon : une formation, même "
            "certifiante, n'y ajoute aucun point."
        ),
    )


def _points(bareme: Node) -> int:
    assert isinstance(bareme.value, int)  # noqa: S101  (the caller gives two computed barèmes)
    return bareme.value
