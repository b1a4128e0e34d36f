"""Typed readers of environment variables: they fail loudly, naming the variable and what was expected."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import unquote, urlsplit


class EnvironmentProblem(Exception):
    """A variable is missing or cannot be read; the message says which and what to write."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None or value == "":
        if default is not None:
            return default
        raise EnvironmentProblem(f"{name} is not set. Set it in the environment (see docs/operations.md).")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "")
    if value == "":
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentProblem(f"{name}={value!r} is not a yes/no value: write 1 or 0.")


def integer(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise EnvironmentProblem(f"{name}={value!r} is not a whole number.") from None


def names(name: str, default: str = "") -> list[str]:
    """Comma-separated list, blanks dropped; empty is as if it were not given."""
    return [part.strip() for part in (os.environ.get(name) or default).split(",") if part.strip()]


def sections(prefix: str, keys: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """What is said of each name of `prefix`_PROVIDERS: {name: {key: value of `prefix`_NAME_KEY}}, absent ones left out."""
    found: dict[str, dict[str, str]] = {}
    for name in names(f"{prefix}_PROVIDERS"):
        if not (name.isascii() and name.isalnum() and name == name.lower()):
            raise EnvironmentProblem(f"{prefix}_PROVIDERS: {name!r} is not a name of lower-case letters and digits.")
        told = {key: os.environ.get(f"{prefix}_{name}_{key}".upper(), "").strip() for key in keys}
        found[name] = {key: value for key, value in told.items() if value}
    return found


def networks(name: str, default: str = "") -> tuple[IPv4Network | IPv6Network, ...]:
    """Comma-separated CIDR ranges."""
    try:
        return tuple(ip_network(part) for part in names(name, default))
    except ValueError as problem:
        raise EnvironmentProblem(f"{name}: {problem}. Write ranges such as 10.51.0.0/16, comma-separated.") from None


def pem_blocks(name: str) -> list[str]:
    r"""PEM blocks one after the other; a variable on one line writes `\n` for the ends of lines."""
    found = os.environ.get(name, "").replace("\\n", "\n")
    blocks = re.findall(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", found, re.DOTALL)
    if found.strip() and not blocks:
        raise EnvironmentProblem(f"{name} holds no PEM block: it begins with -----BEGIN PRIVATE KEY-----.")
    return [f"{block}\n" for block in blocks]


def database(name: str = "DATABASE_URL", default: str | None = None) -> dict[str, object]:
    """Django's DATABASES entry from `postgresql://user:password@host:port/name`."""
    url = text(name, default)
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise EnvironmentProblem(f"{name} must begin with postgresql://, it begins with {parts.scheme!r}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }
