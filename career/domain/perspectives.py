"""Ways to other duties: competitions, lists and certifications, and the day their conditions of service are met."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from career.domain.grids import HORS_ECHELLE, load_grids
from career.domain.pay import french_date
from career.domain.retirement import french_age
from career.domain.routes import ASSESSED, FIRST_JANUARY, LAST_DAY, SERVICES, Route, load_routes
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import add_months, months_between


@dataclass(frozen=True, slots=True)
class Services:
    """An agent's corps, and the first day of each kind of service (keys of `SERVICES`).

    `breaks` are the times without service of each kind, (first day, day after the last), in order. `told` are the facts each first day was deduced from; `origin` says where the corps comes from.
    """

    corps: str
    since: Mapping[str, dt.date] = field(default_factory=dict)
    told: Mapping[str, tuple[Input, ...]] = field(default_factory=dict)
    origin: str = "Situation saisie"
    breaks: Mapping[str, tuple[tuple[dt.date, dt.date], ...]] = field(default_factory=dict)

    def completed(self, kind: str, months: int) -> dt.date | None:
        """The day so many months of service are complete, date to date: a break begun before puts it off by its length.

        None where the first day is not known.
        """
        start = self.since.get(kind)
        if start is None:
            return None
        day, more, days = add_months(start, months), 0, 0
        for first, end in self.breaks.get(kind, ()):
            if day <= first:
                break
            whole = months_between(first, end)
            more, days = more + whole, days + (end - add_months(first, whole)).days
            day = add_months(start, months + more) + dt.timedelta(days)
        return day


class Status(StrEnum):
    """Where an agent stands before a way."""

    MET = "met"
    COMING = "coming"
    UNTOLD = "untold"  # the file does not tell the services asked
    UNPUBLISHED = "unpublished"
    CLOSED = "closed"  # the corps does not open this way


def first_session(met_on: dt.date, assessed: str) -> int | None:
    """The year of the first session whose day of assessment is not before `met_on`; None when that day is not fixed.

    >>> first_session(dt.date(2027, 1, 2), "first_january"), first_session(dt.date(2027, 1, 2), "last_day_of_year")
    (2028, 2027)
    """
    if assessed == FIRST_JANUARY:
        return met_on.year if (met_on.month, met_on.day) == (1, 1) else met_on.year + 1
    return met_on.year if assessed == LAST_DAY else None


def reaches_group(corps: str, group: str, on: dt.date) -> bool:
    """Whether a grade of the corps has an échelon in this hors-échelle group, or above, on a day. Raises DomainError."""
    wanted = HORS_ECHELLE[HORS_ECHELLE.index(group) :]
    return any(
        rule.hors_echelle in wanted
        for grade in load_grids().find_corps(corps).grades.values()
        for rule in grade.structure.at(on).value.values()
    )


def closed_to(route: Route, corps: str, on: dt.date) -> bool:
    """Whether the corps alone closes the way. Raises DomainError for a corps that is not in the registry."""
    if route.corps is not None and corps not in route.corps:
        return True
    return bool(route.index_group) and not reaches_group(corps, route.index_group, on)


def route_status(code: str, corps: str, met_on: object, on: dt.date) -> Status:
    """Where an agent of this corps stands on a day, `met_on` being the value of `route_node`."""
    route = load_routes()[code].versions.at(on).value
    if isinstance(met_on, dt.date):
        return Status.MET if met_on <= on else Status.COMING
    if closed_to(route, corps, on):
        return Status.CLOSED
    return Status.UNPUBLISHED if route.services is None else Status.UNTOLD


def route_node(code: str, agent: Services, on: dt.date) -> Node:
    """The day an agent meets the conditions of service of a way, or None with what is missing, seen on a day.

    Children: one per kind of service, the index group where one is asked. What the portal cannot check (a diploma, a
    contract) is told, not decided. Raises NotInForce before the first day of the text, KeyError for an unknown code.
    """
    named = load_routes()[code]
    version = named.versions.at(on)
    route, source, since = version.value, version.source, version.since.isoformat()
    children: list[Node] = []
    missing: list[str] = []
    if route.corps is not None and agent.corps not in route.corps:
        missing.append("un corps qui ouvre cette voie")
    if route.index_group:
        reached = reaches_group(agent.corps, route.index_group, on)
        children.append(_group_node(code, route.index_group, reached, on, source, since))
        if not reached:
            missing.append("un corps qui atteint ce groupe")
    days: list[dt.date] = []
    if route.services is None:
        missing.append("la durée de services, non publiée dans les textes consultés")
    for kind, months in (route.services or {}).items():
        node = _service_node(code, kind, months, agent, on, source, since)
        children.append(node)
        if isinstance(node.value, dt.date):
            days.append(node.value)
        else:
            missing.append(f"la date de début ({SERVICES[kind]})")
    met_on = None if missing else max(days)
    return Node(
        label=named.label,
        value=met_on,
        unit="date",
        rule=f"career.perspectives.{code}",
        version=since,
        sources=(source,),
        inputs=(Input("Corps", load_grids().find_corps(agent.corps).person, agent.origin),),
        children=tuple(children),
        sentence=_sentence(route, met_on, missing, on),
    )


def _sentence(route: Route, met_on: dt.date | None, missing: list[str], on: dt.date) -> str:
    if met_on is None:
        said = [f"Il manque : {' ; '.join(missing)}."]
    elif met_on <= on:
        said = [f"Condition de services remplie depuis le {french_date(met_on)}."]
    else:
        said = [f"Condition de services remplie le {french_date(met_on)}."]
    if met_on is not None and route.assessed:
        year = first_session(met_on, route.assessed)
        first = f" : première session possible en {year}" if year else ""
        said.append(f"Elle s'apprécie {ASSESSED[route.assessed]}{first}.")
    elif met_on is not None:
        said.append("Le jour où elle s'apprécie n'est pas publié : la première session ne peut pas être dite.")
    if route.conditions:
        said.append(f"Le portail ne vérifie pas : {' ; '.join(route.conditions)}.")
    if not route.first_day_known:
        said.append("La date d'entrée en vigueur du texte n'est pas connue : il est dit tel qu'il a été lu.")
    return " ".join(said)


def _service_node(
    code: str, kind: str, months: int, agent: Services, on: dt.date, source: LegalSource, since: str
) -> Node:
    """The day `months` of a kind of service are complete, date to date, or None without a starting day."""
    start = agent.since.get(kind)
    wanted = f"Condition de {french_age(months)}" if months else "Aucune durée minimale"
    wanted += f" : {SERVICES[kind]}."
    met_on = agent.completed(kind, months)
    if met_on is None:
        sentence = f"{wanted} La date de début n'est pas connue."
    elif met_on <= on:
        sentence = f"{wanted} Remplie depuis le {french_date(met_on)}."
    else:
        left = months_between(on, met_on)
        remaining = f"{left} mois" if left else "moins d'un mois"
        sentence = f"{wanted} Il manque {remaining} : remplie le {french_date(met_on)}, sans interruption."
    return Node(
        label=f"{SERVICES[kind][0].upper()}{SERVICES[kind][1:]}",
        value=met_on,
        unit="date",
        rule=f"career.perspectives.{code}.{kind}",
        version=since,
        sources=(source,),
        inputs=agent.told.get(kind, (Input("Depuis le", start, agent.origin),)),
        sentence=sentence,
    )


def _group_node(code: str, group: str, reached: bool, on: dt.date, source: LegalSource, since: str) -> Node:
    """The index threshold: the first chevron of the group a grade of the corps must reach."""
    verdict = "il l'atteint" if reached else "il ne l'atteint pas"
    threshold = load_grids().hors_echelle[group].at(on)
    return Node(
        label="Seuil indiciaire du corps",
        value="atteint" if reached else "non atteint",
        unit="",
        rule=f"career.perspectives.{code}.index_group",
        version=max(since, threshold.since.isoformat()),
        sources=(source, threshold.source),
        inputs=(Input("Premier chevron du groupe", threshold.value[0], "Barème des traitements hors échelle"),),
        sentence=(
            f"Le corps doit culminer au moins au groupe hors échelle {group[-1]} ({threshold.value[0]} points) : "
            f"{verdict}."
        ),
    )
