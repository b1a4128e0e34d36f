"""Asks this container's own web server how it is; exit code 0 when every part answers. For container engines.

The name of the first allowed host is given, since the portal answers to no other.
"""

import os
import sys
import urllib.error
import urllib.request

URL = "http://127.0.0.1:8000/sante/"
SECONDS = 5


def main(url: str = URL) -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310  (our own address)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310  (idem)
            return 0 if response.status == 200 else 1
    except urllib.error.HTTPError as error:
        print(error.read().decode(errors="replace"))  # the parts that do not answer
        return 1
    except OSError as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
