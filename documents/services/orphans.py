"""Contents that no row knows: what a crash leaves between the storage and the database. Nobody has their key."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from documents import custody
from documents.models import StoredFile

AGE = dt.timedelta(hours=24)  # a deposit writes the content before its row
FEW, SHARE = 50, 20  # beyond FEW, and more than one in SHARE: the database is not that of this storage


@dataclass(frozen=True, slots=True)
class Orphans:
    """`withheld`: so many that somebody must look first, nothing was erased."""

    held: int
    found: tuple[str, ...]
    erased: int
    withheld: bool


def sweep_orphans(*, apply: bool, all_of_them: bool = False) -> Orphans:
    """Erases those older than AGE with `apply`. Raises OSError when the storage does not answer."""
    held, found = 0, []
    for names in custody.contents():
        held += len(names)
        found += _unknown(names)
    withheld = not all_of_them and len(found) > FEW and len(found) * SHARE > held
    erased = sum(_erased(name) for name in found) if apply and not withheld else 0
    return Orphans(held, tuple(found), erased, withheld)


def _unknown(names: list[str]) -> list[str]:
    known = set(StoredFile.objects.filter(name__in=names).values_list("name", flat=True))
    limit = timezone.now() - AGE
    return [name for name in names if name not in known and custody.written_before(name, limit)]


def _erased(name: str) -> bool:
    """Asked again just before: a row may have come."""
    if StoredFile.objects.filter(name=name).exists():
        return False
    custody.erase(name)
    return True
