import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from career.demo.people import senders
from career.demo.seed import is_demo_database
from mobility.demo.campaigns import open_demo_campaigns, send_demo_requests
from mobility.demo.schemes import open_demo_schemes
from security.models import User

REQUESTS = 4


class Command(BaseCommand):
    help = "Ouvre les campagnes de mobilité de l'académie fictive et y dépose quelques demandes, une seule fois."
    requires_system_checks = ()  # run.py calls it at each start

    def handle(self, *args: Any, **options: Any) -> None:
        if not os.environ.get("IPROF_DEMO_DIR"):
            raise CommandError("IPROF_DEMO_DIR manque : passez par python3 run.py manage demo_mobility.")
        today = timezone.localdate()
        manager = User.objects.filter(username="admin").first()
        teacher = User.objects.filter(is_staff=False, activated_at__isnull=False, agent__isnull=False).first()
        if not is_demo_database() or manager is None or teacher is None:
            self.stdout.write("Aucune campagne de démonstration : l'académie fictive n'est pas là.")
            return
        open_demo_schemes(by=manager, on=today)
        if open_demo_campaigns(by=manager, on=today):
            others = [one for one in senders(teacher, on=today, count=REQUESTS + 1) if one != teacher]
            send_demo_requests(owners=others[:REQUESTS], on=today)
