"""The explanation tree: one type for every computed value, shown by one template and archived in one JSON form."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from iprof.kernel.legal import LegalSource

Value = Decimal | int | str | dt.date | None


@dataclass(frozen=True, slots=True)
class Input:
    """A fact the rule used: where it came from and when."""

    label: str
    value: Value
    origin: str
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A computed value and how it was computed.

    `value` None means not known: the sentence says why. `version` is the first day in force of
    the rule's figures (ISO). `unit` is shown after the value: "€/mois", "points d'indice", "mois", "date" or "".
    """

    label: str
    value: Value
    unit: str
    rule: str
    version: str
    sources: tuple[LegalSource, ...] = ()
    inputs: tuple[Input, ...] = ()
    children: tuple["Node", ...] = ()
    sentence: str = ""

    def walk(self) -> Iterator["Node"]:
        """This node, then its descendants, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict; `from_json` gives the same tree back."""
        return {
            "label": self.label,
            "value": _encode(self.value),
            "unit": self.unit,
            "rule": self.rule,
            "version": self.version,
            "sentence": self.sentence,
            "sources": [
                {
                    "text": s.text,
                    "url": s.url,
                    "checked_on": s.checked_on.isoformat() if s.checked_on else None,
                    "confidence": s.confidence,
                }
                for s in self.sources
            ],
            "inputs": [
                {
                    "label": i.label,
                    "value": _encode(i.value),
                    "origin": i.origin,
                    "as_of": i.as_of.isoformat() if i.as_of else None,
                }
                for i in self.inputs
            ],
            "children": [child.to_json() for child in self.children],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Node":
        return cls(
            label=data["label"],
            value=_decode(data["value"]),
            unit=data["unit"],
            rule=data["rule"],
            version=data["version"],
            sentence=data["sentence"],
            sources=tuple(
                LegalSource(s["text"], s["url"], _day(s["checked_on"]), s["confidence"]) for s in data["sources"]
            ),
            inputs=tuple(Input(i["label"], _decode(i["value"]), i["origin"], _day(i["as_of"])) for i in data["inputs"]),
            children=tuple(cls.from_json(child) for child in data["children"]),
        )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _encode(value: Value) -> dict[str, Any] | int | str | None:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return value


def _decode(value: Any) -> Value:
    if isinstance(value, dict):
        return Decimal(value["decimal"]) if "decimal" in value else dt.date.fromisoformat(value["date"])
    return value
