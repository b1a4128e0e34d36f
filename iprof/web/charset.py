"""Requests that say they are written in another alphabet than UTF-8, or say it in a way that cannot be read.

Django decodes the address with the alphabet named as soon as the request is made, before any middleware, and some of
Python's codecs are no alphabets: what is named is set aside before, and `OddRequestsMiddleware` refuses the request.
"""

import codecs
from typing import Any

from django.utils.http import parse_header_parameters

READ = {"utf-8", "ascii"}
UNREAD = "iprof.unread_charset"


def set_charset_aside(environ: dict[str, Any]) -> dict[str, Any]:
    """The environment of a WSGI request, whose content type is emptied, and marked, when it cannot be followed."""
    try:
        _, parameters = parse_header_parameters(environ.get("CONTENT_TYPE") or "")
        read = codecs.lookup(parameters.get("charset", "utf-8")).name in READ
    except (LookupError, ValueError):
        read = False
    return environ if read else {**environ, "CONTENT_TYPE": "", UNREAD: "1"}
