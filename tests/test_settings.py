"""Settings come from the environment, are safe without it, and fit the code."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from fairouz_site.secret import stored_secret_key

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "HTTPS", "DATABASE_URL", "REMOTE_MEDIA", "DJANGO_SETTINGS_MODULE")


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**plain, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def setting(name: str, **environment: str) -> str:
    code = f"from django.conf import settings; print(repr(settings.{name}))"
    result = manage("shell", "--no-imports", "-v0", "-c", code, **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_a_secret_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = stored_secret_key(tmp_path / "secret_key")
    assert len(key) >= 50
    assert stored_secret_key(tmp_path / "secret_key") == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_everything_written_lies_under_one_folder(tmp_path: Path) -> None:
    var = tmp_path / "elsewhere"
    assert manage("migrate", "-v0", FAIROUZ_VAR=str(var)).returncode == 0
    assert {"db.sqlite3", "secret_key"} <= {entry.name for entry in var.iterdir()}
    assert str(var) in setting("MEDIA_ROOT", FAIROUZ_VAR=str(var))
    assert str(var) in setting("STATIC_ROOT", FAIROUZ_VAR=str(var))


def test_the_environment_is_heard(tmp_path: Path) -> None:
    var = {"FAIROUZ_VAR": str(tmp_path)}
    assert setting("DEBUG", **var) == "False"
    assert setting("SECRET_KEY", SECRET_KEY="mine", **var) == "'mine'"
    assert (
        setting("ALLOWED_HOSTS", ALLOWED_HOSTS="a.example,b.example", **var)
        == "['a.example', 'b.example', '127.0.0.1']"
    )
    assert "other.db" in setting("DATABASES['default']['NAME']", DATABASE_URL=f"sqlite:///{tmp_path}/other.db", **var)


def test_a_site_behind_tls_has_nothing_to_be_warned_of(tmp_path: Path) -> None:
    result = manage("check", "--deploy", "--fail-level=WARNING", FAIROUZ_VAR=str(tmp_path), HTTPS="true")
    assert result.returncode == 0, result.stderr


def test_the_system_check_is_clean(tmp_path: Path) -> None:
    result = manage("check", "--fail-level=DEBUG", FAIROUZ_VAR=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


@pytest.mark.django_db
def test_sqlite_is_set_up_for_many_readers_and_one_writer() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        pragmas = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")]
    assert pragmas == ["wal", 1]
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db
def test_remote_media_are_shown_only_when_asked_for(client: Client, settings) -> None:
    from tests.library_of import song

    stored = song("a", cover_url="https://far.example/c.jpg", preview_url="https://far.example/p.mp3")
    body = client.get("/api/v1/songs/a/").json()
    assert (body["cover"], body["preview"]) == ("http://testserver/art/a.svg", None)
    assert body["sources"] == {"cover": "https://far.example/c.jpg", "preview": "https://far.example/p.mp3"}
    assert "far.example" not in client.get("/songs/a/").content.decode()
    settings.REMOTE_MEDIA = True
    body = client.get("/api/v1/songs/a/").json()
    assert (body["cover"], body["preview"]) == (stored.cover_url, stored.preview_url)
    assert "https://far.example/c.jpg" in client.get("/songs/a/").content.decode()


@pytest.mark.django_db
def test_health(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "reasons": []}
    for address in ("/healthz", "/readyz"):
        assert "no-cache" in client.get(address)["Cache-Control"]


@pytest.mark.django_db
def test_a_database_that_does_not_answer_makes_the_site_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError, connection

    def refuse() -> None:
        raise DatabaseError("down")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["The database does not answer."]


@pytest.mark.django_db
def test_an_empty_site_welcomes_and_says_how_to_import(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "import_release" in page.content.decode()
    assert client.get("/api/v1/").json()["songs"] == 0
    for address in ("/songs/", "/artists/", "/albums/", "/genres/", "/tags/", "/spaces/", "/suggest/?q=a", "/about/"):
        assert client.get(address).status_code == 200
        assert client.get(f"/api/v1{address}").status_code == 200
