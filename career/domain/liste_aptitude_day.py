"""The day the conditions of the liste d'aptitude des agrégés are met, and the first list that looks at them."""

import datetime as dt

from career.domain.liste_aptitude import AptitudeConditions, load_liste_aptitude
from career.domain.pay import french_date
from career.domain.perspectives import Services
from iprof.kernel.dated import Dated
from iprof.kernel.explain import Input, Node
from iprof.kernel.periods import add_months

LABEL = "Agrégés, liste d'aptitude"
RULE = "career.liste_aptitude.day"
TEACHING, IN_CORPS = "enseignement", "corps"  # kinds of services


def conditions_on(on: dt.date) -> Dated[AptitudeConditions]:
    """Those of the next list whose day of appreciation is not past. Raises NotInForce."""
    rules = load_liste_aptitude()
    return rules.values.at(rules.appreciation_day(first_list(on)))


def first_list(met_on: dt.date) -> int:
    """The year of the first list whose day of appreciation is not before `met_on`.

    >>> first_list(dt.date(2027, 10, 1)), first_list(dt.date(2027, 10, 2))
    (2027, 2028)
    """
    return met_on.year if met_on <= load_liste_aptitude().appreciation_day(met_on.year) else met_on.year + 1


def aptitude_day_node(services: Services, *, born: Input, on: dt.date) -> Node:
    """The day age and services are complete if services go on, None for another corps or without a first day.

    Raises NotInForce. Source: décret n° 72-580 art. 5.
    """
    found = conditions_on(on)
    asked, version, sources = found.value, found.since.isoformat(), (found.source,)
    teaching, in_corps = (
        (services.completed(kind, 12 * years), services.told.get(kind, ()))
        for kind, years in ((TEACHING, asked.services_years), (IN_CORPS, asked.corps_years))
    )
    aged = add_months(born.value, 12 * asked.age) if isinstance(born.value, dt.date) else None
    conditions = (
        (f"Âge de {asked.age} ans", aged, (born,)),
        (f"{asked.services_years} ans de services d'enseignement", *teaching),
        (f"{asked.corps_years} ans dans le corps", *in_corps),
    )
    children = []
    for label, day, inputs in conditions:
        sentence = f"Le {french_date(day)}, de date à date." if day else "La date de début n'est pas connue."
        children.append(Node(label, day, "date", RULE, version, sources, inputs, sentence=sentence))
    days = [child.value for child in children if isinstance(child.value, dt.date)]
    met_on = max(days) if services.corps in asked.corps and len(days) == len(children) else None
    return Node(
        LABEL, met_on, "date", RULE, version, sources, (), tuple(children), _sentence(services.corps, asked, met_on, on)
    )


def _sentence(corps: str, asked: AptitudeConditions, met_on: dt.date | None, on: dt.date) -> str:
    if corps not in asked.corps:
        return "Ce corps n'est pas de ceux qui accèdent à la liste d'aptitude."
    if met_on is None:
        return "Il manque une date de début des services : le jour ne peut pas être donné."
    year = first_list(max(met_on, on))
    day = french_date(load_liste_aptitude().appreciation_day(year))
    verb = "remplies depuis" if met_on <= on else "remplies, si les services se poursuivent,"
    return (
        f"Conditions d'âge et de services {verb} le {french_date(met_on)}. Elles s'apprécient au {day} pour la liste de {year}. "
        f"Le nombre de places est limité : {asked.contingent}."
    )
