#!/usr/bin/env python3
"""The portal's commands. Needs Python 3.11 or later and nothing else: everything it uses it installs in .venv.

python3 run.py                 start the portal on this machine (Ctrl-C stops it)
python3 run.py test [options]  run the whole test suite (options go to pytest)
python3 run.py test-fast       the same without the browser
python3 run.py check           format, lint, types, import contracts, migrations, deployment settings
python3 run.py fix             format what can be formatted
python3 run.py bench [names]   benchmarks, one JSON line per figure
python3 run.py requirements    which promises have a test
python3 run.py manage …        a management command, with the servers up
python3 run.py services        only PostgreSQL and Valkey, until Ctrl-C
python3 run.py db-reset        throw the local database away
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.sha256"
COMMANDS = ("serve", "test", "test-fast", "check", "fix", "bench", "requirements", "manage", "services", "db-reset")
NEED_DEV = {"test", "test-fast", "check", "fix", "bench", "requirements"}
PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"]
_apt_updated = False


def say(message: str) -> None:
    print(f"▸ {message}", flush=True)


def stop(message: str) -> None:
    print(f"✗ {message}", file=sys.stderr)
    raise SystemExit(1)


def is_root() -> bool:
    return os.geteuid() == 0


def apt_install(packages: list[str], *, why: str) -> bool:
    """Installs Debian packages when root; tells the line to type otherwise. True when they were installed."""
    global _apt_updated
    if not is_root() or shutil.which("apt-get") is None:
        print(
            f"✗ {why} : installez {' '.join(packages)} (sudo apt-get install -y {' '.join(packages)}).", file=sys.stderr
        )
        return False
    say(f"Installation de {' '.join(packages)} ({why})")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not _apt_updated:
        subprocess.run(["apt-get", "update", "-qq"], env=env, check=False, stdout=subprocess.DEVNULL)
        _apt_updated = True
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, env=env, check=False, stdout=subprocess.DEVNULL).returncode == 0


def make_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    try:
        import ensurepip  # noqa: F401  (Debian splits it from python3)
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        if not apt_install([f"python{version}-venv"], why="environnement Python") and not apt_install(
            ["python3-venv"], why="environnement Python"
        ):
            stop("Impossible de créer l'environnement Python sans le paquet python3-venv.")
    say("Création de l'environnement .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode:
        stop("L'environnement .venv n'a pas pu être créé. Vérifiez les droits du dossier et l'espace disque.")


def install(requirements: Path) -> None:
    """Installs the locked requirements when the file changed. A development install also serves to run the portal."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    known = STAMP.read_text().split() if STAMP.exists() else []
    if digest in known:
        return
    say(f"Installation des bibliothèques ({requirements.name})")
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "-q", "--require-hashes", "--python", PYTHON, "-r", requirements]
    else:
        command = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            requirements,
        ]
    if subprocess.run(command, check=False).returncode:
        stop("Les bibliothèques n'ont pas pu être installées. Vérifiez l'accès au dépôt de paquets, puis relancez.")
    stamps = [digest]
    if requirements.name == "requirements-dev.txt":
        stamps.append(hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest())
    STAMP.write_text("\n".join(stamps) + "\n")


def check_pdf() -> None:
    marker = VENV / "pdf.ok"
    if marker.exists():
        return
    probe = [PYTHON, "-W", "ignore", "-c", "import weasyprint"]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        apt_install(PANGO, why="production des PDF")
        if subprocess.run(probe, check=False, capture_output=True).returncode:
            say("Les PDF seront indisponibles tant que les bibliothèques Pango manquent ; le reste fonctionne.")
            return
    marker.touch()


def check_browser() -> None:
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    if not apt_install(["chromium"], why="essais dans un vrai navigateur"):
        say("Sans Chromium, les essais dans un navigateur seront sautés.")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is the one place an older Python may run)
        stop(f"Python 3.11 ou plus récent est nécessaire ; cette machine a {sys.version.split()[0]}.")
    arguments = sys.argv[1:]
    if arguments and arguments[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return
    command = arguments[0] if arguments else "serve"
    if command not in COMMANDS:
        print(__doc__)
        stop(f"Commande inconnue : {command}.")
    make_environment()
    install(ROOT / ("requirements-dev.txt" if command in NEED_DEV else "requirements.txt"))
    check_pdf()
    if command in {"test", "check"}:
        check_browser()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "launcher", command, *arguments[1:]])  # noqa: S606  (our own interpreter)


if __name__ == "__main__":
    main()
