"""Arranging the academic CV: order and visibility of its sections, facts of the file left out, « il est à jour »."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from career.domain.cv import BY_CODE, FACT_KINDS, SECTIONS
from career.models import Agent, Cv, CvEntry, CvSection
from career.selectors.history import find_entry
from iprof.kernel.errors import DomainError


def own_cv(agent: Agent) -> Cv:
    """The agent's CV, locked and marked as changed now; made with every section on the first change."""
    Cv.objects.get_or_create(agent=agent, defaults={"updated_at": timezone.now()})
    cv = Cv.objects.select_for_update().get(agent=agent)
    cv.updated_at = timezone.now()
    cv.save(update_fields=["updated_at"])
    known = set(cv.sections.values_list("code", flat=True))
    missing = [section.code for section in SECTIONS if section.code not in known]
    CvSection.objects.bulk_create(
        CvSection(cv=cv, code=code, position=rank) for rank, code in enumerate(missing, start=len(known))
    )
    return cv


@transaction.atomic
def confirm_cv(*, agent: Agent) -> None:
    """The agent read the CV again and found it up to date."""
    own_cv(agent)


@transaction.atomic
def move_section(*, agent: Agent, code: str, up: bool) -> None:
    """One place up or down; nothing at the end of the list. Raises DomainError("cv_section_unknown")."""
    if code not in BY_CODE:
        raise DomainError("cv_section_unknown", section=code)
    rows = list(own_cv(agent).sections.all())
    here = next(rank for rank, row in enumerate(rows) if row.code == code)
    swap(rows, here, up=up)


@transaction.atomic
def show_section(*, agent: Agent, code: str, visible: bool) -> None:
    """Shows or hides a whole section. Raises DomainError("cv_section_unknown")."""
    if code not in BY_CODE:
        raise DomainError("cv_section_unknown", section=code)
    own_cv(agent).sections.filter(code=code).update(visible=visible)


@transaction.atomic
def show_fact(*, agent: Agent, kind: str, ref: str, visible: bool) -> None:
    """Shows or leaves out one fact of the agent's file, which stays as it is. Raises DomainError("cv_fact_unknown")."""
    if kind not in FACT_KINDS or find_entry(agent, kind, ref) is None:
        raise DomainError("cv_fact_unknown", kind=kind)
    hidden = own_cv(agent).hidden_facts
    if visible:
        hidden.filter(kind=kind, ref=ref).delete()
    else:
        hidden.get_or_create(kind=kind, ref=ref)


def swap(rows: Sequence[CvSection] | Sequence[CvEntry], here: int, *, up: bool) -> None:
    """Exchanges the place of a row and of its neighbour; the constraint is checked when the transaction ends."""
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here].position, rows[there].position = rows[there].position, rows[here].position
    for row in (rows[here], rows[there]):
        row.save(update_fields=["position"])
