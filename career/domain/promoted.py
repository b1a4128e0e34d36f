"""What follows a promotion of grade: the place entered, then the next one on the very day the reclassement gives."""

from dataclasses import dataclass, replace

from career.domain.advancement import NextStep, arrival
from career.domain.grids import load_grids
from career.domain.promotion_reclassement import Reclassement
from career.domain.snapshot import Standing
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.periods import add_months

YEAR = 360  # days, in the accounting of ancienneté kept


@dataclass(frozen=True, slots=True)
class Entry:
    """The standing on the day of the promotion, then the next one and what leads to it (None: last place). The ancienneté
    kept is counted from day to day where it was acquired: `following` may come some days beside what 30-day months
    would give."""

    standing: Standing
    following: tuple[Standing, NextStep] | None


def entry_of(found: Reclassement) -> Entry:
    """Raises UnknownFigure("kept_unverified", "duration_unpublished") when the texts do not say what comes next."""
    after = found.after
    if found.kept is None:
        raise UnknownFigure("kept_unverified", corps=after.corps)
    if not found.next_known:
        raise UnknownFigure("duration_unpublished", corps=after.corps, grade=after.grade, echelon=after.echelon)
    # Entered at a chevron, the years of those before it count as spent: each chevron is a place of its own.
    spent = load_grids().chevron_months * ((after.chevron or 1) - 1)
    standing = Standing(after, add_months(after.seniority_start, -spent))
    if found.next_on is None:
        return Entry(standing, None)
    step = NextStep(found.next_on, found.next_echelon, found.next_chevron, since=found.version, source=found.source)
    # Its months are complete on that day: in a chevron, the year at its index has been paid.
    reached = arrival(replace(after, kept_days=YEAR), step)
    start = standing.echelon_start if reached.echelon == after.echelon else reached.effective_on
    return Entry(standing, (Standing(reached, start), step))
