"""Pages about the site itself."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fairouz_site.htmx import render_page
from fairouz_site.registry import all_plugins


@require_safe
def plugins(request: HttpRequest) -> HttpResponse:
    return render_page(request, "plugins.html", {"plugins": all_plugins()}, fragment="plugins")
