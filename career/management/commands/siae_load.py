import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from career.feed.inbox import CHUNK_LINES
from career.feed.report import counts_line, rejected_by_code, rejected_lines
from career.management.feed_file import load_with_bar, told_already
from career.models import FeedRun


class Command(BaseCommand):
    help = "Charge un fichier du flux SIAE (NDJSON, éventuellement compressé par gzip)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="relit un fichier déjà chargé")
        parser.add_argument(
            "--chunk", type=int, default=CHUNK_LINES, help="lignes par transaction : ce qu'un arrêt brutal fait relire"
        )
        parser.add_argument("--quiet", action="store_true", help="sans barre de progression")

    def handle(self, *args: Any, file: Path, force: bool, quiet: bool, **options: Any) -> None:
        started = time.perf_counter()
        chunk_lines = max(options["chunk"], 1)
        result = load_with_bar(file, label="Chargement", quiet=quiet, force=force, chunk_lines=chunk_lines)
        if result.run is None:
            self.stdout.write(told_already(result))
            return
        self._report(result.run, time.perf_counter() - started)

    def _report(self, run: FeedRun, seconds: float) -> None:
        self.stdout.write(counts_line(run, seconds))
        if run.applied == 0 and run.quarantined == 0:
            self.stdout.write("Aucune donnée nouvelle : rien n'a été écrit dans les dossiers.")
        for line in rejected_lines(*rejected_by_code(run)):
            self.stdout.write(line)
        if run.quarantined:
            self.stdout.write(
                "Corrigez à la source et rechargez, ou traitez les messages rejetés dans l'administration "
                "ou par « siae_replay »."
            )
