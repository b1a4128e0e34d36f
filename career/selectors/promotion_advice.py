"""« Ce qui ferait gagner des points ou du temps », what cannot be changed, what the file lacks (S43)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings

from career.domain.bareme_hors_classe import APPRECIATIONS
from career.domain.liste_aptitude import Candidate, aptitude_node, load_liste_aptitude
from career.domain.pay import ordinal, origin_of
from career.domain.promotion_appreciation import contest_node, kept_node, window_ahead, window_text
from career.domain.promotion_nudges import echelons_ahead, higher_appreciations, seniority_gain, trainings_gain
from career.domain.promotion_order import order_node
from career.domain.snapshot import Standing
from career.domain.trainings import TrainingFact, hours_node
from career.enums import TrainingOrigin
from career.selectors.history import training_origin
from career.selectors.promotion import PromotionOutlook
from career.selectors.promotion_file import PromotionFile
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Input, Node

T = TypeVar("T")
IN_CORPS = "Premier échelon transmis dans le corps ; interruptions non déduites"


@dataclass(frozen=True, slots=True)
class Trainings:
    """What the evaluator can read of the trainings; `points`: what the barème gives for them, None without barème."""

    certifying: tuple[TrainingFact, ...]
    certified: Node
    pix: Node
    points: Node | None


@dataclass(frozen=True, slots=True)
class Advice:
    """`gains` come of themselves; `appreciations` only by a revision, asked in the time `contest` gives.

    `order` None: the hors-classe has points instead. `aptitude` None: the corps is not concerned.
    """

    gains: tuple[Node, ...] = ()
    appreciations: tuple[Node, ...] = ()
    contest: Node | None = None
    fixed: tuple[Node, ...] = ()
    trainings: Trainings | None = None
    order: Node | None = None
    aptitude: Node | None = None
    missing: tuple[str, ...] = ()


def advice_on(file: PromotionFile, found: PromotionOutlook) -> Advice:
    """What to say beside the campaigns; nothing when none concerns the agent. No query."""
    now = found.now
    if now is None or not found.campaigns:
        missing = () if found.now or file.left else ("votre échelon et sa date d'effet",)
        return Advice(missing=missing, aptitude=_aptitude(file, found))
    appraised = found.has_bareme and bool(found.appreciation)
    return Advice(
        gains=_gains(now, found),
        appreciations=_maybe(lambda: higher_appreciations(now.step.corps, found.appreciation, found.on)) or ()
        if appraised
        else (),
        contest=_maybe(lambda: contest_node(found.on)) if appraised else None,
        fixed=_fixed(now, found),
        trainings=_trainings(file, found),
        order=None if found.has_bareme else _order(file, found, now),
        aptitude=_aptitude(file, found),
        missing=_missing(now, found),
    )


def _gains(now: Standing, found: PromotionOutlook) -> tuple[Node, ...]:
    """The first campaign if none shown is one, what one year adds, each échelon reached before the last observation."""
    first, last = found.campaigns[0], found.campaigns[-1]
    baremes = [campaign.points.any_bareme for campaign in (first, last) if campaign.points]
    points: tuple[Node, ...] = ()
    if len(baremes) == 2 and baremes[0] and baremes[1]:
        points = (seniority_gain(baremes[0], baremes[1], (first.year, last.year)),)
    observed = [(campaign.year, campaign.observed_on) for campaign in found.campaigns]
    awaited = () if last.promotable.value == "Oui" else tuple(node for node in last.promotable.children if node.value)
    return (*awaited, *points, *(_maybe(lambda: echelons_ahead(now, found.on, observed)) or ()))


def _fixed(now: Standing, found: PromotionOutlook) -> tuple[Node, ...]:
    seniority = Node(
        "Ancienneté dans l'échelon comptée depuis le",
        now.echelon_start,
        "date",
        "career.promotion.fixed.seniority",
        "",
        inputs=(Input("Date d'entrée dans l'échelon", now.echelon_start, origin_of(now.step), now.step.recorded_on),),
        sentence="Ce qui est passé ne change plus : l'ancienneté avance d'un jour par jour, pour tous.",
    )
    kept = _maybe(lambda: kept_node(found.on)) if found.has_bareme else None
    return (seniority, kept) if kept else (seniority,)


def _trainings(file: PromotionFile, found: PromotionOutlook) -> Trainings:
    certifying = tuple(fact for fact in file.trainings if fact.certifying)
    pix = [fact for fact in file.trainings if fact.origin == training_origin(TrainingOrigin.PIX)]
    corps = found.now.step.corps if found.now else ""
    return Trainings(
        certifying,
        hours_node("Heures certifiées", certifying),
        hours_node("Heures PIX", pix),
        _maybe(lambda: trainings_gain(corps, found.on)) if found.has_bareme else None,
    )


def _order(file: PromotionFile, found: PromotionOutlook, now: Standing) -> Node | None:
    """The criteria under the law of the next campaign, with what is known of each."""
    same_corps = not found.typed or (file.now is not None and file.now.step.corps == now.step.corps)
    same_grade = same_corps and (not found.typed or (file.now is not None and file.now.step.grade == now.step.grade))
    origin = origin_of(now.step)
    known: dict[str, Input] = {
        "echelon": Input("Échelon tenu", ordinal(now.step.echelon or 0), origin, now.step.recorded_on),
        "echelon_start": Input("Début de l'ancienneté", now.echelon_start, origin, now.step.recorded_on),
        "born_on": Input("Date de naissance", file.born_on, settings.SIAE_LABEL),
    }
    if same_corps and file.corps_since:
        known["corps"] = Input("Entrée dans le corps", file.corps_since, "Premier échelon transmis dans le corps")
    if same_grade and file.grade_since:
        known["grade"] = Input("Entrée dans le grade", file.grade_since, "Premier échelon transmis dans le grade")
    return _maybe(lambda: order_node(now.step.corps, found.campaigns[0].effect_on, known))


def _aptitude(file: PromotionFile, found: PromotionOutlook) -> Node | None:
    """The liste d'aptitude of the agrégés, from the file alone: a situation typed tells nothing of the services."""
    rules, now = load_liste_aptitude(), file.now
    year = file.on.year if file.on <= rules.appreciation_day(file.on.year) else file.on.year + 1
    day = rules.appreciation_day(year)
    if now is None or found.typed or file.left or now.step.corps not in rules.values.at(day).value.corps:
        return None
    years = file.corps_years(day)
    return aptitude_node(Candidate(now.step.corps, file.born_on, years, years), year, IN_CORPS)


def _missing(now: Standing, found: PromotionOutlook) -> tuple[str, ...]:
    """What would have to be known to say more, named."""
    if not found.has_bareme:
        return ("vos avis pour la classe exceptionnelle, que le portail ne reçoit pas",)
    if found.appreciation in APPRECIATIONS:
        return ()
    ahead = _maybe(lambda: window_ahead(now, found.on))
    when = f" ({window_text(ahead)})" if ahead else ""
    return (f"l'appréciation finale{when}",)


def _maybe(build: Callable[[], T]) -> T | None:
    """None where the law or the file does not allow it to be said."""
    try:
        return build()
    except DomainError:
        return None
