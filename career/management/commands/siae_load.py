import gzip
import time
import zlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from career.feed.inbox import CHUNK_LINES
from career.feed.loader import load_file, open_feed
from career.models import FeedRun
from iprof.web.progress import ProgressBar


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
        try:
            with open_feed(file) as stream:
                total = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
            bar = ProgressBar(total, "Chargement", quiet=quiet)
            result = load_file(file, force=force, on_progress=bar.advance, chunk_lines=max(options["chunk"], 1))
        except FileNotFoundError:
            raise CommandError(f"Le fichier {file} n'existe pas. Vérifiez le chemin.") from None
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise CommandError(
                f"Le fichier compressé {file} est incomplet ou abîmé. Refaites-le et rechargez."
            ) from None
        except OSError as error:
            raise CommandError(f"Le fichier {file} ne peut pas être lu : {error.strerror}.") from None
        bar.close()
        if result.run is None:
            assert result.previous is not None  # noqa: S101  (set whenever run is None)
            day = f"{result.previous.finished_at:%d/%m/%Y à %H:%M}"
            self.stdout.write(f"Ce fichier a déjà été chargé le {day} : rien à faire, rien n'a été écrit.")
            return
        self._report(result.run, time.perf_counter() - started)

    def _report(self, run: FeedRun, seconds: float) -> None:
        self.stdout.write(
            f"{run.lines_read} lignes lues en {seconds:.1f} s ({run.lines_read / seconds:.0f} lignes/s) : "
            f"{run.applied} appliquées, {run.repeated} déjà reçues, {run.quarantined} rejetées."
        )
        if run.applied == 0 and run.quarantined == 0:
            self.stdout.write("Aucune donnée nouvelle : rien n'a été écrit dans les dossiers.")
        for row in run.quarantine.values("code").annotate(number=Count("pk")).order_by("-number"):
            example = run.quarantine.filter(code=row["code"]).first()
            if example is not None:
                self.stdout.write(
                    f"  {row['number']:6d}  {row['code']} — ex. ligne {example.line_number} : {example.reason}"
                )
        if run.quarantined:
            self.stdout.write(
                "Corrigez à la source et rechargez, ou traitez les messages rejetés dans l'administration."
            )
