"""What the portal holds about a person, table by table: what a copy of their data gives, what it leaves aside and why.

Each app tells its tables when it is ready (`hold`, `set_aside`, `hold_files`), each field by its name. `gaps` compares
with the tables that exist: a field nobody has thought of is found there, and a test fails (RGPD art. 15, norm D22).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

KEY = "clé technique, sans information sur vous"
YOURSELF = "vous-même, ou votre dossier"
STAFF = "agent de l'administration, tiers à ces données"
SECRET = "secret ou empreinte de secret : la copie ne doit pas permettre de l'employer"  # noqa: S105  (a reason in words)
TECHNICAL = "état technique du traitement, sans information sur vous"
PERSON_FIELDS = frozenset({"matricule"})  # name a person without a key of the database
LABELS = {  # of libraries, and of keys without a French name
    "created at": "créé le",
    "last used at": "employé le",
    "deadline": "échéance",
    "thread": "échange",
    "attachment": "pièce jointe",
    "NUMEN chiffré": "NUMEN (masqué)",
}
Value = str | int | float | bool | None | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A table with rows about a person. `path` leads from a row to their account (« a|b »: by either); every field is in `fields`, given
    as it is or by `shown`, or in `excluded` with the reason."""

    model: type[Model]
    label: str
    path: str
    fields: tuple[str, ...]
    excluded: Mapping[str, str]
    shown: Mapping[str, Callable[[Any], Value]] = field(default_factory=dict)
    newest: str = "-pk"
    only: Mapping[str, Value] = field(default_factory=dict)

    def rows(self, user: Model) -> QuerySet[Any]:
        """Those of an account, newest first, with the rows they name."""
        theirs = Q(pk=user.pk) if not self.path else Q()
        for path in filter(None, self.path.split("|")):
            theirs |= Q((path, user.pk))
        known = concrete(self.model)
        named = [name for name in self.fields if known[name].many_to_one or known[name].one_to_one]
        rows = self.model._default_manager.filter(theirs, **self.only).order_by(self.newest)
        return rows.select_related(*named) if named else rows


@dataclass(frozen=True, slots=True)
class File:
    """A file of the copy: `name` in the archive, `read` its content; raises when it cannot be read."""

    name: str
    read: Callable[[], bytes]


HELD: dict[type[Model], Held] = {}
ASIDE: dict[type[Model], str] = {}
FILES: dict[str, Callable[[Any], Iterator[File]]] = {}


def hold(
    model: type[Model],
    label: str,
    path: str,
    fields: str,
    excluded: Mapping[str, str],
    *,
    shown: Mapping[str, Callable[[Any], Value]] | None = None,
    newest: str = "-pk",
    only: Mapping[str, Value] | None = None,
) -> None:
    """`only` narrows the rows, to those released for instance. `fields` and the keys of `excluded` are names separated by spaces."""
    left = {name: why for names, why in excluded.items() for name in names.split()}
    HELD[model] = Held(model, label, path, tuple(fields.split()), left, shown or {}, newest, only or {})


def set_aside(why: str, *models: type[Model]) -> None:
    """Tables that lead to a person and are not about whoever asks for the copy."""
    ASIDE.update(dict.fromkeys(models, why))


def hold_files(folder: str, files: Callable[[Any], Iterator[File]]) -> None:
    FILES[folder] = files


def concrete(model: type[Model]) -> dict[str, Any]:
    """The columns and the many-to-many fields of a table, by name."""
    return {one.name: one for one in (*model._meta.concrete_fields, *model._meta.many_to_many)}


def label_of(model: type[Model], name: str) -> str:
    """In French."""
    said = str(concrete(model)[name].verbose_name)
    return LABELS.get(said, said)


def value_of(held: Held, row: Model, name: str) -> Value:
    """A field in words: the label of a choice, dates in ISO form, related rows by their name."""
    if name in held.shown:
        return held.shown[name](row)
    one = concrete(held.model)[name]
    if one.many_to_many:
        return [str(related) for related in getattr(row, name).all()]
    if one.choices:
        return str(getattr(row, f"get_{name}_display")())
    return _plain(getattr(row, name))


def _plain(value: Any) -> Value:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool | dict):
        return value
    return str(value)


def personal_models() -> list[type[Model]]:
    """Every table that leads to an account by its keys, whatever their number, or that names a person by itself."""
    known = [model for model in apps.get_models() if not model._meta.proxy]
    found = {model for model in known if model is get_user_model() or PERSON_FIELDS & concrete(model).keys()}
    while more := {model for model in known if model not in found and _targets(model) & found}:
        found |= more
    return [model for model in known if model in found]


def _targets(model: type[Model]) -> set[Any]:
    return {one.related_model for one in concrete(model).values() if one.is_relation}


def gaps() -> list[str]:
    """What nobody has decided of, in words; empty when everything held is exported or left aside with a reason."""
    found = []
    for model in personal_models():
        name = model._meta.label
        if model in HELD and model in ASIDE:
            found.append(f"{name}: both held and set aside")
        elif model in HELD:
            found += [f"{name}.{one}" for one in _undecided(HELD[model])]
        elif not ASIDE.get(model, "").strip():
            found.append(f"{name}: neither held nor set aside")
    return found


def _undecided(held: Held) -> list[str]:
    there, given, left = set(concrete(held.model)), set(held.fields), set(held.excluded)
    silent = {name for name, why in held.excluded.items() if not why.strip()}
    return [
        *(f"{name} is neither exported nor excluded" for name in sorted(there - given - left)),
        *(f"{name} is not a field" for name in sorted((given | left | set(held.shown)) - there)),
        *(f"{name} is both exported and excluded" for name in sorted(given & left)),
        *(f"{name} is excluded without a reason" for name in sorted(silent)),
    ]
