"""« Mon profil »: the security of one's own account (requirements S32 to S37)."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.explain import Node
from iprof.kernel.periods import add_months
from security.domain.audit import Verdict, combined_node, renewal_node, renewal_verdict, said
from security.enums import AccessKind, TriedWith
from security.models import AccessEvent, PasswordAudit, User
from security.selectors import reads_by_others, recovery_of, with_visits
from security.selectors_factors import SecondStep, second_step_of
from security.sessions import SessionLine, sessions_of

SHOWN, READS_SHOWN = 10, 3
FAILURES = (AccessKind.SIGN_IN_FAILED, AccessKind.SECOND_STEP_REFUSED)
TRIED_WITH = dict(TriedWith.choices)
CRITERIA = (
    ("Longueur", "Plus de 12 caractères", "Résiste aux essais en force", "Prenez une phrase de passe"),
    (
        "Diversité",
        "Majuscules, minuscules, chiffres et symboles",
        "Résiste aux attaques par dictionnaire",
        "Mélangez au hasard, ou prenez 7 mots et plus",
    ),
    (
        "Données personnelles",
        "Ni nom, ni date, ni ville",
        "Ne se devine pas en vous connaissant",
        "Choisissez des mots sans rapport entre eux ni avec vous",
    ),
    (
        "Renouvellement",
        "Changé depuis moins de 12 mois",
        "Les fuites anciennes ne servent plus",
        "Changez-le quand le portail vous prévient",
    ),
)
LOOKS = {
    Verdict.MET: ("success", "check"),
    Verdict.PHRASE: ("success", "check"),
    Verdict.IMPROVE: ("warning", "alert"),
    Verdict.UNKNOWN: ("info", "minus"),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the audit, with the columns of S37; `tone` and `icon` repeat what `verdict` says in words."""

    name: str
    expected: str
    impact: str
    advice: str
    verdict: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Failure:
    at: dt.datetime
    ip: str
    factor: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`is_old`: twelve months have passed, which is said and locks nothing (decision T4)."""

    changed_on: dt.date | None
    renewal: Node
    is_old: bool
    criteria: tuple[Criterion, ...]
    combined: Node
    failures: tuple[Failure, ...]
    failed: Node
    sessions: tuple[SessionLine, ...]
    recovery: EmailAddress | None
    step: SecondStep
    reads: tuple[AccessEvent, ...]


def dashboard_of(user: User, request: HttpRequest, *, on: dt.date) -> Dashboard:
    """Everything of the page; the number of queries does not grow with what there is to show."""
    changed_on = timezone.localdate(user.password_changed_at) if user.password_changed_at else None
    verdicts = _verdicts(user, changed_on, on)
    named = dict(zip((name for name, *_ in CRITERIA), verdicts, strict=True))
    recent = failures_of(user, since=on - dt.timedelta(days=30))
    return Dashboard(
        changed_on=changed_on,
        renewal=renewal_node(changed_on),
        is_old=verdicts[-1] is Verdict.IMPROVE,
        criteria=tuple(_criterion(row, verdict) for row, verdict in zip(CRITERIA, verdicts, strict=True)),
        combined=combined_node(named),
        failures=tuple(_failure(event) for event in failures_of(user, since=add_months(on, -12))[:SHOWN]),
        failed=_failed_node(recent.count()),
        sessions=tuple(sessions_of(user, request)),
        recovery=recovery_of(user),
        step=second_step_of(user),
        reads=tuple(with_visits(reads_by_others(user)[:READS_SHOWN])),
    )


def failures_of(user: User, *, since: dt.date) -> QuerySet[AccessEvent]:
    """Failed tries on the account from that day on, newest first."""
    start = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    return AccessEvent.objects.filter(subject=user, kind__in=FAILURES, at__gte=start)


def _verdicts(user: User, changed_on: dt.date | None, on: dt.date) -> tuple[Verdict, ...]:
    """Those kept for the present password; verdicts on another password say nothing of it."""
    audit = PasswordAudit.objects.filter(user=user).first()
    if audit is None or audit.judged_at is None or audit.judged_at != user.password_changed_at:
        kept = (Verdict.UNKNOWN,) * 3
    else:
        kept = (Verdict(audit.length), Verdict(audit.diversity), Verdict(audit.personal))
    return (*kept, renewal_verdict(changed_on, on=on))


def _criterion(row: tuple[str, str, str, str], verdict: Verdict) -> Criterion:
    return Criterion(*row, said(verdict), *LOOKS[verdict])


def _failure(event: AccessEvent) -> Failure:
    told = TriedWith.SECOND_STEP if event.kind == AccessKind.SECOND_STEP_REFUSED else TriedWith.PASSWORD
    with_what = event.detail.get("factor", told)
    return Failure(event.at, event.ip or "", TRIED_WITH.get(with_what, ""))


def _failed_node(count: int) -> Node:
    return Node(
        "Essais refusés en 30 jours",
        count,
        "",
        "security.failed_tries",
        "",
        sentence="Essais refusés à votre nom, aujourd'hui compris : mot de passe faux, à la connexion ou pour confirmer une action, seconde étape ou clé refusée. "
        "Trois essais faux de suite imposent une attente, jamais un blocage.",
    )
