from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, QuerySet

from career.enums import FeedDoor
from career.feed.loader import load_file
from career.feed.replay import UNSETTLED, replay
from career.models import FeedRun, QuarantinedMessage
from iprof.web.progress import ProgressBar


class Command(BaseCommand):
    help = "Rejoue les messages rejetés du flux SIAE, tels quels ou corrigés dans un fichier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--all", action="store_true", help="tous les messages à traiter ou en attente")
        what.add_argument("--run", type=int, help="ceux d'un chargement (numéro lu dans l'administration)")
        what.add_argument("--code", help="ceux d'un code de rejet, par exemple corps_inconnu")
        what.add_argument("--file", type=Path, help="fichier NDJSON des lignes corrigées")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait rejoué, sans rien écrire")
        parser.add_argument("--quiet", action="store_true", help="sans barre de progression")

    def handle(self, *args: Any, file: Path | None, dry_run: bool, quiet: bool, **options: Any) -> None:
        if file is not None:
            self._corrected(file, dry_run, quiet)
            return
        rows = self._chosen(options)
        total = rows.count()
        if dry_run or not total:
            self.stdout.write(f"{total} message(s) seraient rejoués." if total else "Aucun message à rejouer.")
            self._by_code(rows)
            return
        bar = ProgressBar(total, "Rejeu", quiet=quiet)
        run = replay(rows=rows, on_progress=bar.advance)
        bar.close()
        self._report(run)

    def _chosen(self, options: dict[str, Any]) -> QuerySet[QuarantinedMessage]:
        rows = QuarantinedMessage.objects.filter(state__in=UNSETTLED)
        if options["run"] is not None:
            if not FeedRun.objects.filter(pk=options["run"]).exists():
                raise CommandError(f"Aucun chargement n'a le numéro {options['run']}. Lisez-le dans l'administration.")
            return rows.filter(run_id=options["run"])
        if options["code"]:
            if not QuarantinedMessage.objects.filter(code=options["code"]).exists():
                codes = ", ".join(sorted(set(rows.values_list("code", flat=True)))) or "aucun"
                raise CommandError(f"Aucun message n'est rejeté sous « {options['code']} ». Codes à traiter : {codes}.")
            return rows.filter(code=options["code"])
        return rows

    def _corrected(self, file: Path, dry_run: bool, quiet: bool) -> None:
        """Corrected lines come in as a file does; those of the quarantine they replace are settled by their id."""
        before = QuarantinedMessage.objects.filter(state__in=UNSETTLED).count()
        try:
            with file.open("rb") as stream:
                total = sum(1 for line in stream if line.strip())
            if dry_run:
                self.stdout.write(f"{total} ligne(s) seraient rejouées, pour {before} message(s) à traiter.")
                return
            bar = ProgressBar(total, "Rejeu", quiet=quiet)
            result = load_file(file, on_progress=bar.advance, door=FeedDoor.REPLAY)
        except OSError as error:
            raise CommandError(
                f"Le fichier {file} ne peut pas être lu : {error.strerror}. Vérifiez le chemin."
            ) from None
        bar.close()
        if result.run is None:
            self.stdout.write("Ce fichier a déjà été rejoué : rien à faire, rien n'a été écrit.")
            return
        self._report(result.run)

    def _report(self, run: FeedRun) -> None:
        self.stdout.write(
            f"{run.lines_read} message(s) rejoués : {run.applied} appliqués, {run.repeated} déjà reçus, "
            f"{run.quarantined} encore rejetés."
        )
        rows = QuarantinedMessage.objects.filter(state__in=UNSETTLED)
        left = rows.count()
        self.stdout.write(f"Reste à traiter : {left}." if left else "La quarantaine est vide.")
        self._by_code(rows)

    def _by_code(self, rows: QuerySet[QuarantinedMessage]) -> None:
        for found in rows.values("code").annotate(number=Count("pk")).order_by("-number", "code"):
            self.stdout.write(f"  {found['number']:6d}  {found['code']}")
