"""Ingest: every file met has a line in the report, every good one is searchable at once in all that it has."""

from __future__ import annotations

from pathlib import Path

import mutagen
import pytest
from django.core.management import CommandError, call_command
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, TALB, TCON, TDRC, TIT2, TPE1

from catalog.models import Song
from retrieval.ingest import Fate, ingest
from retrieval.search import search
from retrieval.services import similar
from retrieval.spaces import default_spaces

pytestmark = pytest.mark.django_db


def tag_mp3(path: Path, picture: bytes | None = None, **texts: str) -> None:
    tags = ID3()
    for frame, name in {TIT2: "title", TPE1: "artist", TALB: "album", TCON: "genre", TDRC: "date"}.items():
        value = texts.get(name)
        if value:
            tags.add(frame(encoding=3, text=value))
    if picture:
        tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=picture))
    tags.save(path)


def tag_flac(path: Path, picture: bytes, **texts: str) -> None:
    file = FLAC(path)
    for name, value in texts.items():
        file[name] = value
    block = Picture()
    block.type, block.mime, block.data = 3, "image/jpeg", picture
    file.add_picture(block)
    file.save()


@pytest.fixture
def odd_folder(tmp_path: Path, sound_file, picture_bytes) -> Path:
    """Twenty files as they lie about."""
    folder = tmp_path / "music"
    facts = {"title": "Tagged", "artist": "Ann; Ben", "album": "First", "genre": "Folk", "date": "1999-05-01"}
    tag_mp3(sound_file("a tagged.mp3", folder=folder, pitches=(200,)), picture_bytes, **facts)
    arabic = {"title": "أغنية", "artist": "فيروز", "date": "1970"}
    tag_flac(sound_file("b tagged.flac", folder=folder, pitches=(210,)), picture_bytes, **arabic)
    sound_file("c untagged.wav", folder=folder, pitches=(220,))
    sound_file("d vorbis.ogg", folder=folder, pitches=(230,))
    sound_file("e opus.opus", folder=folder, pitches=(240,))
    (folder / "f the same.wav").write_bytes((folder / "c untagged.wav").read_bytes())
    (folder / "g empty.mp3").write_bytes(b"")
    (folder / "h text.mp3").write_text("this is no sound")
    (folder / "i cut.flac").write_bytes((folder / "b tagged.flac").read_bytes()[:3000])
    (folder / "j notes.txt").write_text("to do")
    sound_file("k silent.wav", folder=folder, pitches=(0,))
    sound_file("l short.wav", folder=folder, pitches=(250,), seconds=1)
    (folder / "m wav inside.mp3").write_bytes(sound_file("inner.wav", pitches=(260,)).read_bytes())
    sound_file("n deep.wav", folder=folder / "sub" / "deeper", pitches=(270,))
    tag_mp3(
        sound_file("o markup.mp3", folder=folder, pitches=(280,)), title="<script>alert(1)</script>", artist="x" * 3000
    )
    tag_mp3(sound_file("p bad cover.mp3", folder=folder, pitches=(290,)), b"not a picture", title="Bad cover")
    (folder / "q header.wav").write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt ")
    (folder / "r random.ogg").write_bytes(bytes(range(256)) * 20)
    sound_file("s عربي 🎵.wav", folder=folder, pitches=(300,))
    sound_file("t long.wav", folder=folder, pitches=(310,), seconds=1500)
    return folder


GOOD = {
    *("a tagged.mp3", "b tagged.flac", "c untagged.wav", "d vorbis.ogg", "e opus.opus", "k silent.wav", "l short.wav"),
    *("m wav inside.mp3", "sub/deeper/n deep.wav", "o markup.mp3", "p bad cover.mp3", "s عربي 🎵.wav", "t long.wav"),
}


def test_twenty_odd_files_each_get_the_right_line(odd_folder):
    report = ingest([odd_folder])
    fates = {line.file: line.fate for line in report.lines}
    assert len(fates) == 20
    assert {file for file, fate in fates.items() if fate is Fate.ADDED} == GOOD
    assert fates["f the same.wav"] is Fate.KNOWN
    notes = {line.file: line.note for line in report.lines}
    assert "silent" in notes["k silent.wav"]
    assert "1.0 s" in notes["l short.wav"]
    assert "minutes long" in notes["t long.wav"]
    assert "cover is left out" in notes["p bad cover.mp3"]
    assert all(line.note for line in report.lines if line.fate is Fate.SKIPPED)


def test_each_good_file_is_searchable_at_once_in_every_modality_it_has(odd_folder):
    report = ingest([odd_folder])
    ids = {line.file: line.public_id for line in report.lines}
    has_cover = {"a tagged.mp3", "b tagged.flac"}
    for file in GOOD:
        song = Song.objects.get(public_id=ids[file])
        missing = {space.modality for space in default_spaces() if similar(song, space, 3).missing}
        expected = set() if file in has_cover else {"image"}
        assert missing == expected | ({"audio"} if file == "k silent.wav" else set()), file
    assert search("tagged").hits[0].song.public_id == ids["a tagged.mp3"]
    assert search("فيروز").hits[0].song.public_id == ids["b tagged.flac"]
    assert search("عربي").hits[0].song.public_id == ids["s عربي 🎵.wav"]


def test_tags_become_facts(odd_folder):
    ingest([odd_folder])
    song = Song.objects.get(title="Tagged")
    assert [artist.name for artist in song.artists.order_by("name")] == ["Ann", "Ben"]
    assert (song.album.title, song.year, [g.name for g in song.genres.all()]) == ("First", 1999, ["Folk"])
    assert song.duration == pytest.approx(4.0, abs=0.2)
    assert Song.objects.get(title="c untagged").artists.get().name == "Unknown artist"


def test_again_adds_nothing_and_an_interrupted_run_goes_on(odd_folder, monkeypatch):
    import retrieval.ingest as module

    real, calls = module.ingest_file, []

    def dies_at_the_fourth(*args, **kwargs):
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(module, "ingest_file", dies_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        ingest([odd_folder])
    assert Song.objects.count() == 3
    monkeypatch.setattr(module, "ingest_file", real)
    assert ingest([odd_folder]).count(Fate.ADDED) == len(GOOD) - 3
    assert ingest([odd_folder]).count(Fate.ADDED) == 0
    assert Song.objects.count() == len(GOOD)


def test_a_failure_in_mid_write_leaves_neither_song_nor_file(sound_file, media, monkeypatch):
    monkeypatch.setattr(
        "retrieval.ingest.encode_everywhere", lambda songs: (_ for _ in ()).throw(RuntimeError("power cut"))
    )
    with pytest.raises(RuntimeError):
        ingest([sound_file("x.wav")])
    assert not Song.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_files_are_copied_or_linked(sound_file, media, tmp_path):
    copied = ingest([sound_file("copy.wav", pitches=(400,))]).lines[0]
    linked = ingest([sound_file("link.wav", pitches=(410,))], in_place=True).lines[0]
    by_id = {path.stem: path for path in (media / "private").iterdir()}
    assert not by_id[copied.public_id].is_symlink()
    assert by_id[linked.public_id].resolve() == (tmp_path / "link.wav").resolve()


def test_ingested_sound_is_for_curators_unless_the_operator_says_otherwise(sound_file, client, admin_client, settings):
    line = ingest([sound_file("mine.wav")]).lines[0]
    address = f"/media/private/{line.public_id}.wav"
    detail = f"/api/v1/songs/{line.public_id}/"
    assert client.get(detail).json()["preview"] is None
    assert client.get(address).status_code == 404
    assert client.get(f"/songs/{line.public_id}/sound.wav").status_code == 404
    assert admin_client.get(address).status_code == 200
    settings.PLAY_INGESTED = True
    assert client.get(detail).json()["preview"].endswith(address)
    assert client.get(address).status_code == 200


def test_the_command_reports_and_fails_when_nothing_was_taken_in(sound_file, tmp_path, capsys):
    call_command("ingest", sound_file("one.wav"), tmp_path / "no such file.mp3", verbosity=1)
    said = capsys.readouterr().out
    assert "1 added" in said
    assert "no such file.mp3" in said
    with pytest.raises(CommandError):
        call_command("ingest", tmp_path / "no such file.mp3", verbosity=0)


def test_the_upload_page_and_its_twin_are_for_curators(client, admin_client, sound_file):
    assert client.get("/ingest/").status_code == 403
    assert client.post("/api/v1/ingest/", {}).status_code in (401, 403)
    with (
        sound_file("up.wav", pitches=(500,)).open("rb") as one,
        sound_file("up2.wav", pitches=(510,)).open("rb") as two,
    ):
        page = admin_client.post("/ingest/", {"files": [one, two]}).content.decode()
    assert page.count("added") == 2
    with sound_file("up3.wav", pitches=(520,)).open("rb") as three:
        body = admin_client.post("/api/v1/ingest/", {"files": [three]}).json()
    assert (body["added"], body["files"][0]["file"]) == (1, "up3.wav")
    assert admin_client.post("/api/v1/ingest/", {}).status_code == 400


def test_mutagen_reads_what_the_tests_wrote(odd_folder):
    assert mutagen.File(odd_folder / "a tagged.mp3").tags["TIT2"].text == ["Tagged"]
