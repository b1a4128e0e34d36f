import time
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from career.enums import FeedDoor
from career.feed.report import counts_line, rejected_by_code, rejected_lines
from career.management.feed_file import load_with_bar, told_already
from career.models import FeedRun
from career.selectors.quarantine import replay_order, unsettled
from career.services.quarantine import replay_messages
from iprof.web.progress import ProgressBar


class Command(BaseCommand):
    help = "Rejoue des messages rejetés du flux SIAE, tels quels ou depuis un fichier de lignes corrigées."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--run", metavar="N", help="les rejets du chargement n° N")
        parser.add_argument("--code", help="les rejets de ce code")
        parser.add_argument("--all", action="store_true", help="tous les rejets à traiter ou en attente")
        parser.add_argument("--file", type=Path, help="des lignes corrigées (NDJSON) : elles soldent les rejets")
        parser.add_argument(
            "--dry-run", action="store_true", help="dit ce qui serait fait, sans rien garder ; le flux attend la fin"
        )
        parser.add_argument("--quiet", action="store_true", help="sans barre de progression")

    def handle(self, *args: Any, dry_run: bool, quiet: bool, **options: Any) -> None:
        chosen = [name for name in ("run", "code", "all", "file") if options[name]]
        if not chosen:
            raise CommandError("Rien n'est choisi. Indiquez --all, --run N, --code CODE ou --file FICHIER.")
        if len(chosen) > 1 and set(chosen) != {"run", "code"}:
            names = " et ".join(f"--{name}" for name in chosen)
            raise CommandError(f"{names} ne vont pas ensemble. Seuls --run et --code se combinent.")
        with transaction.atomic() if dry_run else nullcontext():
            if options["file"]:
                self._replay_file(options["file"], quiet)
            else:
                self._replay_rows(self._chosen(options["run"], options["code"] or ""), quiet)
            left = unsettled().count()
            if dry_run:
                transaction.set_rollback(True)
        if dry_run:
            self.stdout.write(f"Il resterait {left} message(s) à traiter ou en attente de leur agent.")
            self.stdout.write("Essai à blanc : rien n'a été gardé. Relancez sans --dry-run pour le faire.")
        else:
            self.stdout.write(f"Il reste {left} message(s) à traiter ou en attente de leur agent.")

    def _chosen(self, run: str | None, code: str) -> list[int]:
        """Primary keys of the rows asked for. Raises CommandError when the run or the code does not exist."""
        number = None
        if run is not None:
            number = int(run) if run.isascii() and run.isdigit() and len(run) < 19 else 0
            if not FeedRun.objects.filter(pk=number).exists():
                raise CommandError(
                    f"Il n'y a pas de chargement n° {run}. Les numéros sont dans l'administration, page « Chargements »."
                )
        codes = sorted(set(unsettled().order_by().values_list("code", flat=True).distinct()))
        if code and code not in codes:
            known = f"Codes présents : {', '.join(codes)}." if codes else "La quarantaine est vide."
            raise CommandError(f"Aucun message à traiter n'a le code « {code} ». {known}")
        return replay_order(unsettled(run=number, code=code))

    def _replay_rows(self, pks: list[int], quiet: bool) -> None:
        if not pks:
            self.stdout.write("Aucun message rejeté à rejouer : rien n'a été écrit.")
            return
        started = time.perf_counter()
        bar = ProgressBar(len(pks), "Rejeu", quiet=quiet)
        result = replay_messages(pks=pks, on_progress=bar.advance)
        bar.close()
        if result.run is None:
            self.stdout.write("Ces messages ont été traités entre-temps : rien n'a été écrit.")
            return
        self.stdout.write(counts_line(result.run, time.perf_counter() - started))
        for line in rejected_lines(result.refused, result.examples):
            self.stdout.write(line)

    def _replay_file(self, file: Path, quiet: bool) -> None:
        started = time.perf_counter()
        result = load_with_bar(file, label="Rejeu", quiet=quiet, door=FeedDoor.REPLAY)
        if result.run is None:
            self.stdout.write(told_already(result))
            return
        self.stdout.write(counts_line(result.run, time.perf_counter() - started))
        for line in rejected_lines(*rejected_by_code(result.run)):
            self.stdout.write(line)
