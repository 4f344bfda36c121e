"""All settings. What depends on the machine comes from the environment (see .env.example)."""

import sqlite3
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.site_url import parse_site_url, refuse_unsafe_production

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

SITE_URL, SITE_HOST, PRODUCTION = parse_site_url(env.str("SITE_URL"))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
if PRODUCTION:
    refuse_unsafe_production(debug=DEBUG, secret_key=SECRET_KEY)
ALLOWED_HOSTS = [SITE_HOST]

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "config.apps.TumenAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "js_asset",
    "django_prose_editor",
    "posts.apps.PostsConfig",
    "comments.apps.CommentsConfig",
    "config.accounts.apps.AccountsConfig",
]

MIDDLEWARE = [
    "config.logs.log_requests",
    "config.headers.security_headers",  # before the others, for what they refuse needs them, too
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.health.monitors_need_no_host",
    "django.middleware.common.CommonMiddleware",
    "posts.redirects.redirect_old_addresses",
    "config.headers.cookies_for_the_newsroom_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.accounts.languages.newsroom_in_own_language",  # also of who owes a code, and is nobody further down
    "django_otp.middleware.OTPMiddleware",
    "config.accounts.second_factor.nobody_without_code",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# Database. The reasons for the SQLite options are in docs/decisions/001-sqlite.md; config/checks.py holds them.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_HAS_WAL_FIX = sqlite3.sqlite_version_info >= (3, 51, 3) or any(
    sqlite3.sqlite_version_info[:2] == branch[:2] and sqlite3.sqlite_version_info >= branch
    for branch in [(3, 50, 7), (3, 44, 6)]
)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for another writer
        "init_command": (
            f"PRAGMA journal_mode={'WAL' if SQLITE_HAS_WAL_FIX else 'DELETE'};"
            "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA mmap_size=0; PRAGMA cache_size=-8000"
        ),
        **DATABASES["default"].get("OPTIONS", {}),
    }
    if DATABASES["default"]["NAME"] != ":memory:":
        DATABASES["default"]["ENGINE"] = "config.sqlite"  # writers queue
else:
    DATABASES["default"]["ENGINE"] = "config.postgresql"  # whoever answers readers does not wait for ever
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 2,  # seconds
        # A machine that is gone without a word is noticed within half a minute, not after hours: by who waits for it,
        # and by PostgreSQL, which else keeps the locks that it held.
        "tcp_user_timeout": 20_000,  # milliseconds
        "keepalives_idle": 10,  # seconds
        "keepalives_interval": 5,  # seconds
        "keepalives_count": 2,
        "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2",
        **DATABASES["default"].get("OPTIONS", {}),
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds; opening a connection costs more than most requests

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
CACHES["default"].setdefault("OPTIONS", {})
if CACHES["default"]["BACKEND"].endswith("LocMemCache"):
    CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] = 1000  # pages; about 10 kB each
elif CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "config.cache.RedisCache"  # which may fail
    CACHES["default"]["OPTIONS"] |= {"socket_timeout": 1, "socket_connect_timeout": 1}  # seconds

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

# Language and time. A public page speaks the language of its content, whatever the browser asks for.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Seoul")
USE_TZ = True

# Mail
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{SITE_HOST}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Staff accounts
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name people: no cookie holds them
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "config.accounts.backend.StaffBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 60 * 60 * 12  # seconds: one working day
TOTP_REQUIRED = PRODUCTION  # of all staff; elsewhere of those who have set it up
OTP_TOTP_ISSUER = SITE_HOST  # what the app on the device calls it
AXES_HANDLER = "config.accounts.attempts.Attempts"
AXES_LOCKOUT_CALLABLE = "config.accounts.views.too_many_attempts"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else the one who is refused is told the password was wrong
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# Headers. Public pages set no cookie and read none; only the admin has a session.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
PROOF_COOKIE_NAME = "__Host-proof" if PRODUCTION else "proof"  # a commenter's, if they wish one
KNOWN_COOKIE_NAME = "__Host-known" if PRODUCTION else "known"  # of a browser in which somebody of the staff signed in
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "posts.views.forbidden"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer browsers send "Origin: null" and every form fails
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", default=0)  # proxies in front that append to X-Forwarded-For
if TRUSTED_PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": PRODUCTION,
    },
}

# Moderation
UNDO_SECONDS = env.int("UNDO_SECONDS", default=30)  # that mail waits which a decision causes, so that undoing stops it
MAIL_SHOWS_COMMENTS = env.bool("MAIL_SHOWS_COMMENTS", default=False)  # text and name in mail to moderators
COMMENT_RETENTION_DAYS = env.int("COMMENT_RETENTION_DAYS", default=30)  # then rejected text and spam are erased

# Where processes share what no disk may hold: the day's key to the sources of comments. See comments/daily_key.py.
MEMORY_DIR = Path(env.str("MEMORY_DIR", default="/dev/shm"))  # noqa: S108 in memory on every Linux; we make our own folder

# Spam signals, in the order in which moderators see them. See comments/spam/.
SPAM_SIGNALS = [
    "comments.spam.signals.behaviour.honeypot",
    "comments.spam.signals.behaviour.too_fast",
    "comments.spam.signals.behaviour.repeated_text",
    "comments.spam.signals.behaviour.similar_text",
    "comments.spam.signals.behaviour.frequent_source",
    "comments.spam.signals.history.proven_history",
    "comments.spam.signals.history.same_name_unproven",
    "comments.spam.signals.fields.link_in_name",
    "comments.spam.signals.fields.name_that_sells",
    "comments.spam.signals.fields.website_that_sells",
    "comments.spam.signals.fields.website_deep",
    "comments.spam.signals.fields.disposable_email",
    "comments.spam.signals.links.marked_host",
    "comments.spam.signals.links.many_links",
    "comments.spam.signals.links.only_links",
    "comments.spam.signals.links.mostly_links",
    "comments.spam.signals.links.repeated_host",
    "comments.spam.signals.links.shortened_link",
    "comments.spam.signals.links.odd_host",
    "comments.spam.signals.links.link_markup",
    "comments.spam.signals.promotion.self_promotion",
    "comments.spam.signals.promotion.begging",
    "comments.spam.signals.promotion.check_out",
    "comments.spam.signals.wording.wares",
    "comments.spam.signals.wording.earning",
    "comments.spam.signals.wording.contact_me",
    "comments.spam.signals.wording.empty_praise",
    "comments.spam.signals.wording.last_line",
    "comments.spam.signals.wording.relation",
    "comments.spam.signals.wording.spam_phrases",
    "comments.spam.signals.form.capitals",
    "comments.spam.signals.form.mixed_scripts",
    "comments.spam.signals.form.styled_letters",
    "comments.spam.signals.form.hidden_characters",
    "comments.spam.signals.form.many_symbols",
    "comments.spam.signals.form.repetition",
    "comments.spam.signals.form.foreign_script",
    "comments.spam.signals.danger.phone_number",
    "comments.spam.signals.danger.id_number",
    "comments.spam.signals.danger.street_address",
    "comments.spam.signals.danger.account",
    "comments.spam.signals.danger.relative",
    "comments.spam.signals.danger.impersonation",
]

# With a key, comments are sent to Akismet, too, another company. See comments/akismet.py.
AKISMET_KEY = env.str("AKISMET_KEY", default="")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000  # bytes: a post body of 500 kB, percent-encoded, fits
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = [
    "config.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "config.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Their warnings name the address that was asked for, and a log must not say who read what.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        # Programs that try addresses ask for foreign hosts all day; each would leave a traceback.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # It says of every request that it was made.
        "httpx": {"level": "WARNING"},
    },
}
