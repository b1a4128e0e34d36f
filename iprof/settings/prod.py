"""Production: everything secret is required, everything travels over HTTPS."""

from iprof.settings.base import *
from iprof.settings.base import SECRET_KEY, STORAGES, env

SECRET_KEY = SECRET_KEY or env.text("SECRET_KEY")
NUMEN_KEY = env.text("NUMEN_KEY")
LOOKUP_KEY = env.text("LOOKUP_KEY")
STABLE_KEY = env.text("STABLE_KEY", LOOKUP_KEY)
JOURNAL_KEY = env.text("JOURNAL_KEY")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or [env.text("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
