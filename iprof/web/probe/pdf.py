"""A PDF opened, walked through, cleaned and written again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from iprof.web.probe.limits import DEPTH, PAGES

# An action that runs something, leaves the file or opens another; what plays; what hides a file or a form of programs.
ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
     "/RichMediaExecute", "/ResetForm", "/Hide", "/Trans", "/GoTo3DView"}
)  # fmt: skip
HARMLESS = frozenset({"/ResetForm", "/Hide", "/Trans", "/GoTo3DView"})  # removed with the rest, refused by nobody
KEYS = frozenset({"/JavaScript", "/JS", "/AA", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/XFA", "/Launch"})
SUBTYPES = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/FileAttachment", "/3D"})
FIELDS = 2_000  # of a form, looked at for a signature
NEWLINES = 4  # bytes that may follow what is signed: the end of the last line
METADATA = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/SpiderInfo")
Told = tuple[dict[str, Any], bytes]


def look(content: bytes) -> Told:
    """{"pages"} or {"refusal"}: what is joined to a message may do nothing."""
    with _open(content) as pdf:
        if pdf.is_encrypted:
            return {"refusal": "locked"}, b""
        if any(_active(item) for item in _objects(pdf)):
            return {"refusal": "active"}, b""
        return ({"pages": len(pdf.pages)} if len(pdf.pages) else {"refusal": "empty"}), b""


def read(content: bytes) -> Told:
    """{"pages", "signed", "unsealed", "active"} and the content to keep: written again, without metadata nor what is
    behind its end. A signed one is kept as it is, for its signature would break; an active one too, until it is cleaned.
    `unsealed`: it has a signature that does not go to its end, and is written again."""
    with _open(content) as pdf:
        if pdf.is_encrypted:
            return {"refusal": "locked"}, b""
        count = len(pdf.pages)
        if not 0 < count <= PAGES:
            return {"refusal": "long" if count else "empty", "pages": count}, b""
        active = any(_active(item) for item in _objects(pdf))
        marks = [_of_the_whole(value, len(content)) for value in _signatures(pdf) if _signs(value)]
        told = {"pages": count, "signed": any(marks), "unsealed": bool(marks) and not any(marks), "active": active}
        if active or told["signed"]:
            return told, content
        return told, _written(pdf)


def clean(content: bytes) -> Told:
    """The content without anything active. {"refusal": "active"} when some is left."""
    with _open(content) as pdf:
        for item in list(_objects(pdf)):
            _disarm(item)
        for page in pdf.pages:
            _drop_annotations(page.obj)
        cleaned = _written(pdf)
    with _open(cleaned) as again:
        if any(_active(item) for item in _objects(again)):
            return {"refusal": "active"}, b""
    return {}, cleaned


def _open(content: bytes) -> Pdf:
    return pikepdf.open(io.BytesIO(content), suppress_warnings=True)


def _written(pdf: Pdf) -> bytes:
    for holder in (pdf.trailer, pdf.Root, *(page.obj for page in pdf.pages)):
        for key in ("/Info", *METADATA):
            if key in holder:
                del holder[key]
    out = io.BytesIO()
    pdf.save(
        out, deterministic_id=True, fix_metadata_version=False, object_stream_mode=pikepdf.ObjectStreamMode.generate
    )
    return out.getvalue()


def _objects(pdf: Pdf) -> Iterator[Any]:
    yield pdf.trailer
    yield from pdf.objects


def _signatures(pdf: Pdf) -> Iterator[Any]:
    """The values of the fields of signature, those of a field's kids too; the first ones of a form that never ends.
    What says elsewhere that it is a signature is none."""
    form = pdf.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, Dictionary) else None
    waiting: list[tuple[Any, Any, int]] = [(field, None, 0) for field in _some(fields, FIELDS)]
    for _ in range(FIELDS):
        if not waiting:
            return
        field, kind, depth = waiting.pop()
        if not isinstance(field, Dictionary):
            continue
        kind = field.get("/FT", kind)
        if kind == Name.Sig:
            yield field.get("/V")
        if depth < DEPTH:
            waiting += [(kid, kind, depth + 1) for kid in _some(field.get("/Kids"), FIELDS - len(waiting))]


def _some(found: Any, most: int) -> list[Any]:
    return [found[number] for number in range(min(len(found), most))] if isinstance(found, Array) else []


def _signs(value: Any) -> bool:
    return isinstance(value, Dictionary) and "/ByteRange" in value and "/Contents" in value


def _of_the_whole(value: Any, length: int) -> bool:
    """Two ranges of bytes around the signature, the first from the start, the second to the end of the file."""
    ranges = value["/ByteRange"]
    numbers: list[Any] = list(ranges) if isinstance(ranges, Array) and len(ranges) == 4 else []
    if not numbers or any(type(number) is not int for number in numbers):
        return False
    start, first, second, rest = numbers
    return start == 0 < first < second and 0 < rest and 0 <= length - second - rest <= NEWLINES


def _active(item: Any) -> bool:
    return any(_acts(key, value) for key, value in _entries(item))


def _acts(key: str, value: Any) -> bool:
    if key in KEYS:
        return True
    if key == "/OpenAction":  # a page to open at is no harm
        return isinstance(value, Dictionary) and value.get("/S") != Name.GoTo
    named = str(value) if isinstance(value, Name) else ""
    return (key == "/S" and named in ACTIONS - HARMLESS) or (
        key in {"/Subtype", "/Type"} and named in SUBTYPES | {"/EmbeddedFile"}
    )


def _entries(item: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every entry of a dictionary, of those in it and in its arrays. Objects of their own are met on their own."""
    if depth > DEPTH:
        raise ValueError("too deep")
    if isinstance(item, Array):
        pairs = [("", value) for value in item]
    elif isinstance(item, Dictionary | Stream):
        pairs = list(item.items())
    else:
        return
    for key, value in pairs:
        yield key, value
        if not getattr(value, "is_indirect", False):
            yield from _entries(value, depth + 1)


def _disarm(item: Any, depth: int = 0) -> None:
    """Takes out of an object whatever acts, in it and in what it holds directly."""
    if depth > DEPTH:
        raise ValueError("too deep")
    if isinstance(item, Array):
        for value in item:
            if not getattr(value, "is_indirect", False):
                _disarm(value, depth + 1)
    elif isinstance(item, Dictionary | Stream):
        _disarm_entries(item, depth)


def _disarm_entries(item: Any, depth: int) -> None:
    if isinstance(item.get("/S"), Name) and str(item["/S"]) in ACTIONS:
        for key in list(item.keys()):  # an action that does nothing
            if key != "/Length":
                del item[key]
        return
    if item.get("/Type") == Name.EmbeddedFile:
        del item["/Type"]
    for key, value in list(item.items()):
        if key in KEYS or key == "/AF" or (key == "/OpenAction" and _acts(key, value)):
            del item[key]
        elif not getattr(value, "is_indirect", False):
            _disarm(value, depth + 1)


def _drop_annotations(page: Any) -> None:
    """What plays or holds a file goes from the page, the other annotations stay."""
    found = page.get("/Annots")
    if not isinstance(found, Array):
        return
    kept = [one for one in found if not (isinstance(one, Dictionary) and str(one.get("/Subtype")) in SUBTYPES)]
    page["/Annots"] = Array(kept)
