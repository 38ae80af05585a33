"""Files made of named lists: reading them, walking into them, and refusing doubled ids."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from iscg_rules.errors import Noted, Place, Problem
from iscg_rules.reading.yaml_files import read_file
from iscg_rules.reading.yaml_nodes import Fields, Items, Node, Scalar, plain
from iscg_rules.reading.yaml_texts import read_text
from iscg_rules.suggestions import closest, did_you_mean, several

__all__ = [
    "Register",
    "child",
    "file_label",
    "is_same_document",
    "note_unknown",
    "place_of",
    "read_sections",
    "say_circle",
    "without_cascade",
]

# Problems that only repeat that something else could not be read.
_WORDS = ("vocabulary.yaml", "territory.yaml", "sources.yaml", "grounds.yaml")
# A fact or a rule that could not be read is unknown to those who name it.
_OF_RULES = frozenset({"V002", "V006"})
_CASCADES = frozenset(
    {"A001", "A002", "A003", "V002", "V003", "V004", "V005", "V006", "V011", "V013", "R003", "P002"}
)


def file_label(path: Path, base: Path) -> str:
    """Say a file as authors know it: `rules/children.yaml`, whatever the current folder."""
    try:
        return path.relative_to(base.parent).as_posix()
    except ValueError:
        return path.as_posix()


def read_sections(
    path: Path,
    names: Sequence[str],
    problems: list[Problem],
    *,
    label: str | None = None,
    single: Sequence[str] = (),
) -> dict[str, tuple[Node, ...]]:
    """Read a file whose top level holds some of these lists; what is absent or wrong is empty.

    Args:
        path: where the file is.
        names: of the lists that it may hold.
        problems: where everything wrong is noted.
        label: the name by which authors know the file.
        single: keys that hold one thing and no list.
    """
    sections: dict[str, tuple[Node, ...]] = dict.fromkeys((*names, *single), ())
    node, noted = read_file(path, label)
    problems.extend(noted)
    if node is None:
        return sections
    if not isinstance(node, Fields):
        aid = "possible : " + ", ".join(f"`{name}:`" for name in names)
        problems.append(Problem("S003", "le fichier doit commencer par une clé", node.place, aid))
        return sections
    for key, value in node.fields:
        if key.text not in sections:
            text = f"clé inconnue `{key.text[:60]}`"
            problems.append(
                Problem("S001", text, key.place, did_you_mean(key.text, sections, problems))
            )
        elif key.text in single:
            sections[key.text] = (value,)
        elif isinstance(value, Items):
            sections[key.text] = value.items
        else:
            aid = "chaque élément commence par un tiret"
            problems.append(Problem("S003", f"`{key.text}` attend une liste", value.place, aid))
    return sections


def is_same_document(one: str, other: str) -> bool:
    """Tell whether two texts are read as the same document, and nothing is wrong with either."""
    read = [read_text(text, "") for text in (one, other)]
    nodes = [node for node, problems in read if node is not None and not problems]
    return len(nodes) == len(read) and plain(nodes[0]) == plain(nodes[1])


def child(node: Node | None, *path: str | int) -> Node | None:
    """Walk into a node by keys and positions; None where there is nothing."""
    for step in path:
        if isinstance(node, Fields) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def place_of(node: Node, *path: str | int) -> Place:
    """Return the place of what stands at the path, or of the nearest thing around it."""
    for length in range(len(path), 0, -1):
        inner = child(node, *path[:length])
        if inner is not None:
            return inner.place
    return node.place


_NOUNS = {
    "V002": "attribut inconnu",
    "V004": "type d'aide inconnu",
    "V005": "territoire inconnu",
    "V006": "règle inconnue",
    "V011": "source inconnue",
}


# What `iscg-rules show` lists.
_LISTED = {"V002": "attribute", "V004": "kind", "V006": "rule"}


def note_unknown(
    code: str, word: str, known: Collection[str], place: Place, problems: list[Problem]
) -> bool:
    """Note a word that is not among the known ones, with the closest; tell whether it was noted."""
    if word in known:
        return False
    text = f"{_NOUNS[code]} `{word[:60]}`"
    listed = several(word, known)
    aid = did_you_mean(word, known, problems)
    if listed and closest(word, known) is None:
        aid = f"plusieurs s'écrivent entre crochets : `[{', '.join(listed)}]`"
    if aid is None and code in _LISTED and not getattr(problems, "is_full", False):
        aid = f"`iscg-rules show {_LISTED[code]}` donne la liste"
    problems.append(Problem(code, text, place, aid))
    return True


def say_circle(names: Sequence[str]) -> str:
    """Write a circle of names: nord → sud → nord; a long one by its first and last names."""
    shown = [*names[:_SHOWN], "…", *names[-2:]] if len(names) > 2 * _SHOWN else names
    return " → ".join(shown) + (f" ({len(names) - 1} en tout)" if shown is not names else "")


_SHOWN = 6


class Register:
    """Ids seen so far, over several files; notes the second use of one."""

    def __init__(self, problems: list[Problem], taken: Mapping[str, str] | None = None) -> None:
        self._problems = problems
        self._seen: dict[str, str | Scalar] = dict(taken or {})

    def add(self, node: Node) -> str | None:
        """Note the id of a mapping; give it when it is written and new."""
        name = child(node, "id")
        if not isinstance(name, Scalar):
            return None
        first = self._seen.setdefault(name.text, name)
        if first is not name:
            text = f"identifiant déjà pris `{name.text[:60]}`"
            where = first.place if isinstance(first, Scalar) else ""
            # Which of two is the new one, nobody knows here: the other may be of another author.
            aid = f"le premier : {where} ; renommez celui que vous venez d'écrire, pas l'autre"
            aid = aid if isinstance(first, Scalar) else f"c'est déjà {first} : prenez-en un autre"
            self._problems.append(Problem("V001", text, name.place, aid))
            return None
        return name.text


def without_cascade(noted: Iterable[Problem], earlier: Iterable[Problem]) -> list[Problem]:
    """Drop what would only repeat that a definition elsewhere could not be read.

    Args:
        earlier: problems of the files that `noted` leans on.
    """
    before = list(earlier)
    missing = _OF_RULES if before else frozenset()
    if any(problem.place and problem.place.file.endswith(_WORDS) for problem in before):
        missing = _CASCADES
    kept = Noted(problem for problem in noted if problem.code not in missing)
    kept.more += getattr(noted, "more", 0)
    return kept
