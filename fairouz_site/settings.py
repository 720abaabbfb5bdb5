"""Settings, read from the environment: the README's table lists every variable with its default."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from fairouz_site.secret import stored_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()

# Everything that the program writes lives here: database, indexes, models, media, collected static files.
FAIROUZ_VAR = env.path("FAIROUZ_VAR", BASE_DIR / "var")
FAIROUZ_VAR.mkdir(parents=True, exist_ok=True)

# librosa's compiled code is kept here: where it is installed may be read-only.
os.environ.setdefault("NUMBA_CACHE_DIR", str(FAIROUZ_VAR / "numba"))

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or stored_secret_key(FAIROUZ_VAR / "secret_key")
# The health check of a container always asks 127.0.0.1.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", ["localhost", "[::1]"]), "127.0.0.1"]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# Remote covers and previews are the published release's links to somebody else's server: off unless asked for.
REMOTE_MEDIA = env.bool("REMOTE_MEDIA", False)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "modelsearch",
    "fairouz_site",
    "catalog",
    "retrieval",
    "graph",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fairouz_site.errors.ErrorPages",
]

ROOT_URLCONF = "fairouz_site.urls"
WSGI_APPLICATION = "fairouz_site.wsgi.application"

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
            ],
        },
    },
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{FAIROUZ_VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers never wait for the writer; a writer takes its lock at BEGIN, so it waits instead of failing midway.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
DATABASES["default"]["CONN_MAX_AGE"] = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = FAIROUZ_VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = FAIROUZ_VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *(["https:"] if REMOTE_MEDIA else [])],
        "media-src": [SELF, "blob:", *(["https:"] if REMOTE_MEDIA else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "fairouz_site.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# Behind TLS, HTTPS=true turns on what only makes sense there.
HTTPS = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANON", "600/min"),
        "user": env.str("THROTTLE_USER", "6000/min"),
    },
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "fairouz_site.errors.problem_response",
    # How many proxies of one's own stand before the site; with none, X-Forwarded-For is anybody's word.
    "NUM_PROXIES": env.int("NUM_PROXIES", 0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Fairouz",
    "DESCRIPTION": "Every page of the site as data: same paths below `/api/v1`, same parameters, same order, same errors.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"faiss": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}

# Key of the index plugin that holds every space's vectors.
INDEX_BACKEND = env.str("INDEX_BACKEND", "flat")

# The encoders whose spaces a newly ingested song gets, made on first use.
DEFAULT_ENCODERS = ["text.minilm", "image.layout", "audio.librosa", "graph.randne"]

# Ingested sound is somebody's property: played to curators alone unless the operator may let everybody hear it.
PLAY_INGESTED = env.bool("PLAY_INGESTED", False)
PRIVATE_MEDIA = "private/"

LOGIN_URL = "admin:login"

# Uploads to search with or to add: refused beyond so many bytes.
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_MB", 50) * 1024 * 1024

# Full text; modelsearch's own setting: its OpenSearch and Elasticsearch back ends fit in here.
MODELSEARCH_BACKENDS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": env.str("FULLTEXT_BACKEND", "modelsearch.backends.database")}
    | ({"URLS": env.list("FULLTEXT_URLS")} if env.str("FULLTEXT_URLS", "") else {})
}
