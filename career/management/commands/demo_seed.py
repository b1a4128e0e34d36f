import os
import tempfile
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from career.demo.seed import Files, State, state_of


class Command(BaseCommand):
    help = "Charge une académie fictive, par les mêmes portes que des données réelles."
    requires_system_checks = ()  # run.py calls it at each start: loading every page's code would take seconds

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agents", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--if-empty", action="store_true", help="ne fait rien quand la base contient des agents")
        parser.add_argument("--quiet", action="store_true", help="sans barre de progression")

    def handle(self, *args: Any, **options: Any) -> None:
        given = os.environ.get("IPROF_DEMO_DIR")
        if given:
            self._seed(Files(Path(given)), options)
            return
        with tempfile.TemporaryDirectory(prefix="iprof-demo-") as folder:
            self._seed(Files(Path(folder)), options)

    def _seed(self, files: Files, options: dict[str, Any]) -> None:
        state = state_of(files)
        if state is State.FILLED:
            if options["if_empty"]:
                return
            raise CommandError(
                "Cette base contient déjà des agents : l'académie fictive n'y est pas ajoutée. "
                "Videz la base locale (python3 run.py db-reset) ou prenez une autre base."
            )
        quiet = options["quiet"]
        if state is State.EMPTY:
            files.write(lambda feed, annuaire: self._generate(feed, annuaire, options))
        else:
            self.stdout.write("Le chargement précédent s'est arrêté en route : il reprend.")
        call_command("import_annuaire", files.annuaire, quiet=quiet, stdout=self.stdout)
        call_command("siae_load", files.feed, quiet=quiet, stdout=self.stdout)
        files.delete()

    def _generate(self, feed: Path, annuaire: Path, options: dict[str, Any]) -> None:
        call_command(
            "siae_generate",
            agents=options["agents"],
            seed=options["seed"],
            out=feed,
            annuaire_out=annuaire,
            quiet=options["quiet"],
            stdout=StringIO(),  # where the file lies interests nobody
        )
