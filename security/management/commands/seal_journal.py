from typing import Any

from django.core.management.base import BaseCommand

from security.models import JournalSeal
from security.services_journal import seal_journal


class Command(BaseCommand):
    help = "Scelle les traces qui attendent et donne le dernier sceau : à faire avant de changer JOURNAL_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = seal_journal(everywhere=True)
        head = JournalSeal.objects.order_by("-position").first()
        self.stdout.write(f"{sealed} traces scellées. Dernier sceau : {head or 'aucun'}")
