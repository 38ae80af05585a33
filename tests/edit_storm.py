"""A storm of edits over real stdio: a client that types, undoes, asks, and checks every place.

`python -m tests.edit_storm FOLDER SEED COUNT` runs one over a folder that holds `rules/`, and says
how much was edited, asked and compared.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
from lsprotocol import types

from iscg_rules.workshop.author_files import AuthorFiles
from iscg_rules.workshop.diagnostics import ShownFiles
from iscg_rules.workshop.marks import find_symbols
from iscg_rules.workshop.readings import ProjectReader
from tests.editor import Editor, editing, position, units

__all__ = ["Storm"]

BITS = (
    *"ab éÉœ🏠👩‍👧{}[]:,#-|>&*!%@'\"\\\t\n ",
    *("\u2028", "\x85", "\ufeff", "- ", ": ", "  ", "\n  - id: a", "rules:\n", "when:", " : "),
    *(
        "household",
        "{to: adil}",
        "\n      ",
        "id: ",
        "expect:\n",
        "source: [",
        "oui",
        "“",
        "«\u00a0",
    ),
)
# What is typed letter by letter, as somebody does who does not know how it ends.
TYPED = (
    "  - id: à-la-rue\n    when: {danger: yes}\n    orient:\n      - {to: shelter, urgency: now}\n",
    "  - id: chute\n    because: {fr: “Elle est tombée 🏠, c’est urgent.”}\n",
    "    valid: {from: 27/11/2026}\n",
    "  - id: cas-🏠\n    title: {fr: Un cas}\n    situation: {role: victim}\n",
    "    expect: {first: police, includes: [shelter, é]}\n",
    '    contact: {phone: "O2 99 00", email: accueil}\n    hours: "9h-12h30"\n',
)
# What proofs, cases and remarks say comes later: only what is wrong with the text is compared.
_WRONG = "YSVRPAG"
_LATER = ("G002", "G003")
_WHOLE = types.Range(types.Position(0, 0), types.Position(99_999, 0))
_BURST = 60


class Storm:
    """One editor in a folder, with what was done and asked."""

    def __init__(self, editor: Editor, folder: Path, seed: int) -> None:
        self.editor, self.folder = editor, folder
        self.draw = random.Random(seed)  # noqa: S311 # no secret
        self.counts: Counter[str] = Counter()
        # Files of mistakes are left as they are; two of them may be wrong at a time.
        self.original = {
            path: path.read_text("utf-8")
            for path in sorted(folder.rglob("*.yaml"))
            if path.name != "mistakes.yaml"
        }
        self.path = next(iter(self.original))
        self.typing: list[tuple[int, str]] = []
        self.undo: list[tuple[int, str, str]] = []
        for path in self.original:
            editor.open(path)

    def run(self, count: int, *, ask_every: int = 5, compare_every: int = 200) -> None:
        """Make so many edits."""
        for number in range(count):
            if number % _BURST == 0:
                self._turn()
            self._edit()
            if number % ask_every == 0:
                self._ask()
            if number % compare_every == compare_every - 1:
                self._compare()
        for path, text in self.original.items():
            self.editor.write(path, text)
        self._compare()
        self._see_no_fall()

    def _see_no_fall(self) -> None:
        fallen = [text for text in self.editor.said if "erreur interne" in text]
        assert not fallen, (fallen, self.path, self.editor.texts[self.path])

    def _turn(self) -> None:
        """Go to some file, and begin it anew; what another was left with stays wrong at times."""
        self.undo, self.typing = [], []
        if self.draw.random() < 0.7:
            self.editor.write(self.path, self.original[self.path])
        self.path = self.draw.choice(list(self.original))
        self.editor.write(self.path, self.original[self.path])
        if self.draw.random() < 0.4:
            text = self.editor.texts[self.path]
            at = text.find("\n", self.draw.randrange(len(text)))
            snippet = self.draw.choice(TYPED)
            start = len(text) if at < 0 else at + 1
            self.typing = [(start + n, letter) for n, letter in enumerate(snippet)]

    def _edit(self) -> None:
        self.counts["edits"] += 1
        text = self.editor.texts[self.path]
        if self.typing:
            start, new = self.typing.pop(0)
            self._replace(start, start, new)
        elif self.undo and self.draw.random() < 0.2:
            self.counts["undone"] += 1
            start, old, new = self.undo.pop()
            self.editor.replace(self.path, start, start + len(new), old)
        else:
            start = self.draw.randrange(len(text) + 1)
            end = min(len(text), start + self.draw.choice((0, 0, 0, 1, 3, 40)))
            drawn = (self.draw.choice(BITS) for _ in range(self.draw.choice((0, 1, 1, 2, 5))))
            self._replace(start, end, "".join(drawn))

    def _replace(self, start: int, end: int, new: str) -> None:
        self.undo.append((start, self.editor.texts[self.path][start:end], new))
        self.editor.replace(self.path, start, end, new)

    def _ask(self) -> None:
        asked = self.draw.choice(list(_QUESTIONS))
        self.counts[asked] += 1
        params, at_place, more = _QUESTIONS[asked]
        text = self.editor.texts[self.path]
        at = self.draw.randrange(len(text) + 1)
        offset = at if at_place else None
        if asked == "code_action":
            where = types.Range(position(text, at), position(text, len(text)))
            shown = self.editor.shown.get(self.path.as_uri(), ())
            more = {"range": where, "context": types.CodeActionContext(list(shown)[:3])}
        name = f"text_document_{asked}"
        try:
            answer = self.editor.ask(name, params, self.path, offset, **more)
        except Exception as error:
            # A rename that cannot be is refused in words, not in a fall.
            if asked in ("rename", "prepare_rename") and type(error).__name__.startswith("JsonRpc"):
                self.counts["refused"] += 1
                return
            raise
        self._see_no_fall()
        for uri, place in _places(answer, self.path.as_uri()):
            self._check(uri, place, asked)
        if asked == "document_symbol":
            file = self._files().file(self.path)
            assert file is not None
            assert [one.name for one in answer or ()] == [one.name for one in find_symbols(file)]

    def _check(self, uri: str, place: types.Position, asked: str) -> None:
        """See that a place lies within a text of the client, and not inside of a character."""
        self.counts["places"] += 1
        lines = self._text(uri).split("\n")
        assert 0 <= place.line < len(lines), (asked, uri, place, len(lines))
        line = lines[place.line]
        assert 0 <= place.character <= units(line), (asked, uri, place, line)
        head = line.encode("utf-16-le", "surrogatepass")[: 2 * place.character]
        head.decode("utf-16-le")

    def _text(self, uri: str) -> str:
        found = (text for path, text in self.editor.texts.items() if path.as_uri() == uri)
        return next(found, "")

    def _compare(self) -> None:
        """Wait until what is shown is what a fresh reading of the same texts gives."""
        self.counts["compared"] += 1
        expected = self._fresh()
        try:
            self.editor.wait(lambda: self._shown() == expected)
        except AssertionError:
            only = {
                key: (self._shown().get(key), expected.get(key))
                for key in {*self._shown(), *expected}
                if self._shown().get(key) != expected.get(key)
            }
            raise AssertionError(only) from None
        for uri, shown in list(self.editor.shown.items()):
            for each in shown:
                if each.code[0] in _WRONG:
                    for _, place in _places(each, uri):
                        self._check(uri, place, "diagnostics")

    def _files(self) -> AuthorFiles:
        files = AuthorFiles(self.folder / "rules", "utf-16")
        files.texts.update({path.as_posix(): text for path, text in self.editor.texts.items()})
        files.refresh()
        return files

    def _shown(self) -> dict[str, list[str]]:
        return _by_file(dict(self.editor.shown))

    def _fresh(self) -> dict[str, list[str]]:
        files = self._files()
        problems = ProjectReader(files.rules).read(None, files.texts).problems
        shown = ShownFiles(files).show(problems, ())
        return _by_file({p.as_uri(): [s.diagnostic for s in some] for p, some in shown.items()})


def _by_file(shown: dict[str, list[types.Diagnostic]]) -> dict[str, list[str]]:
    found = {
        uri: sorted(
            f"{each.code} {each.range.start}-{each.range.end} {each.message}"
            for each in some
            if str(each.code)[0] in _WRONG and each.code not in _LATER
        )
        for uri, some in shown.items()
    }
    return {uri: some for uri, some in found.items() if some}


def _places(answer: object, uri: str) -> Iterator[tuple[str, types.Position]]:
    """Yield every place in an answer, with the file that it is in."""
    if isinstance(answer, types.Position):
        yield uri, answer
    elif isinstance(answer, list | tuple):
        for each in answer:
            yield from _places(each, uri)
    elif isinstance(answer, dict):
        for key, each in answer.items():
            yield from _places(each, key if str(key).startswith("file:") else uri)
    elif attrs.has(kind := type(answer)):
        named = getattr(answer, "uri", None) or getattr(
            getattr(answer, "text_document", None), "uri", None
        )
        for each in attrs.fields(kind):
            yield from _places(getattr(answer, each.name), named or uri)


_FORMAT = {"options": types.FormattingOptions(2, insert_spaces=True)}
_QUESTIONS: dict[str, tuple[Any, bool, dict[str, Any]]] = {
    "completion": (types.CompletionParams, True, {}),
    "hover": (types.HoverParams, True, {}),
    "definition": (types.DefinitionParams, True, {}),
    "references": (
        types.ReferenceParams,
        True,
        {"context": types.ReferenceContext(include_declaration=True)},
    ),
    "prepare_rename": (types.PrepareRenameParams, True, {}),
    "rename": (types.RenameParams, True, {"new_name": "renamed"}),
    "document_symbol": (types.DocumentSymbolParams, False, {}),
    "inlay_hint": (types.InlayHintParams, False, {"range": _WHOLE}),
    "code_lens": (types.CodeLensParams, False, {}),
    "code_action": (types.CodeActionParams, False, {}),
    "formatting": (types.DocumentFormattingParams, False, _FORMAT),
}


if __name__ == "__main__":
    folder, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    begun = time.monotonic()
    with editing() as editor:
        storm = Storm(editor, folder, seed)
        storm.run(count)
    told = ", ".join(f"{name} {number}" for name, number in sorted(storm.counts.items()))
    sys.stdout.write(f"{told} ; {time.monotonic() - begun:.0f} s\n")
