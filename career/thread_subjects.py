"""What an agent may write to their gestionnaire about: a fact of their file, a request they made. Never someone else's."""

from urllib.parse import quote
from uuid import UUID

from django.urls import reverse

from career.models import AppraisalRequest, CorrectionRequest
from career.selectors.agents import agent_of
from career.selectors.history import find_entry
from iprof.correspondence.subjects import Subject, register, register_followed
from security.models import User

FACT, CORRECTION, APPRAISAL = "fait", "rectification", "rendez-vous"


def register_subjects() -> None:
    register(FACT, _fact)
    register(CORRECTION, _correction)
    register(APPRAISAL, _appraisal)
    register_followed(lambda user: agent_of(user) is not None)


def _fact(user: User, ref: str) -> Subject | None:
    """`ref` is « kind:reference », as in a request of rectification."""
    agent = agent_of(user)
    kind, _, own = ref.partition(":")
    entry = find_entry(agent, kind, own) if agent and own else None
    if entry is None:
        return None
    link = f"{reverse('career:history')}?{quote(f'nature={entry.kind}', safe='=')}#historique"
    return Subject(FACT, ref, f"{entry.kind_label} : {entry.label}", link)


def _correction(user: User, ref: str) -> Subject | None:
    public_id = _uuid(ref)
    row = public_id and CorrectionRequest.objects.filter(agent__user=user, public_id=public_id).first()
    if not row:
        return None
    link = reverse("career:correction_detail", args=[row.public_id])
    return Subject(CORRECTION, ref, f"Demande de rectification : {row.fact_label}", link)


def _appraisal(user: User, ref: str) -> Subject | None:
    public_id = _uuid(ref)
    row = public_id and AppraisalRequest.objects.filter(agent__user=user, public_id=public_id).first()
    if not row:
        return None
    return Subject(APPRAISAL, ref, row.subject, reverse("career:appraisal_detail", args=[row.public_id]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
