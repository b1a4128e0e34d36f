"""kill -9 in the middle of a load, then the same command again: the same careers as an undisturbed load."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from career.enums import RunState
from career.models import FeedRun
from tests.career.feed.messages import career_state

ROOT = Path(__file__).resolve().parents[3]
AGENTS = 1500  # some two seconds of loading: time to be shot
PATIENCE = 120


@pytest.mark.req("S02", "S06")
@pytest.mark.django_db(transaction=True)
def test_a_killed_load_run_again_ends_as_if_undisturbed(tmp_path):
    feed = tmp_path / "flux.ndjson"
    call_command("siae_generate", agents=AGENTS, seed=5, out=feed, quiet=True, stdout=StringIO())
    call_command("siae_load", feed, quiet=True, stdout=StringIO())
    undisturbed = career_state()
    call_command("flush", interactive=False, stdout=StringIO())

    command = [sys.executable, "manage.py", "siae_load", str(feed), "--quiet", "--chunk", "2000"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | child_database())
    try:
        wait_for_a_chunk(process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    landed = FeedRun.objects.get().lines_read
    assert 0 < landed < feed.read_bytes().count(b"\n"), "killed in the middle"

    told = StringIO()
    call_command("siae_load", feed, quiet=True, stdout=told)

    assert f"{landed} déjà reçues, 0 rejetées" in told.getvalue()
    assert career_state() == undisturbed
    assert [run.state for run in FeedRun.objects.order_by("pk")] == [RunState.FAILED, RunState.DONE]


def child_database() -> dict[str, str]:
    """The child works on the very database of this test."""
    s = connection.settings_dict
    address = f"postgresql://{s['USER']}:{s['PASSWORD']}@{s['HOST']}:{s['PORT']}/{s['NAME']}"
    return {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "iprof.settings.test"}


def wait_for_a_chunk(process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the load ended before the shot"
        run = FeedRun.objects.first()
        if run is not None and run.lines_read:
            return
        time.sleep(0.01)
    raise AssertionError("no chunk landed in time")
