"""Files of YAML: read once, or again and again by their pieces."""

from pathlib import Path

from iscg_rules.errors import Place, Problem
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.regular_files import load_regular, shortened
from iscg_rules.reading.yaml_pieces import PieceReader
from iscg_rules.reading.yaml_texts import MAX_BYTES, ReadDocument, read_text

__all__ = ["read_file"]


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
    memory = memory_of(path)
    again = memory.reader(name, PieceReader)
    read = read_text if again is None else again.read
    return memory.read(name, data, lambda: read(data, name))
