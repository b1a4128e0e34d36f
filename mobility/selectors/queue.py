"""The requests a member of staff controls, and what the automatic checks say of each (S54, S56, D28)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from career.selectors.agents import MANAGERS, visible_agents
from documents.domain.procedures import procedures
from documents.enums import ReviewState
from documents.selectors.requests import PieceSent, pieces_sent
from iprof.kernel.explain import Node
from iprof.web.formats import french_date
from mobility.archive import plain
from mobility.domain.control import Check, Difference, PieceState, Points, Seen, checks, points_of
from mobility.domain.versions import ArchivedVoeu, voeux_of
from mobility.enums import RequestState
from mobility.models import BaremeVersion, Claims, MobilityRequest
from mobility.selectors.file import FileFacts, file_facts
from mobility.selectors.live import computed
from mobility.selectors.snapshot import request_facts
from mobility.services.confirm import PROCEDURE, needed_pieces
from security.models import User

IN_ORDER = (F("triage__level").desc(nulls_first=True), "confirmed_at", "pk")  # what asks for a person first
READ = (RequestState.SUBMITTED, RequestState.CONTROLLED, RequestState.STUDIED, RequestState.PUBLISHED)
HIDDEN = "Pièce réservée au service médical"
FACTS = {
    "academie": "Académie", "departement": "Département", "corps": "Corps", "classe": "Classe",
    "echelon_history": "Échelons", "poste_years": "Ancienneté de poste", "rep_years": "Années en REP",
    "rep_plus_years": "Années en REP+", "months_in_departement": "Mois dans le département",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointsShown:
    points: Points
    node: Node
    retained: Decimal

    @property
    def changed(self) -> bool:
        return self.retained != self.points.points


@dataclass(frozen=True, slots=True)
class RequestShown:
    """What a person reads before signing. `version` is the barème they sign on: the last one archived."""

    row: MobilityRequest
    version: BaremeVersion
    voeux: tuple[ArchivedVoeu, ...]
    lines: tuple[PointsShown, ...]
    checks: tuple[Check, ...]
    claims: tuple[Difference, ...]
    pieces: tuple[tuple[str, PieceState, int | None], ...]


def queue(user: User, *, on: dt.date) -> QuerySet[MobilityRequest]:
    """Those sent by the agents within reach of a manager, what asks for a person first. Never one's own, no draft."""
    theirs = visible_agents(user, on=on, roles=MANAGERS).filter(user__isnull=False).values("user_id")
    rows = MobilityRequest.objects.filter(owner__in=theirs, state__in=READ, campaign__isnull=False)
    return rows.exclude(owner=user).select_related("owner", "campaign", "triage")


def last_version(row: MobilityRequest) -> BaremeVersion:
    """Every request sent has one."""
    return row.versions.select_related("decided_by").latest("number")


def checks_of(row: MobilityRequest) -> tuple[Check, ...]:
    """The automatic checks, run now. A dozen queries, whatever the request holds."""
    version, file = last_version(row), _file(row)
    return _checks(row, version, file, _sent(row))


def request_shown(row: MobilityRequest) -> RequestShown:
    version, file, sent = last_version(row), _file(row), _sent(row)
    voeux = voeux_of(version.result, version.retained)
    lines = tuple(_line(one, version.retained) for one in points_of(version.result))
    return RequestShown(
        row, version, voeux, lines, _checks(row, version, file, sent), compared(row.claims, file),
        _pieces(_needed(row, file), sent),
    )  # fmt: skip


def compared(claims: Claims, file: FileFacts) -> tuple[Difference, ...]:
    """What the agent claims beside what the file says, where it says something."""
    rows: list[tuple[str, Any, Any]] = [
        ("Ancienneté de poste", _years(claims.poste_years), _years(file.poste_years)),
        ("Années en REP", _years(claims.rep_years), _years(file.rep_years)),
        ("Années en REP+", _years(claims.rep_plus_years), _years(file.rep_plus_years)),
    ]
    if family := file.family:
        rows += [
            ("Lien", claims.lien, {"aucune": "aucun"}.get(family.union, family.union)),
            ("Depuis le", french_date(claims.lien_on) if claims.lien_on else "",
             french_date(family.union_on) if family.union_on else ""),
            ("Département du conjoint", claims.conjoint_departement, family.conjoint_departement),
            ("Enfants", _days(claims.children_birthdates), _days(family.children_birthdates)),
        ]  # fmt: skip
    return tuple(Difference(label, told, held or "non transmis") for label, told, held in rows if told)


def _checks(row: MobilityRequest, version: BaremeVersion, file: FileFacts, sent: list[PieceSent]) -> tuple[Check, ...]:
    apart = tuple(one for one in compared(row.claims, file) if one.claimed != one.file)
    pieces = tuple((label, state) for label, state, _ in _pieces(_needed(row, file), sent))
    return checks(Seen(version.result, apart, _changes(row, version, file), pieces, row.late))


def _changes(row: MobilityRequest, version: BaremeVersion, file: FileFacts) -> tuple[Difference, ...]:
    """What the same request would be computed from today, where it differs from what was archived."""
    now: Mapping[str, Any] = plain(request_facts(row, on=_day(row), file=file))["situation"]
    then: Mapping[str, Any] = version.facts.get("situation", {})
    return tuple(
        Difference(label, f"{_said(then[name])} à la confirmation", _said(now.get(name)))
        for name, label in FACTS.items()
        if name in then and then[name] != now.get(name)
    )


def _pieces(needed: frozenset[str], sent: list[PieceSent]) -> tuple[tuple[str, PieceState, int | None], ...]:
    """(label, state, sending) of the pieces the points rest on, and of those sent besides; a medical one has no name."""
    known = procedures()[PROCEDURE].pieces
    there = {one.piece for one in sent}
    missing = [(known[piece].label, PieceState.MISSING, None) for piece in sorted(needed - there)]
    held = [
        (HIDDEN if one.medical else one.label, _state(one), None if one.medical else one.submission) for one in sent
    ]
    return (*missing, *held)


def _needed(row: MobilityRequest, file: FileFacts) -> frozenset[str]:
    """What the points rest on, with the law of the session; nothing where it is not computed."""
    facts = request_facts(row, on=_day(row), file=file)
    found = computed(facts)
    return needed_pieces(found) if found else frozenset()


def _day(row: MobilityRequest) -> dt.date:
    return timezone.localdate(row.confirmed_at) if row.confirmed_at else timezone.localdate()


def _state(one: PieceSent) -> PieceState:
    if one.review == ReviewState.REFUSED:
        return PieceState.REFUSED
    if one.review == ReviewState.ACCEPTED:
        return PieceState.ACCEPTED
    return PieceState.EXPIRED if one.expired else PieceState.WAITING


def _sent(row: MobilityRequest) -> list[PieceSent]:
    """Of the last sending of this request."""
    found = pieces_sent(owners=[row.owner_id], subject=f"mobilite:{row.public_id}:")
    return [one for one in found if one.submission == found[-1].submission]


def _file(row: MobilityRequest) -> FileFacts:
    session = row.campaign.session if row.campaign else timezone.localdate().year
    return file_facts(row.owner, session=session, on=timezone.localdate())


def _line(one: Points, retained: Mapping[str, str]) -> PointsShown:
    kept = retained.get(f"{one.places[0]}|{one.item}")
    return PointsShown(one, Node.from_json(dict(one.node)), one.points if kept is None else Decimal(kept))


def _years(value: int | None) -> str:
    return "" if value is None else f"{value} an{'s' if value > 1 else ''}"


def _days(days: Any) -> str:
    return ", ".join(french_date(day) for day in sorted(days))


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} : {one}" for name, one in sorted(value.items()))
    return "rien" if value in (None, "") else str(value)
