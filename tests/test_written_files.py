"""Files that commands write: what we wrote is replaced, what is somebody else's never."""

import os

import pytest

from iscg_rules.cli import main

COMMANDS = {
    "page": (["page", "--from", "2026-11-01", "-o"], "page.html"),
    "export": (["export", "--from", "2026-11-01", "--months", "1", "-o"], "rules.json"),
    "calendar": (["partners", "calendar", "rennes", "--at", "2026-11-01", "-o"], "checks.ics"),
    "schema": (["schema", "form", "--output"], "form.json"),
}
FOREIGN = ("text", "link", "dangling", "folder", "pipe")


def run(command, place):
    arguments, _ = COMMANDS[command]
    # `schema` is told the folder.
    return main([*arguments, str(place.parent if command == "schema" else place)])


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_wrote_is_replaced(command, tmp_path):
    place = tmp_path / COMMANDS[command][1]
    assert run(command, place) == 0
    first = place.read_bytes()
    place.write_bytes(first[: len(first) // 2])
    assert run(command, place) == 0
    assert place.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [place.name]


def marks(place):
    found = place.lstat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_not_ours_stays(command, foreign, tmp_path, capsys):
    place, other = tmp_path / COMMANDS[command][1], tmp_path / "notes.txt"
    other.write_text("mes notes", encoding="utf-8")
    match foreign:
        case "text":
            place.write_text("mes notes", encoding="utf-8")
        case "link":
            place.symlink_to(other)
        case "dangling":
            place.symlink_to(tmp_path / "nowhere")
        case "folder":
            place.mkdir()
        case "pipe":
            os.mkfifo(place)
    before = marks(place)
    assert run(command, place) == 2
    assert "B018" in capsys.readouterr().err
    assert marks(place) == before
    assert other.read_text(encoding="utf-8") == "mes notes"
    assert not (tmp_path / "nowhere").exists()
    if foreign == "text":
        assert place.read_text(encoding="utf-8") == "mes notes"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_link_to_what_we_wrote_is_not_followed(command, tmp_path, capsys):
    kept = tmp_path / "kept" / COMMANDS[command][1]
    kept.parent.mkdir()
    assert run(command, kept) == 0
    place = tmp_path / kept.name
    place.symlink_to(kept)
    before = marks(place), marks(kept)
    assert run(command, place) == 2
    assert "B018" in capsys.readouterr().err
    assert (marks(place), marks(kept)) == before


@pytest.mark.parametrize(
    "command",
    [
        ["schema", "form", "--output"],
        ["partners", "export", "rennes", "--to", "hsds", "--output"],
        ["rating-kit", "1", "-o"],
        ["rulebook", "--site"],
    ],
)
@pytest.mark.parametrize("is_link", [True, False])
def test_nothing_is_written_into_a_folder_through_a_link_or_into_none(
    command, is_link, tmp_path, capsys
):
    place, theirs = tmp_path / "out", tmp_path / "theirs"
    theirs.mkdir()
    if is_link:
        place.symlink_to(theirs)
    else:
        place.write_text("mes notes", encoding="utf-8")
    assert main([*command, str(place)]) == 2
    assert "B018" in capsys.readouterr().err
    assert not any(theirs.iterdir())
