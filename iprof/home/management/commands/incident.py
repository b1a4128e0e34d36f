import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from iprof.web.service_state import folder
from status import command
from status.files import StateProblem


class Command(BaseCommand):
    help = "Ouvre, complète ou clôt un incident de la page d'état et du bandeau."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", nargs=REMAINDER, help="voir docs/operations.md")

    def handle(self, *args: Any, act: list[str], **options: Any) -> None:
        place = folder()
        if place is None:
            raise CommandError("IPROF_STATUS_DIR n'est pas défini : indiquez le dossier de la page d'état.")
        try:
            command.incident(act, folder=place, out=sys.stdout)
        except StateProblem as problem:
            raise CommandError(str(problem)) from None
