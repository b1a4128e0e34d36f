"""What a person sees of their rights: their requests with the clock, and the copy of their data."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from documents.domain.rights import Ground, clock_node, rights_law
from documents.enums import DocumentState
from documents.enums_privacy import ExportState, PrivacyState
from documents.models import Document, DocumentUse, PersonalExport, PrivacyRequest, Submission
from documents.selectors.retention import OPEN, with_life
from iprof.kernel.explain import Node
from security.models import User

TONES = {
    PrivacyState.OPEN: "info",
    PrivacyState.EXTENDED: "warning",
    PrivacyState.ACCEPTED: "success",
    PrivacyState.PARTIAL: "warning",
    PrivacyState.REFUSED: "error",
    PrivacyState.WITHDRAWN: "new",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its page shows it; `late`: the administration has passed the day; `left` days otherwise."""

    row: PrivacyRequest
    tone: str
    due: Node
    late: bool
    left: int
    ground: Ground | None

    @property
    def kept(self) -> tuple[Document, ...]:
        """The documents asked for that are still there."""
        gone = (DocumentState.DESTROYED, DocumentState.REFUSED)
        return tuple(document for document in self.row.documents.all() if document.state not in gone)


def requests_of(owner: User) -> QuerySet[PrivacyRequest]:
    """Two queries."""
    return PrivacyRequest.objects.filter(owner=owner).prefetch_related("documents")


def asked(row: PrivacyRequest, *, on: dt.date) -> Asked:
    rules, received = rights_law(), timezone.localtime(row.received_at).date()
    return Asked(
        row=row,
        tone=TONES[PrivacyState(row.state)],
        due=clock_node(received, rules, extended=row.extended_at is not None),
        late=row.waiting and row.due_on < on,
        left=(row.due_on - on).days,
        ground=rules.grounds.get(row.ground),
    )


@dataclass(frozen=True, slots=True)
class Designated:
    """A document of an early deletion. `sendings`: those under way that it is in."""

    document: Document
    held: bool
    sendings: tuple[Submission, ...]


def designated(row: PrivacyRequest) -> tuple[Designated, ...]:
    """What the délégué sees of the documents asked for. Four queries."""
    live = DocumentUse.objects.filter(replaced_at__isnull=True, submission__state__in=OPEN).select_related("submission")
    rows = with_life(row.documents.all()).prefetch_related(Prefetch("uses", live.order_by("pk"), to_attr="live"))
    return tuple(
        Designated(one, one.held, tuple({use.submission_id: use.submission for use in one.live}.values()))  # type: ignore[attr-defined]
        for one in rows
    )


def open_to_deletion(owner: User) -> QuerySet[Document]:
    """What an early deletion may be asked of: held, and not asked already."""
    busy = PrivacyRequest.objects.waiting().filter(owner=owner).values("documents")
    gone = (DocumentState.REFUSED, DocumentState.DESTROYED)
    return (
        Document.objects.filter(owner=owner)
        .exclude(state__in=gone)
        .exclude(pk__in=busy.filter(documents__isnull=False))
    )


def current_export(owner: User) -> PersonalExport | None:
    """The last one asked, without its content."""
    return PersonalExport.objects.filter(owner=owner).defer("sealed").first()


def offered_export(owner: User, *, now: dt.datetime) -> PersonalExport | None:
    """The copy that may be downloaded now."""
    return PersonalExport.objects.filter(owner=owner, state=ExportState.READY, expires_at__gt=now).first()
