"""Two checkouts live side by side; nobody else reads what they keep."""

import json
import socket
import stat
from pathlib import Path

import pytest

from launcher import places
from launcher.keys import local_keys, servers_password


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_taken_port_is_left_for_the_next():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert places.free_port(port) > port


def test_no_free_port_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SystemExit, match="Aucun port libre"):
            places.free_port(taken.getsockname()[1], span=1)


def test_two_checkouts_have_two_folders(monkeypatch, tmp_path):
    folders = []
    for name in ("one", "two"):
        monkeypatch.setattr(places, "ROOT", tmp_path / name)
        folders.append(places.state_folder())
    for folder in folders:
        folder.rmdir()
        folder.parent.rmdir()
    assert folders[0] != folders[1]


def test_the_same_checkout_finds_its_folder_again(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "ROOT", tmp_path)
    first = places.state_folder()
    assert places.state_folder() == first
    assert mode(first) in {0o700, 0o711}
    assert mode(first.parent) == mode(first)
    first.rmdir()
    first.parent.rmdir()


def test_a_folder_of_somebody_else_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(places.os, "geteuid", lambda: 4_242)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(SystemExit, match="appartient à un autre compte"):
        places.state_folder()


def test_a_folder_that_cannot_be_made_is_said(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(places.os, "geteuid", lambda: 4_242)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(SystemExit, match="XDG_DATA_HOME"):
        places.state_folder()


def test_ports_of_a_checkout_stay_below_those_given_to_clients():
    assert 0 <= places.checkout_offset() < 200
    assert 16_100 + places.checkout_offset() + 400 < 32_768


def test_keys_are_made_once_and_read_by_their_owner_only(tmp_path):
    keys = local_keys(tmp_path)
    assert mode(tmp_path / "keys.json") == 0o600
    assert local_keys(tmp_path) == keys
    assert set(keys) == {
        "SECRET_KEY",
        "NUMEN_KEY",
        "LOOKUP_KEY",
        "JOURNAL_KEY",
        "SIAE_WEBHOOK_SECRETS",
        "BOUNCE_WEBHOOK_SECRETS",
        "IPROF_IDP_KEY",
        "IPROF_VAPID_KEY",
    }
    assert len(set(keys.values())) == 8
    assert {path.name for path in tmp_path.iterdir()} == {"keys.json", "idp.pem", "vapid.pem"}
    assert mode(tmp_path / "idp.pem") == mode(tmp_path / "vapid.pem") == 0o600


def test_an_older_installation_gets_the_keys_it_lacks_and_keeps_its_own(tmp_path):
    kept = {name: value for name, value in local_keys(tmp_path).items() if name != "JOURNAL_KEY"}
    (tmp_path / "keys.json").write_text(json.dumps(kept))
    keys = local_keys(tmp_path)
    assert local_keys(tmp_path) == keys
    assert {name: keys[name] for name in kept} == kept
    assert keys["JOURNAL_KEY"] not in kept.values()
    assert mode(tmp_path / "keys.json") == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"keys.json", "idp.pem", "vapid.pem"}


def test_two_installations_have_different_keys(tmp_path):
    (tmp_path / "other").mkdir()
    assert not set(local_keys(tmp_path).values()) & set(local_keys(tmp_path / "other").values())


def test_keys_given_by_the_environment_win(tmp_path, monkeypatch):
    local_keys(tmp_path)
    monkeypatch.setenv("NUMEN_KEY", "given")
    assert local_keys(tmp_path)["NUMEN_KEY"] == "given"
    assert json.loads((tmp_path / "keys.json").read_text())["NUMEN_KEY"] != "given"


def test_keys_written_by_another_command_meanwhile_are_kept(tmp_path, monkeypatch):
    (tmp_path / "servers.password").write_text("theirs")
    seen = iter([False, True])
    monkeypatch.setattr(Path, "exists", lambda self: next(seen, True))
    assert servers_password(tmp_path) == "theirs"


def test_the_servers_password_is_private(tmp_path):
    assert len(servers_password(tmp_path)) >= 32
    assert mode(tmp_path / "servers.password") == 0o600
