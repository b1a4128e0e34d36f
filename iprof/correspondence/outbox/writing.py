"""Writing alerts: one statement for one person or for thirty thousand, in the caller's transaction.

Who is told is decided here and only here: the account itself, its choice for the family, its devices. Two runs of the
same cause write one alert.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from iprof.correspondence.enums import Channel, Pace
from iprof.correspondence.kinds import Family, family_of

# A closed account is told nothing; one that was never opened has a mailbox all the same.
ALERTS = """
INSERT INTO correspondence_alert (user_id, kind, cause, subject, body, link, mailing_id, pace, message_id, created_at,
                                  next_try_at, attempts, last_error)
SELECT u.id, %(kind)s, %(cause)s, %(subject)s, %(body)s, %(link)s, %(mailing)s,
       CASE WHEN c.pace = ANY(%(paces)s) THEN c.pace ELSE %(pace)s END, gen_random_uuid(), %(now)s, %(now)s, 0, ''
  FROM security_user u
  LEFT JOIN correspondence_alertchoice c ON c.user_id = u.id AND c.family = %(family)s
 WHERE u.id = ANY(%(users)s) AND u.is_active
 ORDER BY u.id
    ON CONFLICT (user_id, cause) WHERE NOT (cause = '') DO NOTHING
RETURNING id, user_id
"""
_INTO = """
INSERT INTO correspondence_alertcopy (alert_id, channel, subscription_id, next_try_at, attempts, last_error)
"""
# Locked: a device removed meanwhile is left out, it does not undo what is being announced.
_PUSHES = """
SELECT * FROM (
SELECT a.id, %(push)s, s.id AS device, %(now)s::timestamptz, 0, ''
  FROM correspondence_alert a
  JOIN correspondence_pushsubscription s ON s.user_id = a.user_id
  LEFT JOIN correspondence_alertchoice c ON c.user_id = a.user_id AND c.family = %(family)s
 WHERE a.id = ANY(%(alerts)s) AND coalesce(c.push, true)
   FOR KEY SHARE OF s
) AS pushes
"""
# A mail put off is announced elsewhere with its digest.
_NOTICES = """
SELECT a.id, %(forward)s, NULL, %(now)s, 0, ''
  FROM correspondence_alert a
  JOIN correspondence_forwardchoice f ON f.user_id = a.user_id
 WHERE a.id = ANY(%(alerts)s) AND a.pace = %(at_once)s
"""
NOTICES, COPIES = _INTO + _NOTICES, _INTO + _PUSHES + "UNION ALL" + _NOTICES


def insert_alerts(
    users: Iterable[int], *, kind: str, subject: str, now: dt.datetime,
    body: str = "", link: str = "", mailing: int | None = None, cause: str = "", pace: Pace | None = None,
) -> dict[int, int]:  # fmt: skip
    """Writes one alert for each account of `users`, ids of accounts; {account id: alert id} of those written.

    Left out: closed accounts, and those that have an alert of this `cause` already. `pace` stands for the choice of each:
    for an alert that is itself the digest. Raises UnknownKind.
    """
    family = family_of(kind)
    values = {
        "users": list(users), "kind": kind, "cause": cause, "subject": subject, "body": body, "link": link,
        "mailing": mailing, "now": now,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ALERTS, values | _choices(family, pace))
        written = {user: alert for alert, user in cursor.fetchall()}
        if written:
            rows = _notices(list(written.values()), now) | {"family": family.code, "push": Channel.PUSH.value}
            cursor.execute(COPIES, rows)
    return written


def insert_notices(alerts: list[int], *, now: dt.datetime) -> None:
    """A notice without content for each of these alerts whose mail leaves at once, where the person asked for one."""
    if alerts:
        with connection.cursor() as cursor:
            cursor.execute(NOTICES, _notices(alerts, now))


def _choices(family: Family, pace: Pace | None) -> dict[str, Any]:
    chosen = () if pace else family.paces
    return {"family": family.code, "paces": [one.value for one in chosen], "pace": (pace or family.default).value}


def _notices(alerts: list[int], now: dt.datetime) -> dict[str, Any]:
    return {"alerts": alerts, "now": now, "forward": Channel.FORWARD.value, "at_once": Pace.NOW.value}
