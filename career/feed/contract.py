"""The shape of a message. One definition decodes, validates and prints the JSON Schemas (docs/contracts/siae.schema.json)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

# In Python « $ » also matches before a last line break: (?!\n) refuses it, and reads alike in JavaScript.
Matricule = Annotated[
    str, Meta(pattern=r"^[A-Z0-9]{1,20}(?!\n)$", description="Identifier of the agent in the HR system")
]
Ref = Annotated[str, Meta(min_length=1, max_length=60, description="Name of the fact, unique for the agent and kind")]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Label = Annotated[str, Meta(min_length=1, max_length=200)]
Short = Annotated[str, Meta(max_length=100)]
Sequence = Annotated[int, Meta(ge=1, le=2**63 - 1, description="Position in the source's own order")]
Uai = Annotated[str, Meta(pattern=r"^[0-9]{7}[A-Z](?!\n)$")]
Departement = Annotated[str, Meta(pattern=r"^([0-9]{2,3}|2A|2B)?(?!\n)$")]
PostalCode = Annotated[str, Meta(pattern=r"^([0-9]{5})?(?!\n)$")]
Instant = Annotated[dt.datetime, Meta(tz=True)]


class Strict(Struct, forbid_unknown_fields=True, gc=False):
    """Refuses fields it does not know: a misspelt field is never silently lost."""


class Envelope(Strict):
    id: uuid.UUID
    source: Literal["siae", "scolarite_services", "pix"]
    seq: Sequence
    type: str
    time: Instant
    agent: Matricule
    data: msgspec.Raw


class AgentData(Strict):
    first_name: Name
    last_name: Name
    birth_date: dt.date
    entered_on: dt.date
    numen: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    civilite: Literal["mme", "m", ""] = ""
    birth_name: Short = ""
    address: Annotated[str, Meta(max_length=300)] = ""
    postal_code: PostalCode = ""
    commune: Short = ""
    phone: Annotated[str, Meta(max_length=20)] = ""


class StepData(Strict):
    ref: Ref
    corps: str
    grade: str
    effective_on: dt.date
    mode: Literal[
        "recrutement",
        "titularisation",
        "anciennete",
        "bonification",
        "promotion",
        "reclassement",
        "changement_corps",
        "contrat",
    ]
    echelon: Annotated[int, Meta(ge=1, le=20)] | None = None
    chevron: Annotated[int, Meta(ge=1, le=5)] | None = None
    kept_days: Annotated[int, Meta(ge=0, le=20_000)] = 0
    arrete_ref: Annotated[str, Meta(max_length=60)] = ""


class AssignmentData(Strict):
    ref: Ref
    uai: Uai
    nature: Literal["definitif", "provisoire", "zone_remplacement", "afa", "complement_service", "contrat"]
    starts_on: dt.date
    ends_on: dt.date | None = None
    quotity: Decimal = Decimal(100)
    discipline_code: Annotated[str, Meta(max_length=10)] = ""
    discipline: Short = ""


class EvaluationData(Strict):
    ref: Ref
    kind: Literal["rdv_carriere_1", "rdv_carriere_2", "rdv_carriere_3", "inspection", "campagne"]
    held_on: dt.date
    appreciation: Literal["A_consolider", "Satisfaisant", "Tres_satisfaisant", "Excellent", ""] = ""
    evaluator: Short = ""
    report_notified_on: dt.date | None = None
    notified_on: dt.date | None = None


class DiplomaData(Strict):
    ref: Ref
    label: Label
    awarded_on: dt.date
    level: Annotated[int, Meta(ge=1, le=8)] | None = None
    institution: Annotated[str, Meta(max_length=200)] = ""


class TrainingData(Strict):
    ref: Ref
    label: Label
    starts_on: dt.date
    ends_on: dt.date
    hours: Decimal
    origin: Literal["scolarite_services", "pix", "siae"]
    competence: Annotated[str, Meta(max_length=120)] = ""
    certifying: bool = False


class FamilyData(Strict):
    ref: Ref
    effective_on: dt.date
    union: Literal["aucune", "mariage", "pacs"]
    union_on: dt.date | None = None
    conjoint_departement: Departement = ""
    children_birthdates: Annotated[list[dt.date], Meta(max_length=25)] = msgspec.field(default_factory=list)


class ServiceData(Strict):
    ref: Ref
    school_year: Annotated[int, Meta(ge=1950, le=2100)]
    hours_due: Decimal
    hours_done: Decimal
    validated_on: dt.date
    uai: Annotated[str, Meta(pattern=r"^([0-9]{7}[A-Z])?(?!\n)$")] = ""
    hsa: Decimal = Decimal(0)
    hse: Decimal = Decimal(0)


class ArreteData(Strict):
    ref: Ref
    title: Label
    signed_on: dt.date
    published_on: dt.date
    effective_on: dt.date


class LeftData(Strict):
    left_on: dt.date
    reason: Literal["retraite", "mutation", "detachement", "demission", "fin_contrat", "deces"]


class CancelledData(Strict):
    """A rectification: the fact named `ref` never was. `reason` is told to the agent."""

    ref: Ref
    reason: Annotated[str, Meta(max_length=300)] = ""


class LeftCancelledData(Strict):
    reason: Annotated[str, Meta(max_length=300)] = ""


FACT_TYPES = {
    "career.step": StepData,
    "assignment.upserted": AssignmentData,
    "evaluation.recorded": EvaluationData,
    "diploma.recorded": DiplomaData,
    "training.recorded": TrainingData,
    "family.changed": FamilyData,
    "service.validated": ServiceData,
    "arrete.published": ArreteData,
}
CANCEL_SUFFIX = ".cancelled"


def cancel_type(fact_type: str) -> str:
    """The rectification of a kind of fact: career.step → career.step.cancelled, diploma.recorded → diploma.cancelled."""
    return fact_type + CANCEL_SUFFIX if fact_type == "career.step" else fact_type.split(".")[0] + CANCEL_SUFFIX


CANCEL_TYPES = {cancel_type(fact_type): fact_type for fact_type in FACT_TYPES}
DATA_TYPES: dict[str, Any] = (
    {"agent.upserted": AgentData, "agent.left": LeftData, "left.cancelled": LeftCancelledData}
    | FACT_TYPES
    | dict.fromkeys(CANCEL_TYPES, CancelledData)
)

SOURCES: tuple[str, ...] = get_args(Envelope.__annotations__["source"])

envelope_decoder = msgspec.json.Decoder(Envelope)
data_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(kind) for name, kind in DATA_TYPES.items()
}


def event_schemas(ref_template: str) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """(schema of the whole message by type, schemas of what `data` holds by name), JSON Schema 2020-12.

    A decimal is written as a string or a number: the decoder takes both.
    """
    kinds = list(DATA_TYPES.values())
    _, parts = msgspec.json.schema_components([*dict.fromkeys(kinds), Envelope], ref_template=ref_template)
    envelope = parts.pop("Envelope")
    events = {
        name: envelope
        | {
            "title": name,
            "properties": envelope["properties"]
            | {"type": {"const": name}, "data": {"$ref": ref_template.format(name=kind.__name__)}},
        }
        for name, kind in DATA_TYPES.items()
    }
    return events, {name: _with_numbers(part) for name, part in parts.items()}


def _with_numbers(schema: dict[str, Any]) -> dict[str, Any]:
    for name, field in schema["properties"].items():
        if field.get("format") == "decimal":
            schema["properties"][name] = field | {"type": ["string", "number"]}
    return schema


def schema_document() -> dict[str, Any]:
    """One document for any message of the feed: docs/contracts/siae.schema.json."""
    events, data = event_schemas("#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SIAE feed, one message",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in events],
        "$defs": events | data,
    }
