"""Whether an agent may be examined for a promotion of grade, and the first year in which that is so."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from career.domain.grids import load_grids
from career.domain.pay import french_date, ordinal, step_input
from career.domain.progress import advanced
from career.domain.promotion_conditions import GRADE_NAMES, Access, Conditions, Voie, load_access
from career.domain.promotion_reclassement import Seniority
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.dated import Dated
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure
from iprof.kernel.explain import Input, Node

HORIZON = 40  # years looked ahead: a whole career
MET = "conditions_remplies"
MOTIFS: Mapping[str, str] = {
    MET: "les conditions sont remplies",
    "conge_parental": "un agent en congé parental à la date d'observation n'est pas examiné",
    "echelon_insuffisant": "l'échelon demandé n'est pas atteint",
    "anciennete_insuffisante": "l'ancienneté demandée dans l'échelon n'est pas atteinte",
    "fonctions_insuffisantes": "les années de fonctions particulières demandées ne sont pas atteintes",
    "grade_deja_atteint": "l'agent est déjà dans ce grade, ou au-dessus",
    "grade_anterieur": "l'agent n'est pas encore dans le grade d'où part cette promotion",
    "corps_sans_ce_grade": "le corps n'a pas ce grade",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Eligible or not on the day asked (None: no day asked), and why; the first year the facts given establish."""

    eligible: bool | None
    motif: str
    first_year: int | None
    conditions: Dated[Conditions] | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """What the conditions look at: the standing, as far back as known, and what the grid does not tell."""

    standing: Standing
    functions_years: Decimal | None = None
    parental_leave: bool = False
    bonified: Callable[[int], bool] = lambda echelon: False

    @property
    def entered_on(self) -> dt.date:
        """The first day in the échelon told, ancienneté brought along left out."""
        step = self.standing.step
        return self.standing.echelon_start if step.chevron else step.effective_on

    def on(self, day: dt.date) -> CareerStepFact:
        """The place in the échelon on a day, its ancienneté counted from the first day in it."""
        now = advanced(self.standing, day, self.bonified)
        if not now.step.chevron:
            return now.step
        return CareerStepFact(now.step.corps, now.step.grade, now.step.echelon, now.echelon_start)


def eligibility(agent: Agent, to_grade: str, observed_on: dt.date | None) -> Answer:
    """Whether the agent may be examined for this grade. `observed_on`: 31 August of the campaign, or another day.

    The first year is that of the first campaign in which the facts given meet the conditions, automatic advancement
    included; None when only another promotion would lead there. Raises NotInForce, UnknownFigure, DomainError.
    """
    step = agent.standing.step
    access = load_access()[to_grade]
    grades = tuple(load_grids().find_corps(step.corps).grades)
    load_grids().find_grade(step.corps, step.grade)
    if step.corps not in access.corps:
        return Answer(False, "corps_sans_ce_grade", None)
    if step.grade != access.from_grade:
        higher = grades.index(step.grade) >= grades.index(to_grade)
        return Answer(False, "grade_deja_atteint" if higher else "grade_anterieur", None)
    first = _first_year(agent, access)
    if observed_on is None:
        return Answer(None, "observation_non_donnee", first)
    conditions = access.values.at(access.effect_day(observed_on))
    if agent.entered_on > observed_on:
        # The échelon held that day is not told: it was a lower one, which settles the question only below them all.
        if any(lowest is None or lowest < (step.echelon or 0) for lowest in _lowest(conditions.value, step.corps)):
            raise DomainError("entered_later", on=observed_on)
        return Answer(False, "echelon_insuffisant", first, conditions)
    motif = _motif(agent, agent.on(observed_on), conditions.value, observed_on)
    return Answer(motif == MET, motif, first, conditions)


def _first_year(agent: Agent, access: Access) -> int | None:
    entered = agent.entered_on
    year = max(entered.year, access.values.first_day.year)
    for candidate in range(year, year + HORIZON):
        observed_on = access.observation_day(candidate)
        if entered > observed_on:
            continue
        try:
            conditions = access.values.at(access.effect_day(observed_on)).value
            motif = _motif(agent, agent.on(observed_on), conditions, observed_on, with_leave=False)
        except (NotInForce, UnknownFigure):  # no rule that year, or one of its figures not known: nothing established
            continue
        if motif == MET:
            return candidate
    return None


def _lowest(conditions: Conditions, corps: str) -> list[int | None]:
    return [voie.echelon[corps] for voie in conditions.voies]


def _motif(agent: Agent, place: CareerStepFact, conditions: Conditions, on: dt.date, *, with_leave: bool = True) -> str:
    """The first reason that stands in the way of the nearest voie, or MET."""
    if with_leave and agent.parental_leave and not conditions.parental_leave:
        return "conge_parental"
    motifs, unknown = [], None
    for voie in conditions.voies:
        try:
            motifs.append(_voie_motif(agent, place, voie, on))
        except UnknownFigure as error:
            unknown = error
    if MET in motifs:
        return MET
    if unknown:
        raise unknown
    return max(motifs, key=list(MOTIFS).index)


def _voie_motif(agent: Agent, place: CareerStepFact, voie: Voie, on: dt.date) -> str:
    lowest, echelon = voie.echelon[place.corps], place.echelon or 0
    if lowest is None:
        raise UnknownFigure("condition_unpublished", corps=place.corps)
    if echelon < lowest:
        return "echelon_insuffisant"
    if echelon == lowest and Seniority(place).on(on)[0] < voie.months:
        return "anciennete_insuffisante"
    if voie.functions_years and agent.functions_years is None:
        raise UnknownFigure("missing_input", key="fonctions_particulieres_ans")
    if (agent.functions_years or 0) < voie.functions_years:
        return "fonctions_insuffisantes"
    return MET


def opens_to(now: Standing, conditions: Conditions, on: dt.date) -> bool:
    """Whether échelon and ancienneté on the day `on` (the standing of that day) meet a voie that asks nothing else."""
    step = now.step
    held = CareerStepFact(step.corps, step.grade, step.echelon, now.echelon_start) if step.chevron else step
    for voie in conditions.voies:
        lowest = voie.echelon[step.corps]
        if lowest is None or voie.functions_years or (step.echelon or 0) < lowest:
            continue
        if (step.echelon or 0) > lowest or held.reaches(voie.months) <= on:
            return True
    return False


def check_promotable(step: CareerStepFact, to_grade: str, on: dt.date) -> None:
    """A promotion of the day `on` is possible from this place; what the board appreciates is not looked at.

    Raises NotInForce, DomainError("promotion_corps" | "promotion_grade" | "promotion_too_early").
    """
    access = load_access()[to_grade]
    corps = load_grids().find_corps(step.corps)
    if step.corps not in access.corps:
        raise DomainError("promotion_corps", corps=step.corps)
    if step.grade != access.from_grade:
        raise DomainError("promotion_grade", grade=corps.grades[access.from_grade].label.lower())
    voies = access.values.at(on).value.voies
    echelon, months = min((lowest, voie.months) for voie in voies if (lowest := voie.echelon[step.corps]) is not None)
    held = step.echelon or 0
    if held < echelon or (held == echelon and Seniority(step).on(on)[0] < months):
        raise DomainError("promotion_too_early", condition=condition_text(echelon, months))


def condition_text(echelon: int, months: int) -> str:
    """« au moins 24 mois dans le 9e échelon » or « au moins le 5e échelon »."""
    return (
        f"au moins {months} mois dans le {ordinal(echelon)} échelon"
        if months
        else f"au moins le {ordinal(echelon)} échelon"
    )


def eligibility_node(agent: Agent, to_grade: str, observed_on: dt.date) -> Node:
    """« Oui » or « Non » and why, the first year below. Raises as `eligibility`."""
    found = eligibility(agent, to_grade, observed_on)
    step = agent.standing.step
    grade = load_access()[to_grade]
    law = found.conditions or grade.values.at(grade.effect_day(observed_on))
    inputs: tuple[Input, ...] = (
        step_input(step),
        Input("Date d'observation", observed_on, "Calendrier de la campagne"),
    )
    version, sources = law.since.isoformat(), (law.source,)
    first = Node(
        "Première campagne",
        str(found.first_year) if found.first_year else None,
        "",
        "career.promotion.first_year",
        version,
        sources,
        inputs,
        sentence=(
            f"D'après les données saisies et l'avancement automatique : campagne {found.first_year}."
            if found.first_year
            else "Aucune campagne ne peut être donnée d'après les données saisies."
        ),
    )
    return Node(
        f"Promouvable à la {GRADE_NAMES[to_grade]}",
        "Oui" if found.eligible else "Non",
        "",
        "career.promotion.eligibility",
        version,
        sources,
        inputs,
        (first,),
        sentence=f"Au {french_date(observed_on)}, {MOTIFS[found.motif]}.",
    )
