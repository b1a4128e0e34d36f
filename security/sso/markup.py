"""XML of a CAS server, read without any document type: no entity, no bomb, nothing fetched."""

from dataclasses import dataclass
from xml.parsers import expat

from security.domain.sso import Fault, SignOnProblem

DEEPEST, LARGEST = 20, 64 * 1024


@dataclass(frozen=True, slots=True)
class Element:
    """`name` is « namespace local »; `depth` counts from 0; `text` is what it holds itself."""

    name: str
    depth: int
    text: str
    attributes: dict[str, str]


def elements(document: bytes) -> list[Element]:
    """Every element, in the order they end. Raises SignOnProblem."""
    if len(document) > LARGEST:
        raise SignOnProblem(Fault.BROKEN, "xml")
    found: list[Element] = []
    opened: list[tuple[str, dict[str, str], list[str]]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(opened) >= DEEPEST:
            raise SignOnProblem(Fault.BROKEN, "xml")
        opened.append((name, attributes, []))

    def end(name: str) -> None:
        _, attributes, texts = opened.pop()
        found.append(Element(name, len(opened), "".join(texts).strip(), attributes))

    def text(data: str) -> None:
        if opened:
            opened[-1][2].append(data)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, ValueError):
        raise SignOnProblem(Fault.BROKEN, "xml") from None
    return found


def _refuse(*_: object) -> None:
    raise SignOnProblem(Fault.BROKEN, "doctype")
