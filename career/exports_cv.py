"""The CV as JSON: what another reader sees, in the shape docs/contracts/cv.md publishes."""

import datetime as dt
import json
from typing import Any

from django.conf import settings

from career.models import Agent
from career.selectors.cv import AcademicCv, CvItem, CvPart

FORMAT, VERSION = "cv-academique", 1


def cv_json(*, agent: Agent, cv: AcademicCv, on: dt.date) -> bytes:
    """UTF-8, indented, keys in the order of the contract."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "exported_on": on.isoformat(),
        "updated_on": cv.updated_on.isoformat() if cv.updated_on else None,
        "academie": settings.ACADEMIE,
        "full_name": agent.full_name,
        "sections": [_section(part) for part in cv.shown],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _section(part: CvPart) -> dict[str, Any]:
    entries = [_entry(item) if part.section.own else _fact(item) for item in part.items]
    origin = "agent" if part.section.own else "dossier"
    return {"code": part.code, "title": part.title, "origin": origin, "entries": entries}


def _common(item: CvItem) -> dict[str, Any]:
    return {"title": item.title, "starts": item.starts or None, "ends": item.ends or None}


def _entry(item: CvItem) -> dict[str, Any]:
    return _common(item) | {"level": item.level or None, "text": item.text}


def _fact(item: CvItem) -> dict[str, Any]:
    told = item.recorded_on.isoformat() if item.recorded_on else None
    return _common(item) | {
        "details": list(item.lines),
        "source": {"label": item.source, "kind": item.kind, "ref": item.ref, "recorded_on": told},
    }
