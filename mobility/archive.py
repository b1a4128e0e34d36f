"""The JSON of facts and barèmes as they are archived (K5, D27)."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from iprof.kernel.explain import Node
from mobility.domain.facts import RequestFacts
from mobility.domain.results import Bareme


def plain(value: Any) -> Any:
    """Any value of the rules as JSON: decimals as text, days in ISO, sets sorted, explanation nodes in their own form."""
    if isinstance(value, Node):
        return value.to_json()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def archived(facts: RequestFacts, bareme: Bareme) -> tuple[dict[str, Any], dict[str, Any]]:
    """(facts, result) as stored."""
    return plain(facts), plain(bareme)
