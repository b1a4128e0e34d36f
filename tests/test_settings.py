"""What production is started with, read from the production settings themselves."""

import json
import os
import subprocess
import sys
from functools import lru_cache

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.test import override_settings

from launcher.checks import PRODUCTION
from security.hashers import PortalArgon2Hasher
from tests.factories.accounts import UserFactory

APPS = {"career", "documents", "iprof", "mobility", "security"}
NAMES = (
    "PASSWORD_HASHERS SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY "
    "CSRF_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_SAMESITE SESSION_COOKIE_DOMAIN CSRF_COOKIE_DOMAIN "
    "SESSION_COOKIE_PATH CSRF_COOKIE_PATH SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS DEBUG BRAND"
).split()


@lru_cache(maxsize=1)
def production() -> dict:
    code = (
        f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
    )
    return json.loads(in_production(code))


def in_production(code: str) -> str:
    """What a program prints under the settings of production."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("IPROF_")} | PRODUCTION
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.mark.req("D13")
@pytest.mark.parametrize("cookie", ["SESSION", "CSRF"])
def test_cookies_of_production_are_bound_to_the_host_and_to_https(cookie):
    """A browser takes a __Host- cookie only when it is Secure, of the whole site and without domain."""
    found = production()
    assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    assert found[f"{cookie}_COOKIE_SECURE"] is True
    assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert found[f"{cookie}_COOKIE_SAMESITE"] in {"Lax", "Strict"}
    assert found[f"{cookie}_COOKIE_DOMAIN"] is None
    assert found[f"{cookie}_COOKIE_PATH"] == "/"


@pytest.mark.req("D13")
def test_every_cookie_of_production_has_the_prefix():
    """Session, token, theme, messages, known and trusted browsers: no other is ever set."""
    code = (
        "import django; django.setup(); from iprof.web import context, notices; from security import throttle, trust; "
        "print(context.THEME_COOKIE, notices.HostCookieStorage.cookie_name, throttle.DEVICE_COOKIE, trust.COOKIE)"
    )
    names = in_production(code).split()
    assert len(names) == 4
    assert all(name.startswith("__Host-") for name in names)
    sets = [path for path in settings.BASE_DIR.glob("*/**/*.py") if path.parts[len(settings.BASE_DIR.parts)] in APPS]
    found = {str(path.relative_to(settings.BASE_DIR)) for path in sets if "set_cookie(" in path.read_text("utf-8")}
    assert found == {"iprof/home/views/pages.py", "security/throttle.py", "security/trust.py"}


@pytest.mark.req("D14")
def test_production_speaks_https_alone_for_two_years():
    found = production()
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 63_072_000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert found["DEBUG"] is False


@pytest.mark.req("E02", "E03")
def test_production_is_neutral_unless_told():
    assert production()["BRAND"] == "neutral"


@pytest.mark.req("D05")
def test_production_hashes_with_argon2_and_nothing_weaker():
    assert production()["PASSWORD_HASHERS"] == ["security.hashers.PortalArgon2Hasher"]


@pytest.mark.req("D05", "D07")
@pytest.mark.django_db
@override_settings(PASSWORD_HASHERS=["security.hashers.PortalArgon2Hasher"])
def test_two_hundred_characters_are_accepted_and_all_of_them_count():
    password = ("Le mouton bleu traverse 7 collines ! " * 6)[:200]
    assert len(password) == 200
    validate_password(password, UserFactory())
    stored = make_password(password)
    assert stored.startswith("argon2$argon2id$")
    assert check_password(password, stored)
    assert not check_password(password[:-1] + "?", stored), "no truncation"


@pytest.mark.req("D05")
def test_the_cost_of_a_hash_is_not_under_the_published_floor():
    """OWASP and ASVS 5.0 (appendix C): 47 104 KiB in one pass, 19 456 in two, 12 288 in three or more; salt of 128 bits."""
    hasher = PortalArgon2Hasher()
    assert hasher.memory_cost >= {1: 47_104, 2: 19_456}.get(hasher.time_cost, 12_288)
    decoded = hasher.decode(hasher.encode("sept moutons bleus", hasher.salt()))
    assert (decoded["memory_cost"], decoded["time_cost"], decoded["variety"]) == (19_456, 2, "argon2id")
    assert hasher.salt_entropy >= 128


@override_settings(PASSWORD_HASHERS=["security.hashers.PortalArgon2Hasher"])
def test_a_hash_of_another_cost_is_made_again():
    old = Argon2PasswordHasher().encode("sept moutons bleus", "s" * 16)
    made = []
    assert check_password("sept moutons bleus", old, setter=made.append)
    assert made == ["sept moutons bleus"]
