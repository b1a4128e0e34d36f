"""The servers of `World`, and what keeps documents: the portal itself, a worker, an antivirus, a storage."""

import hashlib
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg

from launcher.places import free_port
from tests.faults.depositors import Depositor, listens, page
from tests.faults.storage import SWITCH
from tests.faults.world import World

TEACHERS, EACH = 3, 6  # who deposit at once, and how many files each
PEOPLE = f"""
import json
from tests.client import PortalClient
from tests.factories.career import full_career
sessions = []
for number in range({TEACHERS}):
    client = PortalClient()
    client.force_login(full_career().user)
    sessions.append(client.cookies["session"].value)
print(json.dumps(sessions))
"""
LOOK = """
import datetime as dt, json
from documents import custody
from documents.models import StoredFile
from documents.services import integrity, orphans
orphans.AGE = dt.timedelta(0)
swept = orphans.sweep_orphans(apply=True, all_of_them=True)
unreadable = 0
for row in StoredFile.objects.all():
    try:
        custody.read(row)
    except Exception:
        unreadable += 1
whole = integrity.verify_contents(apply=False, limit=10**6, every=dt.timedelta(0))
print(json.dumps({"orphans": swept.erased, "unreadable": unreadable, "damaged": whole.lost}))
"""
HALF_VISIBLE = """
SELECT count(*) FROM documents_document d LEFT JOIN documents_storedfile s ON s.document_id = d.id
WHERE d.state = 'depose' AND (s.id IS NULL OR (
    SELECT count(*) FROM documents_documentverdict v WHERE v.document_id = d.id AND v.outcome <> 'attente'
    AND v.check_name IN ('virus', 'pages-blanches', 'nettete', 'en-tete')) < 4)
"""


class DocumentsWorld(World):
    def __init__(self) -> None:
        super().__init__()
        self.web_port, self.scanner_port = free_port(17200), free_port(17700)
        self.contents = self.folder / "contents"
        self.contents.mkdir()
        self.switch = self.folder / "storage-refuses"
        self.small_disk = _mounted(self.contents)
        self.sessions: list[str] = []

    # --- Starting ----------------------------------------------------------------------------------------------------
    def open(self) -> None:
        self.start_postgres()
        self.start_broker()
        self.manage("migrate", "--verbosity", "0")
        self.sessions = json.loads(self.manage("shell", "--no-imports", "-c", PEOPLE).splitlines()[-1])
        self.start_scanner()
        self.start_worker()
        self.start_web()
        self.home()  # whatever is loaded at the first page is loaded
        self.start_sweeping()

    def start_scanner(self) -> None:
        self._start("scanner", sys.executable, "-m", "tests.faults.scanner", str(self.scanner_port), FAULT_DELAY="0.05")

    def start_worker(self) -> None:
        command = (sys.executable, "-m", "celery", "-A", "iprof.celery", "worker", "--hostname", "documents@%h")
        self._start("worker", *command, "--concurrency", "1", "--loglevel", "ERROR", "--without-mingle")

    def start_web(self) -> None:
        command = (sys.executable, "-m", "gunicorn", "iprof.wsgi:application", "--bind", f"127.0.0.1:{self.web_port}")
        self._start("web", *command, "--workers", "2", "--log-level", "warning", "--no-control-socket")
        self._until(lambda: listens(self.web_port), "the portal does not listen")

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "IPROF_DOCUMENTS_DIR": str(self.contents),
            "IPROF_CLAMD": f"127.0.0.1:{self.scanner_port}", "DOCUMENTS_LEASE": "4", "DOCUMENTS_FIRST_WAIT": "1",
            SWITCH: str(self.switch), "LOG_LEVEL": "CRITICAL",
        }  # fmt: skip

    task = "documents.tasks.examine_waiting"
    queue = "celery"

    # --- Deposits, and what became of them ------------------------------------------------------------------------------
    def depositors(self) -> list[Depositor]:
        """At work."""
        people = [Depositor(self.web_port, session, EACH) for session in self.sessions]
        for one in people:
            one.start()
        return people

    def home(self) -> str:
        """« Mes documents » of each teacher."""
        return "".join(page(self.web_port, session, "/mes-documents/")[1] for session in self.sessions)

    def states(self) -> dict[str, tuple[str, str | None, str | None]]:
        """{SHA-256 received: (state, name of the content, its SHA-256)}."""
        rows = self._ask(
            "SELECT d.received_sha256, d.state, s.name, s.stored_sha256 FROM documents_document d "
            "LEFT JOIN documents_storedfile s ON s.document_id = d.id"
        )
        return {sha256: (state, name, stored) for sha256, state, name, stored in rows}

    def whole(self, name: str | None, sha256: str | None) -> bool:
        path = self.contents / (name or "missing")
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256

    def half_visible(self) -> int:
        with suppress(psycopg.Error):
            return self._count(HALF_VISIBLE)
        return 0

    def held(self, word: str) -> int:
        """Documents whose checks wait for that reason."""
        return self._count(
            "SELECT count(*) FROM documents_documentverdict WHERE word = %s AND outcome = 'attente'", word
        )

    def wait_until_decided(self) -> int:
        """How many times the worker ended by itself meanwhile (kombu, when the broker dies under a task), and was
        started again, as by the container engine or `run.py`."""
        waiting, ended = "SELECT count(*) FROM documents_document WHERE state = 'controle'", []

        def decided() -> bool:
            if self.processes["worker"].poll() is not None:
                ended.append(1)
                self.start_worker()
            return self._count(waiting) == 0

        self._until(decided, "documents are still in quarantine")
        return len(ended)

    def look(self) -> dict[str, int]:
        """After the sweep: contents of nobody that it took, contents that do not open or are damaged."""
        return json.loads(self.manage("shell", "--no-imports", "-c", LOOK).splitlines()[-1])

    def names(self) -> set[str]:
        return {str(path.relative_to(self.contents)) for path in self.contents.rglob("*") if path.is_file()}

    # --- Faults of the storage ------------------------------------------------------------------------------------------
    def fill(self, left: int) -> None:
        """Leaves so many bytes on the small disk."""
        path = self.contents / "filler"
        with path.open("wb", buffering=0) as file:
            with suppress(OSError):
                while True:
                    file.write(b"\0" * 4096)
            file.truncate(max(file.tell() - left, 0))

    def empty(self) -> None:
        (self.contents / "filler").unlink(missing_ok=True)

    def close(self) -> None:
        self.sweeping.set()
        for name in self.processes:
            self.kill(name)
        if self.small_disk:
            subprocess.run(["umount", "--lazy", str(self.contents)], check=False)
        super().close()


def _mounted(place: Path) -> bool:
    """A disk of 256 MB there, where the system lets us make one."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256m,mode=700", "documents", str(place)], capture_output=True
    )
    return done.returncode == 0
