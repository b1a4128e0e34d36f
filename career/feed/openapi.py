"""The OpenAPI document of the push door: the schemas are those of the contract, nothing is written twice."""

from functools import lru_cache
from typing import Any

from django.conf import settings

from career.feed import contract

DESCRIPTION = (
    "Reçoit les messages du SIAE, signés selon Standard Webhooks : en-têtes webhook-id, webhook-timestamp et "
    "webhook-signature (« v1, » puis HMAC-SHA-256 de « id.timestamp.corps » en base64). Le même contrat que les fichiers."
)
ERRORS = {
    "400": "Aucun objet JSON dans le corps",
    "401": "Signature absente ou fausse, ou horodatage périmé",
    "409": "Ce webhook-id a déjà été reçu ; rien n'a été écrit",
    "413": "Envoi trop lourd",
    "415": "Type de contenu refusé",
    "503": "Aucun secret n'est réglé sur ce portail",
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Phrase en français : quoi, pourquoi, que faire"},
        "code": {"type": "string", "description": "Clé stable"},
        "field": {"type": "string"},
    },
    "required": ["type", "title", "detail", "code"],
}
COUNTS = ("received", "accepted", "already_received", "rejected")
RECEIPT = {
    "type": "object",
    "properties": {
        "run": {
            "type": "string",
            "format": "uuid",
            "description": "Le chargement, tel qu'il figure dans l'administration",
        },
        **{name: {"type": "integer", "minimum": 0} for name in COUNTS},
        "verdicts": {"type": "array", "items": {"$ref": "#/components/schemas/Verdict"}},
    },
    "required": ["run", *COUNTS, "verdicts"],
}
VERDICT = {
    "type": "object",
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "id": {"type": ["string", "null"]},
        "status": {"enum": ["accepted", "already_received", "rejected"]},
        "error": {"$ref": "#/components/schemas/Problem"},
    },
    "required": ["line", "id", "status"],
}


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": description}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """OpenAPI 3.1, with one schema a type of message and `Event`, any of them."""
    events, data = contract.event_schemas("#/components/schemas/{name}")
    names = {kind: "".join(part.capitalize() for part in kind.split(".")) for kind in events}
    schemas = {names[kind]: schema for kind, schema in events.items()} | data
    schemas["Event"] = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names.values()]}
    event = {"schema": {"$ref": "#/components/schemas/Event"}}
    lines = {"schema": {"type": "string", "description": "Un Event par ligne, en UTF-8"}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    receipt = {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{settings.PORTAL_NAME} : flux {settings.SIAE_LABEL}", "version": "1"},
        "paths": {
            "/api/siae/events": {
                "post": {
                    "operationId": "pushEvents",
                    "summary": "Pousser un ou plusieurs messages",
                    "description": DESCRIPTION,
                    "parameters": [
                        _header(
                            "webhook-id",
                            "Identifiant de l'envoi : 1 à 64 lettres, chiffres, « - » ou « _ », à usage unique",
                        ),
                        _header("webhook-timestamp", "Secondes depuis 1970, à cinq minutes près"),
                        _header("webhook-signature", "Une ou plusieurs signatures « v1,… » séparées par des espaces"),
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": event, "application/x-ndjson": lines},
                    },
                    "responses": {
                        "202": {"description": "Un verdict par ligne", "content": receipt},
                        **{status: {"description": text, "content": problem} for status, text in ERRORS.items()},
                    },
                }
            }
        },
        "components": {"schemas": schemas | {"Problem": PROBLEM, "Receipt": RECEIPT, "Verdict": VERDICT}},
    }
