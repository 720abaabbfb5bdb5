"""Covers and clips: ranges for a player that seeks, and nothing served that a browser could run."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

CONTENT = bytes(range(256)) * 1000
CLIP = "/media/clips/a.opus"


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    root = tmp_path / "media"
    settings.MEDIA_ROOT = root
    (root / "clips").mkdir(parents=True)
    (root / "clips" / "a.opus").write_bytes(CONTENT)
    (tmp_path / "secret.png").write_bytes(b"secret")
    return root


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_whole_file(client: Client) -> None:
    response = client.get(CLIP)
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Content-Type"] == "audio/ogg"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100000-", 100_000, 256_000),
        ("bytes=255999-", 255_999, 256_000),
        ("bytes=-500", 255_500, 256_000),
        ("bytes=-1", 255_999, 256_000),
        ("bytes=70000-200000", 70_000, 200_001),
        ("bytes=255000-999999999", 255_000, 256_000),
    ],
)
def test_a_part_of_a_file(client: Client, asked: str, start: int, end: int) -> None:
    response = client.get(CLIP, headers={"Range": asked})
    assert (response.status_code, body(response)) == (206, CONTENT[start:end])
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert response["Content-Length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_that_lies_outside(client: Client, asked: str) -> None:
    response = client.get(CLIP, headers={"Range": asked})
    assert (response.status_code, body(response)) == (416, b"")
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "bytes=a-b", "items=0-5", "0-5", "", f"bytes={'9' * 5000}-"]
)
def test_a_header_that_cannot_be_used_gets_the_whole(client: Client, asked: str) -> None:
    response = client.get(CLIP, headers={"Range": asked})
    assert (response.status_code, body(response)) == (200, CONTENT)


def test_the_ends_of_a_range_that_covers_all_are_a_part_or_the_whole(client: Client) -> None:
    response = client.get(CLIP, headers={"Range": "bytes=0-"})
    assert response.status_code in (200, 206)
    assert body(response) == CONTENT


def test_head_has_the_headers_and_no_body(client: Client) -> None:
    response = client.head(CLIP)
    assert (response.status_code, response["Content-Length"]) == (200, str(len(CONTENT)))
    assert body(response) == b""
    part = client.head(CLIP, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part["Content-Length"], body(part)) == (206, "10", b"")


def test_an_empty_file(client: Client, media: Path) -> None:
    (media / "empty.mp3").touch()
    assert body(client.get("/media/empty.mp3")) == b""
    assert client.get("/media/empty.mp3", headers={"Range": "bytes=0-"}).status_code == 416


@pytest.mark.parametrize("name", ["a.jpg", "a.JPG", "a.png", "a.webp", "a.gif", "a.mp3", "a.ogg", "a.flac", "a.wav"])
def test_pictures_and_sounds_are_served(client: Client, media: Path, name: str) -> None:
    (media / name).write_bytes(b"x")
    response = client.get(f"/media/{name}")
    assert response.status_code == 200
    assert response["Content-Type"].split("/")[0] in ("image", "audio")


@pytest.mark.parametrize(
    "name",
    ["a.html", "a.svg", "a.SVG", "a.svgz", "a.js", "a.css", "a.xml", "a.json", "a.py", "a.txt", "a", "a.png.html"],
)
def test_what_a_browser_could_run_is_never_served(client: Client, media: Path, name: str) -> None:
    (media / name).write_text("<script>alert(1)</script>")
    response = client.get(f"/media/{name}")
    assert response.status_code == 404
    assert "alert(1)" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "../secret.png",
        "clips/../../secret.png",
        "..%2fsecret.png",
        "%2e%2e/secret.png",
        "clips",
        "clips/",
        "//etc/passwd",
        "nothing.png",
        "a\x00.png",
        "%00",
        "x" * 5000 + ".png",
        "clips/" * 400 + "a.png",
        "..\\secret.png",
    ],
)
def test_nothing_outside_and_nothing_that_is_not_there(client: Client, path: str) -> None:
    response = client.get(f"/media/{path}")
    assert response.status_code == 404
    assert b"secret" not in response.content.replace(b"secret.png", b"")


def test_files_are_only_read(client: Client) -> None:
    assert client.post(CLIP).status_code == 405
