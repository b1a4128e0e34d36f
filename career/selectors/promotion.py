"""« Promotion de grade »: the next two campaigns of an agent: promotable or not, barème, place if promoted (S41, S82)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from career.domain.bareme_hors_classe import APPRECIATIONS, bareme_node
from career.domain.pay import step_input
from career.domain.progress import advanced
from career.domain.promotion_conditions import Access, load_access
from career.domain.promotion_eligibility import Agent as Candidate
from career.domain.promotion_eligibility import check_promotable, eligibility_node
from career.domain.promotion_nodes import reclassement_node
from career.domain.promotion_rates import rate_node
from career.domain.promotion_reclassement import reclassify
from career.domain.refusals import refusal_of
from career.domain.snapshot import Standing
from career.models import Agent, Evaluation
from career.selectors.projection import standing_of
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node

CAMPAIGNS = 2
NEXT_GRADE = {"classe_normale": "hors_classe", "hors_classe": "classe_exceptionnelle"}
GRADE_NAMES = {"hors_classe": "la hors-classe", "classe_exceptionnelle": "la classe exceptionnelle"}
LAST_APPRAISAL = "rdv_carriere_3"  # the appraisal that gives the appréciation of the hors-classe


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign. A node without value says in its sentence why there is no figure; `bareme` None: no points exist."""

    year: int
    observed_on: dt.date
    effect_on: dt.date
    promotable: Node
    bareme: Node | None
    rate: Node
    place: Node | None

    @property
    def gain(self) -> Node | None:
        return self.place.children[0] if self.place and self.place.children else None


@dataclass(frozen=True, slots=True)
class PromotionOutlook:
    """`refusal` says in French why no campaign concerns the agent; then there is none."""

    on: dt.date
    to_grade: str = ""
    appreciation: str = ""
    transmitted: str = ""
    campaigns: tuple[Campaign, ...] = ()
    refusal: str = ""

    @property
    def grade_name(self) -> str:
        return GRADE_NAMES.get(self.to_grade, "")

    @property
    def has_bareme(self) -> bool:
        return self.to_grade == "hors_classe"


def transmitted_appreciation(agent: Agent) -> str:
    """The code of the appréciation the hors-classe looks at: the third rendez-vous or a campaign, the latest one."""
    kinds = (LAST_APPRAISAL, "campagne")
    rows = Evaluation.objects.filter(agent=agent, cancelled=False, kind__in=kinds).exclude(appreciation="")
    found = rows.order_by("-held_on", "-seq").first()
    return found.appreciation if found else ""


def promotion_outlook(agent: Agent, *, on: dt.date, appreciation: str = "") -> PromotionOutlook:
    """The next two campaigns, under the law of today. `appreciation` replaces the one transmitted. Two queries."""
    transmitted = transmitted_appreciation(agent)
    chosen = appreciation or transmitted
    now = standing_of(agent, on=on)
    if agent.left_on and agent.left_on <= on:
        return PromotionOutlook(
            on, refusal="Vous n'êtes plus affecté dans l'académie : aucune campagne ne vous concerne."
        )
    if now is None:
        return PromotionOutlook(on, refusal="Votre échelon n'a pas encore été transmis : rien ne peut être simulé.")
    access = load_access().get(NEXT_GRADE.get(now.step.grade, ""))
    if access is None or now.step.corps not in access.corps:
        return PromotionOutlook(on, refusal="Aucun grade ne suit le vôtre dans votre corps par tableau d'avancement.")
    to_grade = NEXT_GRADE[now.step.grade]
    first = on.year if on <= access.observation_day(on.year) else on.year + 1
    campaigns = tuple(_campaign(now, to_grade, access, first + n, chosen) for n in range(CAMPAIGNS))
    return PromotionOutlook(on, to_grade, chosen, transmitted, campaigns)


def _campaign(now: Standing, to_grade: str, access: Access, year: int, appreciation: str) -> Campaign:
    observed_on = access.observation_day(year)
    effect_on = access.effect_day(observed_on)
    promotable = _known("Promouvable", now, lambda: eligibility_node(Candidate(now), to_grade, observed_on))
    return Campaign(
        year,
        observed_on,
        effect_on,
        promotable,
        _known("Barème", now, lambda: _bareme(now, observed_on, appreciation)) if to_grade == "hors_classe" else None,
        _known("Taux de promotion", now, lambda: rate_node(to_grade, now.step.corps, year)),
        _known("Si vous étiez promu", now, lambda: _place(now, to_grade, effect_on))
        if promotable.value == "Oui"
        else None,
    )


def _bareme(now: Standing, observed_on: dt.date, appreciation: str) -> Node:
    if appreciation not in APPRECIATIONS:
        raise DomainError("missing_input", key="appréciation finale")
    then = advanced(now, observed_on)
    return bareme_node(
        corps=then.step.corps,
        grade=then.step.grade,
        echelon=then.step.echelon or 0,
        echelon_start=then.echelon_start,
        appreciation=appreciation,
        on=observed_on,
    )


def _place(now: Standing, to_grade: str, effect_on: dt.date) -> Node:
    then = advanced(now, effect_on)
    check_promotable(then.step, to_grade, effect_on)
    return reclassement_node(reclassify(then.step, to_grade, effect_on))


def _known(label: str, now: Standing, build: Callable[[], Node]) -> Node:
    """The node, or one without value whose sentence says why."""
    try:
        return build()
    except DomainError as error:
        refusal = refusal_of(error)
        return Node(
            label,
            None,
            "",
            f"career.unknown.{refusal.code}",
            "",
            inputs=(step_input(now.step),),
            sentence=refusal.message,
        )
