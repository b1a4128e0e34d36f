"""Settings that contradict each other are told at start, each by its own check; those of production tell nothing."""

import base64
from ipaddress import ip_network

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import override_settings

from iprof import checks

KEY, OTHER, SIGNING, THIRD, FORMER = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2, 3, 4, 5))
SMTP = "django.core.mail.backends.smtp.EmailBackend"
REDIS = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://cache:6379/0"}}
GOOD = {
    "SECRET_KEY": "s" * 60,
    "NUMEN_KEY": KEY,
    "LOOKUP_KEY": OTHER,
    "STABLE_KEY": OTHER,
    "JOURNAL_KEY": THIRD,
    "DOCUMENTS_DIR": "/srv/documents",
    "CLAMD": "antivirus:3310",
    "NUMEN_KEYS_OLD": [],
    "LOOKUP_KEYS_OLD": [],
    "JOURNAL_KEYS_OLD": [],
    "SIAE_WEBHOOK_SECRETS": [SIGNING],
    "BOUNCE_WEBHOOK_SECRETS": [],
    "VAPID_KEY": "",
    "PUSH_SERVICES": ["https://fcm.googleapis.com", "https://*.push.services.mozilla.com"],
    "ALLOWED_HOSTS": ["extranet.ac-reims.example"],
    "OFFICIAL_ADDRESS": "https://extranet.ac-reims.example",
    "BASE_URL": "https://extranet.ac-reims.example",
    "ACADEMIC_MAIL_DOMAIN": "ac-reims.example",
    "DEFAULT_FROM_EMAIL": "I-Prof <ne-pas-repondre@ac-reims.example>",
    "EMAIL_BACKEND": SMTP,
    "EMAIL_HOST_PASSWORD": "",
    "CELERY_BROKER_URL": "redis://broker:6379/0",
    "CELERY_TASK_ALWAYS_EAGER": False,
    "IDP_KEYS": [],
    "CACHES": REDIS,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "KNOWN_NETWORKS": (ip_network("10.51.0.0/16"),),
}


def bucket(**options: str) -> dict:
    return {
        "documents": {
            "BACKEND": "documents.storage.bucket.BucketStorage",
            "OPTIONS": {"bucket_name": "pieces", **options},
        }
    }


ALL = (
    checks.check_keys,
    checks.check_former_keys,
    checks.check_former_keys_leave,
    checks.check_cookie_prefix,
    checks.check_session_limits,
    checks.check_addresses,
    checks.check_secrets,
    checks.check_mail,
    checks.check_broker_and_cache,
    checks.check_known_networks,
    checks.check_outbox,
    checks.check_push_key,
    checks.check_push_services,
    checks.check_documents,
)


def pem(curve: ec.EllipticCurve) -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ec.generate_private_key(curve).private_bytes(*form).decode()


def found(**changed) -> list[str]:
    with override_settings(**(GOOD | changed)):
        return [problem.id for check in ALL for problem in check()]


def test_good_settings_tell_nothing():
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"SESSION_COOKIE_NAME": "session"}, ["iprof.E001"]),
        ({"KNOWN_NETWORKS": (ip_network("0.0.0.0/0"),)}, ["iprof.E018"]),
        ({"KNOWN_NETWORKS": (ip_network("127.0.0.0/8"), ip_network("::1/128"))}, ["iprof.E018"] * 2),
        ({"NUMEN_KEY": "court"}, ["iprof.E002"]),
        ({"LOOKUP_KEY": "é"}, ["iprof.E003"]),
        ({"OUTBOX": {"lease": 100, "timeout": 20, "first_wait": 60}}, ["iprof.E031"]),
        ({"OUTBOX": {"lease": 180, "timeout": 0, "first_wait": 60}}, ["iprof.E031"]),
        ({"LOOKUP_KEY": KEY}, ["iprof.E004", "iprof.E010"]),
        ({"JOURNAL_KEY": "court"}, ["iprof.E025"]),
        ({"JOURNAL_KEY": OTHER}, ["iprof.E004", "iprof.E010"]),
        ({"STABLE_KEY": "court"}, ["iprof.E027"]),
        ({"NUMEN_KEYS_OLD": [FORMER]}, ["iprof.W029"]),
        ({"NUMEN_KEYS_OLD": [KEY]}, ["iprof.E026", "iprof.W029"]),
        ({"NUMEN_KEYS_OLD": ["court"]}, ["iprof.E026", "iprof.W029"]),
        ({"LOOKUP_KEYS_OLD": [FORMER], "STABLE_KEY": FORMER}, ["iprof.W030"]),
        ({"LOOKUP_KEYS_OLD": [FORMER]}, ["iprof.E024", "iprof.W030"]),
        ({"JOURNAL_KEYS_OLD": [f"120:{FORMER}"]}, []),
        ({"JOURNAL_KEYS_OLD": [FORMER]}, ["iprof.E028"]),
        ({"JOURNAL_KEYS_OLD": [f"0:{FORMER}"]}, ["iprof.E028"]),
        ({"JOURNAL_KEYS_OLD": [f"120:{FORMER}", f"80:{KEY}"]}, ["iprof.E028"]),
        ({"JOURNAL_KEYS_OLD": [f"120:{THIRD}"]}, ["iprof.E028"]),
        ({"JOURNAL_KEYS_OLD": ["120:court"]}, ["iprof.E028"]),
        ({"SESSION_IDLE_SECONDS": 9 * 3600}, ["iprof.E005"]),
        ({"SESSION_WARNING_SECONDS": 0}, ["iprof.E005"]),
        ({"OFFICIAL_ADDRESS": "http://extranet.ac-reims.example"}, ["iprof.E006"]),
        ({"BASE_URL": "https://"}, ["iprof.E007"]),
        ({"BASE_URL": "https://autre.example"}, ["iprof.E008"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["iprof.E009"]),
        ({"SIAE_WEBHOOK_SECRETS": [SIGNING, SIGNING]}, ["iprof.E010"]),
        ({"SIAE_WEBHOOK_SECRETS": ["Y291cnQ="]}, ["iprof.E011"]),
        ({"SIAE_WEBHOOK_SECRETS": ["pas du base64"]}, ["iprof.E011"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["iprof.E012"]),
        ({"EMAIL_HOST_PASSWORD": "secret"}, ["iprof.E013"]),
        ({"DEFAULT_FROM_EMAIL": "portail@gmail.example"}, ["iprof.W014"]),
        ({"DEFAULT_FROM_EMAIL": "webmaster"}, ["iprof.W014"]),
        ({"CELERY_BROKER_URL": "memory://"}, ["iprof.E015"]),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, ["iprof.E016"]),
        ({"CELERY_TASK_ALWAYS_EAGER": True}, ["iprof.E017"]),
        ({"BOUNCE_WEBHOOK_SECRETS": ["Y291cnQ="]}, ["iprof.E011"]),
        ({"BOUNCE_WEBHOOK_SECRETS": [SIGNING]}, ["iprof.E010"]),
        ({"DOCUMENTS_DIR": ""}, ["iprof.E034"]),
        ({"DOCUMENTS_DIR": "documents"}, ["iprof.E034"]),
        ({"DOCUMENTS_DIR": __file__}, ["iprof.E040"]),
        ({"STORAGES": bucket(endpoint_url="https://s3.example"), "DOCUMENTS_DIR": ""}, []),
        ({"STORAGES": bucket(endpoint_url="http://s3.example")}, ["iprof.E041"]),
        ({"STORAGES": bucket(access_key="portail")}, ["iprof.E042"]),
        ({"CLAMD": ""}, ["iprof.E035"]),
        ({"VAPID_KEY": "une clé"}, ["iprof.E033"]),
        ({"VAPID_KEY": pem(ec.SECP384R1())}, ["iprof.E033"]),
        ({"VAPID_KEY": pem(ec.SECP256R1())}, []),
        ({"PUSH_SERVICES": ["http://127.0.0.1:8000"]}, ["iprof.E032"]),
        ({"PUSH_SERVICES": ["https://*"]}, ["iprof.E032"]),
        ({"PUSH_SERVICES": ["https://*.fr", "https://10.0.0.1", "https://push.example/"]}, ["iprof.E032"] * 3),
    ],
)
def test_each_contradiction_is_told(changed, told):
    assert found(**changed) == told


def test_a_password_of_the_mail_relay_may_travel_under_tls():
    assert found(EMAIL_HOST_PASSWORD="secret", EMAIL_USE_TLS=True) == []
    assert found(SIAE_WEBHOOK_SECRETS=[f"whsec_{SIGNING}"]) == []
