"""System checks: settings that contradict each other are told at start, not met by a user."""

import base64
import binascii
import os
import re
from email.utils import parseaddr
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection
from django.http.request import validate_host

SHORTEST_SIGNATURE_KEY = 24  # bytes, Standard Webhooks
SHORTEST_RSA_KEY = 3072  # bits: 128 of security
PUSH_SERVICE = re.compile(r"https://(\*\.[a-z0-9-]+|[a-z0-9-]+)(\.[a-z0-9-]+)*\.[a-z]{2,}")


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


KEYS = {"NUMEN_KEY": "E002", "LOOKUP_KEY": "E003", "STABLE_KEY": "E027", "JOURNAL_KEY": "E025"}
NEW_KEY = "python3 -c 'import base64,os;print(base64.b64encode(os.urandom(32)).decode())'"


@register(Tags.security)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    """Each key is 32 bytes in base64, serves one purpose, and none in use is also a former one."""
    problems: list[CheckMessage] = [
        Error(f"{name} is not 32 bytes in base64.", hint=NEW_KEY, id=f"iprof.{code}")
        for name, code in KEYS.items()
        if not _is_key(getattr(settings, name))
    ]
    used = [settings.NUMEN_KEY, settings.LOOKUP_KEY, settings.JOURNAL_KEY]
    if len(set(used)) < len(used):
        problems.append(Error("Two of NUMEN_KEY, LOOKUP_KEY and JOURNAL_KEY are the same key.", id="iprof.E004"))
    return problems


@register(Tags.security)
def check_former_keys(**kwargs: Any) -> list[CheckMessage]:
    """Former keys are readable, no longer in use for the same purpose, and those of the journal say until which seal."""
    problems: list[CheckMessage] = []
    for name in ("NUMEN_KEY", "LOOKUP_KEY"):
        former = getattr(settings, f"{name}S_OLD")
        if getattr(settings, name) in former or not all(_is_key(key) for key in former):
            problems.append(
                Error(f"{name}S_OLD holds no former key: not 32 bytes in base64, or in use.", id="iprof.E026")
            )
    parts = [one.partition(":") for one in settings.JOURNAL_KEYS_OLD]
    places = [int(last) for last, _, _ in parts if last.isascii() and last.isdigit()]
    ordered = len(places) == len(parts) and all(a < b for a, b in pairwise([0, *places]))
    if not ordered or any(key == settings.JOURNAL_KEY or not _is_key(key) for _, _, key in parts):
        hint = "« 120:key », where 120 is the last seal made with it, oldest first; see manage.py seal_journal."
        problems.append(Error("JOURNAL_KEYS_OLD cannot be read.", hint=hint, id="iprof.E028"))
    if settings.LOOKUP_KEYS_OLD and settings.STABLE_KEY == settings.LOOKUP_KEY:
        hint = "Set STABLE_KEY to the first LOOKUP_KEY this database has known."
        problems.append(
            Error(
                "Lines of the feed and people of sibling services would not be recognised.", hint=hint, id="iprof.E024"
            )
        )
    return problems


@register(Tags.security, deploy=True)
def check_former_keys_leave(**kwargs: Any) -> list[CheckMessage]:
    """A former key that still opens something is as good as the present one to a thief."""
    return [
        Warning(
            f"{name} still lists {len(found)} former key(s).",
            hint=f"manage.py {command} --apply, then remove it.",
            id=code,
        )
        for name, command, code in (
            ("NUMEN_KEYS_OLD", "reseal", "iprof.W029"),
            ("LOOKUP_KEYS_OLD", "redigest", "iprof.W030"),
        )
        if (found := getattr(settings, name))
    ]


@register(Tags.security, deploy=True)
def check_cookie_prefix(**kwargs: Any) -> list[CheckMessage]:
    """In production the session and CSRF cookies carry the __Host- prefix (norm D13)."""
    return [
        Error(f"{name} does not begin with __Host-.", id="iprof.E001")
        for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
        if not getattr(settings, name).startswith("__Host-")
    ]


@register(Tags.security)
def check_session_limits(**kwargs: Any) -> list[CheckMessage]:
    """Warning before the idle limit, idle limit before the absolute one (norm D11)."""
    if 0 < settings.SESSION_WARNING_SECONDS < settings.SESSION_IDLE_SECONDS < settings.SESSION_COOKIE_AGE:
        return []
    return [
        Error(
            "SESSION_WARNING_SECONDS, SESSION_IDLE_SECONDS and SESSION_COOKIE_AGE do not increase.",
            hint="The page warns before the idle limit, which comes before the absolute one.",
            id="iprof.E005",
        )
    ]


@register(Tags.security, deploy=True)
def check_addresses(**kwargs: Any) -> list[CheckMessage]:
    """The address that mails and pages quote is HTTPS and one this portal answers to."""
    problems: list[CheckMessage] = []
    for number, name in enumerate(("OFFICIAL_ADDRESS", "BASE_URL"), start=6):
        url = urlsplit(getattr(settings, name))
        if url.scheme != "https" or not url.hostname:
            problems.append(Error(f"{name} does not begin with https:// and a host.", id=f"iprof.E00{number}"))
    host = urlsplit(settings.BASE_URL).hostname or ""
    if host and not validate_host(host, settings.ALLOWED_HOSTS):
        problems.append(
            Error(
                f"ALLOWED_HOSTS does not hold {host}, the host of IPROF_BASE_URL.",
                hint="Links of mails would answer 400.",
                id="iprof.E008",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        problems.append(Error("ALLOWED_HOSTS accepts every host.", id="iprof.E009"))
    return problems


@register(Tags.security, deploy=True)
def check_secrets(**kwargs: Any) -> list[CheckMessage]:
    """No secret serves two purposes; those shared with the source of the feed are long enough to sign with."""
    problems: list[CheckMessage] = []
    secrets = [
        settings.SECRET_KEY,
        settings.NUMEN_KEY,
        settings.LOOKUP_KEY,
        settings.JOURNAL_KEY,
        *settings.SIAE_WEBHOOK_SECRETS,
        *settings.BOUNCE_WEBHOOK_SECRETS,
    ]
    if len(set(secrets)) < len(secrets):
        problems.append(Error("Two secrets of the environment are the same.", id="iprof.E010"))
    for name in ("SIAE_WEBHOOK_SECRETS", "BOUNCE_WEBHOOK_SECRETS"):
        problems += [
            Error(f"A secret of {name} is shorter than 24 bytes, or not base64.", hint=NEW_KEY, id="iprof.E011")
            for secret in getattr(settings, name)
            if _signing_bytes(secret) < SHORTEST_SIGNATURE_KEY
        ]
    return problems


def _signing_bytes(secret: str) -> int:
    try:
        return len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except (binascii.Error, ValueError):
        return 0


@register(Tags.security)
def check_push_key(**kwargs: Any) -> list[CheckMessage]:
    """The key that names the portal to push services, when there is one, is the private key on P-256 they know (RFC 8292)."""
    if not settings.VAPID_KEY:
        return []
    try:
        key = load_pem_private_key(settings.VAPID_KEY.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return []
    hint = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    return [Error("IPROF_VAPID_KEY is not a private key on P-256.", hint=hint, id="iprof.E033")]


@register(Tags.security, deploy=True)
def check_push_services(**kwargs: Any) -> list[CheckMessage]:
    """Browsers name where notifications go: the portal calls no address but HTTPS hosts listed, a whole domain at most."""
    return [
        Error(
            f"IPROF_PUSH_SERVICES holds {place}.", hint="Write https://host or https://*.domain.tld.", id="iprof.E032"
        )
        for place in settings.PUSH_SERVICES
        if not PUSH_SERVICE.fullmatch(place)
    ]


@register(Tags.security, deploy=True)
def check_mail(**kwargs: Any) -> list[CheckMessage]:
    """Alerts leave by SMTP, from the academic domain, and a password never travels in clear."""
    problems: list[CheckMessage] = []
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        problems.append(Error(f"EMAIL_BACKEND is {settings.EMAIL_BACKEND}: no mail leaves.", id="iprof.E012"))
    if settings.EMAIL_HOST_PASSWORD and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        problems.append(Error("EMAIL_HOST_PASSWORD would travel without TLS.", hint="EMAIL_USE_TLS=1", id="iprof.E013"))
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()
    if domain != settings.ACADEMIC_MAIL_DOMAIN.lower():
        problems.append(
            Warning(
                f"DEFAULT_FROM_EMAIL is of {domain or 'no domain'}, not of {settings.ACADEMIC_MAIL_DOMAIN}.",
                hint="Teachers are told to trust academic senders only.",
                id="iprof.W014",
            )
        )
    return problems


@register(deploy=True)
def check_broker_and_cache(**kwargs: Any) -> list[CheckMessage]:
    """Workers and web processes share one broker and one cache: none kept in a process's memory."""
    problems: list[CheckMessage] = []
    if urlsplit(settings.CELERY_BROKER_URL).scheme not in {"redis", "rediss", "amqp", "amqps"}:
        problems.append(Error("CELERY_BROKER_URL names no broker that two processes can share.", id="iprof.E015"))
    if settings.CACHES["default"]["BACKEND"].rpartition(".")[2] in {"LocMemCache", "DummyCache"}:
        problems.append(Error("The cache is kept in each process's memory.", id="iprof.E016"))
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        problems.append(Error("CELERY_TASK_ALWAYS_EAGER runs the worker's tasks in the page.", id="iprof.E017"))
    return problems


@register(Tags.security, deploy=True)
def check_known_networks(**kwargs: Any) -> list[CheckMessage]:
    """The networks where no second step is asked are some networks, and not the machine's own: a front that hides the
    visitors' addresses behind its own would make everybody known (requirement S29)."""
    return [
        Error(
            f"IPROF_KNOWN_NETWORKS holds {network}: no second step would ever be asked.",
            hint="List the académie's own ranges, never the front's address; see docs/operations.md.",
            id="iprof.E018",
        )
        for network in settings.KNOWN_NETWORKS
        if network.prefixlen == 0 or network.is_loopback
    ]


@register(Tags.security)
def check_identity_keys(**kwargs: Any) -> list[CheckMessage]:
    """Each key of IPROF_IDP_KEY is an RSA key long enough, and none is given twice."""
    problems: list[CheckMessage] = []
    for position, pem in enumerate(settings.IDP_KEYS, start=1):
        try:
            key = load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST_RSA_KEY:
            problems.append(
                Error(
                    f"Key {position} of IPROF_IDP_KEY is not an RSA private key of {SHORTEST_RSA_KEY} bits or more.",
                    hint="openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072",
                    id="iprof.E019",
                )
            )
    if len(set(settings.IDP_KEYS)) < len(settings.IDP_KEYS):
        problems.append(Error("IPROF_IDP_KEY holds the same key twice.", id="iprof.E020"))
    return problems


@register(Tags.database)
def check_identity_key_is_there(*, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Services are registered and no key signs for them. Run with `manage.py check --database default`."""
    from security.idp.models import Service  # noqa: PLC0415  (models are not loaded when checks register)

    if settings.IDP_KEYS or "default" not in (databases or ()):
        return []
    tables = connection.introspection.table_names()
    if Service._meta.db_table not in tables or not Service.objects.exists():  # `migrate` asks before it makes them
        return []
    return [
        Error(
            "Services are registered and IPROF_IDP_KEY is empty: none can sign anybody in.",
            hint="openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072",
            id="iprof.E021",
        )
    ]


@register(Tags.security)
def check_outbox(**kwargs: Any) -> list[CheckMessage]:
    """A lease that ends while its mail is still being sent gives the same mail to two workers."""
    lease, timeout, first = (settings.OUTBOX[name] for name in ("lease", "timeout", "first_wait"))
    if min(timeout, first) > 0 and lease > 5 * timeout:  # four answers to wait for, and some room
        return []
    return [
        Error(
            f"OUTBOX_LEASE is {lease} s for OUTBOX_TIMEOUT {timeout} s: a mail may outlive its lease.",
            hint="OUTBOX_LEASE must be more than five times OUTBOX_TIMEOUT, and no delay may be 0.",
            id="iprof.E031",
        )
    ]


@register(Tags.security, deploy=True)
def check_documents(**kwargs: Any) -> list[CheckMessage]:
    """Documents have a place of their own, and an antivirus looks at them."""
    options = settings.STORAGES["documents"].get("OPTIONS", {})
    problems = _bucket_problems(options) if options.get("bucket_name") else _folder_problems(settings.DOCUMENTS_DIR)
    if not settings.CLAMD:
        hint = "host:port or the path of clamd's socket."
        problems.append(
            Error("IPROF_CLAMD names no antivirus: no document would be scanned.", hint=hint, id="iprof.E035")
        )
    return problems


def _folder_problems(folder: str) -> list[CheckMessage]:
    hint = "The absolute path of a folder shared by web and workers, and saved."
    if not folder.startswith("/"):
        return [Error("IPROF_DOCUMENTS_DIR names no place for documents.", hint=hint, id="iprof.E034")]
    if os.path.exists(folder) and not (os.path.isdir(folder) and os.access(folder, os.R_OK | os.W_OK | os.X_OK)):
        return [Error(f"The portal cannot write documents in {folder}.", hint=hint, id="iprof.E040")]
    return []


def _bucket_problems(options: dict[str, Any]) -> list[CheckMessage]:
    """The contents are encrypted; the key of the service is not, nor are the names."""
    problems: list[CheckMessage] = []
    if options.get("endpoint_url") and not options["endpoint_url"].startswith("https://"):
        problems.append(Error("IPROF_DOCUMENTS_S3_ENDPOINT does not begin with https://.", id="iprof.E041"))
    if bool(options.get("access_key")) != bool(options.get("secret_key")):
        hint = "Both, or neither when the machine itself is recognised."
        problems.append(
            Error("IPROF_DOCUMENTS_S3_KEY_ID goes with IPROF_DOCUMENTS_S3_SECRET.", hint=hint, id="iprof.E042")
        )
    return problems
