"""No NUMEN in a sentence, a list or a form: whatever of that shape a source wrote in the wrong place is hidden too."""

import json
import re
from contextlib import suppress
from functools import lru_cache

import msgspec
from django.conf import settings

MASK = "•" * 13
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_VALUE = re.compile(r'("numen"\s*:\s*")((?:[^"\\]|\\.)*)("?)', re.DOTALL | re.IGNORECASE)
_MASKED = re.compile(rf'("numen"\s*:\s*"){MASK}"')


@lru_cache(maxsize=2)
def _anywhere(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removeprefix("^").removesuffix("$"), re.IGNORECASE)


def looks_like_numen(text: str) -> bool:
    return bool(_anywhere(settings.NUMEN_PATTERN).fullmatch(text))


def mask_numens(text: str) -> str:
    """The text with every NUMEN replaced, also the malformed one of a "numen" field and of a line cut short."""
    return _anywhere(settings.NUMEN_PATTERN).sub(MASK, _VALUE.sub(rf"\g<1>{MASK}\g<3>", text))


def mask_line(text: str) -> str:
    """A line of the feed laid out for the screen, its values as they came, no NUMEN in it even behind escapes.

    >>> print(mask_line('{"hours":12.10,"num\\\\u0065n":"anything"}'))
    {
      "hours": 12.10,
      "numen": "•••••••••••••"
    }
    """
    with suppress(msgspec.DecodeError, ValueError, RecursionError):  # what is not JSON is shown as it came
        text = msgspec.json.format(text, indent=2)
    return mask_numens(_STRING.sub(_unescaped, text))


def _unescaped(found: re.Match[str]) -> str:
    """A JSON string, without its escapes when they hide a NUMEN or the name of its field."""
    written = found.group()
    if "\\" not in written:
        return written
    try:
        plain = json.loads(written, strict=False)
    except ValueError:
        return written
    if plain.lower() == "numen":
        return f'"{plain}"'
    masked = _anywhere(settings.NUMEN_PATTERN).sub(MASK, plain)
    shown = written if masked == plain else json.dumps(masked, ensure_ascii=False)
    return shown.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair cannot be sent to a browser


def restore_numen(corrected: str, received: str) -> str:
    """Puts the NUMEN of the line received back into the corrected line, where its own field still shows the mask.

    Nowhere else: a mask written into another field would bring the NUMEN on screen.
    """
    values = _VALUE.findall(received)
    if not values:
        return corrected
    return _MASKED.sub(lambda found: f'{found.group(1)}{values[-1][1]}"', corrected)
