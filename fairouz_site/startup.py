"""What a serving process does once, after fork and before its first request."""

from django.apps import apps


def warm_up() -> None:
    """Call `warm_up` of every app that has one (retrieval loads its indexes there)."""
    for config in apps.get_app_configs():
        warm = getattr(config, "warm_up", None)
        if warm is not None:
            warm()
