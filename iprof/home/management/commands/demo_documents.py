import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from career.demo.people import senders
from career.demo.seed import is_demo_database
from documents.demo.rights import ask_demo_rights
from documents.demo.sendings import EXAMPLES, send_demo_pieces
from security.models import User


class Command(BaseCommand):
    help = "Envoie quelques pièces de démonstration aux services de l'académie fictive, une seule fois."
    requires_system_checks = ()  # run.py calls it at each start

    def handle(self, *args: Any, **options: Any) -> None:
        if not os.environ.get("IPROF_DEMO_DIR"):
            raise CommandError("IPROF_DEMO_DIR manque : passez par python3 run.py manage demo_documents.")
        today = timezone.localdate()
        manager = User.objects.filter(username="gestionnaire").first()
        teacher = User.objects.filter(is_staff=False, activated_at__isnull=False, agent__isnull=False).first()
        if not is_demo_database() or manager is None or teacher is None:
            self.stdout.write("Aucun envoi de démonstration : l'académie fictive n'est pas là.")
            return
        chosen = senders(teacher, on=today, count=len(EXAMPLES))
        send_demo_pieces(owners=chosen, manager=manager, on=today)
        for owner in chosen[:1]:
            ask_demo_rights(owner=owner)
