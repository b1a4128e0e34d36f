from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mobility.models import BaremeVersion
from mobility.services.versions import damaged_versions


class Command(BaseCommand):
    help = "Relit chaque version de barème et son PDF, et les compare à leurs empreintes."

    def handle(self, *args: Any, **options: Any) -> None:
        found = damaged_versions()
        for one in found:
            self.stderr.write(one)
        if found:
            raise CommandError(f"{len(found)} version(s) ne répondent plus à leur empreinte.")
        self.stdout.write(f"{BaremeVersion.objects.count()} versions, toutes conformes à leur empreinte.")
