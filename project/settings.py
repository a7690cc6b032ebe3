"""Django's settings, all read from the environment; unsafe production values stop the start."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import environ
from csp.constants import NONCE, NONE, SELF
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from project import production
from project.devstack import servers
from project.limits import upload_limits

if TYPE_CHECKING:
    from validation import Limits

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# DEBUG in the environment means a stack on loopback: only such names are served, see project/production.py.
LOCAL = env.bool("DEBUG", default=True)
# Django's own error pages stand in for ours, so only who asks for them gets them.
DEBUG = LOCAL and env.bool("DEBUG_PAGES", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).expanduser().resolve()
SECRET_KEY = env.str("SECRET_KEY", default="") or (servers.secret_key(DATA_DIR) if LOCAL else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "portal",
    "api",
    "national",
    "submissions",
    "demo",
    "project",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # the page of security keys tells times with it
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "project.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "project.middleware.DemoMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "project.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The portal's own templates come first: they restyle those of the apps.
        "DIRS": [BASE_DIR / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Where data lives. Without DATABASE_URL or REDIS_URL the private servers of `manage.py up` are meant;
# --- naming them here starts nothing.
DATABASES = {
    "default": (env.db_url("DATABASE_URL") if env.str("DATABASE_URL", "") else servers.database(DATA_DIR))
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
REDIS_URL = env.str("REDIS_URL", default="") or servers.redis_url(DATA_DIR)
# Clearing Django's cache empties its whole Redis database; the queue is better off in another.
CACHE_URL = env.str("CACHE_URL", default="") or servers.cache_url(REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "gongwang",
    },
    # finished public answers, in each process: their keys name the state of the data they were made from
    "answers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 512},
    },
}
STORAGES = {
    "default": {
        "BACKEND": env.str(
            "STORAGE_BACKEND", default="submissions.files.durable_storage.DurableFileSystemStorage"
        ),
        "OPTIONS": env.json("STORAGE_OPTIONS", default={"location": str(DATA_DIR / "files")}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
# While developing, files are looked up when asked for: nothing needs to be collected first, in tests neither.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = LOCAL
FILE_UPLOAD_PERMISSIONS = 0o600
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [
    ("vendor", BASE_DIR / "frontend" / "dist"),
]

# --- Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [BASE_DIR / "project" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Accounts: log in by user name, no sign-up, second factor, tries limited (counted in Redis)
AUTH_USER_MODEL = "submissions.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
# what an e-mail about a submission leads to; the floor that sends it knows no addresses
ABSOLUTE_URL_OVERRIDES = {
    "submissions.submission": lambda submission: reverse("portal:submission", args=[submission.pk])
}
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "project.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Gongwang"
# Whom to call or write to, shown where people cannot log in.
CONTACT: str = env.str("CONTACT", default="")
# Proxies in front of the web server whose X-Forwarded-* headers are believed; 0 believes none.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- Sessions, cookies, headers
HTTPS = env.bool("HTTPS", default=not LOCAL)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the watcher on this machine
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # the pictures inside Tabler's style sheet are data: addresses
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
globals().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not hold up a worker
# Where people open the portal; e-mails link there. Empty: they carry no links.
SITE_URL = env.str("SITE_URL", default="")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="gongwang@localhost")

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["api.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "api.schema.ProblemAutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANON", "600/min"),
        "user": "1200/min",
        "login": "30/min",
        "receipts": "30/min",
        "shared": "60/min",  # findings passed on by a link, per address
        "work": "30/min",  # whole files checked while the caller waits
    },
    "EXCEPTION_HANDLER": "api.errors.problem_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "TOKEN_LIMIT_PER_USER": 10, "TOKEN_PREFIX": "gw_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "工网 Gongwang API",
    "DESCRIPTION": "工业5G专网与工厂AI应用的分省报送及全国汇总数据。\n\n"
    "Provincial returns of industrial 5G networks and factory AI, and the figures they add up to.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # docstrings speak to developers, and in one language
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.say_demo",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CollectionEnum": "submissions.models.Collection.choices",
        "StateEnum": "submissions.models.State.choices",
        "ReasonEnum": "submissions.models.ExplanationReason.choices",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- History of rows: only what may change any carries who asked. To know who asks the session would have to be read,
# --- and an answer that reads it is a different one for every cookie.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- What the product is held to
UPLOAD_LIMITS: Limits = cast("Limits", SimpleLazyObject(upload_limits))
CHECK_SECONDS = env.int("CHECK_SECONDS", default=300)
# for how long a web process may take figures for unchanged before it asks the database again
STAMP_SECONDS = env.float("STAMP_SECONDS", default=1.0)
# Modules of collections beside those of validation/forms; each installs its form and indicators when it is imported.
COLLECTION_PACKS = env.list("COLLECTION_PACKS", default=[])
SIGNER_MUST_DIFFER = env.bool("SIGNER_MUST_DIFFER", default=True)
DEMO_MODE = env.bool("DEMO_MODE", default=LOCAL)
LEASE_SECONDS = env.int("LEASE_SECONDS", default=60)
MAX_ATTEMPTS = 3
# Disclosure control. Secret: who knows them can tell more of what is withheld. In production they have no default.
DISCLOSURE_MIN_ENTERPRISES = env.int("DISCLOSURE_MIN_ENTERPRISES", default=3)
DISCLOSURE_PERCENT = env.float("DISCLOSURE_PERCENT", default=10.0)
#: between two looks for figures that were not judged yet; they are judged when figures have been at rest so long
CLEARING_SECONDS = 30
SWEEP_SECONDS = 10
REMIND_SECONDS = 900

# --- Background work. Memory and time stop a poison file; the sweep takes up what a dead worker left.
CELERY_BROKER_URL = servers.broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 3}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = CHECK_SECONDS
CELERY_TASK_TIME_LIMIT = CHECK_SECONDS + 60
CELERY_TASK_DEFAULT_QUEUE = "gongwang"
# Disclosure control computes for minutes. On a queue of its own, with a worker of its own, no check waits for it.
# A worker that names no queue takes both.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"gongwang": {}, "clearing": {}}
CELERY_TASK_ROUTES = {"national.tasks.clear_figures": {"queue": "clearing"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600 * 1024  # kB: the child is replaced after the task that passed it
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "submissions.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "clear_figures": {
        "task": "national.tasks.clear_figures",
        "schedule": CLEARING_SECONDS,
        "options": {"expires": CLEARING_SECONDS},
    },
    "remind": {
        "task": "submissions.tasks.remind",
        "schedule": REMIND_SECONDS,
        "options": {"expires": REMIND_SECONDS},
    },
}

# --- Logs: the request's id on every line, and nothing of a person, a file's content or a secret address
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "project.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "project.log_masking.MaskingFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "fontTools": {"level": "WARNING"},  # tells of every table of a font that it cuts down
    },
}

production.refuse_unsafe(
    debug=LOCAL,
    secret_key=SECRET_KEY,
    allowed_hosts=ALLOWED_HOSTS,
    environment=env.ENVIRON,
    https=HTTPS,
    hsts_seconds=SECURE_HSTS_SECONDS,
)
