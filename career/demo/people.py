"""Whom the demo accounts belong to: a school with staff, a teacher with a long career, a newcomer."""

import datetime as dt

from django.db.models import Count, Q, QuerySet

from career.models import Agent, Assignment, Establishment
from security.models import User

DEPARTEMENT = "51"


def best_staffed_establishment(*, on: dt.date) -> Establishment | None:
    """The établissement of the département with the most agents posted on a day; the first UAI among equals."""
    posted = (
        Assignment.objects.filter(cancelled=False, starts_on__lte=on, establishment__departement=DEPARTEMENT)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .filter(agent__left_on__isnull=True)
        .values("establishment_id")
        .annotate(staff=Count("agent", distinct=True))
        .order_by("-staff", "uai")
        .first()
    )
    return Establishment.objects.get(pk=posted["establishment_id"]) if posted else None


def staff_by_facts(establishment: Establishment, *, on: dt.date) -> QuerySet[Agent]:
    """The staff of an établissement on a day, the longest careers first. `user` comes with each."""
    posts = Assignment.objects.filter(establishment=establishment, cancelled=False, starts_on__lte=on).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )
    return (
        Agent.objects.filter(pk__in=posts.values("agent_id"), left_on__isnull=True, user__isnull=False)
        .defer("numen_sealed", "numen_digest")
        .select_related("user")
        .annotate(facts=Count("steps", distinct=True) + Count("evaluations", distinct=True))
        .order_by("-facts", "matricule")
    )


def senders(teacher: User, *, on: dt.date, count: int) -> list[User]:
    """Accounts of the département that send pieces in the demo, the teacher who signs in first."""
    school = best_staffed_establishment(on=on)
    people = staff_by_facts(school, on=on).exclude(user=teacher)[: count - 1] if school else []
    return [teacher, *(agent.user for agent in people if agent.user)]
