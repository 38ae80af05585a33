"""YAML text → plain nodes with places; every scalar stays the raw text that the author wrote.

Plain YAML would turn `01000` into 512, `12:30` into 750 and `no` into false, and keep the last of
two equal keys in silence: here nothing is guessed, and anchors, tags and doubled keys are refused.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from iscg_rules.errors import Noted, Place, Problem
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.plain_text import ODD_CHARACTER
from iscg_rules.reading.regular_files import load_regular, shortened
from iscg_rules.reading.usual_mistakes import advise, straight_quotes

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Fields",
    "Items",
    "Node",
    "Scalar",
    "plain",
    "read_file",
    "read_text",
]

MAX_BYTES = 8_000_000
MAX_DEPTH = 32
_MOST_PROBLEMS = 20
_BLOCKS = ("|", ">")


# Whichever there is: the one in C is ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOM = b"\xef\xbb\xbf"
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=\S)", re.MULTILINE)


@dataclass(slots=True, eq=False)
class _Placed:
    file: str
    line: int
    column: int

    @property
    def place(self) -> Place:
        """Where the node starts."""
        return Place(self.file, self.line, self.column)


@dataclass(slots=True, eq=False)
class Scalar(_Placed):
    """One text as it is written, without its quotes; empty where nothing is."""

    text: str


@dataclass(slots=True, eq=False)
class Items(_Placed):
    """A list."""

    items: tuple["Node", ...]


@dataclass(slots=True, eq=False)
class Fields(_Placed):
    """A mapping; keys are texts, each once, in the order of the file."""

    fields: tuple[tuple[Scalar, "Node"], ...]
    _by_key: dict[str, "Node"] = field(init=False)

    def __post_init__(self) -> None:
        self._by_key = {key.text: value for key, value in self.fields}

    def get(self, key: str) -> "Node | None":
        """Return the value under a key, or None."""
        return self._by_key.get(key)


Node = Scalar | Items | Fields
Plain = str | list["Plain"] | dict[str, "Plain"]
# A document, as far as there is one, and what is wrong with it.
ReadDocument = tuple[Node | None, list[Problem]]


def plain(node: Node) -> Plain:
    """Return nested dicts, lists and raw texts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.fields}


def read_file(path: Path, name: str | None = None) -> ReadDocument:
    """Read one document from a file; `name` is how places call it.

    Returns:
        The node, or None; and the problems, each with its place. A node may come with problems.
    """
    name = shortened(name or path.name)
    start = Place(name, 1, 1)
    try:
        with load_regular(path) as file:
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        text = "un dossier est à la place d'un fichier"
        return None, [Problem("Y002", text, start, "donnez un fichier")]
    except (OSError, ValueError):
        aid = "vérifiez le nom du fichier et le droit de le lire"
        return None, [Problem("Y001", "le fichier ne peut pas être lu", start, aid)]
    return memory_of(path).read(name, data, lambda: read_text(data, name))


def read_text(data: bytes | str, name: str) -> ReadDocument:
    """Read one document from its bytes (UTF-8) or text; never raises, whatever is given."""
    if len(data) > MAX_BYTES:
        return None, [_too_large(name)]
    text, problem = _decode(data, name) if isinstance(data, bytes) else (data, None)
    if problem is None and (found := _UNPRINTABLE.search(text)):
        aid = "effacez-le, ou retapez la ligne"
        place = _place_in(text, found.start(), name)
        problem = Problem("Y006", "un caractère invisible ne peut pas être lu", place, aid)
    if problem is not None:
        return None, [problem]
    return _build(text, name)


def _too_large(name: str) -> Problem:
    text = f"le fichier dépasse {MAX_BYTES // 1_000_000} millions d'octets"
    return Problem("Y003", text, Place(name, 1, 1), "partagez-le en plusieurs fichiers")


def _decode(data: bytes, name: str) -> tuple[str, Problem | None]:
    aid = "enregistrez le fichier en UTF-8"
    try:
        return data.removeprefix(_BOM).decode(), None
    except UnicodeDecodeError as error:
        before = data.removeprefix(_BOM)[: error.start].decode()
        place = _place_in(before, len(before), name)
        return "", Problem("Y004", "le fichier n'est pas en UTF-8", place, aid)


def _place_in(text: str, position: int, name: str) -> Place:
    before = text[:position]
    return Place(name, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _build(text: str, name: str) -> tuple[Node | None, list[Problem]]:
    builder = _NodeBuilder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
            if builder.is_hopeless:
                break
    except yaml.YAMLError as error:
        return None, builder.refused or [_syntax_problem(error, text, name)]
    return builder.result()


class _NodeBuilder:
    """Makes one node of what comes by in a document.

    What is open waits on a list and not on Python's stack, so that no nest is too deep for it: of
    `- {a: b}`, the list waits, then the mapping; `a` and `b` come; the mapping ends, then the list.
    """

    def __init__(self, name: str) -> None:
        # Anchors, tags and what is too deep: nothing is built upon them, so they are said alone.
        self.refused = Noted()
        self.is_hopeless = False
        self._name = name
        self._problems = Noted()
        self._nodes: list[Node] = []
        # What is open: where it started, and what came before it where it stands.
        self._waiting: list[tuple[Place, list[Node]]] = []

    def take(self, event: yaml.Event) -> None:
        """Take what comes next."""
        mark = event.start_mark
        assert mark is not None
        if isinstance(event, yaml.ScalarEvent):
            # A block ends its last line, which a text of one line has no use for.
            text = event.value.removesuffix("\n") if event.style in _BLOCKS else event.value
            scalar = Scalar(self._name, mark.line + 1, mark.column + 1, text)
            self._nodes.append(scalar)
            if not event.style and (aid := straight_quotes(text)):
                said = "ces guillemets ne sont pas ceux du clavier : ils font partie du texte"
                self._problems.append(Problem("Y014", said, scalar.place, aid))
            if ODD_CHARACTER.search(text):
                self._problems.append(_odd(scalar.place))
            if event.anchor or event.tag:
                self._refuse(event, scalar.place)
            return
        place = Place(self._name, mark.line + 1, mark.column + 1)
        match event:
            case yaml.CollectionStartEvent():
                self._start(place)
                if event.anchor or event.tag:
                    self._refuse(event, place)
            case yaml.CollectionEndEvent():
                self._end(is_mapping=isinstance(event, yaml.MappingEndEvent))
            case yaml.AliasEvent():
                self._nodes.append(Scalar(self._name, place.line, place.column, ""))
                self._refuse(event, place)
            case yaml.DocumentStartEvent() if self._nodes:
                aid = "gardez un seul document : effacez la ligne `---`"
                text = "le fichier contient plusieurs documents"
                self._nodes, self._problems = [], Noted([Problem("Y012", text, place, aid)])
                self.is_hopeless = True

    def result(self) -> tuple[Node | None, list[Problem]]:
        """Return the node and what is wrong in it; or None, and what forbids to build it."""
        if self.refused:
            return None, self.refused
        if not self._nodes and not self._problems:
            aid = "remplissez-le ou effacez-le"
            empty = Problem("Y007", "le fichier est vide", Place(self._name, 1, 1), aid)
            return None, [empty]
        return self._nodes[0] if self._nodes else None, self._problems

    def _start(self, place: Place) -> None:
        self._waiting.append((place, self._nodes))
        self._nodes = []
        if len(self._waiting) > MAX_DEPTH:
            aid = "donnez un nom à une partie : un fait, par exemple"
            text = f"plus de {MAX_DEPTH} niveaux l'un dans l'autre"
            self.refused.append(Problem("Y008", text, place, aid))
            self.is_hopeless = True

    def _end(self, *, is_mapping: bool) -> None:
        parts = self._nodes
        place, self._nodes = self._waiting.pop()
        at = (place.file, place.line, place.column)
        self._nodes.append(
            Fields(*at, _pairs(parts, self._problems)) if is_mapping else Items(*at, tuple(parts))
        )

    def _refuse(self, event: yaml.NodeEvent, place: Place) -> None:
        if event.anchor:
            code, text = "Y009", "les ancres `&` et les renvois `*` ne sont pas admis"
            aid = "écrivez la valeur en entier ; si c'est du texte, mettez-le entre guillemets"
        else:
            code, text = "Y010", "les étiquettes `!` ne sont pas admises"
            aid = "effacez-la ; si c'est du texte, mettez-le entre guillemets"
        self.refused.append(Problem(code, text, place, aid))
        # A bomb of aliases is read no further.
        self.is_hopeless = self.is_hopeless or len(self.refused) >= _MOST_PROBLEMS


def _odd(place: Place) -> Problem:
    text = "un retour à la ligne, ou un caractère qui ne se voit pas, est dans un texte"
    return Problem("Y013", text, place, "écrivez-le sur une ligne, et retapez-le à la main")


def _pairs(parts: list[Node], problems: Noted) -> tuple[tuple[Scalar, Node], ...]:
    """Pair each key with its value: [a, 1, b, 2] → (a, 1), (b, 2); each key once."""
    pairs: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(key, Scalar):
            problems.append(Problem("S003", "une clé doit être un mot", key.place))
        elif key.text in pairs and problems.is_full:
            problems.more += 1
        elif key.text in pairs:
            first = pairs[key.text][0].line
            text = f"la clé `{key.text[:60]}` est écrite deux fois"
            problems.append(Problem("Y011", text, key.place, f"la première est à la ligne {first}"))
        else:
            pairs[key.text] = (key, value)
    return tuple(pairs.values())


def _syntax_problem(error: yaml.YAMLError, text: str, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if tab := _TAB_INDENT.search(text):
        place = _place_in(text, tab.end() - 1, name)
        return Problem("Y005", "une tabulation sert de retrait", place, "mettez des espaces")
    context = getattr(error, "context_mark", None)
    lines = text.splitlines() or [""]
    number, aid = advise(lines, line - 1, context.line if context else None)
    if number != line - 1:
        line, column = number + 1, 1
    return Problem("Y006", "la ponctuation YAML est fausse ici", Place(name, line, column), aid)
