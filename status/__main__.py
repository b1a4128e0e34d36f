"""`python -m status`: the page, until the process is ended. Everything is told by the environment (docs/operations.md)."""

import os
from functools import partial
from pathlib import Path

from status.pages import Site
from status.probes import ask
from status.server import Watch, serve


def main() -> None:
    told = os.environ
    portal = told.get("IPROF_OFFICIAL_ADDRESS") or "http://127.0.0.1:8000"
    host = (told.get("ALLOWED_HOSTS") or "localhost").split(",")[0].strip()
    port = int(told.get("STATUS_PORT") or 8010)
    site = Site(
        name=told.get("STATUS_NAME") or "I-Prof V4",
        portal=portal,
        address=(told.get("IPROF_STATUS_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
    )
    probe = told.get("STATUS_PROBE_URL") or "http://127.0.0.1:8000/sante/"
    watch = Watch(Path(told.get("IPROF_STATUS_DIR") or "status-state"), partial(ask, probe, host))
    serve(watch, site, (told.get("STATUS_HOST") or "127.0.0.1", port))


if __name__ == "__main__":
    main()
