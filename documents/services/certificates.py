"""The proof of a destruction: written once, its digest in the access journal, whose chain is sealed (norm D24)."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from documents.domain.types import document_type
from documents.enums_privacy import DestructionCause
from documents.models import DestructionCertificate, Document
from iprof.web.printing import printed
from security.enums import AccessKind
from security.journal import record
from security.models import AccessEvent, User

UNTOLD = "Sans type"


@dataclass(frozen=True, slots=True)
class Line:
    """A document of a certificate, without its owner's name."""

    document: str
    kind: str
    deposited_on: str
    sha256: str

    @classmethod
    def of(cls, document: Document) -> "Line":
        day = timezone.localtime(document.deposited_at).date().isoformat()
        return cls(str(document.pk), document.kind, day, document.sha256)

    @property
    def label(self) -> str:
        found = document_type(self.kind)
        return found.label if found else UNTOLD


def certify(
    documents: Sequence[Document], *, cause: DestructionCause, rule: str, version: str, by: User | None
) -> DestructionCertificate:
    """In the transaction of the destruction: no destruction without its certificate."""
    lines = [Line.of(document) for document in documents]
    made = DestructionCertificate(
        cause=cause,
        rule=rule,
        version=version,
        ran_by=by,
        counts=dict(sorted(Counter(line.label for line in lines).items())),
        lines=[[line.document, line.kind, line.deposited_on, line.sha256] for line in lines],
    )
    made.digest = digest_of(made)
    made.save(force_insert=True)
    record(
        AccessKind.DESTRUCTION_CERTIFIED,
        actor=None,
        certificate=str(made.public_id),
        digest=made.digest,
        documents=len(lines),
    )
    return made


def digest_of(certificate: DestructionCertificate) -> str:
    """SHA-256 of what it says."""
    said = [
        str(certificate.public_id), certificate.made_at.astimezone(timezone.get_default_timezone()).isoformat(),
        str(certificate.cause), certificate.rule, certificate.version, certificate.ran_by_id,
        certificate.counts, certificate.lines,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def is_true(certificate: DestructionCertificate) -> bool:
    """Whether it still says what was written, and the journal knows it."""
    written = AccessEvent.objects.filter(
        kind=AccessKind.DESTRUCTION_CERTIFIED,
        detail__certificate=str(certificate.public_id),
        detail__digest=certificate.digest,
    )
    return digest_of(certificate) == certificate.digest and written.exists()


def certificate_pdf(certificate: DestructionCertificate) -> bytes:
    lines = [Line(*line) for line in certificate.lines]
    context = {"certificate": certificate, "lines": lines, "true": is_true(certificate)}
    return printed("pdf/destruction.html", context)
