"""« Promotion de grade »: the next two campaigns of an agent: promotable or not, barème, place if promoted (S41, S82)."""

import datetime as dt
from dataclasses import dataclass

from career.domain.bareme_hors_classe import APPRECIATIONS
from career.domain.pay import place
from career.domain.progress import advanced
from career.domain.promotion_conditions import GRADE_NAMES, Access, load_access
from career.domain.promotion_eligibility import Agent as Candidate
from career.domain.promotion_eligibility import check_promotable, eligibility_node
from career.domain.promotion_nodes import reclassement_node
from career.domain.promotion_rates import last_rate_node, rate_node
from career.domain.promotion_reclassement import reclassify
from career.domain.snapshot import Standing
from career.selectors.promotion_file import PromotionFile
from career.selectors.promotion_points import Points, known, points_of
from iprof.kernel.explain import Node

CAMPAIGNS = 2
NEXT_GRADE = {"classe_normale": "hors_classe", "hors_classe": "classe_exceptionnelle"}
LEFT = "Vous n'êtes plus affecté dans l'académie : aucune campagne ne vous concerne."
NO_STEP = (
    "Votre échelon n'a pas encore été transmis : rien ne peut être simulé d'après votre dossier. "
    "Vous pouvez saisir une situation ci-dessus."
)
NO_GRADE = "Aucun grade ne suit le vôtre dans votre corps par tableau d'avancement."


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign. A node without value says in its sentence why there is no figure.

    `last_rate` is told when the rate of the campaign is not published; `points` None: no points exist for this grade.
    """

    year: int
    observed_on: dt.date
    effect_on: dt.date
    promotable: Node
    rate: Node
    last_rate: Node | None
    place: Node | None
    points: Points | None

    @property
    def gain(self) -> Node | None:
        return self.place.children[0] if self.place and self.place.children else None


@dataclass(frozen=True, slots=True)
class PromotionOutlook:
    """`refusal` says in French why no campaign concerns the agent; then there is none. `typed`: not the file's."""

    on: dt.date
    now: Standing | None = None
    typed: bool = False
    to_grade: str = ""
    appreciation: str = ""
    transmitted: str = ""
    campaigns: tuple[Campaign, ...] = ()
    refusal: str = ""

    @property
    def grade_name(self) -> str:
        return f"la {GRADE_NAMES[self.to_grade]}" if self.to_grade else ""

    @property
    def place(self) -> str:
        return place(self.now.step) if self.now else ""

    @property
    def has_bareme(self) -> bool:
        return self.to_grade == "hors_classe"

    @property
    def has_threshold(self) -> bool:
        return any(one.points and one.points.gauge and one.points.gauge.threshold for one in self.campaigns)

    @property
    def appreciation_name(self) -> str:
        return APPRECIATIONS.get(self.appreciation, "")

    @property
    def rows(self) -> list[tuple[str, list[tuple[int, Node]]]]:
        """By appréciation, the barème of every campaign: where it gives no points, the node that says so."""
        told = [(campaign.year, campaign.points) for campaign in self.campaigns if campaign.points]
        names = dict.fromkeys(name for _, points in told for name, _ in points.by_appreciation)
        return [
            (name, [(year, dict(points.by_appreciation).get(name, points.bareme)) for year, points in told])
            for name in names
        ]


def promotion_outlook(
    file: PromotionFile, *, typed: Standing | None = None, appreciation: str = ""
) -> PromotionOutlook:
    """The next two campaigns, under the law of today: of the file, or of a situation typed. No query.

    `appreciation` replaces the one transmitted, which a situation typed never takes up by itself.
    """
    on, now = file.on, typed or file.now
    if file.left:
        return PromotionOutlook(on, refusal=LEFT)
    if now is None:
        return PromotionOutlook(on, refusal=NO_STEP)
    chosen = appreciation if typed else appreciation or file.appreciation
    access = load_access().get(NEXT_GRADE.get(now.step.grade, ""))
    if access is None or now.step.corps not in access.corps:
        return PromotionOutlook(on, now, bool(typed), refusal=NO_GRADE)
    first = on.year if on <= access.observation_day(on.year) else on.year + 1
    campaigns = tuple(_campaign(now, access, first + n, chosen) for n in range(CAMPAIGNS))
    return PromotionOutlook(on, now, bool(typed), access.to_grade, chosen, file.appreciation, campaigns)


def _campaign(now: Standing, access: Access, year: int, appreciation: str) -> Campaign:
    to_grade, corps = access.to_grade, now.step.corps
    observed_on = access.observation_day(year)
    effect_on = access.effect_day(observed_on)
    promotable = known("Promouvable", now, lambda: eligibility_node(Candidate(now), to_grade, observed_on))
    rate = known("Taux de promotion", now, lambda: rate_node(to_grade, corps, year))
    last = known("Dernier taux connu", now, lambda: last_rate_node(to_grade, corps, year))
    promoted = known("Si vous étiez promu", now, lambda: _place(now, to_grade, effect_on))
    return Campaign(
        year,
        observed_on,
        effect_on,
        promotable,
        rate,
        last if rate.value is None and last.value is not None else None,
        promoted if promotable.value == "Oui" else None,
        points_of(now, year=year, observed_on=observed_on, appreciation=appreciation)
        if to_grade == "hors_classe"
        else None,
    )


def _place(now: Standing, to_grade: str, effect_on: dt.date) -> Node:
    then = advanced(now, effect_on)
    check_promotable(then.step, to_grade, effect_on)
    return reclassement_node(reclassify(then.step, to_grade, effect_on))
