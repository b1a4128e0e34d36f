"""What the state of the service looks like: a page that needs no script, JSON for machines, Atom for followers."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from xml.sax.saxutils import escape as xml
from zoneinfo import ZoneInfo

from status.incidents import Book, Incident
from status.maintenance import Maintenance
from status.probes import EVERY_SECONDS, Record, share

PARIS = ZoneInfo("Europe/Paris")
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
STALE = dt.timedelta(seconds=4 * EVERY_SECONDS)
WINDOWS = (1, 7, 30, 90)
STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1e1e1e; --quiet: #595959; --line: #ddd; --good: #18753c; --bad: #b30000; --warn: #8a4600; --link: #1b4f8f; }
@media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #f0f0f0; --quiet: #b0b0b0; --line: #3a3a3a; --good: #6fe3a1; --bad: #ff9c9c; --warn: #ffbe7a; --link: #9dc1ff; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 "Marianne", system-ui, sans-serif; }
main, header, footer { max-width: 48rem; margin: 0 auto; padding: 1rem; }
header { border-bottom: 1px solid var(--line); } header p { margin: 0; }
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
a { color: var(--link); } a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.state { border-left: 0.4rem solid; padding: 0.75rem 1rem; font-size: 1.15rem; font-weight: 700; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.quiet, footer { color: var(--quiet); font-size: 0.9rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0; overflow-wrap: anywhere; } article p, article ul { margin: 0.25rem 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 0.4rem 0.5rem 0.4rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-weight: 700; } @media (max-width: 30rem) { table { font-size: 0.9rem; } } caption { text-align: left; color: var(--quiet); font-size: 0.9rem; padding-bottom: 0.5rem; }
"""


@dataclass(frozen=True, slots=True)
class Site:
    """Names and addresses shown: the portal's, and this page's own."""

    name: str
    portal: str
    address: str


@dataclass(frozen=True, slots=True)
class State:
    """All that is known at `now`."""

    book: Book
    maintenance: Maintenance | None
    record: Record
    now: dt.datetime

    @property
    def verdict(self) -> tuple[str, str]:
        """(class, sentence): the worst of what is said and of what is measured."""
        last = self.record.last
        levels = {incident.level for incident in self.book.current}
        if self.maintenance is not None:
            return "warn", "Maintenance en cours : le portail est fermé."
        if last is None or self.now - last.at > STALE:
            return "warn", "L'état n'est pas mesuré en ce moment."
        if not last.up:
            broken = f" ({', '.join(last.broken)})" if last.broken else ""
            return "bad", f"Le portail ne répond pas normalement{broken}."
        if "panne" in levels:
            return "bad", "Le portail répond, mais une interruption est signalée."
        if "gene" in levels:
            return "warn", "Le portail répond, avec des perturbations signalées."
        return "good", "Le portail répond normalement."


def moment(at: dt.datetime) -> str:
    """« 25 novembre 2026 à 7 h 05 », at Paris."""
    local = at.astimezone(PARIS)
    day = "1er" if local.day == 1 else str(local.day)
    return f"{day} {MONTHS[local.month - 1]} {local.year} à {local.hour} h {local.minute:02}"


def html(state: State, site: Site) -> bytes:
    tone, sentence = state.verdict
    parts = [
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(sentence)} – État du service, {escape(site.name)}</title>"
        '<link rel="stylesheet" href="/style.css"><link rel="alternate" type="application/atom+xml" title="Incidents" href="/atom.xml"></head><body>',
        f"<header><p><strong>{escape(site.name)}</strong> — état du service</p></header><main>",
        f'<h1>État du service</h1><p class="state {tone}">{escape(sentence)}</p>',
        f'<p class="quiet">Page du {moment(state.now)}, tenue hors du portail : elle répond quand il est arrêté.</p>',
        _maintenance(state.maintenance),
        _problem(state.book),
        _section("En cours", state.book.current, "Aucun incident n'est signalé."),
        _measures(state),
        _section("Quatre-vingt-dix derniers jours", _closed(state.book), "Aucun incident clos n'est gardé."),
        f'</main><footer><p><a href="{escape(site.portal)}">Aller au portail</a> · <a href="/atom.xml">Suivre (Atom)</a> · '
        '<a href="/status.json">Données (JSON)</a></p></footer></body></html>',
    ]
    return "".join(parts).encode()


def _closed(book: Book) -> Iterable[Incident]:
    return [incident for incident in book.incidents if incident.closed_at is not None]


def _maintenance(maintenance: Maintenance | None) -> str:
    if maintenance is None:
        return ""
    reason = f"<p>{escape(maintenance.reason)}</p>" if maintenance.reason else ""
    until = f"<p>Fin prévue le {moment(maintenance.until)}.</p>" if maintenance.until.timestamp() else ""
    return f"<h2>Maintenance en cours</h2>{reason}{until}<p>Ce qui était saisi est gardé par la page qui l'annonce.</p>"


def _problem(book: Book) -> str:
    if not book.problem:
        return ""
    return '<p class="state warn">La liste des incidents est illisible : ce qui suit n\'en dit rien.</p>'


def _section(title: str, incidents: Iterable[Incident], nothing: str) -> str:
    rows = "".join(_article(incident) for incident in incidents)
    return f"<h2>{title}</h2>{rows or f'<p>{nothing}</p>'}"


def _article(incident: Incident) -> str:
    planned = ""
    if incident.starts_at and incident.ends_at:
        planned = f"<p>Du {moment(incident.starts_at)} au {moment(incident.ends_at)}.</p>"
    closed = f", clos le {moment(incident.closed_at)}" if incident.closed_at else ""
    updates = "".join(f"<li>{moment(one.at)} : {escape(one.text)}</li>" for one in reversed(incident.updates))
    return (
        f'<article id="i{escape(incident.code)}"><h3>{escape(incident.title)}</h3>'
        f'<p class="quiet">{incident.label}, ouvert le {moment(incident.opened_at)}{closed}</p>{planned}<ul>{updates}</ul></article>'
    )


def _measures(state: State) -> str:
    record = state.record
    if record.since is None:
        return "<h2>Disponibilité mesurée</h2><p>Aucune mesure n'a encore été faite.</p>"
    rows = "".join(_measure(days, record.counts(days=days, now=state.now)) for days in WINDOWS)
    return (
        f"<h2>Disponibilité mesurée</h2><table><caption>Un relevé toutes les {EVERY_SECONDS} secondes quand cette page est en marche, "
        f"mesuré depuis le {moment(record.since)}. Ceux faits pendant une maintenance sont comptés à part (travaux).</caption>"
        '<thead><tr><th scope="col">Période</th><th scope="col">Réponses</th><th scope="col">Relevés</th><th scope="col">Travaux</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _measure(days: int, counts: dict[str, int]) -> str:
    found = share(counts)
    said = "non mesuré" if found is None else f"{_floored(found)} %"
    period = "Aujourd'hui" if days == 1 else f"{days} jours"
    asked = counts["up"] + counts["down"]
    return f'<tr><th scope="row">{period}</th><td>{said}</td><td>{asked}</td><td>{counts["maintenance"]}</td></tr>'


def _floored(percent: float) -> str:
    """Two figures, never rounded up: 99,999 is not 100.

    >>> _floored(99.999), _floored(100.0)
    ('99,99', '100')
    """
    return "100" if percent == 100 else f"{int(percent * 100) / 100:.2f}".replace(".", ",")


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
