"""The API twins of the pages about the site itself."""

from typing import TypedDict

from rest_framework.request import Request
from rest_framework.response import Response

from fairouz_site.registry import all_plugins
from fairouz_site.shapes import api


class PluginShape(TypedDict):
    """`error` is empty unless the plugin could not be loaded."""

    kind: str
    key: str
    origin: str
    version: str
    error: str


@api(PluginShape, operation="plugins", summary="Plugins", many=True)
def plugins(request: Request) -> Response:
    """Every plugin of every seam, with version and origin; one that failed to load says why."""
    results = [vars(plugin) for plugin in all_plugins()]
    return Response({"count": len(results), "next": None, "previous": None, "results": results})
