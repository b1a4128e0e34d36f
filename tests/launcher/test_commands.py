"""run.py and its commands: what is said, what is installed, how they end."""

import hashlib
import signal
import subprocess
import sys

import pytest

import run
from launcher import suite
from launcher.places import ROOT
from launcher.stopping import Stop


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (1, 1), (2, 2), (5, 0)])
def test_a_selection_without_test_is_not_a_failure(monkeypatch, code, expected):
    monkeypatch.setattr(suite, "python", lambda *arguments, **environment: code)
    assert suite.pytest("-k", "nothing") == expected


def test_options_go_to_pytest_as_they_are(monkeypatch):
    calls = run_suite(monkeypatch, codes=[0], arguments=["tests/kernel", "-x"])
    assert calls == [("-m", "pytest", "tests/kernel", "-x")]


def test_a_failure_of_the_quick_part_is_kept_after_the_journeys(monkeypatch):
    monkeypatch.setattr(suite, "browser_is_ready", lambda: True)
    calls = run_suite(monkeypatch, codes=[1, 0], arguments=[], expected=1)
    assert ["not e2e" in call for call in calls] == [True, False]


def test_without_chromium_the_journeys_are_skipped_and_said(monkeypatch, capsys):
    monkeypatch.setattr(suite.shutil, "which", lambda name: None)
    assert len(run_suite(monkeypatch, codes=[0], arguments=[])) == 1
    assert "sautés" in capsys.readouterr().out


def run_suite(monkeypatch, *, codes, arguments, expected=0):
    calls, results = [], iter(codes)

    class Servers:
        def __enter__(self):
            return {"DATABASE_URL": "postgresql://db.example/test", "REDIS_URL": "redis://broker.example"}

        def __exit__(self, *error):
            return None

    def python(*command, **environment):
        assert environment["DJANGO_SETTINGS_MODULE"] == "iprof.settings.test"
        calls.append(command)
        return next(results)

    monkeypatch.setattr(suite, "throwaway_servers", Servers)
    monkeypatch.setattr(suite, "python", python)
    assert suite.test(arguments, browser=True) == expected
    return calls


SECOND_SIGNAL = """
import os, signal
from launcher.stopping import Stop, listen
listen()
try:
    os.kill(os.getpid(), signal.{name})
except Exception:
    raise SystemExit("swallowed by a handler")
except Stop as stop:
    os.kill(os.getpid(), signal.SIGINT)
    print("stopped once", stop.number)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_stops_once(name):
    told = subprocess.run(
        [sys.executable, "-c", SECOND_SIGNAL.format(name=name)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == f"stopped once {int(getattr(signal, name))}\n"


def test_stop_names_its_signal():
    assert str(Stop(signal.SIGTERM)) == "SIGTERM"


def test_an_unknown_command_is_refused_with_the_list(monkeypatch, capsys):
    monkeypatch.setattr(run.sys, "argv", ["run.py", "tset"])
    with pytest.raises(SystemExit):
        run.main()
    told = capsys.readouterr()
    assert "Commande inconnue : tset." in told.err
    assert "python3 run.py test " in told.out


def test_an_old_python_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(run.sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit):
        run.main()
    assert "Python 3.11 ou plus récent" in capsys.readouterr().err


def test_an_environment_half_made_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "PYTHON", tmp_path / "bin" / "python")
    assert not run.works()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bin" / "python").chmod(0o755)
    assert not run.works()


@pytest.fixture
def installation(monkeypatch, tmp_path):
    """A checkout with two requirement files; `pip` calls are noted and succeed."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(name)
    calls = []

    def call(command, **options):
        calls.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "STAMP", tmp_path / "installed.sha256")
    monkeypatch.setattr(run.subprocess, "run", call)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    return tmp_path, calls


def test_libraries_are_installed_with_their_hashes_and_once(installation):
    folder, calls = installation
    for _ in range(2):
        run.install(folder / "requirements.txt")
    assert len(calls) == 1
    assert {"--require-hashes", "--no-deps"} <= set(calls[0])  # resolved again, a newer release of an extra would win
    assert run.STAMP.read_text().split() == [hashlib.sha256(b"requirements.txt").hexdigest()]


def test_a_development_install_also_serves_to_run(installation):
    folder, calls = installation
    run.install(folder / "requirements-dev.txt")
    run.install(folder / "requirements.txt")
    assert len(calls) == 1


def test_a_changed_lock_is_installed_again(installation):
    folder, calls = installation
    run.install(folder / "requirements.txt")
    (folder / "requirements.txt").write_text("changed")
    run.install(folder / "requirements.txt")
    assert len(calls) == 2


def test_a_missing_package_is_told_to_those_who_cannot_install(monkeypatch, capsys):
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    assert not run.apt_install(["chromium"], why="Essais")
    assert "sudo apt-get install -y chromium" in capsys.readouterr().out
