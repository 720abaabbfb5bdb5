"""The server's entry point. Only a process that serves imports this, so indexes load here and not on `migrate`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairouz_site.settings")
application = get_wsgi_application()

from fairouz_site.startup import warm_up  # noqa: E402  (settings must be configured first)

warm_up()
