#!/usr/bin/env python3
"""The portal's commands. Needs Python 3.11 or later and nothing else: everything it uses it installs in .venv.

python3 run.py                 start the portal on this machine (Ctrl-C stops it)
python3 run.py test [options]  run the whole test suite (options go to pytest)
python3 run.py test-fast       the same without the browser
python3 run.py check           format, lint, types, import contracts, migrations, deployment settings
python3 run.py fix             format what can be formatted
python3 run.py bench [names]   benchmarks, one JSON line per figure
python3 run.py requirements    which promises have a test
python3 run.py asvs            where the portal stands against OWASP ASVS 5.0 level 2 (writes docs/asvs.md)
python3 run.py attacks         the attacks of the suite at full size, and their figures
python3 run.py faults          workers and servers killed while mails leave and documents come, twenty times each, and the counts
python3 run.py access          who may open what (writes docs/acces.md)
python3 run.py manage …        a management command, with the servers up
python3 run.py services        only PostgreSQL and Valkey, until Ctrl-C
python3 run.py incident …      open, complete or close an incident of the status page (needs no server)
python3 run.py maintenance …   close the portal without losing what is typed, or open it again (idem)
python3 run.py db-reset        throw the local database away
"""

import ctypes
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
COMMANDS = (
    "serve",
    "test",
    "test-fast",
    "check",
    "fix",
    "bench",
    "requirements",
    "asvs",
    "access",
    "attacks",
    "faults",
    "manage",
    "services",
    "incident",
    "maintenance",
    "db-reset",
)
NEED_DEV = {"test", "test-fast", "check", "fix", "bench", "requirements", "asvs", "access", "attacks", "faults"}

PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"]


def say(message: str) -> None:
    print(f"▸ {message}", flush=True)


def stop(message: str) -> None:
    print(f"✗ {message}", file=sys.stderr)
    raise SystemExit(1)


def apt_install(packages: list[str], *, why: str) -> bool:
    """Installs Debian packages as root; as somebody else, tells the line to type. True when they were installed."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say(
            f"{why} : il manque {' '.join(packages)}. À installer par « sudo apt-get install -y {' '.join(packages)} »."
        )
        return False
    say(f"{why} : installation de {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]

    def quietly(arguments: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(arguments, env=environment, check=False, capture_output=True, text=True)

    done = quietly(command)
    if done.returncode:  # lists of packages absent or out of date
        quietly(["apt-get", "update", "-qq"])
        done = quietly(command)
    if done.returncode:
        print(done.stderr.strip()[-1500:], file=sys.stderr)
    return done.returncode == 0


def works() -> bool:
    """Whether .venv is whole: not half made, nor made for a Python this machine no longer has."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], check=False, capture_output=True).returncode == 0


def make_environment() -> None:
    if works():
        return
    try:
        import ensurepip  # noqa: F401  (Debian splits it from python3)
    except ImportError:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not apt_install([package], why="Environnement Python"):
            stop("Sans ce paquet, l'environnement Python ne peut pas être créé.")
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
    say(f"Installation des bibliothèques ({requirements.name}, une minute la première fois)")
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "-q", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
    # The lock is whole: nothing to resolve. Left to resolve, pip prefers a release newer than the lock for an extra.
    if subprocess.run([*command, "--require-hashes", "--no-deps", "-r", requirements], check=False).returncode:
        stop("Les bibliothèques n'ont pas pu être installées. Vérifiez l'accès au dépôt de paquets, puis relancez.")
    stamps = [digest]
    if requirements.name == "requirements-dev.txt":
        stamps.append(hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest())
    STAMP.write_text("\n".join(stamps) + "\n")


def check_pdf() -> None:
    marker = VENV / "pdf.ok"
    if marker.exists():
        return
    probe = [str(PYTHON), "-W", "ignore", "-c", "import weasyprint"]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        apt_install(PANGO, why="Production des PDF")
        if subprocess.run(probe, check=False, capture_output=True).returncode:
            say("Les PDF seront indisponibles tant que ces bibliothèques manquent ; le reste fonctionne.")
            return
    marker.touch()


def check_browser() -> None:
    missing = []
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        missing.append("chromium")
    try:
        ctypes.CDLL("libatomic.so.1")  # the driver of the browser needs it
    except OSError:
        missing.append("libatomic1")
    if missing and not apt_install(missing, why="Essais dans un vrai navigateur"):
        say("Sans Chromium, les essais dans un navigateur seront sautés.")


def check_identity_server() -> None:
    """The third party's server that the sign-in tests go through: Node.js, and its lock in tests/sso."""
    folder = ROOT / "tests" / "sso"
    why = "Essais de connexion par l'ENT"
    missing = [name for name, command in (("nodejs", "node"), ("npm", "npm")) if shutil.which(command) is None]
    if missing and not apt_install(missing, why=why):
        say("Sans Node.js, les essais avec un fournisseur d'identité réel seront sautés.")
        return
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / "installed.sha256"
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"{why} : installation d'oidc-provider")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        say("oidc-provider n'a pas pu être installé : ses essais seront sautés. Vérifiez l'accès au dépôt de paquets.")
        return
    stamp.write_text(digest)


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
    try:
        make_environment()
        install(ROOT / ("requirements-dev.txt" if command in NEED_DEV else "requirements.txt"))
        check_pdf()
        if command == "test":
            check_browser()
        if command in {"test", "test-fast"}:
            check_identity_server()
    except KeyboardInterrupt:
        stop("Interrompu. L'installation reprendra où il faut au prochain lancement.")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "launcher", command, *arguments[1:]])  # noqa: S606  (our own interpreter)


if __name__ == "__main__":
    main()
