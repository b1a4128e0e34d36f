"""The state of the service for programs: JSON for those that watch, Atom for those that follow."""

import json
from html import escape
from xml.sax.saxutils import escape as xml

from status.pages import Site, State


def machine(state: State) -> bytes:
    """The same as JSON."""
    last = state.record.last
    content = {
        "state": {"good": "up", "warn": "degraded", "bad": "down"}[state.verdict[0]],
        "sentence": state.verdict[1],
        "at": state.now.isoformat(timespec="seconds"),
        "maintenance": state.maintenance is not None,
        "last_probe": {"at": last.at.isoformat(timespec="seconds"), "up": last.up, "ms": last.milliseconds} if last else None,
        "measured_since": state.record.since.isoformat(timespec="seconds") if state.record.since else None,
        "days": state.record.days,
        "incidents": [
            {"code": one.code, "level": one.level, "title": one.title, "open": one.closed_at is None, "text": one.last.text}
            for one in state.book.incidents
        ],
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False).encode()


def atom(state: State, site: Site) -> bytes:
    """RFC 4287: one entry an incident, updated with it."""
    changed = max((one.last.at for one in state.book.incidents), default=state.now)
    entries = "".join(
        f"<entry><id>{xml(site.address)}/#i{xml(one.code)}</id><title>{xml(f'{one.label} : {one.title}')}</title>"
        f"<updated>{one.last.at.isoformat(timespec='seconds')}</updated><link href={_quoted(f'{site.address}/#i{one.code}')}/>"
        f"<content>{xml(' — '.join(update.text for update in one.updates))}</content></entry>"
        for one in state.book.incidents
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        f"<id>{xml(site.address)}/</id><title>{xml(f'{site.name} : état du service')}</title>"
        f"<updated>{changed.isoformat(timespec='seconds')}</updated><author><name>{xml(site.name)}</name></author>"
        f'<link rel="self" href={_quoted(f"{site.address}/atom.xml")}/>{entries}</feed>'
    ).encode()


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'
