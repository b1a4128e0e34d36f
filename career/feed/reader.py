"""From a raw line to an accepted message or a reason to refuse it. No database; any bytes give an answer."""

import datetime as dt
import hashlib
import re
import uuid
from base64 import b64decode
from dataclasses import dataclass
from decimal import InvalidOperation
from functools import lru_cache

import msgspec
from django.conf import settings

from career.feed import contract
from career.feed.checks import CHECKS, Problem, check_dates, check_envelope
from career.feed.masking import looks_like_numen, mask_numens
from iprof.kernel.text import sort_key
from iprof.web.crypto import lookup_digest, seal

MAX_LINE_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class AgentSecrets:
    """What the database keeps of a NUMEN, and the key agents are sorted by."""

    sort_key: str
    numen_sealed: bytes | None
    numen_digest: str | None
    activation_digest: str


@dataclass(frozen=True, slots=True)
class Accepted:
    line_number: int
    raw: bytes
    digest: str
    message_id: uuid.UUID
    source: str
    seq: int
    type: str
    time: dt.datetime
    matricule: str
    payload: bytes
    secrets: AgentSecrets | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    line_number: int
    raw: bytes
    digest: str
    problem: Problem
    source: str = ""
    message_id: str = ""
    matricule: str = ""
    type: str = ""
    seq: int | None = None


@lru_cache(maxsize=2)
def _digest_key(key: str) -> bytes:
    return b64decode(key)[:64]


def line_digest(raw: bytes) -> str:
    """Keyed hash of a line as received: 32 hexadecimal characters."""
    return hashlib.blake2b(raw, digest_size=16, key=_digest_key(settings.STABLE_KEY)).hexdigest()


def read_line(raw: bytes, line_number: int) -> Accepted | Refused:
    """Decodes and checks one line. Never raises: what cannot be read is refused with its reason."""
    raw = raw.strip()
    digest = line_digest(raw)
    if len(raw) > MAX_LINE_BYTES:
        return _refuse(
            raw, line_number, digest, Problem("ligne_trop_longue", f"La ligne dépasse {MAX_LINE_BYTES} octets.")
        )
    if b"\\u0000" in raw or b"\x00" in raw:
        return _refuse(
            raw, line_number, digest, Problem("caractere_nul", "La ligne contient un caractère nul, interdit.")
        )
    try:
        envelope = contract.envelope_decoder.decode(raw)
        decoder = contract.data_decoders.get(envelope.type)
        if decoder is None:
            name = envelope.type[:30]
            problem = Problem("type_inconnu", f"Le type « {name} » n'est pas dans le contrat.", "type")
            return _refuse(raw, line_number, digest, problem)
        data = decoder.decode(envelope.data)
    except msgspec.ValidationError as error:
        return _refuse(raw, line_number, digest, _shape_problem(str(error)))
    except (msgspec.DecodeError, ValueError, RecursionError, InvalidOperation):
        problem = Problem("json_illisible", "La ligne n'est pas un objet JSON lisible. Renvoyez-la entière, en UTF-8.")
        return _refuse(raw, line_number, digest, problem)
    found = check_envelope(envelope) or check_dates(envelope.type, data)
    if found is None and (check := CHECKS.get(envelope.type)) is not None:
        found = check(data)
    if found is not None:
        return _refuse(raw, line_number, digest, found, envelope)
    payload, secrets = bytes(envelope.data), None
    if isinstance(data, contract.AgentData):
        payload, secrets = _without_numen(data)
    return Accepted(
        line_number,
        raw,
        digest,
        envelope.id,
        envelope.source,
        envelope.seq,
        envelope.type,
        envelope.time,
        envelope.agent,
        payload,
        secrets,
    )


def _without_numen(data: contract.AgentData) -> tuple[bytes, AgentSecrets]:
    fields = msgspec.structs.asdict(data)
    numen = fields.pop("numen")
    return msgspec.json.encode(fields), AgentSecrets(
        sort_key=sort_key(data.last_name, data.first_name),
        numen_sealed=seal(numen, context="numen") if numen else None,
        numen_digest=lookup_digest(numen, context="numen") if numen else None,
        activation_digest=lookup_digest(numen, context="activation") if numen else "",
    )


def _shape_problem(error: str) -> Problem:
    """The decoder's sentence, in French, with the field it names."""
    where = re.search(r"at `\$\.?([^`]*)`", error)
    field = where.group(1) if where else ""
    if missing := re.search(r"missing required field `([^`]+)`", error):
        return Problem(
            "champ_manquant", f"Le champ « {missing.group(1)} » manque : il est obligatoire.", missing.group(1)[:60]
        )
    if unknown := re.search(r"unknown field `([^`]+)`", error):
        name = unknown.group(1)[:60]
        return Problem("champ_inconnu", f"Le champ « {name} » n'est pas dans le contrat : vérifiez son nom.", name)
    return Problem(
        "champ_invalide",
        f"Le champ « {field or 'message'} » n'a pas la forme du contrat. Corrigez-le à la source.",
        field[:60],
    )


def _refuse(
    raw: bytes, line_number: int, digest: str, problem: Problem, envelope: contract.Envelope | None = None
) -> Refused:
    """Keeps what can still be told of the message, to find it again in the quarantine. No NUMEN in it."""
    problem = Problem(problem.code, mask_numens(problem.reason), mask_numens(problem.field))
    if envelope is not None and problem.code != "matricule_numen":
        return Refused(
            line_number,
            raw,
            digest,
            problem,
            envelope.source,
            str(envelope.id),
            envelope.agent,
            envelope.type,
            envelope.seq,
        )
    hints = {name: _hint(pattern, raw) for name, pattern in _HINTS.items()}
    return Refused(line_number, raw, digest, problem, "", hints["id"].lower(), hints["agent"], hints["type"])


def _hint(pattern: re.Pattern[bytes], raw: bytes) -> str:
    found = pattern.search(raw[:2000])
    text = found.group(1).decode() if found else ""
    return "" if looks_like_numen(text) else text


_HINTS = {
    "id": re.compile(rb'"id"\s*:\s*"([0-9a-fA-F-]{36})"'),
    "agent": re.compile(rb'"agent"\s*:\s*"([A-Z0-9]{1,20})"'),
    "type": re.compile(rb'"type"\s*:\s*"([a-z._]{1,30})"'),
}
