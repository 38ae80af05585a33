"""The files of one project as their authors hold them: what is defined and named where."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lsprotocol.types import Range

from iscg_rules.reading.entry_texts import EntryTexts, TextPiece, cut_text
from iscg_rules.workshop.entry_blocks import Entry, EntryBlock, entries_of
from iscg_rules.workshop.lenient_words import Word, WordPath
from iscg_rules.workshop.meanings import SECTION_OF, Meaning, file_kind, find_meaning
from iscg_rules.workshop.text_lines import TextLines

__all__ = ["AuthorFile", "AuthorFiles", "NamedWord", "rules_around"]

_VOCABULARY = "vocabulary.yaml"
_WHERE = ("{rules}/*.yaml", "{rules}/cases/*.yaml", "territories/*/*.yaml")
_WHERE_ELSE = ("territories/*/cases/*.yaml", "partners.yaml")
# A territory says so itself, at the top of a file of its own.
_TERRITORY_FILE = "territory.yaml"
_AS_WRITTEN = re.compile(r"[^\s\"'\\]+")


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
    """One file, as it is now; what stands in its entries is looked at when it is asked."""

    def __init__(self, path: Path, text: TextLines, before: "AuthorFile | None" = None) -> None:
        """Cut a text.

        Args:
            path: where it lies.
            text: of it.
            before: the file as it was: entries that stayed are not looked at again.
        """
        self.path = path
        self.kind: str = file_kind(path)
        self.text = text
        self.cut: EntryTexts = cut_text(text.newlined, before.cut if before else None)
        known: Mapping[TextPiece, EntryBlock] = before.blocks if before else {}
        self.blocks: Mapping[TextPiece, EntryBlock] = {
            piece: known.get(piece) or EntryBlock(piece.section, piece.text)
            for piece in self.cut.pieces
            if not piece.is_head
        }
        self._defined: dict[str, Mapping[str, tuple[Entry, WordPath]]] = {}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return tuple(entries_of(self.cut, self.blocks))

    @cached_property
    def sections(self) -> frozenset[str]:
        """The keys at the top."""
        return frozenset(piece.section for piece in self.cut.pieces)

    def of_section(self, section: str) -> Sequence[Entry]:
        """Return the entries under a key at the top."""
        if section not in self.sections:
            return ()
        return [entry for entry in self.entries if entry.section == section]

    def defined(self, role: str) -> Mapping[str, tuple[Entry, WordPath]]:
        """Return what is defined here, by id, with where its id stands; of two, the first."""
        if role not in self._defined:
            found: dict[str, tuple[Entry, WordPath]] = {}
            for name, entry, path in self._definitions(role):
                found.setdefault(name, (entry, path))
            self._defined[role] = found
        return self._defined[role]

    def _definitions(self, role: str) -> Iterator[tuple[str, Entry, WordPath]]:
        if role == "territory":
            first = next((e for e in self.entries if e.words), None)
            if self.path.name == _TERRITORY_FILE and first is not None:
                yield self.path.parent.name, first, first.words[0].path
        elif role == "answer":
            for entry in self.of_section("attributes"):
                for path, text in entry.texts.items():
                    if path[:1] == ("values",) and path[-1] == "id" and entry.id is not None:
                        yield f"{entry.id}={text}", entry, path
        else:
            for entry in self.of_section(SECTION_OF.get(role, "")):
                if entry.id is not None:
                    yield entry.id, entry, ("id",)

    def entry_at(self, line: int) -> Entry | None:
        """Return the entry in which a line lies."""
        number = bisect_right(self.cut.lines, line) - 1
        if number < 0 or self.cut.pieces[number].is_head:
            return None
        return Entry(self.cut.lines[number], self.blocks[self.cut.pieces[number]])

    def between(self, first: int, last: int) -> Iterator[Entry]:
        """Yield the entries that have some of these lines."""
        number = max(0, bisect_right(self.cut.lines, first) - 1)
        for piece, line in zip(self.cut.pieces[number:], self.cut.lines[number:], strict=True):
            if line > last:
                return
            if not piece.is_head:
                yield Entry(line, self.blocks[piece])


class AuthorFiles:
    """Every file of a project: `texts` of those that are open, the disk for the others."""

    def __init__(self, rules: Path, encoding: str | None = None) -> None:
        """Look at nothing yet.

        Args:
            rules: the folder with `vocabulary.yaml`.
            encoding: in whose units the editor counts columns.
        """
        self.rules = rules
        self.root: Path = rules.parent
        self.texts: dict[str, str] = {}
        self._encoding = encoding
        # By name: what it was made of, and the file; in the order of their names.
        self._files: dict[str, tuple[object, AuthorFile]] = {}

    def refresh(self) -> None:
        """Look which files there are, and read those that changed."""
        patterns = (*(each.format(rules=self.rules.name) for each in _WHERE), *_WHERE_ELSE)
        paths = {path.as_posix() for each in patterns for path in self.root.glob(each)}
        paths |= set(self.texts)
        for name in set(self._files) - paths:
            del self._files[name]
        for name in sorted(paths):
            self._look(name)

    def change(self, path: Path, changes: Iterable[tuple[Range | None, str]]) -> None:
        """Take what was typed: parts of a text, or the whole of it."""
        name = path.as_posix()
        found = self._files.get(name)
        text = self.texts.get(name, "")
        lines = found[1].text if found else None
        if lines is None or lines.text is not text:
            lines = TextLines(text, self._encoding)
        for where, new in changes:
            lines = lines.changed(where, new) if where else TextLines(new, self._encoding)
        self.texts[name] = lines.text
        self._put(name, lines.text, lines)

    def _put(self, name: str, state: object, lines: TextLines) -> None:
        before = self._files.get(name)
        file = AuthorFile(Path(name), lines, before and before[1])
        if before is None:
            self._files = dict(sorted([*self._files.items(), (name, (state, file))]))
        else:
            self._files[name] = (state, file)

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
        self._put(name, state, TextLines(text, self._encoding))

    def label(self, path: Path) -> str:
        """Say a file as authors know it: `rules/children.yaml`."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )

    def __iter__(self) -> Iterator[AuthorFile]:
        """Yield every file, by its name."""
        # A copy, made at once: a thread that answers goes on while somebody types.
        return (file for _, file in list(self._files.values()))

    def file(self, path: Path) -> AuthorFile | None:
        """Return a file as it is now."""
        self._look(path.as_posix())
        found = self._files.get(path.as_posix())
        return found[1] if found else None

    def known(self, path: Path) -> AuthorFile | None:
        """Return a file as it was looked at last: a thread may ask while somebody types."""
        found = self._files.get(path.as_posix())
        return found[1] if found else None

    def type_of(self, attribute: str) -> str | None:
        """Return the type of an attribute; None where there is no such attribute."""
        found = self.definition(Meaning("attribute", attribute))
        return None if found is None else found.entry.text("type") or "one_of"

    def definition(self, meaning: Meaning) -> NamedWord | None:
        """Return where something is written."""
        for file in self:
            found = file.defined(meaning.role).get(meaning.id)
            if found is not None:
                entry, path = found
                is_key = meaning.role == "territory"
                words = (w for w in entry.words if w.path == path and w.is_key == is_key)
                word = next(words, None)
                if word is not None:
                    return NamedWord(file, entry, word, meaning)
        return None

    def case(self, name: str) -> NamedWord | None:
        """Return where a case is written."""
        return self.definition(Meaning("case", name))

    def entries(self, section: str) -> Iterator[Entry]:
        """Yield the entries of a section, over all files."""
        for file in self:
            yield from (e for e in file.of_section(section) if e.id is not None)

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
        # Of what is written as it is read, most entries hold nothing: they need not be looked at.
        is_plain = _AS_WRITTEN.fullmatch(text) is not None
        for file in self:
            for entry in file.entries:
                if is_plain and text not in entry.block.text:
                    continue
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
