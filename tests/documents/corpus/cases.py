"""The list: id, name sent, content, and the gravest quick verdict (check and word; none when it passes)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from documents.domain.verdicts import Check, Outcome
from tests.documents.corpus import make
from tests.documents.corpus.make import annotation, changed, embedded, raw, script
from tests.documents.papers import letter, paper, photo


@dataclass(frozen=True, slots=True)
class Case:
    """`expected` the outcome, with the check and the word that say why unless it passes. More than one: any of them."""

    id: str
    name: str
    content: Callable[[], bytes]
    expected: tuple[tuple[Outcome, Check | None, str], ...]


PASSES = ((Outcome.PASSED, None, ""),)
CONSENT = ((Outcome.CONSENT, Check.ACTIVE, "a-retirer"),)
OTHER = ((Outcome.REFUSED, Check.TYPE, "autre"),)
BROKEN = ((Outcome.REFUSED, Check.READABLE, "abime"),)
HEAVY = ((Outcome.REFUSED, Check.READABLE, "trop-long"),)
LOCKED = ((Outcome.REFUSED, Check.LOCK, "mot-de-passe"),)
NO_PAGE = ((Outcome.REFUSED, Check.PAGES, "aucune"),)
RENAMED = ((Outcome.WARNED, Check.TYPE, "nom"),)


def cases() -> Iterator[Case]:
    yield from weights()
    yield from other_types()
    yield from active()
    yield from locked()
    yield from damaged()
    yield from bombs()
    yield from names()
    yield from odd_but_good()
    yield from signed()


def weights() -> Iterator[Case]:
    yield Case("empty", "vide.pdf", bytes, ((Outcome.REFUSED, Check.WEIGHT, "vide"),))
    for size in (3_000_000, 3_000_001, 5_000_000):
        yield Case(
            f"weight-{size}",
            "grand.pdf",
            lambda size=size: make.padded(size),
            ((Outcome.REFUSED, Check.WEIGHT, "lourd"),),
        )
    yield Case("weight-2999999", "grand.pdf", lambda: make.padded(2_999_999), PASSES)


MAGICS = {
    "exe": b"MZ\x90\0" + b"\0" * 60,
    "elf": b"\x7fELF" + b"\0" * 60,
    "zip": make.zipped("a.txt", b"a"),
    "docx": make.zipped("word/document.xml", b"<w/>"),
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60,
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "gif": b"GIF89a\x01\0\x01\0\0\0\0;",
    "gif-js": b"GIF89a=1;alert(1)//",
    "sh": b"#!/bin/sh\nrm -rf /\n",
    "txt": b"bonjour",
    "nul": b"\0" * 2000,
    "rar": b"Rar!\x1a\x07\0" + b"\0" * 60,
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 60,
    "eicar": make.EICAR,
    "eicar-zip": make.zipped("eicar.com", make.EICAR),
    "ps": b"%!PS-Adobe-3.0\n(%pipe%id) (r) file\n",
    "rtf": b"{\\rtf1 a}",
    "csv": b"a;b\n1;2\n",
    "bmp": b"BM" + b"\0" * 60,
    "tiff": b"II*\0" + b"\0" * 60,
    "mp4": b"\0\0\0\x18ftypmp42" + b"\0" * 60,
}


def other_types() -> Iterator[Case]:
    for kind, content in MAGICS.items():
        for ending in ("pdf", "jpg", kind):
            yield Case(f"type-{kind}-as-{ending}", f"fichier.{ending}", lambda content=content: content, OTHER)
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 60
    yield Case("heic", "IMG_1.HEIC", lambda: heic, ((Outcome.REFUSED, Check.TYPE, "heic"),))
    for kind in ("zip", "html", "exe", "gif-js", "sh"):  # a PDF behind the mark of another type
        yield Case(f"polyglot-{kind}-pdf", "a.pdf", lambda kind=kind: MAGICS[kind] + paper(), OTHER)
    for kind in ("zip", "html", "exe", "sh", "eicar-zip"):  # another type behind a PDF: it is not written again
        yield Case(f"polyglot-pdf-{kind}", "a.pdf", lambda kind=kind: paper() + MAGICS[kind], PASSES)
    yield Case("polyglot-jpeg-pdf", "a.jpg", lambda: photo(letter()) + paper(), PASSES)
    yield Case("polyglot-jpeg-html", "a.jpg", lambda: photo(letter()) + MAGICS["html"], PASSES)
    for ending in ("exe", "docx", "html", "jpg"):
        yield Case(f"pdf-named-{ending}", f"attestation.{ending}", paper, RENAMED)
    yield Case("jpeg-named-pdf", "attestation.pdf", lambda: photo(letter()), RENAMED)


def _names(pdf: pikepdf.Pdf) -> None:
    tree = Dictionary(Names=Array([String("a"), pdf.make_indirect(script())]))
    pdf.Root.Names = Dictionary(JavaScript=tree)


def _chained(pdf: pikepdf.Pdf, length: int) -> None:
    action = script()
    for _ in range(length):
        action = pdf.make_indirect(Dictionary(S=Name.Named, N=Name.NextPage, Next=action))
    annotation(pdf, A=action)


def _array(pdf: pikepdf.Pdf, depth: int) -> None:
    nested: object = script()
    for _ in range(depth):
        nested = Array([nested])
    pdf.Root.Whatever = nested


def _form(pdf: pikepdf.Pdf, **entries: object) -> None:
    field = pdf.make_indirect(
        Dictionary({"/FT": Name.Tx, "/T": String("champ")} | {f"/{k}": v for k, v in entries.items()})
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def _xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def _outline(pdf: pikepdf.Pdf) -> None:
    item = pdf.make_indirect(Dictionary(Title=String("Titre"), A=script()))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))


def _page(pdf: pikepdf.Pdf, **entries: object) -> None:
    for key, value in entries.items():
        pdf.pages[0].obj[f"/{key}"] = value


def _root(pdf: pikepdf.Pdf, **entries: object) -> None:
    for key, value in entries.items():
        pdf.Root[f"/{key}"] = value


def _action(kind: str) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), F=String("calc.exe"), URL=String("https://exemple.fr"))


HIDDEN: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "open-action": lambda pdf: _root(pdf, OpenAction=script()),
    "open-action-indirect": lambda pdf: _root(pdf, OpenAction=pdf.make_indirect(script())),
    "open-action-uri": lambda pdf: _root(pdf, OpenAction=_action("URI")),
    "catalog-aa": lambda pdf: _root(pdf, AA=Dictionary(WC=script())),
    "catalog-aa-empty": lambda pdf: _root(pdf, AA=Dictionary()),
    "page-aa": lambda pdf: _page(pdf, AA=Dictionary(O=script())),
    "annotation-a": lambda pdf: annotation(pdf, A=script()),
    "annotation-aa": lambda pdf: annotation(pdf, AA=Dictionary(E=script())),
    "field-aa": lambda pdf: _form(pdf, AA=Dictionary(K=script())),
    "field-a": lambda pdf: _form(pdf, A=script()),
    "field-kid": lambda pdf: _form(pdf, Kids=Array([Dictionary(A=script())])),
    "names-tree": _names,
    "outline": _outline,
    "xfa": _xfa,
    "private": lambda pdf: _root(pdf, Prive=pdf.make_indirect(Dictionary(X=script()))),
    "page-private": lambda pdf: _page(pdf, Prive=Dictionary(Y=Array([script()]))),
    "trailer": lambda pdf: pdf.trailer.__setitem__("/Extra", script()),
    "embedded": embedded,
    "js-key-alone": lambda pdf: _root(pdf, X=Dictionary(JS=String("app.alert(1)"))),
    "js-stream": lambda pdf: _root(pdf, X=Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)"))),
    **{f"chain-{n}": lambda pdf, n=n: _chained(pdf, n) for n in (1, 2, 5, 20, 40)},
    **{f"array-{n}": lambda pdf, n=n: _array(pdf, n) for n in (1, 2, 5, 20, 40)},
    **{
        f"annotation-{kind}": lambda pdf, kind=kind: annotation(pdf, A=_action(kind))
        for kind in (
            "Launch",
            "SubmitForm",
            "ImportData",
            "GoToR",
            "GoToE",
            "Rendition",
            "Movie",
            "Sound",
            "RichMediaExecute",
        )
    },
    **{
        f"open-{kind}": lambda pdf, kind=kind: _root(pdf, OpenAction=_action(kind))
        for kind in ("Launch", "SubmitForm", "ImportData", "GoToR", "GoToE")
    },
    **{
        f"subtype-{kind}": lambda pdf, kind=kind: _page(
            pdf,
            Annots=Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9]))]),
        )
        for kind in ("RichMedia", "Movie", "Sound", "Screen", "FileAttachment", "3D")
    },
}


def active() -> Iterator[Case]:
    """Each place, written plainly, in streams of objects, and under a name in hexadecimal."""
    modes = {
        "plain": {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
        "objects": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    }
    for place, change in HIDDEN.items():
        for mode, options in modes.items():
            yield Case(
                f"active-{place}-{mode}",
                "formulaire.pdf",
                lambda change=change, options=options: changed(change, **options),
                CONSENT,
            )
    for number, spelled in enumerate((b"/J#61vaScript", b"/#4a#53", b"/#4Aav#61Script", b"/JavaScrip#74")):
        body = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S %s/JS(app.alert\\(1\\))>>>>" % spelled
        yield Case(f"active-hexadecimal-{number}", "a.pdf", lambda body=body: raw(body, *ONE_PAGE), CONSENT)
    yield Case("active-update", "a.pdf", _updated, CONSENT)


ONE_PAGE = (
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
)
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def _updated() -> bytes:
    """A program added behind a good file, by an incremental update."""
    first = raw(CATALOG, *ONE_PAGE)
    start = first.rindex(b"startxref") + 10
    before = int(first[start : first.index(b"\n", start)])
    place = len(first)
    change = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(1)>>>>\nendobj\n"
    table = b"xref\n1 1\n%010d 00000 n \n" % place
    trailer = b"trailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (before, place + len(change))
    return first + change + table + trailer


def locked() -> Iterator[Case]:
    for level in (2, 3, 4, 6):
        for who in ("user", "owner"):
            words = {"user": "secret" if who == "user" else "", "owner": "secret"}
            yield Case(
                f"locked-{who}-R{level}",
                "protege.pdf",
                lambda level=level, words=words: changed(
                    lambda pdf: None,
                    encryption=pikepdf.Encryption(**words, R=level, aes=level >= 4, metadata=level >= 4),
                ),
                LOCKED,
            )


def damaged() -> Iterator[Case]:
    tolerated = PASSES + BROKEN + NO_PAGE + OTHER  # cut short: repaired or refused, both are right
    for tenth in range(1, 10):
        yield Case(
            f"truncated-{tenth}", "coupe.pdf", lambda tenth=tenth: paper()[: len(paper()) * tenth // 10], tolerated
        )
    for number in range(40):
        yield Case(
            f"flipped-{number}",
            "abime.pdf",
            lambda number=number: _flipped(number),
            tolerated + CONSENT + LOCKED + HEAVY,
        )
    yield Case("header-alone", "a.pdf", lambda: b"%PDF-1.7\n", BROKEN)
    yield Case("header-and-end", "a.pdf", lambda: b"%PDF-1.7\n%%EOF\n", BROKEN)
    yield Case("garbage", "a.pdf", lambda: b"%PDF-1.7\n" + b"\xff\xfe" * 5000, BROKEN)
    yield Case("no-xref", "a.pdf", lambda: paper().partition(b"startxref")[0], PASSES)
    yield Case("wrong-xref", "a.pdf", lambda: raw(CATALOG, *ONE_PAGE).replace(b"startxref\n", b"startxref\n9"), PASSES)
    yield Case("no-root", "a.pdf", lambda: raw(*ONE_PAGE, root=9), BROKEN + NO_PAGE)
    yield Case("no-page", "a.pdf", lambda: raw(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"), NO_PAGE)
    yield Case("count-lies", "a.pdf", lambda: raw(CATALOG, b"<</Type/Pages/Kids[]/Count 9>>"), NO_PAGE + BROKEN)
    yield Case("cyclic-tree", "a.pdf", lambda: raw(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), NO_PAGE + BROKEN)
    yield Case("cyclic-reference", "a.pdf", lambda: raw(CATALOG, b"3 0 R", b"2 0 R"), NO_PAGE + BROKEN)
    for place in range(5):
        yield Case(f"broken-jpeg-{place}", "a.jpg", lambda place=place: photo(letter())[: 10 ** (place + 1)], BROKEN)
    yield Case("broken-png", "a.png", lambda: photo(letter(), kind="PNG")[:4000], BROKEN)


def _flipped(number: int) -> bytes:
    """One byte in many changed, always the same ones."""
    content = bytearray(paper())
    step = 97 + number * 13
    for place in range(64 + number, len(content), step):
        content[place] ^= 1 << (number % 8)
    return bytes(content)


def bombs() -> Iterator[Case]:
    for times in (10, 100, 400):
        yield Case(f"bomb-stream-{times}MB", "a.pdf", lambda times=times: make.flate_bomb(times), PASSES + HEAVY)
    yield Case("bomb-layers", "a.pdf", lambda: make.flate_bomb(100, layers=3), PASSES + HEAVY)
    for count in (1_000, 30_000):
        yield Case(f"bomb-objects-{count}", "a.pdf", lambda count=count: make.many_objects(count), PASSES + HEAVY)
    for depth in (10, 100, 2_000, 20_000):
        yield Case(
            f"deep-pages-{depth}",
            "a.pdf",
            lambda depth=depth: make.deep_pages(depth),
            PASSES + BROKEN + HEAVY + NO_PAGE,
        )
    for depth in (10, 400, 50_000):
        yield Case(
            f"deep-array-{depth}",
            "a.pdf",
            lambda depth=depth: make.deep_array(depth),
            PASSES + BROKEN + HEAVY + NO_PAGE,
        )
    for side in (8_000, 50_000, 2_000_000_000):
        yield Case(f"bomb-png-{side}", "a.png", lambda side=side: make.png(side, side), BROKEN + HEAVY)
    for box in (b"0 0 0 0", b"0 0 1e9 1e9", b"0 0 -5 -5", b"0 0 nan nan", b"0 0"):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]>>" % box
        yield Case(
            f"box-{box.decode().replace(' ', '_')}",
            "a.pdf",
            lambda page=page: raw(CATALOG, ONE_PAGE[0], page),
            PASSES + BROKEN,
        )
    yield Case("too-many-pages", "a.pdf", lambda: _pages(201), ((Outcome.REFUSED, Check.PAGES, "trop"),))
    yield Case("as-many-pages-as-one-may", "a.pdf", lambda: _pages(200), PASSES)


def _pages(count: int) -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page()
        return make.saved(pdf)


NAMES = {
    "parent": "../../etc/passwd.pdf",
    "windows": "..\\..\\windows\\system32\\cmd.pdf",
    "absolute": "/etc/passwd.pdf",
    "turned": "facture\u202efdp.exe.pdf",
    "isolated": "a\u2066b\u2069.pdf",
    "script": "<script>alert(1)</script>.pdf",
    "image": '"><img src=x onerror=alert(1)>.pdf',
    "quote": 'l\'attestation "signée".pdf',
    "template": "${7*7}#{7*7}.pdf",
    "format": "%s%n{0}.pdf",
    "accents": "Relevé d'indice été 2025.pdf",
    "emoji": "📄 bail.pdf",
    "long": "a" * 400 + ".pdf",
    "spaces": "   .pdf",
    "dots": "....pdf",
    "tabs": "a\tb.pdf",
    "none": "sans-extension",
    "upper": "BAIL.PDF",
    "arabic": "عقد.pdf",
    "zero-width": "a\u200bb.pdf",
    "con": "CON.pdf",
    "semicolon": "a;rm -rf.pdf",
}


def names() -> Iterator[Case]:
    for kind, name in NAMES.items():
        yield Case(f"name-{kind}", name, paper, PASSES)


def odd_but_good() -> Iterator[Case]:
    for version in ("1.3", "1.4", "1.5", "1.6", "1.7", "2.0"):
        yield Case(
            f"good-version-{version}",
            "a.pdf",
            lambda version=version: changed(lambda pdf: None, force_version=version),
            PASSES,
        )
    yield Case("good-linearized", "a.pdf", lambda: changed(lambda pdf: None, linearize=True), PASSES)
    yield Case("good-goto", "a.pdf", lambda: changed(_goes_to_a_page), PASSES)
    yield Case("good-link", "a.pdf", lambda: changed(lambda pdf: annotation(pdf, A=_action("URI"))), PASSES)
    yield Case("good-garbage-before", "a.pdf", lambda: b"\n\n" + paper(), PASSES)
    yield Case("good-bom-before", "a.pdf", lambda: b"\xef\xbb\xbf" + paper(), PASSES)
    yield Case("good-many-pages", "a.pdf", lambda: paper(pages=4), PASSES)
    yield Case("good-form", "a.pdf", lambda: changed(lambda pdf: _form(pdf, V=String("Oui"))), PASSES)
    for kind in ("JPEG", "PNG", "WEBP"):
        yield Case(
            f"good-{kind.lower()}", f"photo.{kind.lower()}", lambda kind=kind: photo(letter(), kind=kind), PASSES
        )
    for turned in range(1, 9):
        yield Case(f"good-turned-{turned}", "a.jpg", lambda turned=turned: photo(letter(), orientation=turned), PASSES)


def signed() -> Iterator[Case]:
    """Kept as they are when their signature goes to their end; what only looks like it is written again."""
    kept = ((Outcome.WARNED, Check.LOCK, "signe"),)
    yield Case("signed", "a.pdf", make.signed, kept)
    yield Case("signed-kid", "a.pdf", lambda: make.signed(kids=True), kept)
    yield Case("signed-newline", "a.pdf", lambda: make.signed() + b"\r\n", kept)
    yield Case(
        "signed-and-active", "a.pdf", make.signed_and_active, ((Outcome.CONSENT, Check.ACTIVE, "a-retirer-signe"),)
    )
    lost = ((Outcome.WARNED, Check.LOCK, "signature-perdue"),)
    for kind, change in PRETENDED.items():
        expected = lost if kind in OF_A_PART else PASSES
        yield Case(f"pretends-{kind}", "a.pdf", lambda change=change: changed(change), expected)
    yield Case("pretends-and-more", "a.pdf", lambda: make.signed() + MAGICS["exe"], lost)


def _goes_to_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))


def _marked(*ranges: object, kind: pikepdf.Object = Name.Sig) -> Callable[[pikepdf.Pdf], None]:
    """A field of signature that says these ranges of bytes."""

    def change(pdf: pikepdf.Pdf) -> None:
        value = pdf.make_indirect(Dictionary(Type=Name.Sig, ByteRange=Array(ranges), Contents=String(b"\0" * 64)))
        field = pdf.make_indirect(Dictionary(FT=kind, T=String("champ"), V=value))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    return change


def _anywhere(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Prive = pdf.make_indirect(Dictionary(ByteRange=Array([]), Contents=String(b"")))


def _endless(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(Dictionary(T=String("champ")))
    field.Kids = Array([field] * 50)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


PRETENDED: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "anywhere": _anywhere,
    "nothing": _marked(),
    "short": _marked(0, 1, 2, 3),
    "long": _marked(0, 1, 2, 10**9),
    "reals": _marked(0, 1, 2, Decimal("3.5")),
    "words": _marked(0, 1, 2, String("3")),
    "text-field": _marked(0, 1, 2, 3, kind=Name.Tx),
    "endless": _endless,
    "no-field": lambda pdf: _root(pdf, AcroForm=Dictionary()),
    "not-a-form": lambda pdf: _root(pdf, AcroForm=Array([])),
    "field-is-a-number": lambda pdf: _root(pdf, AcroForm=Dictionary(Fields=Array([3]))),
    "value-is-a-number": lambda pdf: _form(pdf, FT=Name.Sig, V=3),
}
OF_A_PART = ("nothing", "short", "long", "reals", "words")  # a signature, but not of the whole file
CASES = tuple(cases())
