"""The agent's own entries of the academic CV. An edit names the version it was made on: nothing is overwritten unseen."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from career.domain.cv import BY_CODE, Content, Section, problems
from career.models import Agent, CvEntry
from career.services.cv import own_cv, swap
from iprof.kernel.errors import DomainError


@transaction.atomic
def add_entry(*, agent: Agent, section: str, content: Content, on: dt.date) -> CvEntry:
    """A new entry, last of its section. Raises DomainError("cv_section_unknown" | "cv_section_full") or a problem."""
    rule = BY_CODE.get(section)
    if rule is None or not rule.own:
        raise DomainError("cv_section_unknown", section=section)
    _check(rule, content, on)
    cv = own_cv(agent)
    entries = cv.entries.filter(section=section)
    if entries.count() >= rule.most:
        raise DomainError("cv_section_full")
    last = entries.aggregate(last=Max("position"))["last"]
    return CvEntry.objects.create(cv=cv, section=section, position=0 if last is None else last + 1, **_fields(content))


@transaction.atomic
def change_entry(*, agent: Agent, public_id: UUID, version: int, content: Content, on: dt.date) -> CvEntry:
    """Rewrites an entry seen at `version`. Raises DomainError("cv_entry_gone" | "cv_entry_changed") or a problem."""
    entry = _entry(agent, public_id, version)
    _check(BY_CODE[entry.section], content, on)
    for name, value in _fields(content).items():
        setattr(entry, name, value)
    entry.version += 1
    entry.save()
    return entry


@transaction.atomic
def delete_entry(*, agent: Agent, public_id: UUID, version: int) -> None:
    """Deletes for good an entry seen at `version`. Raises DomainError("cv_entry_gone" | "cv_entry_changed")."""
    _entry(agent, public_id, version).delete()


@transaction.atomic
def move_entry(*, agent: Agent, public_id: UUID, up: bool) -> CvEntry:
    """One place up or down in its section. Raises DomainError("cv_entry_gone")."""
    entry = _entry(agent, public_id, None)
    rows = list(CvEntry.objects.filter(cv=entry.cv_id, section=entry.section))
    swap(rows, rows.index(entry), up=up)
    return entry


def _entry(agent: Agent, public_id: UUID, version: int | None) -> CvEntry:
    """The entry of the agent's CV, the CV locked first: two tabs take turns."""
    entry = own_cv(agent).entries.filter(public_id=public_id).first()
    if entry is None:
        raise DomainError("cv_entry_gone")
    if version is not None and entry.version != version:
        raise DomainError("cv_entry_changed", version=entry.version)
    return entry


def _check(section: Section, content: Content, on: dt.date) -> None:
    for field, code in problems(section, content, on=on):
        raise DomainError(code, field=field)


def _fields(content: Content) -> dict[str, str]:
    return {name: getattr(content, name) for name in Content.__slots__}
