"""The files of one project as their authors hold them: what is defined and named where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from iscg_rules.workshop.entry_blocks import Entry, cut
from iscg_rules.workshop.lenient_words import Word
from iscg_rules.workshop.meanings import Meaning, file_kind, find_meaning
from iscg_rules.workshop.text_lines import TextLines

__all__ = ["AuthorFile", "AuthorFiles", "NamedWord", "rules_around"]

_VOCABULARY = "vocabulary.yaml"
_WHERE = ("{rules}/*.yaml", "{rules}/cases/*.yaml", "territories/*/*.yaml")
_WHERE_ELSE = ("territories/*/cases/*.yaml", "partners.yaml")
# A territory says so itself, at the top of a file of its own.
_TERRITORY_FILE = "territory.yaml"


@dataclass(frozen=True)
class NamedWord:
    """A word in a file, with the entry that it stands in and what it stands for."""

    file: "AuthorFile"
    entry: Entry
    word: Word
    meaning: Meaning

    @property
    def line(self) -> int:
        """The line in the file, from 0."""
        return self.entry.first_line + self.word.line

    @property
    def columns(self) -> tuple[int, int]:
        """Where the text itself starts and ends, without its quotes."""
        start, end = self.word.start, self.word.end
        is_quoted = self.file.text.lines[self.line][start : start + 1] in ('"', "'")
        return (start + 1, end - 1) if is_quoted else (start, end)


class AuthorFile:
    """One file, as it is now."""

    def __init__(self, path: Path, text: TextLines, entries: Iterable[Entry]) -> None:
        """Keep what was found."""
        self.path = path
        self.kind = file_kind(path)
        self.text = text
        self.entries = tuple(entries)

    @cached_property
    def defined(self) -> Mapping[tuple[str, str], tuple[Entry, Word]]:
        """What is defined here, by role and id; of two, the first."""
        found: dict[tuple[str, str], tuple[Entry, Word]] = {}
        if self.path.name == _TERRITORY_FILE:
            first = next(((e, e.words[0]) for e in self.entries if e.words), None)
            if first is not None:
                found["territory", self.path.parent.name] = first
        for entry in self.entries:
            for word in entry.words:
                if word.path[-1:] == ("id",) and not word.is_key:
                    meaning = find_meaning(entry, word, lambda _: None)
                    if meaning is not None:
                        found.setdefault((meaning.role, meaning.id), (entry, word))
        return found

    def entry_at(self, line: int) -> Entry | None:
        """Return the entry in which a line lies."""
        before = [entry for entry in self.entries if entry.first_line <= line]
        return before[-1] if before else None


class AuthorFiles:
    """Every file of a project: `texts` of those that are open, the disk for the others."""

    def __init__(self, rules: Path, encoding: str | None = None) -> None:
        """Look at nothing yet.

        Args:
            rules: the folder with `vocabulary.yaml`.
            encoding: in whose units the editor counts columns.
        """
        self.rules = rules
        self.root = rules.parent
        self.texts: dict[str, str] = {}
        self._encoding = encoding
        self._files: dict[str, tuple[object, AuthorFile]] = {}
        # The words of each entry that some file holds now, or held lately.
        self._known: dict[str, dict[tuple[str, ...], tuple[Word, ...]]] = {}

    def refresh(self) -> None:
        """Look which files there are, and read those that changed."""
        patterns = (*(each.format(rules=self.rules.name) for each in _WHERE), *_WHERE_ELSE)
        paths = {path.as_posix() for each in patterns for path in self.root.glob(each)}
        paths |= set(self.texts)
        for name in set(self._files) - paths:
            del self._files[name]
            self._known.pop(name, None)
        for name in sorted(paths):
            self._look(name)

    def _look(self, name: str) -> None:
        text, path = self.texts.get(name), Path(name)
        try:
            state: object = text
            if text is None:
                stat = path.stat()
                state = (stat.st_mtime_ns, stat.st_size)
            if name in self._files and self._files[name][0] == state:
                return
            if text is None:
                text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
        except OSError:
            self._files.pop(name, None)
            return
        lines = TextLines(text, self._encoding)
        entries = tuple(cut(lines.lines, self._known.get(name, {})))
        self._files[name] = (state, AuthorFile(path, lines, entries))
        self._known[name] = {entry.lines: entry.words for entry in entries}

    def label(self, path: Path) -> str:
        """Say a file as authors know it: `rules/children.yaml`."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )

    def __iter__(self) -> Iterator[AuthorFile]:
        """Yield every file, by its name."""
        return (self._files[name][1] for name in sorted(self._files))

    def file(self, path: Path) -> AuthorFile | None:
        """Return a file as it is now."""
        self._look(path.as_posix())
        found = self._files.get(path.as_posix())
        return found[1] if found else None

    def type_of(self, attribute: str) -> str | None:
        """Return the type of an attribute; None where there is no such attribute."""
        found = self.definition(Meaning("attribute", attribute))
        return None if found is None else found.entry.text("type") or "one_of"

    def definition(self, meaning: Meaning) -> NamedWord | None:
        """Return where something is written."""
        for file in self:
            found = file.defined.get((meaning.role, meaning.id))
            if found is not None:
                return NamedWord(file, *found, meaning)
        return None

    def case(self, name: str) -> NamedWord | None:
        """Return where a case is written."""
        return self.definition(Meaning("case", name))

    def entries(self, section: str) -> Iterator[Entry]:
        """Yield the entries of a section, over all files."""
        for file in self:
            yield from (e for e in file.entries if e.section == section and e.id is not None)

    def meaning(self, file: AuthorFile, line: int, column: int) -> NamedWord | None:
        """Return the word at a place of a file, where it stands for something."""
        entry = file.entry_at(line)
        for word in entry.words if entry else ():
            if entry and entry.first_line + word.line == line and word.start <= column <= word.end:
                meaning = find_meaning(entry, word, self.type_of)
                return NamedWord(file, entry, word, meaning) if meaning else None
        return None

    def named(self, meaning: Meaning) -> Iterator[NamedWord]:
        """Yield every word that stands for something, its definition included."""
        text = meaning.id.partition("=")[2] or meaning.id
        for file in self:
            for entry in file.entries:
                for word in entry.words:
                    if word.text == text:
                        found = find_meaning(entry, word, self.type_of)
                        if found and (found.role, found.id) == (meaning.role, meaning.id):
                            yield NamedWord(file, entry, word, found)


def rules_around(path: Path) -> Path | None:
    """Return the folder of rules that a file belongs to; None where there is none."""
    for folder in path.parents:
        for rules in (folder, folder / "rules"):
            if (rules / _VOCABULARY).is_file():
                return rules
    return None
