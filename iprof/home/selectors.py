"""What the home page shows, composed from the apps: what to do, where I am, what comes next."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from career.enums import QuarantineState
from career.models import Agent, QuarantinedMessage
from career.selectors.agents import visible_agents
from career.selectors.appraisals import appraisal_counts
from career.selectors.corrections import queue_counts
from career.selectors.latest import Logbook, logbook
from career.selectors.situation import Situation, current_situation, steps_of
from career.selectors.threads import visible_threads, visible_tickets
from documents.models import PrivacyRequest
from documents.policies import is_dpo, reviews
from documents.selectors.expiry import Red, in_red, may_be_red
from documents.selectors.review import waiting_count
from iprof.correspondence.calendar import Entry
from iprof.correspondence.enums import ReportState
from iprof.correspondence.models import SuspiciousReport
from iprof.correspondence.selectors.alerts import unread_alerts
from iprof.correspondence.selectors.bulletins import missing_bulletin, unread_bulletin
from iprof.correspondence.selectors.deadlines import next_entries
from iprof.correspondence.selectors.threads import waiting_counts
from iprof.web.formats import french_date, french_left, french_moment
from mobility.selectors.calendar import dated_requests
from security.models import User

DEADLINES = "correspondence:deadline_list"
DATES = 3  # the next ones, the whole list being one click away


@dataclass(frozen=True, slots=True)
class Todo:
    """Something for the reader to do: a sentence, the action's label and where it is done.

    `by_post`: the action writes (an alert opened is an alert read), so it is a button and not a link.
    """

    text: str
    action: str
    url: str
    by_post: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A teacher's home page. `expired`: documents shown in red until their owner acts (requirement S70)."""

    todos: tuple[Todo, ...]
    situation: Situation
    logbook: Logbook
    expired: tuple[Red, ...]


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


def board_of(user: User, agent: Agent, *, on: dt.date, alone: bool = True) -> Board:
    """Six queries, whatever the length of the career; one more for whoever has an expired document. Not `alone`: staff
    see the page in the agent's place, who reads alone what documents they keep (D21)."""
    steps = steps_of(agent)
    verified, red = _recovery_and_red(user, on)
    return Board(
        todos=_todos(user, on, verified),
        situation=current_situation(agent, on=on, steps=steps),
        logbook=logbook(agent, steps),
        expired=in_red(user, on=on) if red and alone else (),
    )


def _recovery_and_red(user: User, on: dt.date) -> tuple[list[bool], bool]:
    """Whether each recovery address is verified; whether a document may have expired. The requests of mobility come with
    them, for the calendar. One query."""
    addresses = EmailAddress.objects.filter(user_id=OuterRef("pk"), primary=False).values("verified")
    red = Exists(may_be_red(on=on).filter(owner=OuterRef("pk")))
    asked = User.objects.filter(pk=user.pk).values_list(ArraySubquery(addresses), red, dated_requests())
    verified, expired, requests = asked.get()
    user.dated_requests = requests  # type: ignore[attr-defined]  # read by mobility.selectors.calendar
    return verified, expired


def _todos(user: User, on: dt.date, verified: list[bool]) -> tuple[Todo, ...]:
    """A recovery address, which a lost password needs when the academic mailbox is lost with it, the bulletin of the
    quarter, the next dates to act by, then the alerts not read yet. Two queries and those of the calendar."""
    found = []
    if (url := url_of("security:account")) and not any(verified):
        text = (
            "Votre adresse de secours attend d'être confirmée : ouvrez le lien reçu par courriel."
            if verified
            else "Enregistrez une adresse de secours : elle recevra aussi le lien si vous perdez votre mot de passe."
        )
        found.append(Todo(text, "Ouvrir Mon compte", url))
    if bulletin := unread_bulletin(user):
        found.append(Todo(f"{bulletin.title} ({bulletin.period}).", "Lire le bulletin", bulletin.get_absolute_url()))
    found += _dates(user, on)
    unread = unread_alerts(user, besides=bulletin.alert_kind if bulletin else "")
    list_url = url_of("correspondence:alert_list")
    for alert in unread.alerts:
        text = f"{alert.subject} ({french_date(timezone.localtime(alert.created_at).date())})."
        if alert.link:
            read_url = reverse("correspondence:alert_read", args=[alert.message_id])
            found.append(Todo(text, "Ouvrir", read_url, by_post=True))
        else:
            found.append(Todo(text, "Lire l'alerte", list_url))
    if unread.more:
        found.append(Todo("D'autres alertes ne sont pas lues.", "Voir toutes mes alertes", list_url))
    return tuple(found)


def _dates(user: User, on: dt.date) -> list[Todo]:
    near = next_entries(user, on=on, limit=DATES + 1)
    todos = [_dated(entry, on) for entry in near[:DATES]]
    if len(near) > DATES:
        todos.append(Todo("D'autres échéances approchent.", "Voir toutes mes échéances", url_of(DEADLINES)))
    return todos


def _dated(entry: Entry, on: dt.date) -> Todo:
    when = french_date(entry.closes_on) if entry.all_day else french_moment(timezone.localtime(entry.closes_at))
    text = f"Avant le {when}, {french_left(entry.closes_on, on)} : {entry.title}."
    return Todo(text, "Ouvrir" if entry.link else "Voir l'échéance", entry.link or url_of(DEADLINES))


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
            Count("Demandes de rectification à traiter", queue["waiting"], f"{url}?attente=oui"),
            Count("Demandes hors délai", queue["late"], f"{url}?attente=retard"),
        ]
    if user.has_perm("career.view_appraisalrequest"):
        asked = appraisal_counts(user, on=on)
        url = url_of("admin:career_appraisalrequest_changelist")
        counts += [
            Count("Demandes sur les rendez-vous de carrière à traiter", asked["waiting"], f"{url}?attente=oui"),
            Count("Révisions hors délai", asked["late"], f"{url}?attente=retard"),
        ]
    counts += _written_counts(user, on=on)
    if reviews(user, on=on):
        url = url_of("admin:documents_submission_changelist")
        counts.append(Count("Envois de pièces à vérifier", waiting_count(user, on=on), url))
    if is_dpo(user, on=on):
        rights, url = PrivacyRequest.objects.waiting(), url_of("admin:documents_privacyrequest_changelist")
        counts += [
            Count("Demandes sur les données à traiter", rights.count(), f"{url}?attente=oui"),
            Count("Demandes sur les données hors délai", rights.filter(due_on__lt=on).count(), f"{url}?attente=retard"),
        ]
    if user.has_perm("correspondence.view_suspiciousreport"):
        reports = SuspiciousReport.objects.filter(state=ReportState.NEW).count()
        url = url_of("admin:correspondence_suspiciousreport_changelist")
        counts.append(Count("Messages suspects à examiner", reports, f"{url}?state__exact={ReportState.NEW}"))
    if user.has_perm("career.view_quarantinedmessage"):
        waiting = QuarantinedMessage.objects.filter(state=QuarantineState.OPEN).count()
        url = url_of("admin:career_quarantinedmessage_changelist")
        counts.append(Count("Messages rejetés à traiter", waiting, f"{url}?state__exact={QuarantineState.OPEN}"))
    return tuple(counts)


def _written_counts(user: User, *, on: dt.date) -> list[Count]:
    """The queues of written exchanges: what waits, and what waits beyond the promised delay. One query each."""
    counts = []
    for model, rows, waiting, late in (
        ("thread", visible_threads, "Échanges à traiter", "Échanges hors délai"),
        ("ticket", visible_tickets, "Demandes d'assistance à traiter", "Demandes d'assistance hors délai"),
    ):
        if user.has_perm(f"correspondence.view_{model}"):
            found = waiting_counts(rows(user, on=on))
            url = url_of(f"admin:correspondence_{model}_changelist")
            counts.append(Count(waiting, found["waiting"], f"{url}?attente=oui"))
            counts.append(Count(late, found["late"], f"{url}?attente=retard"))
    return counts


def staff_todo(user: User, *, on: dt.date) -> Todo | None:
    """What the bulletin of the quarter waits for, told to those who write it. One query for them, none for the others."""
    if not user.has_perm("correspondence.change_bulletin"):
        return None
    missing = missing_bulletin(on)
    url = url_of("admin:correspondence_bulletin_changelist")
    return Todo(missing, "Ouvrir les bulletins d'alerte", url) if missing else None
