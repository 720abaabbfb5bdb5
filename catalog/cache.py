"""Songs with their facts, kept in the process: most of a request's time would else go into reading the same rows anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from django.db import connection

from catalog.changes import latest_change
from catalog.models import Change, Song

Load = Callable[[Sequence[int]], dict[int, Song]]

SIZE = 2000
# After so many changes at once it is cheaper to start again than to look at each.
MANY = 1000


class SongCache:
    """The `size` songs used last, by key. It follows the log of changes, so what it gives is never stale.

    The songs are shared between requests: they are for reading. Inside a transaction the cache stands aside, because
    what is read there may yet be taken back.
    """

    def __init__(self, load: Load, size: int = SIZE) -> None:
        self._load = load
        self._size = size
        self._songs: OrderedDict[int, Song] = OrderedDict()
        self._seen = -1
        self._lock = Lock()

    def get(self, keys: Sequence[int]) -> dict[int, Song]:
        """The songs of these keys; those that do not exist are absent."""
        if connection.in_atomic_block:
            return self._load(keys)
        with self._lock:
            self._follow()
            seen = self._seen
            known = {key: self._songs[key] for key in keys if key in self._songs}
            for key in known:
                self._songs.move_to_end(key)
        loaded = self._load([key for key in keys if key not in known]) if len(known) < len(keys) else {}
        with self._lock:
            if seen == self._seen:  # else what was loaded may be older than a change that others have seen
                self._keep(loaded)
        return known | loaded

    def clear(self) -> None:
        with self._lock:
            self._songs.clear()
            self._seen = -1

    def _follow(self) -> None:
        newest = latest_change()
        if newest == self._seen:
            return
        changed = list(Change.objects.filter(id__gt=self._seen).values_list("song_key", flat=True)[: MANY + 1])
        if self._seen < 0 or newest < self._seen or len(changed) > MANY:
            self._songs.clear()
        for key in changed:
            self._songs.pop(key, None)
        self._seen = newest

    def _keep(self, songs: dict[int, Song]) -> None:
        self._songs.update(songs)
        while len(self._songs) > self._size:
            self._songs.popitem(last=False)
