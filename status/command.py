"""The hand of the operator: incidents and maintenance, from a shell that may have nothing but Python.

`python3 run.py incident …` and `manage.py incident …` are this command.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from status import incidents, maintenance
from status.files import StateProblem
from status.pages import moment

PARIS = ZoneInfo("Europe/Paris")


def paris(text: str) -> dt.datetime:
    """« 2026-12-01T18:30 », hour of Paris unless it says another."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas une date : écrivez 2026-12-01T18:30.") from None
    return found if found.tzinfo else found.replace(tzinfo=PARIS)


def incident_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="incident", description="Les incidents de la page d'état et du bandeau du portail."
    )
    acts = parser.add_subparsers(dest="act", required=True)
    made = acts.add_parser("open", help="ouvrir un incident")
    made.add_argument("level", choices=list(incidents.LEVELS))
    made.add_argument("title")
    made.add_argument("text")
    made.add_argument("--from", dest="starts_at", type=paris, help="début d'une maintenance prévue")
    made.add_argument("--to", dest="ends_at", type=paris, help="sa fin")
    for act, what in (("update", "dire où l'on en est"), ("close", "clore")):
        changed = acts.add_parser(act, help=what)
        changed.add_argument("code")
        changed.add_argument("text")
    acts.add_parser("list", help="les incidents gardés")
    return parser


def maintenance_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="maintenance", description="Ferme le portail sans perdre ce qui est saisi, ou le rouvre."
    )
    acts = parser.add_subparsers(dest="act", required=True)
    on = acts.add_parser("on", help="fermer")
    on.add_argument("--until", type=paris, required=True, help="fin prévue : 2026-12-01T18:30, heure de Paris")
    on.add_argument("--reason", required=True, help="ce que tout le monde lira")
    acts.add_parser("off", help="rouvrir")
    acts.add_parser("state", help="ce qu'il en est")
    return parser


def incident(arguments: Sequence[str], *, folder: Path, out: TextIO) -> None:
    """Raises StateProblem."""
    given, now = incident_parser().parse_args(arguments), dt.datetime.now(dt.UTC)
    match given.act:
        case "open":
            told = {name: getattr(given, name) for name in ("level", "title", "text", "starts_at", "ends_at")}
            out.write(f"Incident {incidents.open_incident(folder, **told, now=now).code} ouvert.\n")
        case "update" | "close":
            close = given.act == "close"
            incidents.update_incident(folder, code=given.code, text=given.text, now=now, close=close)
            out.write(f"Incident {given.code} {'clos' if close else 'complété'}.\n")
        case _:
            book = incidents.load(folder)
            if book.problem:
                raise StateProblem(book.problem)
            for one in book.incidents:
                state = f"clos le {moment(one.closed_at)}" if one.closed_at else "en cours"
                out.write(f"{one.code}  {one.label}, {state} : {one.title}\n")


def change_maintenance(arguments: Sequence[str], *, folder: Path, out: TextIO) -> None:
    """Raises StateProblem."""
    given, now = maintenance_parser().parse_args(arguments), dt.datetime.now(dt.UTC)
    match given.act:
        case "on":
            maintenance.start(folder, until=given.until, reason=given.reason, now=now)
            out.write(f"Portail fermé, jusqu'au {moment(given.until)}. Rouvrez-le par « maintenance off ».\n")
        case "off":
            out.write("Portail rouvert.\n" if maintenance.stop(folder) else "Aucune maintenance n'était en cours.\n")
        case _:
            found = maintenance.load(folder)
            out.write(f"En cours : {found.reason}, jusqu'au {moment(found.until)}.\n" if found else "Portail ouvert.\n")


def main(name: str, arguments: Sequence[str], folder: Path) -> int:
    """The exit code."""
    try:
        (incident if name == "incident" else change_maintenance)(arguments, folder=folder, out=sys.stdout)
    except StateProblem as problem:
        sys.stderr.write(f"✗ {problem}\n")
        return 1
    return 0
