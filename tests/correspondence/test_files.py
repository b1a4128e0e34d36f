"""PDF files joined to what is written: what passes, what is refused and why, what is kept (norm D18)."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from iprof.correspondence.files import MAX_BYTES, RefusedFile, check_pdf, content_of, download, keep, safe_name
from iprof.correspondence.models import Attachment
from iprof.web.probe import look
from tests.factories.accounts import UserFactory
from tests.factories.files import pdf_bytes, upload

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def made(change=None, **options) -> bytes:
    """A PDF of one page that `change(pdf)` has altered."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    if change:
        change(document)
    document.save(out, **options)
    return out.getvalue()


def nested(action: Dictionary, depth: int) -> Dictionary:
    for _ in range(depth):
        action = Dictionary(S=Name.GoTo, Next=Array([action]))
    return action


def on_page(action):
    def change(document):
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 10, 10]), A=action)
        document.pages[0].obj.Annots = Array([link])

    return change


def at_root(**entries):
    def change(document):
        for key, value in entries.items():
            document.Root[f"/{key}"] = value

    return change


def attached(document):
    document.attachments["a.exe"] = b"MZ"


@pytest.mark.req("S86")
@pytest.mark.parametrize(
    "change",
    [
        at_root(OpenAction=SCRIPT),
        at_root(OpenAction=Dictionary(S=Name.URI, URI=String("https://evil.example/"))),
        at_root(AA=Dictionary(WC=Dictionary(S=Name.GoTo))),
        at_root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))),
        at_root(AcroForm=Dictionary(XFA=String("<xdp/>"))),
        at_root(Kept=Array([Array([Dictionary(S=Name.Launch, F=String("calc.exe"))])])),
        on_page(SCRIPT),
        on_page(Dictionary(S=Name.GoToR, F=String("\\\\\\\\evil.example\\\\a"))),
        on_page(nested(SCRIPT, 3)),
        attached,
    ],
    ids=["script at opening", "address at opening", "additional actions", "named script", "form of programs", "launch in arrays",
         "script of a link", "another file", "chained actions", "hidden file"],
)  # fmt: skip
@pytest.mark.parametrize("streams", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_a_pdf_that_acts_is_refused(change, streams):
    with pytest.raises(RefusedFile, match="contient un programme"):
        check_pdf(upload(content=made(change, object_stream_mode=streams)))


def test_what_is_nested_too_deep_to_be_read_is_refused():
    with pytest.raises(RefusedFile, match="abîmé"):
        check_pdf(upload(content=made(on_page(nested(SCRIPT, 60)))))


@pytest.mark.parametrize(
    "change",
    [
        None,
        on_page(Dictionary(S=Name.URI, URI=String("https://www.education.gouv.fr/"))),
        lambda document: at_root(OpenAction=Array([document.pages[0].obj, Name.Fit]))(document),
    ],
    ids=["plain", "a link to a site", "opens at a page"],
)
def test_an_ordinary_pdf_passes(change):
    checked = check_pdf(upload("Relevé 2026.pdf", made(change)))
    assert (checked.name, checked.pages) == ("Relevé 2026.pdf", 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "est vide"),
        (b"MZ\x90\x00 a program", "n'est pas un PDF"),
        (b"%PDF-1.7\nrien de plus", "est abîmé"),
        (pdf_bytes()[:-40], "abîmé|"),
        (made(encryption=pikepdf.Encryption(owner="a", user="b")), "mot de passe"),
        (made(encryption=pikepdf.Encryption(owner="a", user="")), "mot de passe"),
        (b"%PDF-1.7\n" + b"0" * MAX_BYTES, "pèse 3 Mo ou plus"),
    ],
    ids=["empty", "program", "cut at once", "cut at the end", "locked", "locked for changes", "too heavy"],
)
def test_what_does_not_open_is_refused_with_its_reason(content, sentence):
    if sentence == "abîmé|":  # readers mend a lost end: taken or refused, never an error
        assert look(content).pages or look(content).refusal
        return
    with pytest.raises(RefusedFile, match=sentence):
        check_pdf(upload(content=content))


def test_a_pdf_that_unfolds_into_gigabytes_takes_nobody_down():
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"\0" * 50_000_000) for _ in range(24)) + packer.flush()
    document = pikepdf.new()
    document.add_blank_page()
    bomb = document.make_stream(packed)
    out = io.BytesIO()
    document.Root.Bomb = bomb
    document.save(out, compress_streams=False)
    # The stream named as a store of objects, which every reader unfolds to open the file.
    body = out.getvalue().replace(b"/Length", b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length", 1)
    looked = look(body)
    assert looked.pages or looked.refusal in {"heavy", "broken"}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"), ("C:\\Dossiers\\bail.PDF", "bail.pdf"), ("fdp\u202efdp.exe", "fdpfdp.exe.pdf"),
        ("", "document.pdf"), (".pdf", "document.pdf"), ("a" * 300, "a" * 146 + ".pdf"), ("a\r\nb.pdf", "ab.pdf"),
    ],
)  # fmt: skip
def test_names_say_what_they_are(given, shown):
    assert safe_name(given) == shown


@pytest.mark.django_db
def test_what_is_kept_is_sealed_and_comes_back_as_it_was():
    content = pdf_bytes(pages=2)
    kept = keep(check_pdf(upload("Été.pdf", content)), by=UserFactory())
    stored = bytes(Attachment.objects.get(pk=kept.pk).sealed)
    assert b"%PDF" not in stored
    assert content_of(kept) == content
    response = download(kept)
    assert response.content == content
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
