"""What the state of the service looks like: a page that needs no script."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from status.incidents import Book, Incident
from status.maintenance import Maintenance
from status.probes import EVERY_SECONDS, Record, share

PARIS = ZoneInfo("Europe/Paris")
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
STALE = dt.timedelta(seconds=4 * EVERY_SECONDS)
WINDOWS = (1, 7, 30, 90)


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
