"""What is refused in any text that is typed: a NUMEN, a character nobody sees."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError

NUMEN = re.compile(rf"\b{settings.NUMEN_PATTERN.strip('^$')}\b", re.IGNORECASE)
NUL = "Ce champ contient un caractère nul, qui ne s'affiche pas. Ressaisissez-le à la main."


def without_numen(why: str) -> Callable[[str], None]:
    """A validator: a NUMEN is written nowhere in clear, even when a message asked for it. `why` says what to do."""

    def validate(value: str) -> None:
        if NUMEN.search(value):
            raise ValidationError(f"Ce texte contient un NUMEN. Retirez-le : {why}")

    return validate
