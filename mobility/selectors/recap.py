"""What is claimed, in words, to be read over before the confirmation (E29)."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from iprof.web.formats import french_date
from mobility.models import Claims

if TYPE_CHECKING:
    from django.db.models import Field

ASIDE = frozenset({"id", "request"})


def claims_rows(claims: Claims) -> list[tuple[str, str]]:
    """(label, value) of what is told; what is not is left out."""
    fields = [field for field in Claims._meta.concrete_fields if field.name not in ASIDE]
    rows = [(str(field.verbose_name), words(field, claims)) for field in fields]
    return [(label[0].upper() + label[1:], value) for label, value in rows if value]


def words(field: "Field[Any, Any]", claims: Claims) -> str:
    """The value of a field as one says it; empty when nothing is told."""
    value = getattr(claims, field.attname)
    if field.choices and value:
        return str(getattr(claims, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "oui" if value else ("non" if field.null else "")
    if isinstance(value, list):
        return ", ".join(french_date(one) if isinstance(one, dt.date) else str(one) for one in value)
    if isinstance(value, dt.date):
        return french_date(value)
    return str(value) if value or (value == 0 and field.null) else ""
