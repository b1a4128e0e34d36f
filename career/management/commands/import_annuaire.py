from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from career.annuaire.services import OlderAnnuaire, Result, import_annuaire
from career.annuaire.shapes import UnreadableAnnuaire
from iprof.web.formats import french_date
from iprof.web.progress import ProgressBar

SHOWN = 10


class Command(BaseCommand):
    help = "Importe un export de l'annuaire officiel de l'éducation (CSV ou JSON, toutes ses variantes)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--all", action="store_true", help="toutes les académies, pas seulement celle du portail")
        parser.add_argument("--older", action="store_true", help="accepte un export plus ancien que le dernier importé")
        parser.add_argument("--quiet", action="store_true", help="sans barre de progression")

    def handle(self, *args: Any, file: Path, quiet: bool, **options: Any) -> None:
        try:
            with file.open("rb") as stream:
                total = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
            bar = ProgressBar(total, "Annuaire", quiet=quiet)
            result = import_annuaire(
                path=file, everywhere=options["all"], accept_older=options["older"], on_progress=bar.advance
            )
        except FileNotFoundError:
            raise CommandError(f"Le fichier {file} n'existe pas. Vérifiez le chemin.") from None
        except OSError as error:
            raise CommandError(f"Le fichier {file} ne peut pas être lu : {error.strerror}.") from None
        except UnreadableAnnuaire as error:
            raise CommandError(str(error)) from None
        except OlderAnnuaire as error:
            raise CommandError(
                f"Cet export est du {french_date(error.file_date)}, le dernier importé du {french_date(error.known)}. "
                "Ajoutez --older pour revenir à ces données plus anciennes."
            ) from None
        bar.close()
        self._report(result)

    def _report(self, result: Result) -> None:
        counts = result.counts
        self.stdout.write(
            f"{counts['read']} lignes lues : {counts['created']} établissements ajoutés, {counts['updated']} modifiés, "
            f"{counts['unchanged']} inchangés ; {counts['elsewhere']} hors de l'académie de {settings.ACADEMIE}, "
            f"{counts['out_of_scope']} hors périmètre, {counts['repeated']} UAI répétés, "
            f"{counts['left_aside']} écartées."
        )
        if result.written is None:
            self.stdout.write("Aucun changement : rien n'a été écrit.")
        for problem in result.problems[:SHOWN]:
            self.stdout.write(f"  ligne {problem['line']} {problem['uai']} — {problem['reason']}")
        if len(result.problems) > SHOWN:
            self.stdout.write(f"  … et {len(result.problems) - SHOWN} autres, visibles dans l'administration.")
