from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mobility.domain.states import document

PLACE = Path(settings.BASE_DIR) / "docs" / "mobility_states.md"


class Command(BaseCommand):
    help = "Écrit docs/mobility_states.md d'après la table des transitions."

    def handle(self, *args: Any, **options: Any) -> None:
        PLACE.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{PLACE.name} est écrit.")
