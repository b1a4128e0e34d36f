"""Seniority in the grade of every agent present, gathered by échelon in one statement (requirement S47)."""

import datetime as dt
from typing import cast

from django.db import connection
from django.utils import timezone

from career.domain.comparison import Group
from career.models import FeedRun
from iprof.web.kept import kept

DAY = 24 * 3600
SQL = """
WITH step AS MATERIALIZED (
  SELECT s.agent_id, s.corps, s.grade, s.echelon, s.effective_on, s.seq
    FROM career_careerstep s JOIN career_agent a ON a.id = s.agent_id
   WHERE NOT s.cancelled AND s.effective_on <= %(on)s
     AND a.entered_on <= %(on)s AND (a.left_on IS NULL OR a.left_on > %(on)s)
), latest AS (
  SELECT DISTINCT ON (agent_id) agent_id, corps, grade, echelon FROM step ORDER BY agent_id, effective_on DESC, seq DESC
), since AS (
  SELECT agent_id, corps, grade, min(effective_on) AS since FROM step GROUP BY agent_id, corps, grade
)
SELECT corps, grade, echelon, count(*), sum(%(on)s - since)
  FROM latest JOIN since USING (agent_id, corps, grade)
 GROUP BY corps, grade, echelon ORDER BY corps, grade, echelon
"""


def last_load() -> tuple[int, dt.date | None]:
    """The number and the day of the last load of the feed that ended; (0, None) before any. One query."""
    run = FeedRun.objects.filter(finished_at__isnull=False).order_by("-pk").values_list("pk", "finished_at").first()
    if run is None:
        return 0, None
    number, ended = run
    return number, timezone.localtime(cast(dt.datetime, ended)).date()


def seniority_groups(*, on: dt.date, load: int) -> tuple[Group, ...]:
    """Every échelon held on `on`; kept for the day until another `load` ends. One query, none when kept."""
    rows = kept(f"career.seniority:{on:%Y-%m-%d}:{load}", lambda: _rows(on), seconds=DAY)
    return tuple(Group(*row) for row in rows)


def _rows(on: dt.date) -> list[tuple[str, str, int | None, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"on": on})
        return [(corps, grade, echelon, people, int(days)) for corps, grade, echelon, people, days in cursor.fetchall()]
