"""YAML text → plain nodes with places; every scalar stays the raw text that the author wrote.

Plain YAML would turn `01000` into 512, `12:30` into 750 and `no` into false, and keep the last of
two equal keys in silence: here nothing is guessed, and anchors, tags and doubled keys are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from iscg_rules.errors import Place, Problem

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
_SAFE_DEPTH = 200
_MOST_PROBLEMS = 20


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # whichever there is
    """Guesses no type: each scalar is decoded from its raw text by the type declared for it."""

    def resolve(self, *_what: object) -> str:
        """Return one tag for all: nothing reads it, and guessing costs a third of composing."""
        return "tag:yaml.org,2002:str"


_BOM = b"\xef\xbb\xbf"
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=\S)", re.MULTILINE)
_MARKED = re.compile(r"(?:^|[\s\[{,:-])(?:[&*!]\S|!\s)", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")
_INDENT = re.compile(r"^ *", re.MULTILINE)
_CHAIN = re.compile(r"(?:[-?] +){20}")


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
    """One text; `is_quoted` tells `"no"` from `no`."""

    text: str
    is_quoted: bool


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
Plain = str | None | list["Plain"] | dict[str, "Plain"]


def plain(node: Node) -> Plain:
    """Return nested dicts, lists and raw texts; None where nothing is written."""
    if isinstance(node, Scalar):
        return None if not node.is_quoted and node.text in ("", "~", "null") else node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.fields}


def read_file(path: Path, name: str | None = None) -> tuple[Node | None, list[Problem]]:
    """Read one document from a file; `name` is how places call it.

    Returns:
        The node, or None; and the problems, each with its place. A node may come with problems.
    """
    name = name or path.name
    start = Place(name, 1, 1)
    if path.is_dir():
        return None, [
            Problem("Y002", "un dossier est à la place d'un fichier", start, "donnez un fichier")
        ]
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [_too_large(name)]
        data = path.read_bytes()
    except OSError:
        aid = "vérifiez le nom du fichier et le droit de le lire"
        return None, [Problem("Y001", "le fichier ne peut pas être lu", start, aid)]
    return read_text(data, name)


def read_text(data: bytes | str, name: str) -> tuple[Node | None, list[Problem]]:
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
    if _MARKED.search(text) or _depth_bound(text) > _SAFE_DEPTH:
        problems = list(_scan(text, name))
        if problems:
            return None, problems
    return _compose(text, name)


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


def _depth_bound(text: str) -> int:
    """Return a depth that the document cannot pass; brackets inside texts may raise it."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    indent = max(map(len, _INDENT.findall(text)), default=0)
    return deepest + indent + (_SAFE_DEPTH if _CHAIN.search(text) else 0)


def _scan(text: str, name: str) -> Iterator[Problem]:
    """Look for what must be refused before a tree is built: a bomb of aliases, a deep nest."""
    depth = found = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            problem = _refusal(event, depth, name)
            if problem is not None:
                yield problem
                found += 1
            if depth > MAX_DEPTH or found >= _MOST_PROBLEMS:
                return
    except yaml.YAMLError:
        return  # told by `_compose`, which meets it too


def _refusal(event: yaml.Event, depth: int, name: str) -> Problem | None:
    mark = event.start_mark
    assert mark is not None
    place = Place(name, mark.line + 1, mark.column + 1)
    if depth > MAX_DEPTH:
        aid = "donnez un nom à une partie : un fait, par exemple"
        return Problem("Y008", f"plus de {MAX_DEPTH} niveaux l'un dans l'autre", place, aid)
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        aid = "écrivez la valeur en entier ; si c'est du texte, mettez-le entre guillemets"
        return Problem("Y009", "les ancres `&` et les renvois `*` ne sont pas admis", place, aid)
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        aid = "effacez-la ; si c'est du texte, mettez-le entre guillemets"
        return Problem("Y010", "les étiquettes `!` ne sont pas admises", place, aid)
    return None


def _compose(text: str, name: str) -> tuple[Node | None, list[Problem]]:
    try:
        tree = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return None, [_syntax_problem(error, text, name)]
    if tree is None:
        return None, [
            Problem("Y007", "le fichier est vide", Place(name, 1, 1), "remplissez-le ou effacez-le")
        ]
    problems: list[Problem] = []
    node = _convert(tree, name, problems, 1)
    return (None if any(p.code == "Y008" for p in problems) else node), problems


def _convert(node: yaml.Node, name: str, problems: list[Problem], depth: int) -> Node:
    mark = node.start_mark
    line, column = mark.line + 1, mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        return Scalar(name, line, column, node.value, node.style is not None)
    if depth > MAX_DEPTH:
        aid = "donnez un nom à une partie : un fait, par exemple"
        text = f"plus de {MAX_DEPTH} niveaux l'un dans l'autre"
        problems.append(Problem("Y008", text, Place(name, line, column), aid))
        return Items(name, line, column, ())
    if isinstance(node, yaml.SequenceNode):
        items = tuple(_convert(item, name, problems, depth + 1) for item in node.value)
        return Items(name, line, column, items)
    seen: dict[str, Scalar] = {}
    fields = []
    for key_node, value_node in node.value:
        key = _convert(key_node, name, problems, depth + 1)
        value = _convert(value_node, name, problems, depth + 1)
        if not isinstance(key, Scalar):
            problems.append(Problem("S003", "une clé doit être un mot", key.place))
        elif key.text in seen:
            first = seen[key.text].line
            text = f"la clé `{key.text[:60]}` est écrite deux fois"
            problems.append(Problem("Y011", text, key.place, f"la première est à la ligne {first}"))
        else:
            seen[key.text] = key
            fields.append((key, value))
    return Fields(name, line, column, tuple(fields))


def _syntax_problem(error: yaml.YAMLError, text: str, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if isinstance(error, yaml.composer.ComposerError):
        aid = "gardez un seul document : effacez la ligne `---`"
        text_ = "le fichier contient plusieurs documents"
        return Problem("Y012", text_, Place(name, line, column), aid)
    if tab := _TAB_INDENT.search(text):
        place = _place_in(text, tab.end() - 1, name)
        return Problem("Y005", "une tabulation sert de retrait", place, "mettez des espaces")
    lines = text.splitlines()
    context = getattr(error, "context_mark", None)
    near = [lines[m.line] for m in (mark, context) if m and m.line < len(lines)]
    aid = next(filter(None, map(_advice, near)), _USUAL_CAUSES)
    return Problem("Y006", "la ponctuation YAML est fausse ici", Place(name, line, column), aid)


_USUAL_CAUSES = (
    "vérifiez les retraits, les guillemets et les crochets de cette ligne et de la précédente"
)


def _advice(line: str) -> str | None:
    """Guess the usual mistake from the line alone."""
    if (
        line.count('"') % 2
        or line.count("[") != line.count("]")
        or line.count("{") != line.count("}")
    ):
        return (
            "un guillemet, un crochet ou une accolade n'est pas fermé sur cette ligne, ou plus haut"
        )
    if line.count(": ") > 1 and '"' not in line and "{" not in line:
        return "un texte qui contient « : » se met entre guillemets"
    if re.match(r"\s*(?:- )?[a-z_]+:\S", line):
        return "il manque une espace après les deux-points"
    return None
