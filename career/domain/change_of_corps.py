"""Change of corps (décret n° 51-1423): the place in the new corps of an agent who comes from another one."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from career.domain.change_of_corps_law import ChangeLaw, load_change_law
from career.domain.grids import Grids, load_grids
from career.domain.pay import french_date, ordinal, origin_of, place, step_input
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import Duration360

# Décret n° 51-1423, article 10: promoted grades go by annexe I, not found for the first, disputed for the second.
BY_ANNEXE = {"hors_classe": "annexe_hors_classe", "classe_exceptionnelle": "annexe_classe_exceptionnelle"}


@dataclass(frozen=True, slots=True)
class Placement:
    """An échelon and the ancienneté left in it (reliquat); `since` and `source` are of the grid that gave them."""

    echelon: int
    left: Duration360
    since: dt.date
    source: LegalSource


@dataclass(frozen=True, slots=True)
class ChangeOfCorps:
    """`step` is the new place from the day of appointment, its `kept_days` the reliquat.

    `theoretical`, `retained` and `left` are None where the index decides and the ancienneté kept was not published.
    `grid_index` is the new échelon's, `former_index` the one held before; both are None before the first index known.
    """

    former: CareerStepFact
    step: CareerStepFact
    theoretical: Duration360 | None
    retained: Duration360 | None
    left: Duration360 | None
    grid_index: int | None
    former_index: int | None
    biadmissible: bool = False

    @property
    def held_index(self) -> int | None:
        """What is paid: the former index is kept in person as long as it is higher. None when not known."""
        if self.grid_index is None or self.former_index is None:
            return None
        return max(self.grid_index, self.former_index)


def entry_months(corps: str, echelon: int, on: dt.date) -> int:
    """Months to reach an échelon of the entry grade by ancienneté, bonifications ignored. Raises as `Grids.rule`.

    >>> entry_months("certifies", 11, dt.date(2026, 9, 1))
    312
    """
    grids, grade = load_grids(), load_change_law().entry_grade
    grids.rule(corps, grade, echelon, on)
    return sum(
        _months(grids, corps, grade, before, on) for before in grids.echelons_on(corps, grade, on) if before < echelon
    )


def place_by_seniority(days: Duration360, corps: str, on: dt.date) -> Placement:
    """Where an ancienneté leads in the entry grade; the last échelon keeps all that is left.

    >>> place_by_seniority(Duration360(7656), "agreges", dt.date(2019, 9, 1)).echelon
    9
    """
    grids, grade = load_grids(), load_change_law().entry_grade
    structure = grids.find_grade(corps, grade).structure.at(on)
    echelons = grids.echelons_on(corps, grade, on)
    left = days
    for echelon in echelons[:-1]:
        length = Duration360.of(months=_months(grids, corps, grade, echelon, on))
        if left < length:
            return Placement(echelon, left, structure.since, structure.source)
        left -= length
    return Placement(echelons[-1], left, structure.since, structure.source)


def _months(grids: Grids, corps: str, grade: str, echelon: int, on: dt.date) -> int:
    """Duration of an échelon that is not the last one. Raises UnknownFigure when it is not published."""
    months = grids.rule(corps, grade, echelon, on).value.months
    if months is None:
        raise UnknownFigure("duration_unpublished", corps=corps, grade=grade, echelon=echelon)
    return months


def seniority_on_the_eve(step: CareerStepFact, on: dt.date) -> Duration360:
    """In the échelon, on the eve of the appointment. Raises DomainError("entered_after_appointment")."""
    if step.effective_on > on:
        raise DomainError("entered_after_appointment", entered=step.effective_on, on=on)
    return Duration360.between(step.effective_on, on) + Duration360(step.kept_days)


def change_of_corps(former: CareerStepFact, corps: str, on: dt.date, *, biadmissible: bool = False) -> ChangeOfCorps:
    """The place in `corps` of the agent who stands on `former`, appointed on the day `on`.

    Raises NotInForce, UnknownFigure ("coefficient_unpublished", "biadmissible_unpublished", "annexe_hors_classe",
    "annexe_classe_exceptionnelle"), DomainError ("same_corps", "chaires_only_from", "index_above_grid",
    "entered_after_appointment", "seniority_beyond_echelon" and those of the grids).
    Source: décret n° 51-1423 du 5 décembre 1951, articles 8 to 10.
    """
    grids, text = load_grids(), load_change_law()
    grids.find_corps(corps)
    if corps == former.corps:
        raise DomainError("same_corps")
    in_echelon = seniority_on_the_eve(former, on)
    by_index = text.by_index.at(on).value
    if corps == by_index.to_corps:
        if former.corps != by_index.from_corps:
            raise UnknownFigure("chaires_only_from")
        return _by_index(former, corps, on)
    share = coefficient(text, former.corps, on, biadmissible=biadmissible) / coefficient(text, corps, on)
    if former.grade in BY_ANNEXE:
        raise UnknownFigure(BY_ANNEXE[former.grade])
    grids.find_grade(former.corps, former.grade)
    echelon = former.echelon or 0
    to_echelon = Duration360.of(months=entry_months(former.corps, echelon, on))
    months = grids.rule(former.corps, text.entry_grade, echelon, on).value.months
    if months is not None and in_echelon > Duration360.of(months=months):
        raise DomainError("seniority_beyond_echelon", echelon=echelon, months=months)
    theoretical = to_echelon + in_echelon
    retained = Duration360(text.nearest(theoretical.days * share))
    found = place_by_seniority(retained, corps, on)
    step = CareerStepFact(corps, text.entry_grade, found.echelon, on, kept_days=found.left.days, origin=former.origin)
    return ChangeOfCorps(
        former, step, theoretical, retained, found.left, _index(step, on), _index(former, on), biadmissible
    )


def coefficient(text: ChangeLaw, corps: str, on: dt.date, *, biadmissible: bool = False) -> Fraction:
    """Coefficient caractéristique of a corps. Raises UnknownFigure, NotInForce. Source: article 9."""
    points = text.coefficients.at(on).value
    if corps not in points:
        raise UnknownFigure("coefficient_unpublished", corps=load_grids().find_corps(corps).label)
    if not biadmissible:
        return Fraction(points[corps])
    if f"{corps}_biadmissibles" not in points:
        raise UnknownFigure("biadmissible_unpublished", corps=load_grids().find_corps(corps).label)
    return Fraction(points[f"{corps}_biadmissibles"])


def _index(step: CareerStepFact, on: dt.date) -> int | None:
    try:
        return load_grids().index(step.corps, step.grade, step.echelon or 0, step.chevron, on).value
    except NotInForce:  # places are known since 2017, indices since 2021
        return None


def _by_index(former: CareerStepFact, corps: str, on: dt.date) -> ChangeOfCorps:
    """Agrégé to chaires supérieures: the lowest place whose index is equal or, failing that, just above."""
    grids = load_grids()
    held = grids.index(former.corps, former.grade, former.echelon or 0, former.chevron, on).value
    for grade in grids.find_corps(corps).grades:
        for echelon in grids.echelons_on(corps, grade, on):
            group = grids.rule(corps, grade, echelon, on).value.hors_echelle
            chevrons = range(1, len(grids.hors_echelle[group].at(on).value) + 1) if group else (None,)
            for chevron in chevrons:
                points = grids.index(corps, grade, echelon, chevron, on).value
                if points >= held:
                    step = CareerStepFact(corps, grade, echelon, on, chevron, origin=former.origin)
                    return ChangeOfCorps(former, step, None, None, None, points, held)
    raise DomainError("index_above_grid", held=held)


def duration_text(length: Duration360) -> str:
    """« 1 an, 6 mois et 25 jours ».

    >>> duration_text(Duration360(565)), duration_text(Duration360(0))
    ('1 an, 6 mois et 25 jours', 'aucune ancienneté')
    """
    years, months, days = length.parts
    parts = [
        f"{years} an{'s' if years > 1 else ''}" if years else "",
        f"{months} mois" if months else "",
        f"{days} jour{'s' if days > 1 else ''}" if days else "",
    ]
    told = [part for part in parts if part]
    if not told:
        return "aucune ancienneté"
    return " et ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else told[0]


def placement_node(found: Placement, retained: Duration360, corps: str) -> Node:
    """The échelon reached, explained: shared with prior services."""
    at = f"{ordinal(found.echelon)} échelon"
    return Node(
        "Échelon dans le nouveau corps",
        found.echelon,
        "",
        "career.change_of_corps.place",
        found.since.isoformat(),
        (found.source, load_change_law().entry_source),
        sentence=(
            f"{duration_text(retained).capitalize()} dans la classe normale du corps « {load_grids().find_corps(corps).label} » : "
            f"{at}, reliquat : {duration_text(found.left)}."
        ),
    )


def change_of_corps_node(change: ChangeOfCorps) -> Node:
    """The new place, explained: théorique, retained days, échelon and index. Raises NotInForce."""
    former, step, on, text = change.former, change.step, change.step.effective_on, load_change_law()
    if change.theoretical is None or change.retained is None:
        entry = text.by_index.at(on)
        return Node(
            "Classement dans le nouveau corps",
            place(step),
            "",
            "career.change_of_corps.by_index",
            entry.since.isoformat(),
            (entry.source,),
            (step_input(former), Input("Date de nomination", on, origin_of(former), former.recorded_on)),
            (_index_node(change),),
            sentence=(
                f"Indice détenu : {change.former_index}. Le classement se fait à l'indice égal ou immédiatement supérieur, "
                f"soit {change.grid_index}. L'ancienneté conservée n'est pas publiée dans les textes consultés."
            ),
        )
    coefficients = text.coefficients.at(on)
    above = coefficient(text, former.corps, on, biadmissible=change.biadmissible)
    below = coefficient(text, step.corps, on)
    version = coefficients.since.isoformat()
    found = place_by_seniority(change.retained, step.corps, on)
    return Node(
        "Classement dans le nouveau corps",
        place(step),
        "",
        "career.change_of_corps",
        version,
        (coefficients.source, text.entry_source),
        (step_input(former), Input("Date de nomination", on, origin_of(former), former.recorded_on)),
        (
            _theoretical_node(change, change.theoretical),
            Node(
                "Ancienneté retenue",
                change.retained.days,
                "jours",
                "career.change_of_corps.retained",
                version,
                (coefficients.source, text.rounding_source),
                (
                    Input("Coefficient du corps d'origine", int(above), "Décret n° 51-1423"),
                    Input("Coefficient du corps d'accueil", int(below), "Décret n° 51-1423"),
                ),
                sentence=(
                    f"{change.theoretical.days} jours × {above} ÷ {below}, au jour le plus proche : "
                    f"{change.retained.days} jours, soit {duration_text(change.retained)}."
                ),
            ),
            placement_node(found, change.retained, step.corps),
            _index_node(change),
        ),
        sentence=f"Au {french_date(on)} : {place(step)}, reliquat : {duration_text(found.left)}.",
    )


def _theoretical_node(change: ChangeOfCorps, theoretical: Duration360) -> Node:
    former, on = change.former, change.step.effective_on
    in_echelon = seniority_on_the_eve(former, on)
    structure = load_grids().find_grade(former.corps, former.grade).structure.at(on)
    sources: tuple[LegalSource, ...] = (structure.source, load_change_law().clock_source)
    return Node(
        "Ancienneté théorique dans le corps d'origine",
        theoretical.days,
        "jours",
        "career.change_of_corps.theoretical",
        structure.since.isoformat(),
        sources,
        (Input("Date d'entrée dans l'échelon", former.effective_on, origin_of(former), former.recorded_on),),
        sentence=(
            f"Durée pour atteindre le {ordinal(former.echelon or 0)} échelon à l'ancienneté, sans bonification : "
            f"{duration_text(theoretical - in_echelon)} ; dans l'échelon à la veille de la nomination : "
            f"{duration_text(in_echelon)}. Total : {theoretical.days} jours (années de 360 jours, mois de 30 jours)."
        ),
    )


def _index_node(change: ChangeOfCorps) -> Node:
    step, on = change.step, change.step.effective_on
    label, unit, rule = "Indice majoré détenu", "points d'indice", "career.change_of_corps.index"
    held, points, former = change.held_index, change.grid_index, change.former_index
    if points is None or former is None or held is None:
        version = load_change_law().coefficients.at(on).since.isoformat()
        return Node(
            label,
            None,
            unit,
            rule,
            version,
            (load_change_law().entry_source,),
            sentence=f"Aucun indice n'est affirmé au {french_date(on)} : les indices consultés commencent plus tard.",
        )
    dated = load_grids().index(step.corps, step.grade, step.echelon or 0, step.chevron, on)
    sentence = f"La grille du nouveau corps donne {points} points"
    sentence += (
        f" ; l'ancien indice, {former} points, est plus élevé : il est conservé à titre personnel jusqu'à être rattrapé. "
        f"La pension se calcule sur l'indice du nouveau corps."
        if former > points
        else f", au moins autant que l'ancien indice ({former} points)."
    )
    return Node(label, held, unit, rule, dated.since.isoformat(), (dated.source,), sentence=sentence)
