"""What the commands of the state of the service share: a folder, words for the program outside the portal, its refusals."""

import sys
from argparse import REMAINDER, ArgumentParser
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from iprof.web.service_state import folder
from status.files import StateProblem


class StateCommand(BaseCommand):
    """`run` is the command of the package `status` that takes the words as they are."""

    run: ClassVar[Callable[..., object]]
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", nargs=REMAINDER, help="voir docs/operations.md")

    def handle(self, *args: Any, act: list[str], **options: Any) -> None:
        place = folder()
        if place is None:
            raise CommandError("IPROF_STATUS_DIR n'est pas défini : indiquez le dossier de la page d'état.")
        try:
            type(self).run(act, folder=place, out=sys.stdout)
        except StateProblem as problem:
            raise CommandError(str(problem)) from None
