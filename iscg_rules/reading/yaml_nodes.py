"""YAML text → plain nodes with places; every scalar stays the raw text that the author wrote.

Plain YAML would turn `01000` into 512, `12:30` into 750 and `no` into false, and keep the last of
two equal keys in silence: here nothing is guessed, and anchors, tags and doubled keys are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from iscg_rules.errors import Noted, Place, Problem
from iscg_rules.reading.memory import NodeOrigin
from iscg_rules.reading.plain_text import ODD_CHARACTER
from iscg_rules.reading.usual_mistakes import straight_quotes

__all__ = [
    "MAX_DEPTH",
    "Built",
    "Fields",
    "Items",
    "Node",
    "Scalar",
    "build",
    "pairs",
    "plain",
]

MAX_DEPTH = 32
_MOST_PROBLEMS = 20
_BLOCKS = ("|", ">")


# Whichever there is: the one in C is ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True, eq=False)
class _Placed:
    """Where a node starts: `row` is counted from what it was read of, from 1."""

    origin: NodeOrigin
    row: int
    column: int

    @property
    def line(self) -> int:
        """The line in its file."""
        return self.origin.above + self.row

    @property
    def place(self) -> Place:
        """Where the node starts."""
        return Place(self.origin.file, self.origin.above + self.row, self.column)


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


def plain(node: Node) -> Plain:
    """Return nested dicts, lists and raw texts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.fields}


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a text.

    Attributes:
        node: None where there is none.
        problems: what is wrong in it.
        refused: what forbids to build upon it, `problems` then said for nothing.
        error: where it is no YAML.
    """

    node: Node | None
    problems: Noted
    refused: Noted
    error: yaml.YAMLError | None = None


def build(text: str, origin: NodeOrigin) -> Built:
    """Make nodes of a text that can be printed."""
    builder = _NodeBuilder(origin)
    error = None
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
            if builder.is_hopeless:
                break
    except yaml.YAMLError as found:
        error = found
    return builder.result(error)


class _NodeBuilder:
    """Makes one node of what comes by in a document.

    What is open waits on a list and not on Python's stack, so that no nest is too deep for it: of
    `- {a: b}`, the list waits, then the mapping; `a` and `b` come; the mapping ends, then the list.
    """

    def __init__(self, origin: NodeOrigin) -> None:
        # Anchors, tags and what is too deep: nothing is built upon them, so they are said alone.
        self.refused = Noted()
        self.is_hopeless = False
        self._origin = origin
        self._problems = Noted()
        self._nodes: list[Node] = []
        # What is open: where it started, and what came before it where it stands.
        self._waiting: list[tuple[tuple[int, int], list[Node]]] = []

    def take(self, event: yaml.Event) -> None:
        """Take what comes next."""
        mark = event.start_mark
        assert mark is not None
        if isinstance(event, yaml.ScalarEvent):
            # A block ends its last line, which a text of one line has no use for.
            text = event.value.removesuffix("\n") if event.style in _BLOCKS else event.value
            scalar = Scalar(self._origin, mark.line + 1, mark.column + 1, text)
            self._nodes.append(scalar)
            if not event.style and (aid := straight_quotes(text)):
                said = "ces guillemets ne sont pas ceux du clavier : ils font partie du texte"
                self._problems.append(Problem("Y014", said, scalar.place, aid))
            if ODD_CHARACTER.search(text):
                self._problems.append(_odd(scalar.place))
            if event.anchor or event.tag:
                self._refuse(event, scalar.place)
            return
        at = (mark.line + 1, mark.column + 1)
        place = Place(self._origin.file, self._origin.above + at[0], at[1])
        match event:
            case yaml.CollectionStartEvent():
                self._start(place, at)
                if event.anchor or event.tag:
                    self._refuse(event, place)
            case yaml.CollectionEndEvent():
                self._end(is_mapping=isinstance(event, yaml.MappingEndEvent))
            case yaml.AliasEvent():
                self._nodes.append(Scalar(self._origin, *at, ""))
                self._refuse(event, place)
            case yaml.DocumentStartEvent() if self._nodes:
                aid = "gardez un seul document : effacez la ligne `---`"
                text = "le fichier contient plusieurs documents"
                self._nodes, self._problems = [], Noted([Problem("Y012", text, place, aid)])
                self.is_hopeless = True

    def result(self, error: yaml.YAMLError | None) -> Built:
        """Return what came, until an error stopped it."""
        nodes = self._nodes if error is None and not self.refused else []
        return Built(nodes[0] if nodes else None, self._problems, self.refused, error)

    def _start(self, place: Place, at: tuple[int, int]) -> None:
        self._waiting.append((at, self._nodes))
        self._nodes = []
        if len(self._waiting) > MAX_DEPTH:
            aid = "donnez un nom à une partie : un fait, par exemple"
            text = f"plus de {MAX_DEPTH} niveaux l'un dans l'autre"
            self.refused.append(Problem("Y008", text, place, aid))
            self.is_hopeless = True

    def _end(self, *, is_mapping: bool) -> None:
        parts = self._nodes
        at, self._nodes = self._waiting.pop()
        self._nodes.append(
            Fields(self._origin, *at, pairs(parts, self._problems))
            if is_mapping
            else Items(self._origin, *at, tuple(parts))
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


def _is_list_of_entries(node: Node) -> bool:
    return isinstance(node, Items) and any(isinstance(item, Fields) for item in node.items)


def pairs(parts: Sequence[Node], problems: Noted) -> tuple[tuple[Scalar, Node], ...]:
    """Pair each key with its value: [a, 1, b, 2] → (a, 1), (b, 2); each key once."""
    found: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(key, Scalar):
            problems.append(Problem("S003", "une clé doit être un mot", key.place))
        elif key.text in found and problems.is_full:
            problems.more += 1
        elif key.text in found:
            aid = f"la première est à la ligne {found[key.text][0].line}"
            text = f"la clé `{key.text[:60]}` est écrite deux fois"
            if all(_is_list_of_entries(one) for one in (value, found[key.text][1])):
                aid += " : effacez celle-ci, ce qu'elle contient continue la liste du dessus"
            problems.append(Problem("Y011", text, key.place, aid))
        else:
            found[key.text] = (key, value)
    return tuple(found.values())
