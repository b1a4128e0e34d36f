"""One machine, plain HTTP on loopback: `python3 run.py`. Keys come from the launcher or are fixed and worthless."""

from iprof.settings.base import *
from iprof.settings.base import CONTENT_SECURITY_POLICY, NUMEN_KEY, SECRET_KEY, env

DEBUG = env.flag("DEBUG", False)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
SECRET_KEY = SECRET_KEY or "development-only-" + "x" * 40
NUMEN_KEY = NUMEN_KEY or "bnVtZW4tZGV2ZWxvcG1lbnQta2V5LTMyLWJ5dGVzISE="
LOOKUP_KEY = env.text("LOOKUP_KEY", "bG9va3VwLWRldmVsb3BtZW50LWtleS0zMi1ieXRlcyE=")
STABLE_KEY = env.text("STABLE_KEY", LOOKUP_KEY)
JOURNAL_KEY = env.text("JOURNAL_KEY", "am91cm5hbC1kZXZlbG9wbWVudC1rZXktMzItYnl0ZXM=")
SIAE_WEBHOOK_SECRETS = env.names("SIAE_WEBHOOK_SECRETS", "c2lhZS1kZXZlbG9wbWVudC1zZWNyZXQtMzItYnl0ZXM=")
ACADEMIC_MAIL_DOMAIN = env.text("IPROF_ACADEMIC_MAIL_DOMAIN", "ac-reims.example")  # nothing can leave by mistake
DPO_EMAIL = f"dpo@{ACADEMIC_MAIL_DOMAIN}"
SECURITY_CONTACT = f"securite@{ACADEMIC_MAIL_DOMAIN}"
DEFAULT_FROM_EMAIL = f"I-Prof <ne-pas-repondre@{ACADEMIC_MAIL_DOMAIN}>"

KNOWN_NETWORKS = env.networks("IPROF_KNOWN_NETWORKS", "127.0.0.0/8,::1/128")  # the demo accounts sign in without more
STAFF_FACTOR_EVERYWHERE = env.flag("IPROF_STAFF_FACTOR_EVERYWHERE", False)

# Browsers refuse the __Host- prefix and Secure cookies over plain HTTP; production keeps both (system check iprof.E001).
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SECURE_HSTS_SECONDS = 63_072_000  # ignored by browsers over HTTP, sent so that tests see what production sends
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY
