"""The servers of `World`, and teachers who have a request of mobility to confirm."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psycopg

from launcher.places import ROOT
from tests.faults.world import World

CONNECTIONS = 300
PEOPLE = """
from tests.factories.career import full_career
for _ in range({many}):
    full_career()
"""
DRAFTS = """
import datetime as dt
from django.utils import timezone
from career.models import Agent
from tests.factories.mobility import campaign, draft
now = timezone.now()
dates = dict(closes_at=now + dt.timedelta(days=1), pieces_until=now + dt.timedelta(days=9))
there = campaign(session={session}, by=Agent.objects.order_by("pk").last().user, **dates)
for agent in Agent.objects.order_by("pk").select_related("user")[:{many}]:
    draft(agent.user, there)
"""
CLOSING = """
import datetime as dt
from django.utils import timezone
from mobility.enums import CampaignDate
from mobility.models import Campaign
from mobility.services.campaigns import move_date
there = Campaign.objects.get(session={session})
to = timezone.now() + dt.timedelta(seconds={seconds})
move_date(campaign=there, date=CampaignDate.CLOSES, to=to, reason="Essai", by=there.created_by)
"""
COUNTS = """
SELECT m.public_id, m.state,
  (SELECT count(*) FROM documents_receipt r WHERE r.subject LIKE 'demande:' || m.public_id || ':%%'),
  (SELECT count(*) FROM mobility_baremeversion v WHERE v.request_id = m.id),
  (SELECT count(*) FROM mobility_requestevent e WHERE e.request_id = m.id AND e.act = 'confirmer'),
  (SELECT count(*) FROM correspondence_alert a WHERE a.user_id = m.owner_id AND a.cause LIKE 'mobilite:' || m.public_id || ':%%'),
  (SELECT count(*) FROM security_accessevent j WHERE j.kind = 'mobilite.confirmation' AND j.detail->>'demande' = m.public_id::text),
  (SELECT min(r.code) FROM documents_receipt r WHERE r.subject LIKE 'demande:' || m.public_id || ':%%'),
  m.confirmed_at < c.closes_at
FROM mobility_mobilityrequest m JOIN mobility_campaign c ON c.id = m.campaign_id WHERE c.session = {session}
"""
ONCE, NEVER = (1, 1, 1, 1, 1), (0, 0, 0, 0, 0)


class MobilityWorld(World):
    def open(self) -> None:
        self.start_postgres()
        self._ask_alone(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
        self.kill("postgres")
        time.sleep(1)
        self.start_postgres()
        self.start_broker()
        self.manage("migrate", "--verbosity", "0")
        self.session = 2026
        self.manage("shell", "--no-imports", "-c", PEOPLE.format(many=self.many))

    many = 600  # teachers

    def drafts(self, many: int) -> None:
        """The first teachers have a draft in a campaign of their own, the one looked at from now on."""
        self.session += 1
        self.manage("shell", "--no-imports", "-c", DRAFTS.format(session=self.session, many=many))

    def close_in(self, seconds: int) -> None:
        self.manage("shell", "--no-imports", "-c", CLOSING.format(session=self.session, seconds=seconds))

    # --- Confirming ------------------------------------------------------------------------------------------------------
    def confirmers(self, *mode: str) -> tuple[subprocess.Popen[bytes], str]:
        """At work; what agents were told is in the file."""
        path = self.folder / f"told-{time.monotonic_ns()}.jsonl"
        with path.open("wb") as out, (self.folder / "confirmers.log").open("ab") as log:
            one = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.confirmers", str(self.session), *mode],
                cwd=ROOT, env=self.environment, stdout=out, stderr=log, start_new_session=True,
            )  # fmt: skip
        return one, str(path)

    def answers(self, path: str) -> list[dict[str, str]]:
        """Whole lines only: one cut by a kill was told to nobody."""
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]

    def wait_for_ready(self, path: str) -> None:
        self._until(lambda: bool(self.answers(path)), "the confirmers did not start")

    @staticmethod
    def kill_group(one: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()

    # --- What is there ---------------------------------------------------------------------------------------------------
    def requests(self) -> dict[str, tuple]:
        """{id: (state, (receipts, versions, events, alerts, lines of the journal), code, confirmed before the closing)}."""
        return {
            str(row[0]): (row[1], tuple(row[2:7]), row[7], row[8])
            for row in self._ask(COUNTS.format(session=self.session).replace("%%", "%"))
        }

    def _ask_alone(self, statement: str) -> None:
        with psycopg.connect(self.postgres.url(), autocommit=True) as connection:
            connection.execute(statement)
