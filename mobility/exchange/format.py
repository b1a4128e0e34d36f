"""The file of requests exchanged with SIAM: one definition decodes, validates and prints docs/contracts/siam.schema.json.

NDJSON in UTF-8, keys sorted: a header, then one line a request in the order of their numbers. The same requests always
give the same bytes.
"""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

Place = Annotated[str, Meta(min_length=1, max_length=60)]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}(?!\n)$")]
Matricule = Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,20}(?!\n)$")]
Instant = Annotated[dt.datetime, Meta(tz=True)]


class Strict(Struct, forbid_unknown_fields=True, gc=False):
    """Refuses fields it does not know: a misspelt field is never silently lost."""


class Header(Strict):
    """`digest`: SHA-256 of all the bytes after the header's own line break."""

    campaign: UUID
    degree: Literal["2D", "1D"]
    phase: Literal["inter", "intra"]
    session: Annotated[int, Meta(ge=2020, le=2100)]
    requests: Annotated[int, Meta(ge=0)]
    digest: Digest
    format: Literal["siam-demandes"] = "siam-demandes"
    version: Literal[1] = 1


class VoeuLine(Strict):
    """`kind` empty in the inter; in the intra ETB, COM, GEO, DPT, ACA, ZRE, ZRD or ZRA."""

    rank: Annotated[int, Meta(ge=1, le=1000)]
    place: Place
    kind: Literal["", "ETB", "COM", "GEO", "DPT", "ACA", "ZRE", "ZRD", "ZRA"] = ""


class VersionLine(Strict):
    """The last version of the barème as archived: `digest` is that of facts, result and retained in canonical JSON;
    `retained` maps « vœu|item » to the points a person retained."""

    number: Annotated[int, Meta(ge=1, le=32767)]
    cause: Literal["confirmation", "controle", "contestation", "tardive", "decision"]
    rules_session: Annotated[int, Meta(ge=2020, le=2100)]
    official: bool
    facts: dict[str, Any]
    result: dict[str, Any]
    retained: dict[str, Annotated[str, Meta(pattern=r"^-?[0-9]{1,6}(\.[0-9]{1,3})?(?!\n)$")]]
    digest: Digest
    made_at: Instant


class RequestLine(Strict):
    """`receipt`: the code of verification given to the agent at the confirmation. `claims`: what the agent claims; a
    field left out was not told. Never a name, an address, a NUMEN."""

    request: UUID
    matricule: Matricule
    state: Literal["saisi", "controle", "etude"]
    late: bool
    confirmed_at: Instant
    receipt: Annotated[str, Meta(max_length=24)]
    voeux: Annotated[list[VoeuLine], Meta(min_length=1)]
    claims: dict[str, Any]
    bareme: VersionLine


_ENCODER = msgspec.json.Encoder(order="sorted")


def encoded(line: Header | RequestLine) -> bytes:
    """The line with its break."""
    return _ENCODER.encode(line) + b"\n"


def schema_document() -> dict[str, Any]:
    """docs/contracts/siam.schema.json: any line of the file."""
    (header, request), parts = msgspec.json.schema_components([Header, RequestLine], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "File of requests exchanged with SIAM, one line",
        "oneOf": [header, request],
        "$defs": parts,
    }
