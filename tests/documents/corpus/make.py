"""How the files of the corpus are made."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String

from tests.documents.papers import paper

EICAR = (  # in two parts: the file itself must not look like one
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
)


PLACES = (1_111_111_111, 2_022_222_222, 2_033_333_333)  # where the ranges of a signature are written once known


def saved(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def changed(change: Callable[[Pdf], None], **options: object) -> bytes:
    """A good paper with something done to it."""
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        change(pdf)
        return saved(pdf, **options)


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def annotation(pdf: Pdf, **entries: object) -> None:
    made = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], **entries))
    pdf.pages[0].obj.Annots = Array([made])


def embedded(pdf: Pdf) -> None:
    spec = pikepdf.AttachedFileSpec(pdf, b"MZ" + b"0" * 60, filename="facture.exe")
    pdf.attachments["facture.exe"] = spec


def raw(*objects: bytes, root: int = 1, head: bytes = b"%PDF-1.4\n", tail: bytes = b"") -> bytes:
    """A PDF of these objects, with a right table of references."""
    body, places = bytearray(head), []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        body += b"%010d 00000 n \n" % place
    body += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return bytes(body) + tail


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n" % (len(content), entries) + content + b"\nendstream"


def flate_bomb(times: int, *, layers: int = 1) -> bytes:
    """A page whose content unfolds into `times` MB, through so many filters."""
    content = zlib.compress(b"0 0 m " * (times * 1_000_000 // 6), 9)
    for _ in range(layers - 1):
        content = zlib.compress(content, 9)
    filters = b"/Filter[" + b"/FlateDecode" * layers + b"]"
    return raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        stream(content, filters),
    )


def deep_pages(depth: int) -> bytes:
    """A tree of pages of one branch."""
    kids = [
        b"<</Type/Pages/Kids[%d 0 R]/Count 1%s>>"
        % (number + 1, b"/Parent %d 0 R" % (number - 1) if number > 2 else b"")
        for number in range(2, depth + 2)
    ]
    leaf = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>" % (depth + 1)
    return raw(b"<</Type/Catalog/Pages 2 0 R>>", *kids, leaf)


def deep_array(depth: int) -> bytes:
    return raw(
        b"<</Type/Catalog/Pages 2 0 R/Deep " + b"[" * depth + b"]" * depth + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def many_objects(count: int) -> bytes:
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        pdf.Root.Heap = Array([pdf.make_indirect(Dictionary(N=number)) for number in range(count)])
        return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def png(width: int, height: int) -> bytes:
    """A PNG that says it is that large, and is nearly empty."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def signed(change: Callable[[Pdf], None] = lambda pdf: None, *, kids: bool = False) -> bytes:
    """A paper with a field of signature, whose ranges go to the end of the file; the signature itself is zeros."""

    def sign(pdf: Pdf) -> None:
        value = Dictionary(Type=Name.Sig, ByteRange=Array([0, *PLACES]), Contents=String(b"\0" * 64))
        field = Dictionary(FT=Name.Sig, T=String("signature"))
        if kids:
            field.Kids = Array([pdf.make_indirect(Dictionary(V=pdf.make_indirect(value)))])
        else:
            field.V = pdf.make_indirect(value)
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))
        change(pdf)

    content = changed(sign, object_stream_mode=ObjectStreamMode.disable)
    opens = content.index(b"/Contents <") + len(b"/Contents ")
    closes = content.index(b">", opens) + 1
    for place, number in zip(PLACES, (opens, closes, len(content) - closes), strict=True):
        content = content.replace(b"%d" % place, b"%-10d" % number)
    return content


def signed_and_active() -> bytes:
    return signed(lambda pdf: pdf.Root.__setitem__("/OpenAction", script()))


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def padded(size: int) -> bytes:
    """A good paper followed by a comment, of so many bytes in all."""
    return paper() + b"\n%" + b"0" * (size - len(paper()) - 2)
