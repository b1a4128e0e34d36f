"""Reads of the quarantine: what is still to be settled, in the order it is best replayed."""

from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from career.enums import QuarantineState
from career.models import FeedRun, QuarantinedMessage

UNSETTLED = (QuarantineState.OPEN, QuarantineState.WAITING)


def unsettled(*, run: int | None = None, code: str = "") -> QuerySet[QuarantinedMessage]:
    rows = QuarantinedMessage.objects.filter(state__in=UNSETTLED)
    if run is not None:
        rows = rows.filter(run_id=run)
    return rows.filter(code=code) if code else rows


def replay_order(rows: QuerySet[QuarantinedMessage]) -> list[int]:
    """Primary keys: people first, then what is about them, in the order of arrival."""
    agents_first = Case(When(type="agent.upserted", then=0), default=1)
    return list(rows.order_by(agents_first, "pk").values_list("pk", flat=True))


def codes_of(run: FeedRun) -> list[dict[str, Any]]:
    """By code: how many lines of the run were rejected (`number`) and how many are still to be settled (`left`)."""
    rows = QuarantinedMessage.objects.filter(run=run).order_by()
    left = Count("pk", filter=Q(state__in=UNSETTLED))
    counted = rows.values("code").annotate(number=Count("pk"), left=left)
    return [dict(row) for row in counted.order_by("-left", "-number", "code")]
