"""No NUMEN in a sentence, a list or a form: whatever of that shape a source wrote in the wrong place is hidden too."""

import re
from functools import lru_cache

from django.conf import settings

MASK = "•" * 13
_VALUE = re.compile(r'("numen"\s*:\s*")([^"]*)("?)')


@lru_cache(maxsize=2)
def _anywhere(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removeprefix("^").removesuffix("$"), re.IGNORECASE)


def looks_like_numen(text: str) -> bool:
    return bool(_anywhere(settings.NUMEN_PATTERN).fullmatch(text))


def mask_numens(text: str) -> str:
    """The text with every NUMEN replaced, also the malformed one of a "numen" field and of a line cut short."""
    return _anywhere(settings.NUMEN_PATTERN).sub(MASK, _VALUE.sub(rf"\g<1>{MASK}\g<3>", text))


def restore_numen(corrected: str, received: str) -> str:
    """Puts the NUMEN of the line received back into the corrected line, where its field still shows the mask."""
    found = _VALUE.search(received)
    return corrected.replace(f'"{MASK}"', f'"{found.group(2)}"') if found else corrected
