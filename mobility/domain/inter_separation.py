"""Years apart: counted by school year, half for a leave, none inside one département."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from iprof.kernel.periods import months_between, school_year
from mobility.domain.facts import Situation
from mobility.domain.geography import geography
from mobility.domain.inter_family_place import Seat
from mobility.domain.inter_frame import frame
from mobility.domain.inter_law import Item
from mobility.domain.inter_ledger import Case

ZERO = Decimal(0)
MOST = 4  # years, of leave or in all, above which the tables do not grow


@dataclass(frozen=True, slots=True)
class Apart:
    """Whole school years in activity and on leave, and their sum with leave counted half (at most one for a stagiaire)."""

    active: int
    leave: int
    years: Decimal


def apart(case: Case, seat: Seat, union: dt.date | None, item: Item) -> Apart:
    """`union`: the marriage, PACS or birth, before which nothing is counted. Source: the item `separation`."""
    situation = case.situation
    if same_departement(case, seat):
        return Apart(0, 0, ZERO)
    active, leave = max(situation.separation_active, 0), min(max(situation.separation_leave, 0), MOST)
    if situation.apart_since is not None:
        active = max(counted_years(case, situation.apart_since, union) - leave, 0)
    most = item.amount("stagiaire") if case.stagiaire else Decimal(MOST)
    years = min(Decimal(active) + (item.amount("conge") * leave).normalize(), most)
    return Apart(active, leave, years)


def same_departement(case: Case, seat: Seat) -> bool:
    """Only when both are told: what is not known is not held against the person."""
    return bool(case.departement and seat.departement and geography().same_place(case.departement, seat.departement))


def counted_years(case: Case, since: dt.date, union: dt.date | None) -> int:
    """School years with six months apart at least, up to that of the request; the union and an end of activity bound them."""
    start = max(since, union) if union else since
    end = activity_end(case.situation, case.anchors.poste) + dt.timedelta(1)
    return sum(1 for year in range(school_year(start), case.anchors.poste.year) if _enough(year, start, end))


def activity_end(situation: Situation, until: dt.date) -> dt.date:
    """Years of a conjoint registered at France Travail are not counted."""
    rc = situation.rc
    return min(rc.last_activity_end, until) if rc and rc.unemployed and rc.last_activity_end else until


def _enough(year: int, start: dt.date, end: dt.date) -> bool:
    first, after = max(start, dt.date(year, 9, 1)), min(end, dt.date(year + 1, 9, 1))
    return months_between(first, after) >= frame().counts["separation_months"]


def separation_points(item: Item, years: Decimal) -> Decimal:
    """
    >>> from mobility.domain.inter_law import items
    >>> separation_points(items(2026)["separation"], Decimal("2.5"))
    Decimal('420')
    """
    return item.table("annees")[years] if years else ZERO


def non_limitrophe_points(case: Case, seat: Seat, item: Item) -> tuple[Decimal, bool]:
    """The points, and whether they can be told: between two académies that touch, both départements must be known."""
    geo = geography()
    if not case.home or case.home == seat.academie:
        return ZERO, bool(case.home)
    if seat.academie not in geo.near_academies[case.home]:
        return item.amount("academies"), True
    if not (case.departement and seat.departement):
        return ZERO, False
    touch = seat.departement in geo.near_departements[case.departement]
    return (ZERO if touch else item.amount("departements")), True
