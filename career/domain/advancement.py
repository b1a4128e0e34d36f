"""The next échelon or chevron: what it is and the day it is reached."""

import datetime as dt
from dataclasses import dataclass

from career.domain.grids import EchelonRule, Grids, load_grids
from career.domain.pay import french_date, ordinal, step_input
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.dated import Dated
from iprof.kernel.errors import DomainError, UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import add_months


@dataclass(frozen=True, slots=True)
class NextStep:
    """`on` None: nothing follows automatically (last échelon of the grade or last chevron)."""

    on: dt.date | None
    echelon: int | None = None
    chevron: int | None = None
    months: int | None = None
    since: dt.date | None = None
    source: LegalSource | None = None
    bonified: bool = False


def can_have_bonification(step: CareerStepFact) -> bool:
    """The one-year bonification exists in this échelon (6th and 8th of the classe normale)."""
    grids = load_grids()
    corps = grids.corps.get(step.corps)
    grade = corps.grades.get(step.grade) if corps else None
    if grade is None or step.effective_on < grids.bonification.since:
        return False
    rule = grade.structure.at(step.effective_on).value.get(step.echelon or 0)
    return rule is not None and rule.accelerated_months is not None


def grid_day(step: CareerStepFact) -> dt.date:
    """The day whose grid a place is read in: its entry.

    A last place held since before the first grid of its grade is still the last one, whatever came before: it is read
    in that first grid.
    """
    grids = load_grids()
    structure = grids.find_grade(step.corps, step.grade).structure
    rule = structure.at(structure.first_day).value.get(step.echelon or 0)
    if step.effective_on >= structure.first_day or rule is None or rule.months is not None or not rule.months_known:
        return step.effective_on
    chevrons = grids.hors_echelle[rule.hors_echelle].at(structure.first_day).value if rule.hors_echelle else ()
    return structure.first_day if (step.chevron or 0) == len(chevrons) else step.effective_on


def next_step(step: CareerStepFact, echelon_start: dt.date, *, bonification: bool = False) -> NextStep:
    """What follows `step` automatically, date to date.

    `echelon_start` is the first day counted in the échelon (chevrons follow one another inside it). `bonification` is
    ignored where none exists. A change of law between the start and the term applies from its first day, never before.
    Raises NotInForce, UnknownFigure (duration not published, corps without grid), DomainError.
    Sources: décret n° 90-680 art. 24 and the same rules of the other statutes; décret n° 2023-720 for hors échelle.
    """
    grids = load_grids()
    grade = grids.find_grade(step.corps, step.grade)
    echelon, entered = step.echelon or 0, grid_day(step)
    rule = grids.rule(step.corps, step.grade, echelon, entered)
    if rule.value.hors_echelle:
        chevron = step.chevron or 1
        group = grids.hors_echelle[rule.value.hors_echelle].at(entered)
        if chevron < len(group.value):
            return NextStep(
                max(step.reaches(grids.chevron_months), step.effective_on),
                echelon,
                chevron + 1,
                grids.chevron_months,
                group.since,
                grids.chevron_source,
            )
    day: dt.date | None = entered
    while day is not None:
        structure = grade.structure.at(day)
        following = grade.structure.next_change(day)
        current = structure.value.get(echelon)
        if current is None:
            raise DomainError("echelon_unknown", corps=step.corps, grade=step.grade, echelon=echelon, on=day)
        if not current.months_known:
            raise UnknownFigure("duration_unpublished", corps=step.corps, grade=step.grade, echelon=echelon)
        if current.months is not None:
            found = _term(Dated(current, structure.since, structure.source), step, echelon_start, bonification, grids)
            if found.on and (following is None or found.on < following):
                return found
        day = following
    return NextStep(None, since=rule.since, source=rule.source)


def _term(
    dated: Dated[EchelonRule], step: CareerStepFact, start: dt.date, bonification: bool, grids: Grids
) -> NextStep:
    rule = dated.value
    months, source, bonified = rule.months or 0, dated.source, False
    if bonification and rule.accelerated_months is not None:
        months, source, bonified = rule.accelerated_months, grids.bonification.source, True
    # A duration created by a later text opens nothing before that text's first day, nor does a kept ancienneté
    # open an échelon before the agent entered the present one.
    on = max(complete(step, start, months), dated.since, step.effective_on)
    return NextStep(on, (step.echelon or 0) + 1, None, months, dated.since, source, bonified)


def complete(step: CareerStepFact, start: dt.date, months: int) -> dt.date:
    """The day `months` are complete: on the step itself, or from an earlier `start` when chevrons came in between."""
    return step.reaches(months) if start == step.seniority_start else add_months(start, months)


def arrival(step: CareerStepFact, found: NextStep) -> CareerStepFact:
    """The place on the grid on the day `found.on`. Raises DomainError("no_step_follows").

    A hors-échelle échelon is entered at its first chevron; a year already paid at the same index in the group below
    counts for the second one (HEA third chevron and HEB first chevron). Source: décret n° 85-1148 and statutes.
    """
    if found.on is None or found.echelon is None:
        raise DomainError("no_step_follows", corps=step.corps, grade=step.grade, echelon=step.echelon)
    grids = load_grids()
    chevron = found.chevron
    group = grids.rule(step.corps, step.grade, found.echelon, found.on).value.hors_echelle
    if group and chevron is None:
        chevron = 1
        indices = grids.hors_echelle[group].at(found.on).value
        if (
            step.chevron
            and grids.index(step.corps, step.grade, step.echelon or 0, step.chevron, found.on).value == indices[0]
        ):
            chevron = 2 if step.reaches(grids.chevron_months) <= found.on else 1
    return CareerStepFact(step.corps, step.grade, found.echelon, found.on, chevron)


def next_step_node(now: Standing, *, bonification: bool = False) -> Node:
    """The day of the next échelon or chevron, explained. Raises as `next_step`."""
    step = now.step
    found = next_step(step, now.echelon_start, bonification=bonification)
    version = (found.since or step.effective_on).isoformat()
    sources = (found.source,) if found.source else ()
    entered = now.echelon_start == step.effective_on
    counted_from = "Date d'entrée dans l'échelon" if entered else "Ancienneté dans l'échelon comptée depuis le"
    inputs: tuple[Input, ...] = (
        step_input(step),
        Input(counted_from, now.echelon_start, step.origin or "Situation saisie", step.recorded_on),
    )
    if found.on is None:
        last = "dernier chevron" if step.chevron else "dernier échelon"
        return Node(
            "Prochain échelon",
            None,
            "date",
            "career.advancement.next",
            version,
            sources,
            inputs,
            sentence=f"Vous êtes au {last} de votre grade : aucun avancement automatique ne suit.",
        )
    if found.chevron and found.echelon == step.echelon:
        what = f"{ordinal(found.chevron)} chevron"
        start = step.seniority_start
    else:
        what = f"{ordinal(found.echelon or 0)} échelon"
        start = now.echelon_start
    if start == step.seniority_start and step.kept_days:
        because = (
            f"Entrée le {french_date(step.effective_on)}, plus {found.months} mois moins "
            f"{_kept(step.kept_days)} d'ancienneté conservée"
        )
    elif start == step.effective_on:
        because = f"Entrée le {french_date(start)}, plus {found.months} mois"
    else:
        because = f"Ancienneté dans l'échelon comptée depuis le {french_date(start)}, plus {found.months} mois"
    if found.bonified:
        because += " (durée réduite d'un an par la bonification)"
    if found.months and complete(step, start, found.months) != found.on:
        because += f", mais pas avant le {french_date(found.on)} (entrée dans l'échelon ou effet du texte)"
    return Node(
        f"Passage au {what}",
        found.on,
        "date",
        "career.advancement.next",
        version,
        sources,
        inputs,
        sentence=f"{because} : {french_date(found.on)}. L'avancement est automatique, de date à date.",
    )


def _kept(days: int) -> str:
    """« 3 mois », « 15 jours » or « 1 mois et 15 jours », in the 360-day accounting."""
    months, rest = divmod(days, 30)
    parts = [f"{months} mois"] if months else []
    if rest:
        parts.append(f"{rest} jour{'s' if rest > 1 else ''}")
    return " et ".join(parts)
