"""Search by cover and by clip: the uploaded thing's nearest songs, nothing kept, bad files named."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from retrieval.ingest import ingest

pytestmark = pytest.mark.django_db


def picture(colour: tuple[int, int, int]) -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (120, 120), colour).save(buffer, "PNG")
    return SimpleUploadedFile("cover.png", buffer.getvalue(), "image/png")


@pytest.fixture
def library(sound_file, tmp_path: Path) -> dict[str, str]:
    """Two songs in folders of their own, each with a cover beside it; their public ids by name."""
    for name, pitch, colour in (("red", 110.0, (220, 20, 30)), ("blue", 1760.0, (20, 40, 220))):
        folder = tmp_path / "music" / name
        sound_file(f"{name}.wav", pitches=(pitch,), folder=folder)
        Image.new("RGB", (200, 200), colour).save(folder / "cover.png")
    report = ingest([tmp_path / "music"])
    return {Path(line.file).stem: line.public_id for line in report.lines if line.public_id}


def test_a_picture_finds_the_song_with_the_like_cover(library, client):
    body = client.post("/api/v1/search/cover/", {"file": picture((200, 30, 40))}).json()
    assert body["space"] == "image.layout"
    assert body["results"][0]["song"]["id"] == library["red"]
    assert body["results"][0]["closeness"] >= body["results"][1]["closeness"]


def test_a_clip_finds_the_song_that_sounds_like_it(library, client, sound_file):
    clip = sound_file("query.wav", pitches=(1700.0,), seconds=3)
    body = client.post("/api/v1/search/clip/", {"file": SimpleUploadedFile("query.wav", clip.read_bytes())}).json()
    assert body["results"][0]["song"]["id"] == library["blue"]


def test_page_and_api_agree(library, client):
    page = client.post("/search/cover/", {"file": picture((20, 40, 200))}).content.decode()
    first = client.post("/api/v1/search/cover/", {"file": picture((20, 40, 200))}).json()["results"][0]["song"]["id"]
    assert page.index(f"/songs/{first}/") < page.index(f"/songs/{library['red']}/")


def test_nothing_of_an_upload_is_kept(library, client, media):
    before = sorted(media.rglob("*"))
    client.post("/search/cover/", {"file": picture((1, 2, 3))})
    assert sorted(media.rglob("*")) == before


@pytest.mark.parametrize("door", ["cover", "clip"])
@pytest.mark.parametrize(
    "content", [b"", b"not what it says", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"RIFF\x00\x00\x00\x00WAVE", b"<svg/>"]
)
def test_bad_uploads_get_one_sentence_about_the_file(library, client, door, content):
    response = client.post(f"/api/v1/search/{door}/", {"file": SimpleUploadedFile("x.png", content)})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["file"]
    assert client.post(f"/search/{door}/", {"file": SimpleUploadedFile("x.png", content)}).status_code == 400


def test_no_file_too_large_a_file_and_no_space_are_said(client, settings, db):
    assert "file" in client.post("/api/v1/search/cover/", {}).json()["errors"]
    assert "not possible here" in client.post("/api/v1/search/cover/", {"file": picture((1, 1, 1))}).json()["detail"]
    settings.MAX_UPLOAD_BYTES = 10
    assert "at most" in client.post("/api/v1/search/cover/", {"file": picture((1, 1, 1))}).json()["detail"]


def test_get_is_not_the_api_s_way_to_upload(client, db):
    assert client.get("/api/v1/search/cover/").status_code == 405
    assert client.get("/search/cover/").status_code == 200


def test_a_decompression_bomb_is_refused(library, client):
    buffer = BytesIO()
    Image.fromarray(np.zeros((9000, 9000), dtype=np.uint8)).save(buffer, "PNG")
    response = client.post("/api/v1/search/cover/", {"file": SimpleUploadedFile("bomb.png", buffer.getvalue())})
    assert response.status_code == 400
    assert "too large" in response.json()["detail"]
