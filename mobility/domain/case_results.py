"""The barème as a case tells it, and how it differs from what is expected."""

from collections.abc import Iterator
from typing import Any

from career.domain import case_files
from mobility.domain.facts import Degree, RequestFacts
from mobility.domain.results import Bareme

WHOLE = "lines"  # the one mapping whose keys must be exactly those expected
UNORDERED = ("refusals", "dropped")


def result_of(request: RequestFacts, found: Bareme) -> dict[str, Any]:
    """The keys of a result; those that do not apply are left out."""
    place = "departement" if request.degree is Degree.FIRST else "academie"
    told: dict[str, Any] = {
        "wishes": [
            {place: one.place, "total": one.total, "lines": {line.item: line.points for line in one.lines}}
            for one in found.voeux
        ],
        "dropped": list(dict.fromkeys(one.item for one in found.dropped)),
        "refusals": [{"code": one.code, "scope": one.scope, "message": one.message} for one in found.refusals],
    }
    if found.extension_bareme is not None:
        order = found.extension_order
        told |= {"extension_bareme": found.extension_bareme, "extension_order": None if order is None else list(order)}
    for key in ("separation_years", "children_counted"):
        if (value := getattr(found, key)) is not None:
            told[key] = value
    if found.unknown:
        told["unknown"] = [one.item for one in found.unknown]
    return told


def differences(expected: Any, computed: Any, path: str = "") -> Iterator[str]:
    """One line for each difference. A list is compared element by element, `lines` as a whole; other keys that are not
    expected are not compared.

    >>> list(differences({"lines": {"rc": 150}}, {"lines": {"rc": 150, "apc": 150}}))
    ['lines.apc : inattendu, calculé 150']
    """
    if isinstance(expected, dict) and isinstance(computed, dict):
        yield from _of_keys(expected, computed, path)
    elif isinstance(expected, list) and isinstance(computed, list):
        yield from _of_lists(expected, computed, path)
    else:
        yield from case_files.differences(expected, computed, path)


def _of_keys(expected: dict[Any, Any], computed: dict[Any, Any], path: str) -> Iterator[str]:
    for key, value in expected.items():
        name = f"{path}.{key}" if path else str(key)
        if key in computed:
            yield from differences(value, computed[key], name)
        else:
            yield from case_files.differences({key: value}, computed, path)
    if path.rpartition(".")[2] == WHOLE:
        for key in computed.keys() - expected.keys():
            yield f"{path}.{key} : inattendu, calculé {case_files.plain(computed[key])}"


def _of_lists(expected: list[Any], computed: list[Any], path: str) -> Iterator[str]:
    if len(expected) != len(computed):
        yield f"{path} : {len(expected)} attendus, {len(computed)} calculés : {case_files.plain(computed)}"
        return
    pairs = (_sorted(expected), _sorted(computed)) if path in UNORDERED else (expected, computed)
    for number, (one, other) in enumerate(zip(*pairs, strict=True), start=1):
        yield from differences(one, other, f"{path}[{number}]")


def _sorted(values: list[Any]) -> list[Any]:
    return sorted(
        values, key=lambda one: str([one.get(key) for key in ("code", "scope")] if isinstance(one, dict) else one)
    )
