"""`python3 run.py`: the servers, then the portal's processes, until Ctrl-C or the death of one that cannot be replaced."""

import os
import sys
import time
import urllib.request
from pathlib import Path

from launcher import child
from launcher.keys import local_keys
from launcher.places import ROOT, checkout_offset, free_port, state_folder
from launcher.postgres import database
from launcher.processes import Processes
from launcher.valkey import broker

ANSWER_TRIES, TRY_SECONDS = 300, 0.2


def manage(environment: dict[str, str], *arguments: str) -> int:
    """A management command to its end. Ctrl-C stops it without its traceback."""
    process = child.start([sys.executable, "manage.py", *arguments], cwd=ROOT, environment=environment)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


def serve() -> int:
    state = state_folder()
    with database(state, "postgres", durable=True) as database_url, broker(state) as redis_url:
        return _serve(state, database_url, redis_url)


def _serve(state: Path, database_url: str, redis_url: str) -> int:
    port = int(os.environ.get("PORT") or 0) or free_port(8000)
    smtp, mail_page = free_port(10250 + checkout_offset()), free_port(10650 + checkout_offset())
    status_page = free_port(11050 + checkout_offset())
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        **local_keys(state),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "iprof.settings.dev"),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(smtp),
        "IPROF_DEMO_DIR": str(state),
        "IPROF_STATUS_DIR": str(state / "status"),
        "IPROF_DOCUMENTS_DIR": os.environ.get("IPROF_DOCUMENTS_DIR") or str(state / "documents"),
        "STATUS_PORT": str(status_page),
        "STATUS_PROBE_URL": f"{address}/sante/",
        "IPROF_STATUS_URL": f"http://127.0.0.1:{status_page}",
        "IPROF_BASE_URL": os.environ.get("IPROF_BASE_URL", address),
    }
    if manage(environment, "migrate", "--verbosity", "0"):
        raise SystemExit("✗ La base n'a pas pu être préparée (migrate). Le message ci-dessus dit pourquoi.")
    logs = state / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    processes = Processes(environment, logs)
    try:
        processes.start("etat", "-m", "status")
        _start_all(processes, state, port, smtp, mail_page)
        _wait_for(f"{address}/sante/", processes)
        print(f"▸ Le portail répond : {address}", flush=True)
        if manage(environment, "demo_seed", "--if-empty"):
            print("▸ L'académie fictive n'a pas pu être chargée ; le portail fonctionne sans elle.", flush=True)
        _present(address, environment, mail_page, logs)
        processes.watch()
    finally:
        print("\n▸ Arrêt…", flush=True)
        processes.stop()
    return 0


def _start_all(processes: Processes, state: Path, port: int, smtp: int, mail_page: int) -> None:
    celery = ("-m", "celery", "-A", "iprof.celery")
    processes.start("courrier", "-m", "launcher.mailbox", str(state / "mails"), str(smtp), str(mail_page))
    processes.start(
        "web",
        *("-m", "gunicorn", "iprof.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(max(2, os.cpu_count() or 2)), "--worker-class", "sync"),
        *("--log-level", "warning", "--no-control-socket"),
    )
    processes.start("worker", *celery, "worker", "--concurrency", "1", "--loglevel", "WARNING")
    # What is sent to thirty thousand people yields to pages and to what one person waits for.
    processes.start(
        "courriels", *celery, "worker", "--queues", "courriels", "--hostname", "courriels@%h", "--concurrency", "1",
        "--loglevel", "WARNING", niceness=10,
    )  # fmt: skip
    processes.start("beat", *celery, "beat", "--loglevel", "WARNING", "--schedule", str(state / "beat"))


def _present(address: str, environment: dict[str, str], mail_page: int, logs: Path) -> None:
    print("\n▸ Comptes de démonstration", flush=True)
    manage({"LOG_LEVEL": "WARNING"} | environment, "demo_accounts")  # a table for people, without lines of the log
    manage({"LOG_LEVEL": "WARNING"} | environment, "demo_documents")
    manage({"LOG_LEVEL": "WARNING"} | environment, "demo_mobility")
    print(
        f"\n▸ Portail          {address}"
        f"\n▸ Administration   {address}/gestion/"
        f"\n▸ Courriels reçus  http://127.0.0.1:{mail_page}"
        f"\n▸ État du service  {environment['IPROF_STATUS_URL']}"
        f"\n▸ Journaux         {logs}"
        "\n▸ Ctrl-C arrête tout.",
        flush=True,
    )


def _wait_for(url: str, processes: Processes) -> None:
    for _ in range(ANSWER_TRIES):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own address)
                return
        except OSError:
            if processes.running["web"].poll() is not None:
                break
            time.sleep(TRY_SECONDS)
    raise SystemExit(f"✗ Le portail ne répond pas. Fin du journal :\n{processes.tail('web')}")
