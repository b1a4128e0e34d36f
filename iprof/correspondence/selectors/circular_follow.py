"""Correspondences as the staff follow them: what a dry run found, how the sending goes, who has not acted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, TextField
from django.db.models.functions import MD5, Cast

from iprof.correspondence.audience import Audience, Reached, Share, provider
from iprof.correspondence.circular_mail import ALERT_KIND, Said, said_of
from iprof.correspondence.enums import CircularKind
from iprof.correspondence.models import Alert, Circular, CircularRecipient, Mailing
from iprof.correspondence.models.circulars import CircularQuerySet
from iprof.correspondence.outbox.letters import letter
from iprof.kernel.text import sort_key
from security.models import User

SAMPLE = 10
SLICE = 5_000  # people read at once: a statement takes so many parameters and no more
CRITERIA = {
    "corps": "Corps",
    "grades": "Grade",
    "departements": "Département",
    "uais": "Établissement",
    "disciplines": "Discipline",
    "logins": "Personnes nommées",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a correspondence: those who read and acted, and the mails sent, waiting, given up, withdrawn."""

    read: int = 0
    acted: int = 0
    sent: int = 0
    waiting: int = 0
    abandoned: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class DryRun:
    """What is shown before a release: shares of the audience, some people in reach of the reader, the mail itself."""

    shares: tuple[Share, ...]
    sample: tuple[Reached, ...]
    said: Said
    text: str


def visible_circulars(user: User, *, on: dt.date) -> CircularQuerySet:
    """General circulars are for all the staff who may read them; a letter, a result or a list of people for those who
    wrote it and those habilitated for one of its recipients."""
    theirs = CircularRecipient.objects.filter(circular=OuterRef("pk"), user__in=provider().within_reach(by=user, on=on))
    general = Q(kind=CircularKind.CIRCULAR, result=False) & ~Q(audience__has_key="logins")
    return Circular.objects.filter(general | Q(created_by=user) | Q(edited_by=user) | Exists(theirs))


def dry_run(circular: Circular, *, by: User, on: dt.date) -> DryRun:
    """Its frozen recipients. The people named are drawn once for all, among those `by` may read about."""
    accounts = circular.recipients.values("user_id")
    drawn = circular.recipients.filter(user__in=provider().within_reach(by=by, on=on)).order_by(
        MD5(Cast("user_id", TextField())), "user_id"
    )
    sample = provider().sample(list(drawn.values_list("user_id", flat=True)[:SAMPLE]), on=on)
    said = said_of(circular, files=circular.files.count())
    return DryRun(
        provider().breakdown(accounts, on=on), sample, said, as_mailed(said, link=circular.get_absolute_url())
    )


def as_mailed(said: Said, *, link: str) -> str:
    """The whole mail as a reader of plain text receives it, written by the outbox itself; to nobody."""
    mailing = Mailing(subject=said.subject, text=said.text, html=said.html, link=link)
    nobody = User(email=f"prenom.nom@{settings.ACADEMIC_MAIL_DOMAIN}")
    mail = letter(Alert(user=nobody, kind=ALERT_KIND, mailing=mailing, subject=said.subject, link=link))
    part = message_from_bytes(mail.message().as_bytes(), policy=policy.default).get_body(("plain",))
    return str(part.get_content()) if part else said.text


def progress_of(circulars: Sequence[Circular]) -> dict[int, Progress]:
    """By primary key. Two queries, whatever the number."""
    keys = [row.pk for row in circulars]
    marks = CircularRecipient.objects.filter(circular__in=keys).order_by().values_list("circular")
    marked = {key: counts for key, *counts in marks.annotate(Count("read_at"), Count("acted_at"))}
    mailings = [row.mailing_id for row in circulars if row.mailing_id]
    due = Q(sent_at__isnull=True, abandoned_at__isnull=True, withdrawn_at__isnull=True)
    alerts = Alert.objects.filter(mailing__in=mailings).order_by().values_list("mailing__circular")
    left = alerts.annotate(Count("sent_at"), due=Count("pk", filter=due)).annotate(
        Count("abandoned_at"), Count("withdrawn_at")
    )
    mailed = {key: counts for key, *counts in left}
    return {key: Progress(*marked.get(key, (0, 0)), *mailed.get(key, ())) for key in keys}


def not_acted(circular: Circular, *, by: User, on: dt.date) -> list[tuple[Reached, dt.datetime | None]]:
    """Those `by` may read about who have not said it was done (not read, where nothing is asked), and when they read."""
    late = Q(acted_at__isnull=True) if circular.asks_something else Q(read_at__isnull=True)
    rows = circular.recipients.filter(late, user__in=provider().within_reach(by=by, on=on))
    read = dict(rows.values_list("user_id", "read_at"))
    accounts = list(read)
    people = [
        person
        for start in range(0, len(accounts), SLICE)
        for person in provider().sample(accounts[start : start + SLICE], on=on)
    ]
    return [(person, read[person.account]) for person in sorted(people, key=lambda person: sort_key(person.name))]


def audience_in_words(audience: Audience) -> list[tuple[str, str]]:
    """(criterion, values) as the staff chose them."""
    if audience.everyone:
        return [("Destinataires", "Tous les agents")]
    choices = {name: dict(values) for name, values in provider().choices().items()}
    return [
        (label, ", ".join(choices.get(name, {}).get(code, code) for code in getattr(audience, name)))
        for name, label in CRITERIA.items()
        if getattr(audience, name)
    ]
