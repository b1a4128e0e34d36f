from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from iprof.web.rotation import reseal_all


class Command(BaseCommand):
    help = "Compte ce qui reste chiffré sous une ancienne NUMEN_KEY ; avec --apply, le chiffre sous la nouvelle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="chiffrer sous la nouvelle clé")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        found = reseal_all(apply=apply)
        old = "rechiffrés" if apply else "sous une ancienne clé"
        for progress in found:
            self.stdout.write(
                f"{progress.label} : {progress.fresh} sous la clé actuelle, {progress.old} {old}, {progress.unreadable} illisibles."
            )
        if not apply and any(progress.old for progress in found):
            self.stdout.write("Rien n'est changé sans --apply.")
        if lost := sum(progress.unreadable for progress in found):
            raise CommandError(
                f"{lost} valeurs ne s'ouvrent avec aucune clé connue : NUMEN_KEYS_OLD est-elle complète ?"
            )
