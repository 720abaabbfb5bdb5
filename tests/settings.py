"""The site's own settings, with everything written kept apart and nothing slowed down."""

import os
import tempfile

os.environ.setdefault("FAIROUZ_VAR", tempfile.mkdtemp(prefix="fairouz-tests-"))

from fairouz_site.settings import *  # noqa: F403
from fairouz_site.settings import DATABASES, FAIROUZ_VAR, REST_FRAMEWORK, STATIC_ROOT, STORAGES

# A file, as in production: threads and processes of a test see what another one committed, and WAL is really used.
DATABASES["default"]["TEST"] = {"NAME": FAIROUZ_VAR / "tests.sqlite3"}
STATIC_ROOT.mkdir(exist_ok=True)

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
