from dataclasses import dataclass
from pathlib import Path
import yaml
from iscg_rules.errors import Place, Problem

MAX_BYTES = 8_000_000
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple
    place: Place


@dataclass(frozen=True, slots=True)
class Fields:
    fields: tuple
    place: Place

    def get(self, key):
        return next((v for k, v in self.fields if k.text == key), None)


Node = Scalar | Items | Fields


def read_text(data, name):
    if isinstance(data, bytes):
        data = data.decode()

    def conv(n):
        p = Place(name, n.start_mark.line + 1, n.start_mark.column + 1)
        if isinstance(n, yaml.ScalarNode):
            return Scalar(n.value, p, n.style is not None)
        if isinstance(n, yaml.SequenceNode):
            return Items(tuple(conv(x) for x in n.value), p)
        return Fields(tuple((conv(a), conv(b)) for a, b in n.value), p)

    try:
        n = yaml.compose(data, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as e:
        return None, [Problem("Y006", str(e), None)]
    return conv(n), []


def read_file(path, name=None):
    return read_text(Path(path).read_bytes(), name or str(path))


def plain(node):
    if isinstance(node, Scalar):
        return None if not node.quoted and node.text in ("", "null", "~") else node.text
    if isinstance(node, Items):
        return [plain(x) for x in node.items]
    return {k.text: plain(v) for k, v in node.fields}
