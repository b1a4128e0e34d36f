"""Whoever holds the storage, the database or the logs reads nothing of a document (norms D10, D18); keys change.

A known file is deposited, described, sent, looked at and copied; then its bytes are looked for, plain, in hexadecimal and in
base64, in every file, in every column of every table and in every line of the logs.
"""

import base64
import io
import logging

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from psycopg import sql

from documents import custody
from documents.domain.procedures import procedures
from documents.models import Document, StoredFile
from documents.services.examine import examine
from documents.services.submit import submit
from iprof.web.crypto import UnreadableSecret, is_fresh
from security.enums import Role
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S14", "D18")]
WORDS = b"Revenu fiscal de reference fictif 31415926535"
LONG = 24  # bytes of content looked for at a time


def known() -> bytes:
    """A page of text, written without compression: whatever rests in clear is recognised."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                )
            )
        )
        lines = b"".join(b"BT /F 12 Tf 60 %d Td (%s) Tj ET\n" % (780 - 20 * line, WORDS) for line in range(30))
        page.obj.Contents = made.make_stream(lines)
        made.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def needles(*contents: bytes) -> set[bytes]:
    """Pieces of each, as they are and as texts would hold them."""
    pieces = {WORDS} | {content[at : at + LONG] for content in contents for at in range(0, len(content) - LONG, 97)}
    shown = {piece.hex().encode() for piece in pieces}
    for piece in pieces:
        for shift in range(3):  # base64 goes by three bytes, from wherever they began
            shown.add(base64.b64encode(piece[shift : shift + 21]))
    return pieces | shown


def database() -> bytes:
    """Every row of every table, its bytes in hexadecimal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(sql.SQL("SELECT row_to_json(t)::text FROM {} t").format(sql.Identifier(table)))
            rows += [row for (row,) in cursor.fetchall()]
    assert len(tables) > 50
    return "\n".join(rows).encode()


@pytest.fixture
def logged():
    """Everything the loggers say, whatever their level."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def browser(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def test_nothing_of_a_known_file_is_in_the_storage_the_database_or_the_logs(
    folder, logged, django_capture_on_commit_callbacks
):
    owner, manager, received = full_career().user, staff(Role.GESTIONNAIRE), known()
    client = browser(owner)
    upload = SimpleUploadedFile("JustifDomicile_2026.pdf", received, "application/pdf")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("documents:deposit"), {"fichiers": [upload]})
    document = Document.objects.get()
    client.post(document.get_absolute_url(), {"type": "justificatif_domicile", "date": "2026-11-01", "titre": ""})
    document.refresh_from_db()
    send(owner, document)
    browser(manager).get(reverse("documents:preview", args=[document.pk, 1]))
    kept = custody.read(document.stored)
    assert browser(manager).get(reverse("documents:staff_copy", args=[document.pk])).content == kept
    looked_for = needles(received, kept)
    files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert len(files) > len(kept)
    assert any(needle in known() for needle in looked_for)
    for where, text in (("storage", files), ("database", database()), ("logs", logged.getvalue().encode())):
        assert not [needle for needle in looked_for if needle in text], where
        assert where == "storage" or text


def send(owner, document) -> None:
    submit(owner=owner, procedure=procedures()["changement_adresse"], chosen={"domicile": [document]})


def test_what_looks_for_it_finds_what_is_in_clear(folder):
    """The test above can fail: the same content kept as it is, or in a column."""
    document = kept_document(UserFactory())
    content = custody.read(document.stored)
    (folder / "clear").write_bytes(content)
    StoredFile.objects.update(sealed_key=content)
    looked_for = needles(content)
    assert any(needle in (folder / "clear").read_bytes() for needle in looked_for)
    assert any(needle in database() for needle in looked_for)


# --- Change of the master key -------------------------------------------------------------------------------------------
NEW = base64.b64encode(bytes([7]) * 32).decode()


def test_the_keys_of_documents_follow_the_master_key_and_no_content_moves(folder, settings):
    documents = [kept_document(UserFactory(), lines=10 + number) for number in range(3)]
    before = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    contents = [custody.read(document.stored) for document in documents]
    settings.NUMEN_KEYS_OLD, settings.NUMEN_KEY = [settings.NUMEN_KEY], NEW
    out = io.StringIO()
    call_command("reseal", "--apply", stdout=out)
    assert "Clés des documents : 0 sous la clé actuelle, 3 rechiffrés, 0 illisibles." in out.getvalue()
    settings.NUMEN_KEYS_OLD = []
    rows = StoredFile.objects.select_related("document").order_by("document__deposited_at")
    assert all(is_fresh(bytes(row.sealed_key), context=custody.CONTEXT) for row in rows)
    assert sorted(custody.read(row) for row in rows) == sorted(contents)
    assert {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_without_its_former_key_nothing_opens_and_nothing_is_lost(folder, settings):
    document, former = kept_document(UserFactory()), settings.NUMEN_KEY
    settings.NUMEN_KEY = NEW
    with pytest.raises(UnreadableSecret):
        custody.read(StoredFile.objects.get(document=document))
    settings.NUMEN_KEYS_OLD = [former]
    assert custody.read(StoredFile.objects.get(document=document)).startswith(b"%PDF-")


def test_a_document_waiting_for_its_checks_waits_for_its_key(folder, settings):
    document, former = kept_document(UserFactory()), settings.NUMEN_KEY
    document.verdicts.filter(check_name="virus").delete()
    Document.objects.update(state="controle", examined_at=None)
    settings.NUMEN_KEY = NEW
    assert examine(document.pk).state == "controle"
    settings.NUMEN_KEYS_OLD = [former]
    Document.objects.update(examining_until=None)
    assert examine(document.pk).state == "depose"
