"""One small registry serves every plugin seam.

A plugin is an object found through an entry point of the group ``fairouz.<kind>``; the built-ins come in the same way.
Nothing is imported until somebody asks for it by key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from threading import RLock
from typing import Any

logger = logging.getLogger(__name__)


class UnknownPlugin(LookupError):
    """No plugin of that key; the sentence names the known ones."""


class PluginFailed(RuntimeError):
    """The plugin exists but could not be loaded or breaks its contract."""


@dataclass(frozen=True)
class Plugin:
    """What `/plugins/` tells about one entry."""

    kind: str
    key: str
    origin: str
    version: str
    error: str = ""


@dataclass(frozen=True)
class _Entry:
    load: Callable[[], Any]
    origin: str
    version: str


class Registry:
    """Plugins of one kind, by key.

    `contract` names the attributes that a loaded plugin must have. A plugin that fails to load is logged, shown in
    `plugins()` with its error, and left out of `values()`; the others go on.
    """

    def __init__(self, kind: str, contract: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.contract = contract
        self._lock = RLock()
        self._entries: dict[str, _Entry] | None = None
        self._loaded: dict[str, Any] = {}
        self._errors: dict[str, str] = {}

    def keys(self) -> list[str]:
        return sorted(self._discovered())

    def get(self, key: str) -> Any:
        """Load (once) and return the plugin `key`; raise UnknownPlugin or PluginFailed."""
        with self._lock:
            if key in self._loaded:
                return self._loaded[key]
            entry = self._discovered().get(key)
            if entry is None:
                known = ", ".join(self.keys()) or "none"
                raise UnknownPlugin(f"There is no {self.kind} “{key}”; known: {known}.")
            if key not in self._errors:
                self._try_load(key, entry)
            if key in self._errors:
                raise PluginFailed(f"The {self.kind} “{key}” could not be loaded: {self._errors[key]}")
            return self._loaded[key]

    def values(self) -> Iterator[Any]:
        """Every plugin that loads, by key."""
        for key in self.keys():
            try:
                yield self.get(key)
            except PluginFailed:
                continue

    def plugins(self) -> list[Plugin]:
        """Every plugin with its origin and, if it failed, its error (loads them all)."""
        list(self.values())
        return [
            Plugin(self.kind, key, entry.origin, entry.version, self._errors.get(key, ""))
            for key, entry in sorted(self._discovered().items())
        ]

    def register(self, key: str, plugin: Any, *, origin: str = "code", version: str = "") -> None:
        """Add an object directly (tests, a Django app's own `ready`); a key that exists is refused."""
        with self._lock:
            self._add(self._discovered(), key, _Entry(lambda: plugin, origin, version))

    def unregister(self, key: str) -> None:
        with self._lock:
            self._discovered().pop(key, None)
            self._loaded.pop(key, None)
            self._errors.pop(key, None)

    def _discovered(self) -> dict[str, _Entry]:
        with self._lock:
            if self._entries is None:
                self._entries = {}
                for point in entry_points(group=f"fairouz.{self.kind}"):
                    self._discover(self._entries, point)
            return self._entries

    def _discover(self, entries: dict[str, _Entry], point: EntryPoint) -> None:
        origin = point.dist.name if point.dist else "unknown"
        version = point.dist.version if point.dist else ""
        try:
            self._add(entries, point.name, _Entry(point.load, origin, version))
        except ValueError as error:
            logger.error("%s (from %s)", error, origin)

    def _add(self, entries: dict[str, _Entry], key: str, entry: _Entry) -> None:
        if key in entries:
            raise ValueError(
                f"The {self.kind} “{key}” is registered twice; the first, from {entries[key].origin}, stays."
            )
        entries[key] = entry

    def _try_load(self, key: str, entry: _Entry) -> None:
        try:
            plugin = entry.load()
            plugin = plugin() if isinstance(plugin, type) else plugin
            missing = [name for name in self.contract if not hasattr(plugin, name)]
            if missing:
                raise TypeError(f"it lacks {', '.join(missing)}")
        except Exception as error:  # a plugin may fail in any way: it is named, and the site goes on
            self._errors[key] = f"{type(error).__name__}: {error}"
            logger.exception("The %s %r from %s could not be loaded", self.kind, key, entry.origin)
        else:
            self._loaded[key] = plugin


CONTRACTS: dict[str, tuple[str, ...]] = {
    "encoder": ("key", "revision", "modality", "dim", "takes", "encode"),
    "index": ("build", "search", "distances", "ranks", "save", "load", "capabilities"),
    "importer": ("key", "sniff", "read"),
    "explainer": ("key", "explain"),
    "recommender": ("key", "recommend"),
    "graph_source": ("key", "nodes_and_edges"),
    "panel": ("key", "place", "order", "template", "context"),
}


@cache
def registry(kind: str) -> Registry:
    """The registry of one seam; `kind` is a key of CONTRACTS."""
    return Registry(kind, CONTRACTS[kind])


def all_plugins() -> list[Plugin]:
    """Every plugin of every seam."""
    return [plugin for kind in CONTRACTS for plugin in registry(kind).plugins()]
