"""The test suite: development settings, cheap hashing, tasks run in place, mail kept in memory."""

import os
import tempfile

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from iprof.settings.dev import *
from iprof.settings.dev import DATABASES, STORAGES

DATABASES["default"]["CONN_MAX_AGE"] = 0
# Argon2 stays the algorithm (a settings test says so); its cost is cut for the tests only.
PASSWORD_HASHERS = ["security.hashers.CheapArgon2PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# A cache per process: clearing it between tests must not empty the broker nor another worker's counters.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING_CONFIG = None
STATIC_ROOT = None  # type: ignore[assignment]  # static files are served from their sources: nothing is collected
# Nothing is there: the tests that write give a folder of their own.
STATUS_DIR = os.path.join(tempfile.gettempdir(), f"iprof-tests-status-{os.getpid()}")
# Notifications are offered: a key of each run.
VAPID_KEY = (
    ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
)
DOCUMENTS_DIR = os.path.join(tempfile.gettempdir(), f"iprof-tests-documents-{os.getpid()}")
STORAGES["documents"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
