"""Where points stand: against the threshold last observed if one is published, against the highest barème if not."""

from dataclasses import dataclass
from typing import Literal

from career.domain.promotion_thresholds import Threshold, Thresholds, load_thresholds
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import counted

State = Literal["below", "near", "reached", "unknown"]
WORDS: dict[State, str] = {
    "below": "En dessous du seuil observé",
    "near": "Proche du seuil observé",
    "reached": "Au niveau du seuil observé, ou au-dessus",
    "unknown": "Seuil non publié",
}


@dataclass(frozen=True, slots=True)
class Gauge:
    """Points of the agent, out of `maximum`; `near_from` the points from which one is near the threshold."""

    points: int
    maximum: int
    state: State
    threshold: Threshold | None = None
    near_from: int | None = None

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def sentence(self) -> str:
        """« 74 points sur 100, seuil observé 82 (campagne 2026) »."""
        told = f"{self.points} point{'s' if self.points > 1 else ''} sur {self.maximum}"
        if self.threshold is None:
            return f"{told}, seuil non publié"
        return f"{told}, seuil observé {self.threshold.points} (campagne {self.threshold.year})"


def gauge(
    points: int, maximum: int, *, corps: str, academie: str, year: int, thresholds: Thresholds | None = None
) -> Gauge:
    """The state of the points in a campaign. Being at the threshold of a past campaign gives no right to be promoted."""
    law = thresholds or load_thresholds()
    threshold = law.last(corps, academie, year)
    if threshold is None:
        return Gauge(points, maximum, "unknown")
    near_from = max(0, threshold.points - law.margin)
    state: State = "reached" if points >= threshold.points else "near" if points >= near_from else "below"
    return Gauge(points, maximum, state, threshold, near_from)


def gauge_node(found: Gauge, bareme: Node, *, thresholds: Thresholds | None = None) -> Node:
    """The state explained; its child is the threshold, without value when none is published."""
    law = thresholds or load_thresholds()
    points = Input("Barème", counted(found.points, "points"), "Calculé ci-contre")
    if found.threshold is None:
        seuil = Node(
            "Seuil observé",
            None,
            "points",
            "career.promotion.threshold",
            "",
            (law.unpublished,),
            sentence="Le barème du dernier promu n'est pas publié : rien ne dit si ces points suffisent.",
        )
        sources: tuple[LegalSource, ...] = (law.unpublished,)
        sentence = f"{found.sentence}. Aucun jugement n'est porté."
    else:
        seuil = Node(
            "Seuil observé",
            found.threshold.points,
            "points",
            "career.promotion.threshold",
            "",
            (found.threshold.source,),
            sentence=f"Barème du dernier promu de la campagne {found.threshold.year}. Il change à chaque campagne.",
        )
        sources = (found.threshold.source, law.margin_source)
        sentence = f"{found.sentence}. « Proche » commence {counted(law.margin, 'points')} au-dessous."
    return Node(
        "Position",
        found.word,
        "",
        "career.promotion.gauge",
        bareme.version,
        sources,
        (points, Input("Barème le plus élevé possible", f"{found.maximum} points", "Barème de la hors-classe")),
        (seuil,),
        sentence,
    )
