"""« Perspectives »: ways to other duties with the day their condition of service is met, and retirement (S49, S82)."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest

from django.conf import settings

from career.domain.direction import direction_node
from career.domain.liste_aptitude_day import LABEL, aptitude_day_node, conditions_on
from career.domain.pay import step_input
from career.domain.perspectives import Services, Status, route_node, route_status
from career.domain.refusals import unknown_node
from career.domain.retirement import ACTIVE, SEDENTARY, load_retirement, retirement_node
from career.domain.routes import load_routes
from career.domain.services_held import CONTRACT, Held
from career.domain.snapshot import CareerStepFact
from career.models import Agent
from career.selectors.services_held import services_of
from iprof.kernel.errors import DomainError, NotInForce
from iprof.kernel.explain import Input, Node

SAID = "Situation saisie"  # the origin the rules give to what they are told
LISTE_APTITUDE = "agreges_liste_aptitude"


@dataclass(frozen=True, slots=True)
class Way:
    """A way as shown: `met` the day its conditions known to the portal are met, its value None when there is none."""

    code: str
    label: str
    status: Status
    met: Node

    @property
    def on(self) -> dt.date | None:
        return self.met.value if isinstance(self.met.value, dt.date) else None


@dataclass(frozen=True, slots=True)
class Table:
    """Retirement under one table: `since` is the first day a pension takes effect under it, `until` the last one."""

    since: dt.date
    until: dt.date | None
    rights: Node


@dataclass(frozen=True, slots=True)
class Retirement:
    rights: Node | None = None
    tables: tuple[Table, ...] = ()
    active: Node | None = None
    refusal: str = ""


def retold(node: Node, origin: str) -> Node:
    """The tree, what the rules were told said to come from `origin`."""
    return replace(
        node,
        inputs=tuple(replace(known, origin=origin) if known.origin == SAID else known for known in node.inputs),
        children=tuple(retold(child, origin) for child in node.children),
    )


def known_node(label: str, build: Callable[[], Node], step: CareerStepFact | None = None) -> Node:
    """The node built, or one without value whose sentence says why."""
    try:
        return retold(build(), settings.SIAE_LABEL)
    except DomainError as error:
        return unknown_node(label, error, inputs=(step_input(step),) if step else ())


def ways_of(agent: Agent, step: CareerStepFact, held: dict[str, Held], on: dt.date) -> tuple[Way, ...]:
    """Every way of the law, those whose day is known first, in order of date. Raises DomainError (unknown corps)."""
    services = services_of(step.corps, held)
    found = [_in_force(code, named.label, partial(_way, code, services, on)) for code, named in load_routes().items()]
    found.append(_in_force(LISTE_APTITUDE, LABEL, partial(_liste_aptitude, agent, services, on)))
    rank = list(Status)
    return tuple(sorted(found, key=lambda way: (rank.index(way.status), way.on or dt.date.max)))


def _in_force(code: str, label: str, build: Callable[[], Way]) -> Way:
    """The way, or what says that no text at hand applies yet."""
    try:
        return build()
    except NotInForce as error:
        return Way(code, label, Status.UNPUBLISHED, unknown_node(label, error, "date"))


def _way(code: str, services: Services, on: dt.date) -> Way:
    named, node = load_routes()[code], route_node(code, services, on)
    return Way(code, named.label, route_status(code, services.corps, node.value, on), node)


def direction_nodes(ways: Iterable[Way], step: CareerStepFact, on: dt.date) -> tuple[Node, ...]:
    """The index threshold of the competition of personnels de direction, and the place at titularisation."""
    parts = [node for way in ways for node in way.met.children if node.rule.endswith(".index_group")]
    return (*parts, known_node("Reclassement à la titularisation", lambda: direction_node(step, on), step))


def _liste_aptitude(agent: Agent, services: Services, on: dt.date) -> Way:
    """The conditions of the next list, under the law of that list."""
    born = Input("Date de naissance", agent.birth_date, settings.SIAE_LABEL)
    node = aptitude_day_node(services, born=born, on=on)
    if isinstance(node.value, dt.date):
        return Way(LISTE_APTITUDE, node.label, Status.MET if node.value <= on else Status.COMING, node)
    concerned = services.corps in conditions_on(on).value.corps
    return Way(LISTE_APTITUDE, node.label, Status.UNTOLD if concerned else Status.CLOSED, node)


def retirement_of(agent: Agent, corps: Iterable[str]) -> Retirement:
    """The rights of the birth date under the table the law chooses, then under each; `corps` are those ever held."""
    held = set(corps)
    if CONTRACT in held and len(held) == 1:
        return Retirement(
            refusal="Les tables consultées sont celles des fonctionnaires : rien n'est calculé pour un agent contractuel."
        )
    tables = load_retirement().tables[SEDENTARY].items()
    ends = [since - dt.timedelta(1) for since, _ in tables[1:]]
    return Retirement(
        _rights(agent),
        tuple(Table(since, end, _rights(agent, on=since)) for (since, _), end in zip_longest(tables, ends)),
        _rights(agent, ACTIVE) if "instituteurs" in held else None,
    )


def _rights(agent: Agent, category: str = SEDENTARY, on: dt.date | None = None) -> Node:
    label = "Ouverture des droits, catégorie active" if category == ACTIVE else "Ouverture des droits"
    node = known_node(label, lambda: retirement_node(agent.birth_date, category, on))
    return replace(node, label=label)
