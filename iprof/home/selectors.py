"""What the home page shows, composed from the apps: what to do, where I am, what comes next."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.urls import NoReverseMatch, reverse

from career.enums import CorrectionState, QuarantineState
from career.models import Agent, QuarantinedMessage
from career.selectors.agents import visible_agents
from career.selectors.corrections import corrections_of, queue_counts
from career.selectors.latest import Event, latest_events
from career.selectors.situation import Situation, current_situation, steps_of
from iprof.correspondence.models import Alert
from security.models import User

ANSWER_SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Todo:
    """Something for the reader to do: a sentence, the action's label and where it is done."""

    text: str
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """A teacher's home page."""

    todos: tuple[Todo, ...]
    situation: Situation
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    value: int
    url: str


@cache
def url_of(name: str) -> str:
    """The address of a named page, empty when the page does not exist. The URL configuration never changes."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def board_of(user: User, agent: Agent, *, on: dt.date) -> Board:
    """Six queries, whatever the length of the career."""
    steps = steps_of(agent)
    return Board(
        todos=_todos(user, agent, on),
        situation=current_situation(agent, on=on, steps=steps),
        events=tuple(latest_events(agent, steps)),
    )


def _todos(user: User, agent: Agent, on: dt.date) -> tuple[Todo, ...]:
    found = []
    verified = list(EmailAddress.objects.filter(user_id=user.pk, primary=False).values_list("verified", flat=True))
    if not any(verified):
        text = (
            "Votre adresse de secours attend d'être confirmée : ouvrez le lien reçu par courriel."
            if verified
            else "Enregistrez une adresse de secours : elle seule permet de retrouver votre mot de passe."
        )
        if url := url_of("security:account"):
            found.append(Todo(text, "Ouvrir Mon compte", url))
    since = on - dt.timedelta(ANSWER_SHOWN_DAYS)
    answered = corrections_of(agent).filter(
        state__in=[CorrectionState.ACCEPTED, CorrectionState.REFUSED], answered_at__date__gte=since
    )
    found += [
        Todo(
            f"Votre demande « {label} » a reçu une réponse.",
            "Lire la réponse",
            reverse("career:correction_detail", args=[public_id]),
        )
        for label, public_id in answered.values_list("fact_label", "public_id")[:3]
    ]
    unread = Alert.objects.filter(user_id=user.pk, read_at__isnull=True).count()
    if unread and (url := url_of("correspondence:alert_list")):
        found.append(
            Todo(
                f"{unread} alerte{'s' if unread > 1 else ''} non lue{'s' if unread > 1 else ''}.",
                "Lire les alertes",
                url,
            )
        )
    return tuple(found)


def staff_counts(user: User, *, on: dt.date) -> tuple[Count, ...]:
    """What a member of staff may count, each with the page where it is dealt with."""
    counts = []
    if user.has_perm("career.view_agent"):
        counts.append(
            Count(
                "Dossiers de votre périmètre",
                visible_agents(user, on=on).count(),
                url_of("admin:career_agent_changelist"),
            )
        )
    if user.has_perm("career.view_correctionrequest"):
        queue = queue_counts(user, on=on)
        url = url_of("admin:career_correctionrequest_changelist")
        counts += [
            Count("Demandes de rectification à traiter", queue["waiting"], url),
            Count("Demandes hors délai", queue["late"], url),
        ]
    if user.has_perm("career.view_quarantinedmessage"):
        waiting = QuarantinedMessage.objects.filter(state=QuarantineState.OPEN).count()
        counts.append(
            Count("Messages rejetés à traiter", waiting, url_of("admin:career_quarantinedmessage_changelist"))
        )
    return tuple(counts)
