"""Children who count: under 18 at 31 August N, born or recognised in time, their pieces there."""

import datetime as dt
from dataclasses import dataclass

from iprof.kernel.periods import add_months
from mobility.domain.facts import Lien
from mobility.domain.inter_frame import frame
from mobility.domain.inter_ledger import Case

BORN, EXPECTED, UNBORN = ("enfants",), ("grossesse",), ("enfant_a_naitre", "grossesse")


@dataclass(frozen=True, slots=True)
class Children:
    """Birth days of those who count, of those recognised too late, and of those whose pieces are missing."""

    counted: tuple[dt.date, ...]
    late: tuple[dt.date, ...]
    unproved: tuple[dt.date, ...]


def children(case: Case) -> Children:
    """Source: anchors `enfant` and `reconnaissance`. The unborn must be recognised at 31 December N-1 at the latest."""
    minor = [birth for birth in case.situation.children_birthdates if _minor(birth, case)]
    late = tuple(birth for birth in minor if not in_time(birth, case))
    proved = [(birth, case.missing.isdisjoint(pieces_of(birth, case))) for birth in minor if birth not in late]
    return Children(tuple(b for b, there in proved if there), late, tuple(b for b, there in proved if not there))


def _minor(birth: dt.date, case: Case) -> bool:
    return add_months(birth, 12 * frame().counts["adult_age"]) > case.anchors.enfant


def in_time(birth: dt.date, case: Case) -> bool:
    """Recognised by the limit when the day is told; else born by then, or expected by married parents."""
    limit = case.anchors.reconnaissance
    recognised = case.situation.reconnaissance_anticipee.get(birth)
    if recognised is None:
        return birth <= limit or is_married(case)
    return recognised <= limit


def is_married(case: Case) -> bool:
    rc = case.situation.rc
    return rc is not None and rc.lien is Lien.MARIAGE


def pieces_of(birth: dt.date, case: Case) -> tuple[str, ...]:
    """Those of a child who is there on the day of the deposit, or of one who is expected."""
    deposit = case.situation.deposit
    if birth <= case.anchors.reconnaissance and (deposit is None or birth <= deposit):
        return BORN
    return EXPECTED if is_married(case) else UNBORN


def pieces_of_all(found: Children, case: Case) -> tuple[str, ...]:
    """Those that support the children who count, each once."""
    return tuple(dict.fromkeys(piece for birth in found.counted for piece in pieces_of(birth, case)))
