from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from career.services.digests import redigest_numens


class Command(BaseCommand):
    help = "Compte les empreintes de NUMEN faites avec une ancienne LOOKUP_KEY ; avec --apply, les refait. Flux arrêté."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="refaire les empreintes")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        found = redigest_numens(apply=apply)
        old = "refaites" if apply else "d'une ancienne clé"
        self.stdout.write(
            f"Empreintes de NUMEN : {found.fresh} de la clé actuelle, {found.old} {old}, {found.unreadable} illisibles."
        )
        self.stdout.write(
            f"Codes de courrier en attente, connus de leur seule clé : {found.codes}. Gardez l'ancienne jusqu'à leur terme, ou réimprimez."
        )
        if not apply and found.old:
            self.stdout.write("Rien n'est changé sans --apply.")
        if found.unreadable:
            raise CommandError("Des NUMEN ne s'ouvrent avec aucune clé connue : NUMEN_KEYS_OLD est-elle complète ?")
