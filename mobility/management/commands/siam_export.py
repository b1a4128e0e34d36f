import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from iprof.kernel.errors import DomainError
from mobility.exchange.export import export_requests
from mobility.models import Campaign
from security.models import User

SENTENCES = {
    "export_changed": "Une demande a changé pendant l'export : rien n'est gardé. Recommencez.",
    "export_no_matricule": "L'agent d'une demande n'a pas de matricule : rien n'est gardé.",
}


class Command(BaseCommand):
    help = "Écrit les demandes confirmées d'une campagne pour SIAM (docs/contracts/siam.md) ; l'export est journalisé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, help="numéro (UUID) de la campagne")
        parser.add_argument("--out", required=True, type=Path, help="fichier à écrire ; il ne doit pas exister")
        parser.add_argument("--by", required=True, help="identifiant de la personne qui exporte, habilitée à le faire")

    def handle(self, *args: Any, campaign: str, out: Path, by: str, **options: Any) -> None:
        person = User.objects.filter(username=by).first()
        if person is None or not person.has_perm("mobility.exchange_siam"):
            raise CommandError(f"« {by} » n'est pas une personne habilitée à échanger avec SIAM.")
        found = next((one for one in Campaign.objects.all() if str(one.public_id) == campaign), None)
        if found is None:
            raise CommandError(f"Aucune campagne ne porte le numéro « {campaign} ».")
        try:
            handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # personal data: its author alone
        except OSError as error:
            raise CommandError(f"{out} ne peut pas être créé : {error.strerror}.") from error
        try:
            with open(handle, "wb") as file:
                row = export_requests(campaign=found, out=file, by=person)
        except DomainError as error:
            out.unlink()
            raise CommandError(SENTENCES.get(error.code, error.code)) from error
        except BaseException:
            out.unlink()
            raise
        self.stdout.write(f"{row.rows} demandes écrites dans {out}, empreinte {row.digest}.")
