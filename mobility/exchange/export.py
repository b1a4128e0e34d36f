"""The requests of a campaign as a file for SIAM (docs/contracts/siam.md): streamed, journalled, its digest kept (S50)."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.db import models, transaction
from django.http import HttpRequest

from career.selectors.agents import matricules_of
from documents.selectors.receipts import codes_of
from iprof.kernel.errors import DomainError
from mobility.archive import plain
from mobility.enums import Direction, RequestState
from mobility.exchange.format import Header, RequestLine, VersionLine, VoeuLine, encoded
from mobility.models import BaremeVersion, Campaign, Claims, Exchange, MobilityRequest
from security.enums import AccessKind
from security.journal import record
from security.models import User

CHUNK = 500
SENT = (RequestState.SUBMITTED, RequestState.CONTROLLED, RequestState.STUDIED)
KEPT_HERE = frozenset({"id", "request", "conjoint_postal_code", "conjoint_commune"})  # the département is what counts


@transaction.atomic
def export_requests(*, campaign: Campaign, out: BinaryIO, by: User, http: HttpRequest | None = None) -> Exchange:
    """Writes the header and the lines in `out`, reading twice: once for the digest, once to write.

    Raises DomainError("export_changed") when a request changed in between, DomainError("export_no_matricule") for an
    agent without one; what is then in `out` is not a file of requests.
    """
    count, digest = _measure(lines_of(campaign))
    out.write(encoded(_header(campaign, count, digest)))
    if _measure(_written(lines_of(campaign), out)) != (count, digest):
        raise DomainError("export_changed")
    row = Exchange.objects.create(campaign=campaign, direction=Direction.OUT, rows=count, digest=digest, by=by)
    record(
        AccessKind.MOBILITY_EXCHANGED, actor=by, request=http, act="export", campagne=str(campaign.public_id),
        lignes=count, empreinte=digest,
    )  # fmt: skip
    return row


def lines_of(campaign: Campaign) -> Iterator[bytes]:
    """One line a confirmed request without published result, in the order of their numbers. Five queries a chunk."""
    rows = campaign.requests.filter(state__in=SENT).select_related("claims").order_by("public_id")
    found = rows.prefetch_related("voeux").iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield from _chunk(chunk)


def _chunk(rows: Sequence[MobilityRequest]) -> Iterator[bytes]:
    matricules = matricules_of([row.owner_id for row in rows])
    found = BaremeVersion.objects.filter(request__in=rows).order_by("request_id", "-number").distinct("request_id")
    versions = {one.request_id: one for one in found}
    codes = codes_of([name for row in rows for name in _subjects(row, versions[row.pk])])
    for row in rows:
        if row.owner_id not in matricules:
            raise DomainError("export_no_matricule", request=str(row.public_id))
        version = versions[row.pk]
        code = next((codes[name] for name in _subjects(row, version) if name in codes), "")
        yield encoded(_line(row, version, matricules[row.owner_id], code))


def _subjects(row: MobilityRequest, version: BaremeVersion) -> list[str]:
    """What its receipts may be about, the last version first."""
    return [f"demande:{row.public_id}:{number}" for number in range(version.number, 0, -1)]


def _line(row: MobilityRequest, version: BaremeVersion, matricule: str, code: str) -> RequestLine:
    if row.confirmed_at is None:  # the database refuses it
        raise DomainError("request_transition", state=row.state)
    return RequestLine(
        request=row.public_id,
        matricule=matricule,
        state=row.state,  # type: ignore[arg-type]
        late=row.late,
        confirmed_at=row.confirmed_at,
        receipt=code,
        voeux=[VoeuLine(one.rank, one.place, one.kind) for one in row.voeux.all()],  # type: ignore[arg-type]
        claims=_claims(row.claims),
        bareme=_version(version),
    )


def _version(row: BaremeVersion) -> VersionLine:
    return VersionLine(
        number=row.number,
        cause=row.cause,  # type: ignore[arg-type]
        rules_session=row.rules_session,
        official=row.official,
        facts=row.facts,
        result=row.result,
        retained=row.retained,
        digest=row.digest,
        made_at=row.made_at,
    )


def _claims(row: Claims) -> dict[str, Any]:
    """What was told: a field left at its default is left out."""
    empty = Claims()
    fields: list[models.Field[Any, Any]] = [one for one in Claims._meta.fields if one.name not in KEPT_HERE]
    told = {one.name: getattr(row, one.name) for one in fields}
    return {name: plain(value) for name, value in told.items() if value != getattr(empty, name)}


def _header(campaign: Campaign, count: int, digest: str) -> Header:
    return Header(
        campaign=campaign.public_id,
        degree=campaign.degree,  # type: ignore[arg-type]
        phase=campaign.phase,  # type: ignore[arg-type]
        session=campaign.session,
        requests=count,
        digest=digest,
    )


def _measure(lines: Iterator[bytes]) -> tuple[int, str]:
    count, found = 0, hashlib.sha256()
    for line in lines:
        count += 1
        found.update(line)
    return count, found.hexdigest()


def _written(lines: Iterator[bytes], out: BinaryIO) -> Iterator[bytes]:
    for line in lines:
        out.write(line)
        yield line
