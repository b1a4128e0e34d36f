"""The copy of everything held: whole, the person's own, sealed, seven days (RGPD art. 15, norm D22)."""

import datetime as dt
import io
import json
import zipfile

import pikepdf
import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from documents import custody
from documents.enums_privacy import ExportState
from documents.models import PersonalExport, StoredFile
from documents.services import exports
from documents.services.deposit import Details
from documents.services.own import withdraw
from documents.tasks import forget_exports, make_exports
from iprof.correspondence.models import Alert
from iprof.web import rotation
from iprof.web.personal_data import HELD
from security.enums import AccessKind
from security.journal import record
from security.models import AccessEvent
from tests.factories.career import full_career
from tests.factories.documents import kept_document
from tests.factories.threads import dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.req("D22", "S65")]


@pytest.fixture
def unprinted(monkeypatch):
    """The PDF costs a second: one test reads it."""
    monkeypatch.setattr(exports, "_pdf", lambda export, data: b"%PDF")


@pytest.fixture
def agent():
    return full_career()


@pytest.fixture
def owner(agent):
    return agent.user


def made(owner):
    export = exports.ask_export(owner=owner)
    assert exports.make_export(export.public_id)
    export.refresh_from_db()
    return export


def opened(export):
    parts = list(exports.download_export(export=export, by=export.owner))
    return zipfile.ZipFile(io.BytesIO(b"".join(parts)))


def data_of(archive):
    return json.loads(archive.read("donnees.json"))


def test_the_copy_holds_the_data_the_documents_and_a_readable_pdf(owner, agent):
    document = kept_document(owner, Details(kind="livret_famille", title="Livret ../../de famille"))
    dialogue(owner, files=1)
    archive = opened(made(owner))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[:2] == ["donnees.json", "donnees.pdf"]
    assert all(".." not in name.split("/") for name in names)
    inside = next(name for name in names if name.startswith("documents/"))
    assert archive.read(inside) == custody.read(document.stored)
    tables = {table["table"]: table for table in data_of(archive)["tables"]}
    assert tables.keys() == {held.model._meta.label for held in HELD.values()}
    assert tables["career.Agent"]["lignes"][0]["last_name"] == agent.last_name
    assert tables["documents.Document"]["lignes"][0]["kind"] == "Livret de famille"
    for table in tables.values():
        assert all(row.keys() == table["champs"].keys() for row in table["lignes"])
    with pikepdf.open(io.BytesIO(archive.read("donnees.pdf"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "fr"


@pytest.mark.usefixtures("unprinted")
def test_nothing_of_somebody_else_is_in_it(owner):
    other = full_career(last_name="Zyromski", matricule="A9999999")
    kept_document(other.user, Details(title="Bail Zyromski"))
    record(AccessKind.FILE_READ, actor=other.user, subject=owner)
    text = opened(made(owner)).read("donnees.json").decode()
    assert "A9999999" not in text
    assert "Bail Zyromski" not in text
    assert text.count("Zyromski") == 1, "who read the file is named in the journal"


@pytest.mark.usefixtures("unprinted")
def test_the_address_of_whoever_read_the_file_is_theirs(owner):
    AccessEvent.objects.bulk_create(
        AccessEvent(at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), kind=kind, actor=actor, subject=owner, ip=ip, mark=kind)
        for kind, actor, ip in (
            (AccessKind.SIGNED_IN, owner, "192.0.2.1"),
            (AccessKind.FILE_READ, full_career().user, "192.0.2.2"),
        )
    )
    text = opened(made(owner)).read("donnees.json").decode()
    assert "192.0.2.1" in text
    assert "192.0.2.2" not in text


@pytest.mark.usefixtures("unprinted")
def test_it_is_sealed_at_rest_and_sealed_again_under_a_new_key(owner, settings):
    export = made(owner)
    assert owner.last_name.encode() not in bytes(export.sealed)
    former, settings.NUMEN_KEY = settings.NUMEN_KEY, settings.LOOKUP_KEY
    settings.NUMEN_KEYS_OLD = [former]
    progress = {one.label: one for one in rotation.reseal_all(apply=True)}
    assert progress["Copies de données"].old == 1
    settings.NUMEN_KEYS_OLD = []
    export.refresh_from_db()
    assert data_of(opened(export))["compte"] == owner.username


@pytest.mark.usefixtures("unprinted")
def test_asked_twice_is_asked_once_and_a_new_one_replaces(owner):
    first = exports.ask_export(owner=owner)
    assert exports.ask_export(owner=owner) == first
    exports.make_export(first.public_id)
    second = exports.ask_export(owner=owner)
    first.refresh_from_db()
    assert (first.state, first.sealed) == (ExportState.EXPIRED, None)
    assert second.state == ExportState.ASKED


@pytest.mark.usefixtures("unprinted")
def test_the_owner_is_told_once_and_the_trace_is_theirs(owner):
    export = made(owner)
    assert not exports.make_export(export.public_id)
    assert Alert.objects.filter(user=owner, kind="demande.copie").count() == 1
    opened(export)
    export.refresh_from_db()
    assert export.downloaded_at is not None
    acts = AccessEvent.objects.filter(kind=AccessKind.DATA_COPIED, subject=owner).order_by("pk")
    assert [event.detail["act"] for event in acts] == ["demande", "telechargement"]


@pytest.mark.usefixtures("unprinted")
@pytest.mark.parametrize(("seconds", "left"), [(-1, 1), (0, 0), (1, 0)])
def test_seven_days_then_it_is_gone(owner, seconds, left):
    export = made(owner)
    with time_machine.travel(export.ready_at + dt.timedelta(days=7, seconds=seconds), tick=False):
        forget_exports()
    export.refresh_from_db()
    assert (export.state == ExportState.READY, export.sealed is not None) == (bool(left), bool(left))


@pytest.mark.usefixtures("unprinted")
def test_a_document_taken_back_is_not_in_a_copy_made_before(owner):
    document = kept_document(owner, Details(title="Livret"))
    export = made(owner)
    withdraw(document, by=owner)
    assert not [name for name in opened(export).namelist() if name.startswith("documents/")]


@pytest.mark.usefixtures("unprinted")
def test_a_content_that_is_lost_does_not_lose_the_others(owner):
    lost = kept_document(owner, Details(title="Perdu"))
    kept_document(owner, Details(title="Gardé"), pages=2)
    custody.storage().delete(StoredFile.objects.get(document=lost).name)
    with capture_logs() as lines:
        archive = opened(made(owner))
    assert len([name for name in archive.namelist() if name.startswith("documents/")]) == 1
    assert "Perdu" in archive.read("LISEZMOI.txt").decode()
    told = {"event": "copy_file_unreadable", "folder": "documents", "error": "LostContent", "log_level": "error"}
    assert told in lines, "no name in it"


@pytest.mark.parametrize("staff", [True, False])
def test_acts_of_staff_are_asked_of_the_delegate(owner, staff):
    owner.is_staff = staff
    owner.save()
    export = exports.ask_export(owner=owner)
    pages = pypdfium2.PdfDocument(exports._pdf(export, {"tables": []}))
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())
    assert ("fait comme agent de l" in text) is staff


def test_a_worker_that_dies_lets_it_go_and_the_sweep_takes_it_up(owner, monkeypatch):
    export = exports.ask_export(owner=owner)
    monkeypatch.setattr(exports, "_pdf", lambda *args: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(MemoryError):
        exports.make_export(export.public_id)
    monkeypatch.undo()
    assert not exports.make_export(export.public_id), "still held"
    export.refresh_from_db()
    assert (export.state, export.done) == (ExportState.ASKED, len(HELD))
    with time_machine.travel(export.making_until + dt.timedelta(seconds=1), tick=False):
        make_exports()
    export.refresh_from_db()
    assert export.state == ExportState.READY


@pytest.mark.usefixtures("unprinted")
def test_after_three_tries_it_is_told(owner):
    export = exports.ask_export(owner=owner)
    PersonalExport.objects.update(attempts=exports.ATTEMPTS)
    assert not exports.make_export(export.public_id)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert "n'a pas pu" in Alert.objects.get(user=owner).subject


@pytest.mark.usefixtures("unprinted")
@pytest.mark.parametrize("rows", [1, 30])
def test_the_statements_do_not_grow_with_the_rows(owner, rows):
    for _ in range(rows):
        record(AccessKind.SIGNED_IN, actor=owner, subject=owner)
    export = exports.ask_export(owner=owner)
    with CaptureQueriesContext(connection) as queries:
        exports.make_export(export.public_id)
    assert len(queries) < 2 * len(HELD) + 35
