"""Settings common to every environment. Values that change with the place come from the environment (iprof.env)."""

import tomllib
from pathlib import Path

import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

from iprof import env
from iprof.settings import storages

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY", "")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")

# What an académie sets: names shown on screen are configuration, not code.
ACADEMIE = env.text("IPROF_ACADEMIE", "Reims")
ACADEMIE_CODE = env.text("IPROF_ACADEMIE_CODE", "19")
DEPARTEMENTS = {"08": "Ardennes", "10": "Aube", "51": "Marne", "52": "Haute-Marne"}
PORTAL_NAME = "I-Prof V4"
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
OFFICIAL_ADDRESS = env.text("IPROF_OFFICIAL_ADDRESS", "https://extranet.ac-reims.fr")
BASE_URL = env.text("IPROF_BASE_URL", OFFICIAL_ADDRESS).rstrip("/")  # where the links of mails lead: this very portal
ACADEMIC_MAIL_DOMAIN = env.text("IPROF_ACADEMIC_MAIL_DOMAIN", "ac-reims.fr")
BRAND = env.text("IPROF_BRAND", "neutral")  # "etat" adds Marianne and the bloc marque, for an académie that deploys
STATUS_DIR = env.text("IPROF_STATUS_DIR", "")  # incidents and maintenance, shared with the status page; empty: neither
STATUS_URL = env.text("IPROF_STATUS_URL", "")  # where the status page answers, outside the portal
SUPPORT_CONTACT = env.text("IPROF_SUPPORT_CONTACT", "Assistance DSDEN de Reims")
DPO_EMAIL = env.text("IPROF_DPO_EMAIL", f"dpo@{ACADEMIC_MAIL_DOMAIN}")
SIAE_LABEL = "SIAE Reims"  # wording of the user's brief, configurable (requirements T9)
MOVE4MONDE_LABEL = "Passerelle Move4Monde"  # idem (requirements T11)
APPEAR_LABEL = "Poste Appear"  # idem
TRAINING_LABEL = "Scolarité Services"  # idem (T10)

INSTALLED_APPS = [
    "iprof.web.admin_app.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "csp",
    "django_htmx",
    "django_structlog",
    "dsfr",
    "iprof.web",
    "security",
    "security.idp",
    "iprof.correspondence",
    "career",
    "documents",
    "mobility",
    "iprof.home",
]

MIDDLEWARE = [
    "iprof.web.middleware.MachinesOverTlsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "iprof.web.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "iprof.web.middleware.OddRequestsMiddleware",
    "iprof.web.middleware.MethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "iprof.web.maintenance.MaintenanceMiddleware",
    "security.middleware.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "security.impersonation.ImpersonationMiddleware",
    "security.refusals.RefusedAccessMiddleware",
    "security.middleware.ForcedPasswordMiddleware",
    "security.middleware.StaffFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "iprof.web.secret_paths.QuietRequestMiddleware",
]

ROOT_URLCONF = "iprof.urls"
WSGI_APPLICATION = "iprof.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "iprof.web.context.portal",
            ],
            "builtins": ["django.templatetags.static", "iprof.web.templatetags.iprof"],
        },
    }
]

DATABASES = {
    "default": env.database(default="postgresql:///iprof")
    | {
        "CONN_MAX_AGE": 60,  # a connection per request costs two thirds of the throughput (performance goals)
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": f"-c statement_timeout={env.integer('STATEMENT_TIMEOUT_MS', 30_000)}"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True  # a task runs again when its worker dies: tasks are written to run twice
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# A circular to 30 000 people must not delay a link of lost password: alerts leave by workers of their own.
CELERY_TASK_ROUTES = {
    "iprof.correspondence.tasks.deliver_alerts": {"queue": "courriels"},
    "iprof.correspondence.tasks.send_copies": {"queue": "courriels"},
}
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "deliver-alerts": {"task": "iprof.correspondence.tasks.deliver_alerts", "schedule": 15.0},
    "send-copies": {"task": "iprof.correspondence.tasks.send_copies", "schedule": 15.0},
    "tell-digests": {"task": "iprof.correspondence.tasks.tell_digests", "schedule": 300.0},
    "forget-old-copies": {"task": "iprof.correspondence.tasks.forget_old_copies", "schedule": 86_400.0},
    "announce-bulletins": {"task": "iprof.correspondence.tasks.announce_bulletins", "schedule": 300.0},
    "remind-circulars": {
        "task": "iprof.correspondence.tasks.remind_circulars",
        "schedule": crontab(hour=6, minute=50),
    },
    "close-quiet-threads": {"task": "iprof.correspondence.tasks.close_quiet_threads", "schedule": 86_400.0},
    "forget-old-threads": {"task": "iprof.correspondence.tasks.forget_old_threads", "schedule": 3600.0},
    "forget-old-reports": {"task": "iprof.correspondence.tasks.forget_old_reports", "schedule": 86_400.0},
    "remind-deadlines": {
        "task": "iprof.correspondence.tasks.remind_deadlines",
        "schedule": crontab(hour=7, minute=30),
    },
    "forget-old-deadlines": {"task": "iprof.correspondence.tasks.forget_old_deadlines", "schedule": 86_400.0},
    "tell-the-week": {
        "task": "iprof.correspondence.tasks.tell_the_week",
        "schedule": crontab(day_of_week=1, hour="7-12", minute=0),
    },
    "keep-empty-searches": {"task": "iprof.correspondence.tasks.keep_empty_searches", "schedule": crontab(minute=10)},
    "forget-old-tries": {"task": "security.tasks.forget_old_tries", "schedule": 3600.0},
    "forget-expired-browsers": {"task": "security.tasks.forget_expired_browsers", "schedule": 86400.0},
    "end-overdue-impersonations": {"task": "security.tasks.end_overdue_impersonations", "schedule": 60.0},
    "write-folded-refusals": {"task": "security.tasks.write_folded_refusals", "schedule": 60.0},
    "tell-losses": {"task": "security.tasks.tell_losses", "schedule": 60.0},
    "apply-due-losses": {"task": "security.tasks.apply_due_losses", "schedule": 300.0},
    "seal-access-journal": {"task": "security.tasks.seal_access_journal", "schedule": 60.0},
    "remind-old-passwords": {
        "task": "security.tasks.remind_old_passwords",
        "schedule": crontab(hour=6, minute=40),
    },
    "forget-old-tokens": {"task": "security.idp.tasks.forget_old_tokens", "schedule": 3600.0},
    "remind-expiries": {"task": "documents.tasks.remind_expiries", "schedule": crontab(hour=7, minute=40)},
    "examine-waiting-documents": {"task": "documents.tasks.examine_waiting", "schedule": 60.0},
    "verify-document-contents": {"task": "documents.tasks.verify_contents", "schedule": 3600.0},
    "sweep-document-orphans": {"task": "documents.tasks.sweep_orphans", "schedule": crontab(hour=4, minute=10)},
    "keep-documents": {"task": "documents.tasks.keep_documents", "schedule": crontab(hour=4, minute=40)},
    "make-receipts": {"task": "documents.tasks.make_receipts", "schedule": 300.0},
    "expire-unconfirmed-requests": {"task": "mobility.tasks.expire_unconfirmed", "schedule": 300.0},
    "run-mobility-checks": {"task": "mobility.tasks.run_waiting_checks", "schedule": 300.0},
    "make-bareme-prints": {"task": "mobility.tasks.make_prints", "schedule": 300.0},
    "remind-mobility-drafts": {"task": "mobility.tasks.remind_drafts", "schedule": crontab(hour=7, minute=20)},
    "make-exports": {"task": "documents.tasks.make_exports", "schedule": 60.0},
    "forget-exports": {"task": "documents.tasks.forget_exports", "schedule": 3600.0},
    "keep-access-journal": {"task": "security.tasks.keep_access_journal", "schedule": crontab(hour=3, minute=20)},
}

# --- Accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "security.User"
AUTHENTICATION_BACKENDS = ["security.backends.PortalBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:dashboard"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = ["security.hashers.PortalArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "security.validators.CnilCompositionValidator"},
    {"NAME": "security.validators.ContextWordsValidator"},
    {"NAME": "security.validators.PublishedExampleValidator"},
    {"NAME": "security.validators.GuessableValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_CONTEXT_PROVIDERS = ["career.selectors.password_words.words_of"]  # what others know of a person
# Dialogue and support: what the administration commits itself to, not a rule of law. Open days are Monday to Friday.
OFFICE_HOURS = (9, 17)  # the hours counted in a delay
DIALOGUE_DELAY_DAYS = env.integer("IPROF_DIALOGUE_DELAY_DAYS", 5)  # open days
SUPPORT_DELAY_HOURS = {"haute": 4, "normale": 16, "basse": 40}  # hours of opening, by priority
AUDIENCE_PROVIDER = "career.selectors.audience.AgentAudience"  # who a circular or a deadline is for
# Documents (docs/operations.md): where their encrypted contents rest, and the limits of what is sent.
DOCUMENTS_DIR = env.text("IPROF_DOCUMENTS_DIR", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": storages.documents(DOCUMENTS_DIR),
}
DOCUMENT_MAX_BYTES = 3_000_000  # strictly under, shown as « 3 Mo » (S86, T16)
DOCUMENTS_LEASE = env.integer("DOCUMENTS_LEASE", 180)  # seconds a worker holds the document it checks
DOCUMENTS_FIRST_WAIT = env.integer(
    "DOCUMENTS_FIRST_WAIT", 60
)  # seconds after checks that could not be made, then 5, 15 times
DOCUMENT_PHOTO_MAX_BYTES = (
    12_000_000  # strictly under: what a phone makes; the PDF made of it is held to the limit above
)
REQUEST_MAX_BYTES = 32_000_000  # of a whole sending: ten files of 3 Mo and what surrounds them
DOCUMENTS_QUOTA = env.integer("IPROF_DOCUMENTS_QUOTA", 300_000_000)  # bytes held for one person
# Whether the nightly task destroys what is due (it warns in any case); otherwise `documents_retention --apply` does.
DOCUMENTS_RETENTION_APPLY = env.flag("IPROF_DOCUMENTS_RETENTION_APPLY", False)
CLAMD = env.text("IPROF_CLAMD", "")  # host:port or the path of a socket; empty: no antivirus (refused in production)
PRIVILEGED_PASSWORD_MONTHS = 36  # administrators only (ANSSI R25: one to three years); nobody else's ever expires (T4)
PASSWORD_RESET_TIMEOUT = 3600  # seconds (norm D09: 1 to 4 hours)
# What opens an account the first time: "numen", or "code" for a one-time code printed in the letter (decision T3).
ACTIVATION_BY = env.text("IPROF_ACTIVATION_BY", "numen")
ACTIVATION_CODE_DAYS = 60
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_ADAPTER = "security.adapter.PortalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "email*",
    "password1*",
    "password2*",
]  # read by allauth's checks; sign-up is closed
ACCOUNT_EMAIL_VERIFICATION = "none"  # academic addresses come verified from the feed; recovery ones by a signed link
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = False  # they need the cache; security.throttle slows accounts and addresses without it
ABROAD_ACCESS_ON_REQUEST = env.flag("IPROF_ABROAD_ACCESS_ON_REQUEST", True)  # sign-in from outside Europe needs a leave
MFA_ADAPTER = "security.mfa.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = PORTAL_NAME
MFA_TOTP_TOLERANCE = 1  # a clock half a minute late
# Where no second step is asked at sign-in (requirement S29): CIDR ranges. Empty: everywhere is outside.
KNOWN_NETWORKS = env.networks("IPROF_KNOWN_NETWORKS")
# Whether staff without a second factor are led to enrol one from the known networks too (decision T5).
STAFF_FACTOR_EVERYWHERE = env.flag("IPROF_STAFF_FACTOR_EVERYWHERE", True)
TRUSTED_BROWSER_DAYS = 14

# --- Identity provider for sibling services (security.idp, ADR 0014) ---------------------------------------------------
# One or several PEM blocks of RSA keys: the first signs, all are published. Empty: no service can be signed in.
IDP_KEYS = env.pem_blocks("IPROF_IDP_KEY")
IDP_AGENT_CLAIMS = "career.selectors.service_claims.agent_claims"  # what the scope `agent` gives
# Identity providers (requirement S62): IPROF_SSO_PROVIDERS=ent,proconnect, then IPROF_SSO_ENT_ISSUER and so on.
SSO_PROVIDERS = env.sections(
    "IPROF_SSO",
    ("kind", "name", "issuer", "client_id", "client_secret", "scope", "acr", "algorithms", "profile", "home"),
)

# --- Cookies and headers (norms D11, D13-D15) -----------------------------------------------------------------------
CSRF_FAILURE_VIEW = "iprof.home.views.pages.csrf_failure"
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
MESSAGE_STORAGE = "iprof.web.notices.NoticeStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600  # absolute limit, and the idle one: both held by security.middleware
SESSION_IDLE_SECONDS = 30 * 60
IMPERSONATION_SECONDS = 15 * 60  # staff in the place of an agent; the database holds the same limit
SESSION_WARNING_SECONDS = 2 * 60  # the page offers to stay connected this long before the idle limit
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": "/csp-report/",
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {"geolocation": [], "camera": [], "microphone": [], "payment": [], "usb": []}

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 10  # seconds: a code of sign-in is sent while the page waits
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
# Alerts a second at most, all workers together (0: no limit): ask whoever keeps the relay. Codes of sign-in never wait.
MAIL_PER_SECOND = env.integer("MAIL_PER_SECOND", 0)
# Seconds: how long a worker holds what it sends, how long it waits for each answer of the relay, the first wait after a
# failure. A worker that dies keeps what it held from the others until its lease ends.
OUTBOX = {
    "lease": env.integer("OUTBOX_LEASE", 180),
    "timeout": env.integer("OUTBOX_TIMEOUT", 20),
    "first_wait": env.integer("OUTBOX_FIRST_WAIT", 60),
}
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"I-Prof <ne-pas-repondre@{ACADEMIC_MAIL_DOMAIN}>")

# --- Web Push (ADR 0019): without a key, notifications on devices are not offered ---------------------------------------
VAPID_KEY = next(iter(env.pem_blocks("IPROF_VAPID_KEY")), "")  # a private key on P-256; another ends every subscription
SECURITY_CONTACT = f"securite@{ACADEMIC_MAIL_DOMAIN}"
# Where browsers may have their notifications come from; anything else a browser sends is refused.
PUSH_SERVICES = env.names(
    "IPROF_PUSH_SERVICES",
    "https://fcm.googleapis.com,https://*.push.services.mozilla.com,https://*.notify.windows.com,https://web.push.apple.com",
)
# Who tells that a mail came back signs with one of these (docs/contracts/bounces.md); none: that door is shut.
BOUNCE_WEBHOOK_SECRETS = env.names("BOUNCE_WEBHOOK_SECRETS")

# --- Keys: 32 bytes in base64 each, all different (docs/operations.md, « Rotation of keys »). ------------------------
NUMEN_KEY = env.text("NUMEN_KEY", "")  # encrypts what must be read again
NUMEN_KEYS_OLD = env.names("NUMEN_KEYS_OLD")  # still read, until `reseal --apply` has run
LOOKUP_KEY = env.text("LOOKUP_KEY", "")  # makes the keyed hashes used to find a value
LOOKUP_KEYS_OLD = env.names("LOOKUP_KEYS_OLD")  # still recognised, until `redigest --apply` has run
STABLE_KEY = env.text(
    "STABLE_KEY", LOOKUP_KEY
)  # what is recognised for ever: lines of the feed, people told to services
JOURNAL_KEY = env.text("JOURNAL_KEY", "")  # signs the access journal
JOURNAL_KEYS_OLD = env.names("JOURNAL_KEYS_OLD")  # « last seal:key » each: what they signed stays verifiable, no more
NUMEN_PATTERN = r"^\d{2}[A-Z]\d{2}\d{5}[A-Z]{3}$"  # D36, second-hand structure, hence a setting
# One or several base64 secrets, newest first: a key can be rotated without refusing messages in flight.
SIAE_WEBHOOK_SECRETS = env.names("SIAE_WEBHOOK_SECRETS")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

DEFAULT_EXCEPTION_REPORTER_FILTER = "iprof.web.secret_paths.NothingTyped"
DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
        }
    },
    "filters": {"secret_paths": {"()": "iprof.web.secret_paths.SecretPaths"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secret_paths"]}},
    "loggers": {
        "pikepdf": {"level": "WARNING"},  # it greets at import
        "weasyprint.progress": {"level": "WARNING"},  # one line per stylesheet of every PDF otherwise
        "django.template": {"level": "INFO"},  # at DEBUG it prints forms and addresses whole, with what was typed
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
