"""Seniority in the grade of every agent present, gathered by échelon in one statement (requirement S47)."""

import datetime as dt

from django.db import connection
from django.utils import timezone

from career.domain.comparison import Group
from career.enums import FeedDoor
from career.models import FeedRun
from iprof.web.kept import kept

DAY = 24 * 3600
SHAPE = 2  # of what is kept: raised when it changes, so that a release never reads what the one before kept
# The last step of each place held, as an array that compares date first: one pass over the steps, without sorting them.
SQL = """
WITH held AS (
  SELECT s.agent_id, s.corps, s.grade, min(s.effective_on) AS since,
         max(ARRAY[s.effective_on - DATE '1900-01-01', s.seq, coalesce(s.echelon, 0)]::bigint[]) AS last
    FROM career_careerstep s JOIN career_agent a ON a.id = s.agent_id
   WHERE NOT s.cancelled AND s.effective_on <= %(on)s
     AND a.entered_on <= %(on)s AND (a.left_on IS NULL OR a.left_on > %(on)s)
   GROUP BY s.agent_id, s.corps, s.grade
), present AS (
  SELECT DISTINCT ON (agent_id) corps, grade, nullif(last[3], 0) AS echelon, since FROM held ORDER BY agent_id, last DESC
)
SELECT corps, grade, echelon, count(*), sum(%(on)s - since) FROM present GROUP BY corps, grade, echelon ORDER BY 1, 2, 3
"""


def seniority_groups(*, on: dt.date) -> tuple[tuple[Group, ...], dt.date | None]:
    """Every échelon held on `on`, and the day of the last load they come from, None before any.

    Kept until the end of the day or the next file of the feed; calls of the API are seen then too, or each of them would
    have everything counted again. One query when kept, three when not.
    """
    files = FeedRun.objects.filter(door=FeedDoor.FILE, finished_at__isnull=False).order_by("-pk")
    number = files.values_list("pk", flat=True).first() or 0
    key = f"career.seniority.{SHAPE}:{on:%Y-%m-%d}:{number}"
    loaded, rows = kept(key, lambda: (_last_load(), _rows(on)), seconds=DAY)
    return tuple(Group(*row) for row in rows), loaded


def _last_load() -> dt.date | None:
    ended = (
        FeedRun.objects.filter(finished_at__isnull=False).order_by("-pk").values_list("finished_at", flat=True).first()
    )
    return timezone.localtime(ended).date() if ended else None


def _rows(on: dt.date) -> list[tuple[str, str, int | None, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"on": on})
        return [(corps, grade, echelon, people, int(days)) for corps, grade, echelon, people, days in cursor.fetchall()]
