"""« Ce qui compose ma rémunération »: each part explained, with what the file does not tell (S49), and overseas (S10)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.conf import settings

from career.domain.attractiveness import attractiveness_node
from career.domain.family_supplement import family_supplement_node, load_supplement
from career.domain.indemnities import indemnity_node, load_indemnities
from career.domain.overtime import overtime_node
from career.domain.overtime_paid import overtime_paid_node
from career.domain.part_time import FULL_TIME, gross_node
from career.domain.pay_overseas import load_places, majorated_pay_node, overseas_gain_node
from career.domain.snapshot import CareerStepFact
from career.models import Agent, Assignment, FamilySituation, ServicePeriod
from career.selectors.perspectives import known_node
from iprof.kernel.explain import Input, Node
from iprof.kernel.text import sort_key

OVERSEAS = ("guadeloupe", "martinique", "guyane", "reunion", "mayotte")
NETWORKS = {"REP": "rep", "REP+": "rep_plus_part_fixe"}
NOT_SENT = "Non transmis"
NO_REPLY = "Sans objet"
EPS_AGREGE_HOURS = 17  # agrégés d'EPS; the other corps of the registry tell their own


@dataclass(frozen=True, slots=True)
class OverseasPlace:
    name: str
    pay: Node
    gain: Node


@dataclass(frozen=True, slots=True)
class Remuneration:
    """`quotite` is the share of a full service of the present posts, in percent."""

    quotite: Decimal
    parts: tuple[Node, ...]
    overseas: tuple[OverseasPlace, ...]

    @property
    def unknown_overseas(self) -> Node | None:
        """Why nothing is known of any place, where nothing is; None otherwise."""
        return None if any(row.pay.value is not None for row in self.overseas) else self.overseas[0].pay

    @property
    def pays_more_overseas(self) -> bool:
        return any(isinstance(row.gain.value, Decimal) and row.gain.value > 0 for row in self.overseas)


def remuneration_of(agent: Agent, step: CareerStepFact, posts: Sequence[Assignment], on: dt.date) -> Remuneration:
    """Everything the texts at hand let compute for a place on the grid and the posts held on a day. Two queries."""
    present = [post for post in posts if post.starts_on <= on and (post.ends_on is None or post.ends_on >= on)]
    quotite = min(sum((post.quotity for post in present), Decimal(0)), FULL_TIME) or FULL_TIME
    eps = any("education physique" in sort_key(post.discipline) for post in present)
    hours = EPS_AGREGE_HOURS if step.corps == "agreges" and eps else None
    return Remuneration(
        quotite,
        (
            known_node("Traitement brut mensuel", lambda: gross_node(step, on, quotite), step),
            known_node("Prime d'attractivité", lambda: attractiveness_node(step, on, quotite), step),
            *_follow_up(step, on, quotite),
            *_networks(present, on),
            *_rates(step, on, hours),
            overtime_of(agent, step, on, hours),
            _family(agent, step, on, quotite),
        ),
        tuple(_overseas(step, code, on, quotite) for code in OVERSEAS),
    )


def fact_node(label: str, value: str, sentence: str, *inputs: Input) -> Node:
    """An answer that is no figure: a fact the file lacks, or a part that does not concern the agent."""
    return Node(label, value, "", "career.pay.fact", "", inputs=inputs, sentence=sentence)


def _follow_up(step: CareerStepFact, on: dt.date, quotite: Decimal) -> list[Node]:
    """The indemnités paid to a whole corps: ISOE in the second degree, ISAE in the first."""
    codes = [code for code, rule in load_indemnities().items() if step.corps in rule.corps]
    if not codes:
        said = (
            "Les indemnités de ce corps portent d'autres noms, dont les montants ne sont pas dans les textes consultés."
        )
        return [Node("Indemnité de suivi", None, "", "career.pay.indemnity", "", sentence=said)]
    return [known_node(load_indemnities()[code].label, _indemnity(code, on, quotite), step) for code in codes]


def _indemnity(code: str, on: dt.date, quotite: Decimal) -> Callable[[], Node]:
    return lambda: indemnity_node(code, on, quotite)


def _networks(present: Sequence[Assignment], on: dt.date) -> list[Node]:
    """REP or REP+ of each present establishment, for the share of service held there."""
    label, found = "Éducation prioritaire", []
    if not present:
        return [fact_node(label, NOT_SENT, "Aucune affectation en cours n'a été transmise.")]
    for post in present:
        where = post.establishment
        code = NETWORKS.get(where.priority_network) if where else None
        told = Input("Établissement", where.name if where else post.uai, settings.SIAE_LABEL)
        if where is None:
            found.append(fact_node(label, NOT_SENT, "L'établissement n'est pas dans l'annuaire du portail.", told))
        elif code:
            found.append(known_node(load_indemnities()[code].label, _indemnity(code, on, post.quotity)))
    return found or [fact_node(label, NO_REPLY, "D'après l'annuaire, votre établissement n'est ni en REP ni en REP+.")]


def _rates(step: CareerStepFact, on: dt.date, hours: int | None) -> list[Node]:
    """The rate of a HSA, then that of a HSE."""
    hsa = known_node(
        "Taux annuel d'une HSA", lambda: overtime_node(step.corps, step.grade, on, weekly_hours=hours), step
    )
    return [hsa, *hsa.children]


def overtime_of(agent: Agent, step: CareerStepFact, on: dt.date, hours: int | None = None) -> Node:
    """What the hours of the last service validated are paid, at the rates of the day it was; `hours` as told to the rate
    (weekly service, where it differs from that of the corps). One query."""
    label = "Heures supplémentaires validées"
    row = (
        ServicePeriod.objects.filter(agent=agent, cancelled=False, validated_on__lte=on)
        .order_by("-school_year", "-validated_on", "-seq")
        .first()
    )
    if row is None:
        return fact_node(label, NOT_SENT, "Aucun service validé n'a été transmis.")
    node = known_node(
        label,
        lambda: overtime_paid_node(
            step.corps,
            step.grade,
            row.validated_on,
            hsa=row.hsa,
            hse=row.hse,
            weekly_hours=hours,
            origin=settings.SIAE_LABEL,
        ),
        step,
    )
    return replace(node, label=f"{label}, {row.school_year}-{row.school_year + 1}")


def _family(agent: Agent, step: CareerStepFact, on: dt.date, quotite: Decimal) -> Node:
    label = "Supplément familial de traitement"
    row = (
        FamilySituation.objects.filter(agent=agent, cancelled=False, effective_on__lte=on)
        .order_by("-effective_on", "-seq")
        .first()
    )
    if row is None:
        return fact_node(
            label, NOT_SENT, "Aucune situation familiale n'a été transmise : le nombre d'enfants n'est pas connu."
        )

    def build() -> Node:
        children = load_supplement().at(on).value.dependents(row.children_birthdates, on)
        return family_supplement_node(step, children, on, quotite)

    return known_node(label, build, step)


def _overseas(step: CareerStepFact, code: str, on: dt.date, quotite: Decimal) -> OverseasPlace:
    place = load_places()[code]
    return OverseasPlace(
        place.label,
        known_node(place.label, lambda: majorated_pay_node(step, place, on, quotite), step),
        known_node(place.label, lambda: overseas_gain_node(step, place, on, quotite), step),
    )
