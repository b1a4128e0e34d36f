"""Requests settled, and files of results, through the services themselves."""

import datetime as dt
from collections.abc import Iterable

import time_machine

from mobility.models import Campaign, MobilityRequest, ResultBatch
from mobility.services.control import control, decide
from mobility.services.results import import_results
from security.models import User
from tests.factories.accounts import UserFactory
from tests.factories.mobility import campaign, confirmed

HEAD = "demande;resultat;rang;lieu;points"


def settled(owner: User, of: Campaign | None = None, by: User | None = None) -> MobilityRequest:
    """Confirmed, controlled as computed, its barème settled: « en cours d'étude »."""
    request, by = confirmed(owner, of or campaign()).request, by or UserFactory()
    control(request=request, by=by, seen=1, retained={}, reasons={})
    decide(request=request, by=by, seen=2, text="Barème arrêté.")
    request.refresh_from_db()
    return request


def results_file(requests: Iterable[MobilityRequest], outcome: str = "obtenu;1;Dijon;626.2") -> bytes:
    return "\n".join([HEAD, *(f"{row.public_id};{outcome}" for row in requests)]).encode()


def imported(requests: Iterable[MobilityRequest], by: User | None = None, **told: str) -> ResultBatch:
    rows = list(requests)
    return import_results(campaign=rows[0].campaign, content=results_file(rows, **told), by=by or UserFactory())


def at_the_results(of: Campaign):
    """The clock at the moment of the results, for a `with`."""
    return time_machine.travel(of.results_at + dt.timedelta(seconds=1), tick=True)
