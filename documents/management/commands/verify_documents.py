from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from documents.services.integrity import LIMIT, RHYTHM, verify_contents


class Command(BaseCommand):
    help = "Relit les contenus des documents et compare leur empreinte ; avec --apply, l'inscrit et avertit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="inscrire ce qui est trouvé et avertir")
        parser.add_argument(
            "--all", action="store_true", help="tout relire, quel que soit le jour de la dernière lecture"
        )
        parser.add_argument("--whatever", action="store_true", help="avertir même si presque tout manque")

    def handle(self, *args: Any, apply: bool, whatever: bool, **options: Any) -> None:
        whole = bool(options["all"])
        found = verify_contents(
            apply=apply,
            limit=10**9 if whole else LIMIT,
            every=timedelta(0) if whole else RHYTHM,
            all_of_them=whatever,
        )
        self.stdout.write(
            f"{found.checked} contenus relus : {found.lost} perdus ou abîmés, {found.found_again} retrouvés, "
            f"{found.unreachable} que le stockage n'a pas rendus."
        )
        if found.withheld:
            self.stdout.write(
                "Trop de contenus manquent : vérifiez le stockage. Rien n'est inscrit (--whatever pour passer outre)."
            )
        elif not apply:
            self.stdout.write("Rien n'est inscrit sans --apply.")
