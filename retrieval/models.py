"""Spaces and vectors. The database is the only source of truth; indexes are snapshots of it."""

from __future__ import annotations

import numpy as np
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from catalog.models import Song

SPACE_KEY = RegexValidator(
    r"^[a-z0-9]+\.[a-z0-9][a-z0-9_-]{0,40}$", "A space's key is modality.encoder, such as text.minilm."
)


class ServingSpaces(models.Manager["Space"]):
    """All spaces but those still being filled."""

    def get_queryset(self) -> models.QuerySet[Space]:
        return super().get_queryset().filter(staging=False)


class Space(models.Model):
    """One embedding space: its dimension, metric, encoder and revision."""

    class Modality(models.TextChoices):
        JOINT = "joint"
        TEXT = "text"
        IMAGE = "image"
        AUDIO = "audio"
        GRAPH = "graph"

    key = models.CharField(max_length=64, unique=True, validators=[SPACE_KEY])
    label = models.CharField(max_length=100)
    modality = models.CharField(max_length=16, choices=Modality)
    dimension = models.PositiveIntegerField()
    metric = models.CharField(max_length=16, default="l2", help_text="Squared Euclidean distance everywhere.")
    encoder = models.CharField(max_length=200)
    revision = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False, help_text="Answers to the bare name of its modality.")
    figures = models.JSONField(default=dict, blank=True, help_text="What `evaluate` measured last, by protocol.")
    staging = models.BooleanField(
        default=False, editable=False, help_text="Being filled, to replace a space when full."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ServingSpaces()
    everything = models.Manager()

    class Meta:
        ordering = ["key"]
        base_manager_name = "everything"
        constraints = [
            models.UniqueConstraint(
                fields=["modality"], condition=models.Q(is_default=True), name="space_one_default_per_modality"
            )
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return f"{reverse('spaces')}#{self.key}"


class Vector(models.Model):
    """One song's point in one space. A song without one is missing there: no row, never a row of zeros."""

    song = models.ForeignKey(Song, on_delete=models.CASCADE, related_name="vectors")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="vectors")
    data = models.BinaryField(help_text="Little-endian float32, dimension of the space.")
    revision = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "song"], name="vector_space_song_unique")]

    def __str__(self) -> str:
        return f"{self.song_id} in {self.space_id}"

    def array(self) -> np.ndarray:
        """The vector as float32 (dim,), read-only."""
        return np.frombuffer(self.data, dtype="<f4")


class Positive(models.Model):
    """A pair that should be near: `other` is to be found for `song`. Published with a release, or absent."""

    song = models.ForeignKey(Song, on_delete=models.CASCADE, related_name="positives")
    other = models.ForeignKey(Song, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["song", "other"], name="positive_unique")]

    def __str__(self) -> str:
        return f"{self.song_id} → {self.other_id}"
