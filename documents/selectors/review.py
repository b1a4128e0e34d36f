"""What the service that received pieces reads of them. Queries are constant in the number of pieces and of submissions."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from documents.domain.reviews import Reason, Said, accepting, reasons_for, review_law
from documents.domain.validity import Validity, Worth
from documents.enums import CheckName, DocumentState, ReviewState, SubmissionState, VerdictOutcome
from documents.models import DocumentUse, DocumentVerdict, Review, Submission
from documents.policies import submissions_for, uses_for
from documents.selectors.own import Said as Verdict
from documents.selectors.own import shown
from iprof.correspondence.audience import Reached, provider
from iprof.kernel.explain import Input, Node
from iprof.kernel.working_days import open_days_until
from security.models import User

TONES = {
    ReviewState.WAITING: "info",
    ReviewState.SECOND: "warning",
    ReviewState.ACCEPTED: "success",
    ReviewState.REFUSED: "error",
}
PAGES = 30
FINE = (Worth.VALID, Worth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Told:
    """One decision in words."""

    by: str
    at: dt.datetime
    accepted: bool
    reason: Reason | None
    comment: str


@dataclass(frozen=True, slots=True)
class PieceShown:
    """One piece as who reviews it sees it. `validity` is that of the day it was sent. `by_me`: the reader is among those
    whose acceptance holds. `to_look_at`: a check asks for a look."""

    use: DocumentUse
    label: str
    type_label: str
    weight: str
    tone: str
    validity: Validity | None
    validity_word: str
    validity_tone: str
    notable: tuple[Verdict, ...]
    passed: tuple[Verdict, ...]
    told: tuple[Told, ...]
    by_me: bool
    to_look_at: bool

    @property
    def waits_for_me(self) -> bool:
        waits = self.use.review in (ReviewState.WAITING, ReviewState.SECOND)
        return waits and not self.by_me and self.use.document.state == DocumentState.KEPT

    @property
    def pages(self) -> range:
        """Those drawn on the page, the first ones of a long document."""
        kept = self.use.document.state == DocumentState.KEPT and not self.use.document.damaged
        return range(1, min(self.use.document.pages, PAGES) + 1) if kept else range(0)

    @property
    def sensitive(self) -> bool:
        return self.use.eyes > 1

    @property
    def plain(self) -> bool:
        """Nothing in it asks for a look: it may be accepted with others."""
        fine = self.validity is not None and self.validity.worth in FINE
        return self.waits_for_me and fine and not self.to_look_at and not self.sensitive


@dataclass(frozen=True, slots=True)
class Shown:
    """`former`: pieces the agent replaced. `others`: those that another service reviews, counted by where they stand."""

    submission: Submission
    agent: Reached | None
    pieces: tuple[PieceShown, ...]
    former: tuple[PieceShown, ...]
    others: Mapping[str, int]
    reasons: tuple[Reason, ...]
    age: Node | None

    @property
    def waiting(self) -> tuple[PieceShown, ...]:
        return tuple(piece for piece in self.pieces if piece.waits_for_me)


def to_review(user: User, *, on: dt.date) -> QuerySet[DocumentUse]:
    """The pieces that wait for this person: not those that wait for a second one after them."""
    last = Review.objects.filter(use=OuterRef("pk")).order_by("-pk").values("by")[:1]
    rows = uses_for(user, on=on).filter(document__state=DocumentState.KEPT).annotate(last_by=Subquery(last))
    return rows.filter(Q(review=ReviewState.WAITING) | Q(review=ReviewState.SECOND) & ~Q(last_by=user.pk))


def queue(user: User, *, on: dt.date) -> QuerySet[Submission]:
    """Those of `submissions_for`, with the moment they wait since (`since`, of the last sending)."""
    live = Q(uses__replaced_at__isnull=True)
    return submissions_for(user, on=on).select_related("owner").annotate(since=Max("uses__joined_at", filter=live))


def waiting(rows: QuerySet[Submission], user: User, *, on: dt.date) -> QuerySet[Submission]:
    """Of them, those that hold a piece this person may decide on."""
    return rows.filter(Exists(to_review(user, on=on).filter(submission=OuterRef("pk"))))


def waiting_count(user: User, *, on: dt.date) -> int:
    return to_review(user, on=on).values("submission").distinct().count()


def counts_of(submissions: Iterable[Submission], user: User, *, on: dt.date) -> dict[int, tuple[int, int]]:
    """(pieces that wait for this person, pieces they may read) by submission. Two queries."""
    keys = [row.pk for row in submissions]
    found = []
    for rows in (to_review(user, on=on), uses_for(user, on=on)):
        pairs = rows.filter(submission__in=keys).values("submission").annotate(count=Count("pk")).order_by()
        found.append({pair["submission"]: pair["count"] for pair in pairs})
    return {key: (found[0].get(key, 0), found[1].get(key, 0)) for key in keys}


def sent_before(days: int, *, on: dt.date) -> dt.date:
    """The last day that is `days` open days old or more."""
    day = on
    while open_days_until(day, on) < days:
        day -= dt.timedelta(1)
    return day


def age_node(since: dt.datetime, *, on: dt.date) -> Node:
    """How long a sending has waited, in open days."""
    day = timezone.localdate(since)
    return Node(
        "Jours ouvrés depuis l'envoi",
        open_days_until(day, on),
        "",
        "documents.attente",
        "",
        inputs=(Input("Dernier envoi de l'agent", day, "portail"), Input("Aujourd'hui", on, "portail")),
        sentence="Jours ouvrés après celui de l'envoi, samedis, dimanches et jours fériés non comptés.",
    )


def submission_shown(row: Submission, user: User, *, on: dt.date) -> Shown:
    """`row` comes from `queue`. The number of queries is constant."""
    uses = _uses(user, [row], on=on)
    everything = Counter(row.uses.filter(replaced_at__isnull=True).values_list("review", flat=True))
    mine = Counter(use.review for use in uses)
    others = {ReviewState(state).label: count for state, count in (everything - mine).items()}
    agents = provider().sample([row.owner_id], on=on)
    since: dt.datetime | None = getattr(row, "since", None)
    return Shown(
        row,
        agents[0] if agents else None,
        tuple(piece_shown(use, user) for use in uses),
        tuple(piece_shown(use, user) for use in _uses(user, [row], on=on, former=True)),
        others,
        reasons_for(row.procedure),
        age_node(since, on=on) if since and row.state == SubmissionState.SENT else None,
    )


def pieces_by_submission(rows: Iterable[Submission], user: User, *, on: dt.date) -> dict[int, list[PieceShown]]:
    """Of several submissions at once. Four queries."""
    rows = list(rows)
    found: dict[int, list[PieceShown]] = {row.pk: [] for row in rows}
    for use in _uses(user, rows, on=on):
        found[use.submission_id].append(piece_shown(use, user))
    return found


def _uses(user: User, rows: Iterable[Submission], *, on: dt.date, former: bool = False) -> list[DocumentUse]:
    return list(
        uses_for(user, on=on, former=former)
        .filter(submission__in=[row.pk for row in rows])
        .select_related("document__stored", "submission")
        .prefetch_related("document__verdicts", "reviews__by")
        .order_by("pk")
    )


def piece_shown(use: DocumentUse, user: User) -> PieceShown:
    """`use` comes with its document, the verdicts of it, and the decisions."""
    one = shown(use.document, on=timezone.localdate(use.joined_at))
    law = use.submission.law
    piece = law.pieces.get(use.piece) if law else None
    decisions = sorted(use.reviews.all(), key=lambda row: row.pk)
    said = [Said(row.by_id, row.accepted) for row in decisions]
    return PieceShown(
        use=use,
        label=piece.label if piece else use.piece,
        type_label=one.type_label,
        weight=one.weight,
        tone=TONES[ReviewState(use.review)],
        validity=one.validity,
        validity_word=one.validity_word,
        validity_tone=one.validity_tone,
        notable=one.notable,
        passed=one.passed,
        told=tuple(_told(row) for row in decisions),
        by_me=use.review == ReviewState.SECOND and user.pk in accepting(said),
        to_look_at=any(_asks_for_a_look(verdict) for verdict in use.document.verdicts.all()),
    )


def _asks_for_a_look(verdict: DocumentVerdict) -> bool:
    """A title that says little, an antivirus or a reader of headings that is not there, change nothing to what the page
    proves."""
    unread = verdict.check_name == CheckName.LETTERHEAD and verdict.word == "non-lu"
    aside = unread or verdict.check_name in (CheckName.TITLE, CheckName.VIRUS)
    return verdict.outcome != VerdictOutcome.PASSED and not aside


def _told(row: Review) -> Told:
    return Told(
        row.by.get_full_name() or row.by.username,
        row.at,
        row.accepted,
        review_law().reasons.get(row.reason),
        row.comment,
    )
