"""The test suite: development settings, cheap hashing, tasks run in place, mail kept in memory."""

from iprof.settings.dev import *  # noqa: F403  (a settings module extends another)
from iprof.settings.dev import DATABASES, env

DATABASES["default"]["CONN_MAX_AGE"] = 0
# Argon2 stays the algorithm (a settings test says so); its cost is cut for the tests only.
PASSWORD_HASHERS = ["security.hashers.CheapArgon2PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("REDIS_URL", "redis://127.0.0.1:6379/0"),
        "KEY_PREFIX": "test-" + env.text("PYTEST_XDIST_WORKER", "main"),
    }
}
LOGGING_CONFIG = None
STATIC_ROOT = None  # static files are served from their sources: nothing is collected
