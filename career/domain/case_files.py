"""Case files: reading, computing those of careers, comparing. The command and the test suite both go through here."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from career.domain import cases
from career.domain.law import UniqueKeyLoader

RULES = frozenset({"career", "mobility"})
TOO_DEEP = "le contenu est trop imbriqué, ou se contient lui-même"
FILE_KEYS = frozenset({"rules", "cases", "source", "note"})
CASE_KEYS = frozenset({"id", "inputs", "expected", "source", "note"})


class _CaseLoader(UniqueKeyLoader):
    """A date that does not exist stays text: the reader of its key then names the case and the key."""

    def construct_day(self, node: yaml.ScalarNode) -> object:
        try:
            return self.construct_yaml_timestamp(node)
        except (ValueError, AttributeError):  # AttributeError: the tag stands before something that is no date at all
            return self.construct_scalar(node)


_CaseLoader.add_constructor("tag:yaml.org,2002:timestamp", _CaseLoader.construct_day)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a file: `expected` is None when the file gives none."""

    id: str
    rules: str
    inputs: Any
    expected: dict[str, Any] | None
    source: str


def read_cases(path: Path) -> list[Case]:
    """Every case of a file, in order. Raises CaseFormatError naming the file, the case and the key."""
    data = _load(path)
    _check(data, FILE_KEYS, {"rules", "cases"}, f"{path}")
    if not isinstance(data["rules"], str) or data["rules"] not in RULES:
        raise cases.CaseFormatError(f"{path}: rules: {data['rules']!r} inconnu")
    if not isinstance(data["cases"], list):
        raise cases.CaseFormatError(f"{path}: cases: une liste est attendue")
    found: list[Case] = []
    for number, raw in enumerate(data["cases"], start=1):
        found.append(_case(raw, data["rules"], f"{path}: cas n° {number}"))
    ids = [case.id for case in found]
    if repeated := next((name for name in ids if ids.count(name) > 1), None):
        raise cases.CaseFormatError(f"{path}: {repeated}: identifiant utilisé deux fois")
    return found


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_CaseLoader)  # noqa: S506 (a SafeLoader)
    except FileNotFoundError:
        raise cases.CaseFormatError(f"{path}: le fichier n'existe pas") from None
    except OSError as error:
        raise cases.CaseFormatError(f"{path}: le fichier ne peut pas être lu ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise cases.CaseFormatError(f"{path}: le fichier n'est pas du texte en UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", ligne {mark.line + 1}, colonne {mark.column + 1}" if mark else ""
        raise cases.CaseFormatError(f"{path}: le YAML est mal formé{where} ({error.problem})") from error
    except (ValueError, KeyError, yaml.YAMLError) as error:  # a value that does not fit its tag, a control character
        raise cases.CaseFormatError(f"{path}: le YAML est mal formé ({error})") from error
    except RecursionError:
        raise cases.CaseFormatError(f"{path}: {TOO_DEEP}") from None


def _id(raw: Any, where: str) -> str:
    found = raw["id"]
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).strip():
        raise cases.CaseFormatError(f"{where}: id: {found!r} n'est ni un texte ni un nombre")
    return str(found)


def _case(raw: Any, rules: str, where: str) -> Case:
    if rules == "mobility":  # the whole case is the input there; its keys are checked with the rules of mobility
        if not isinstance(raw, dict) or "id" not in raw:
            raise cases.CaseFormatError(f"{where}: la clé 'id' manque")
        return Case(_id(raw, where), rules, raw, _expected(raw, where), str(raw.get("source", "")))
    _check(raw, CASE_KEYS, {"id", "inputs"}, where)
    return Case(_id(raw, where), rules, raw["inputs"], _expected(raw, where), str(raw.get("source", "")))


def _expected(raw: dict[str, Any], where: str) -> dict[str, Any] | None:
    expected = raw.get("expected")
    if expected is not None and not isinstance(expected, dict):
        raise cases.CaseFormatError(f"{where}: expected: une table de clés est attendue")
    try:
        plain(expected)
    except RecursionError:
        raise cases.CaseFormatError(f"{where}: expected: {TOO_DEEP}") from None
    return expected


def _check(data: Any, allowed: frozenset[str], required: set[str], where: str) -> None:
    if not isinstance(data, dict):
        raise cases.CaseFormatError(f"{where}: une table de clés est attendue")
    for key in data:
        if key not in allowed:
            raise cases.CaseFormatError(f"{where}: clé inconnue {key!r}")
    for key in sorted(required - set(data)):
        raise cases.CaseFormatError(f"{where}: la clé {key!r} manque")


def compute_case(case: Case) -> dict[str, Any]:
    """The JSON-ready result of a case of careers. Raises CaseFormatError naming the case and the key."""
    try:
        result = cases.compute(case.inputs)
    except cases.CaseFormatError as error:
        raise cases.CaseFormatError(f"{case.id}: {error}") from error
    return {key: plain(value) for key, value in result.items()}


def plain(value: Any) -> Any:
    """What JSON can carry: dates in ISO, decimals with the fewest digits (a float only prints them, never computes)."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def differences(expected: Any, computed: Any, path: str = "") -> Iterator[str]:
    """One line for each key of `expected` whose computed value differs; keys not expected are not compared.

    >>> list(differences({"echelon": 7}, {"echelon": 8, "chevron": None}))
    ['echelon : attendu 7, calculé 8']
    """
    if isinstance(expected, dict) and isinstance(computed, dict):
        for key, value in expected.items():
            name = f"{path}.{key}" if path else str(key)
            if key not in computed:
                yield f"{name} : attendu {_shown(value)}, absent du résultat {_shown(computed)}"
            else:
                yield from differences(value, computed[key], name)
    elif not _same(plain(expected), plain(computed)):
        yield f"{path} : attendu {_shown(expected)}, calculé {_shown(computed)}"


def _same(expected: Any, computed: Any) -> bool:
    if isinstance(expected, bool) or isinstance(computed, bool):
        return expected is computed
    if isinstance(expected, int | float) and isinstance(computed, int | float):
        return Decimal(str(expected)) == Decimal(str(computed))
    return type(expected) is type(computed) and bool(expected == computed)


def _shown(value: Any) -> str:
    return str(plain(value))
