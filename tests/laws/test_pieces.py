"""What is read again after an edit, by the entries that changed, is what is read anew."""

import random
from pathlib import Path

import pytest

from iscg_rules.reading.entry_texts import cut_text
from iscg_rules.reading.yaml_nodes import Fields, Items
from iscg_rules.reading.yaml_pieces import PieceReader
from iscg_rules.reading.yaml_texts import read_text

HERE = Path(__file__).parents[2]
SEEDS = [
    (HERE / "rules" / name).read_text("utf-8")[:2_500].rpartition("\n\n")[0] + "\n"
    for name in ("housing.yaml", "vocabulary.yaml", "sources.yaml", "cases/housing.yaml")
] + [
    "# first\n\nrules:\n- a: 1\n- a: |\n\n    long\n     er\n\n- b: >-\n   folded\nfacts: []\n",
    'a: {b: "c\n  - d"}\nb:\n  - "x\n\n    y"\n  - [1,\n     2]\n  - {c: d}\nlast:\n',
    "rules: # all\n\n  # one\n  - id: a\n    x: |+\n      text\n\n  - id: b\nend: |\n  - no item\n",
]
# What YAML reads across lines, what it refuses, and what ends its lines and documents.
BITS = (
    *"ab é{}[]:,#-|>&*!%@'\"\\?\t\n«",
    *("\r\n", "\r", "\x85", "\u2028", "\x07", "\n\n", "- ", ": ", "  ", "---\n", "...\n", "%a\n"),
    *(
        "\n  - id: a\n",
        "\nrules:\n",
        "\nrules:\n- a\n",
        "|\n",
        ">+\n",
        "&a ",
        "*a",
        "!b ",
        "a: 1\n",
    ),
    *("\n- ", "\n    - ", "\n   - ", "? a\n", '"a\n  - b"\n', "{a: [\n", "]}\n", "é: 1\n", "# c\n"),
)


def entry_edit(draw, text):
    """Give a text with one of its entries gone, twice, joined with the next, indented or split."""
    texts = cut_text(text)
    number = draw.randrange(len(texts.pieces))
    parts = [piece.text for piece in texts.pieces]
    own = parts[number]
    match draw.randrange(6):
        case 0:
            parts[number] = ""
        case 1:
            parts[number] = own * 2
        case 2:
            parts[number] = own.rstrip("\n") + draw.choice(("", " "))
        case 3:
            parts[number] = "".join(" " + line for line in own.splitlines(keepends=True))
        case 4:
            lines = own.splitlines(keepends=True)
            lines.insert(draw.randrange(len(lines) + 1), "  - id: split\n")
            parts[number] = "".join(lines)
        case _:
            parts.insert(draw.randrange(len(parts)), parts.pop(number))
    return "".join(parts)


def letter_edit(draw, text):
    start = draw.randrange(len(text) + 1)
    end = min(len(text), start + draw.choice((0, 0, 0, 1, 3, 40)))
    new = "".join(draw.choice(BITS) for _ in range(draw.choice((0, 1, 1, 2, 5))))
    return text[:start] + new + text[end:]


def seen(node):
    """Give all that stands in a document, and where."""
    if node is None:
        return None
    at = (node.place, type(node).__name__)
    if isinstance(node, Items):
        return (*at, [seen(item) for item in node.items])
    if isinstance(node, Fields):
        return (*at, [(seen(key), seen(value)) for key, value in node.fields])
    return (*at, node.text)


def read_often(seed, count):
    draw = random.Random(seed)  # noqa: S311 # no secret
    reader, text, left, sound, broken = PieceReader(), "", 0, 0, 0
    for _ in range(count):
        if not left or len(text) > 4_000:
            text, left = draw.choice(SEEDS), draw.randrange(1, 40)
        left -= 1
        before = text
        edit = entry_edit if draw.random() < 0.3 and text else letter_edit
        text = edit(draw, text)
        for now in (text, *([before, text] if draw.random() < 0.1 else [])):
            data = now.encode()
            node, problems = read_text(data, "a.yaml")
            got, told = reader.read(data, "a.yaml")
            assert (seen(got), list(told)) == (seen(node), list(problems)), repr(now)
            assert getattr(told, "more", 0) == getattr(problems, "more", 0)
            sound += node is not None and not reader.is_whole
            broken += node is None and not reader.is_whole
        if (node is None or reader.is_whole) and draw.random() < 0.8:
            # What is broken would stay so: most is mended at once.
            text = before
    return sound, broken


@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_by_its_pieces_is_what_is_read_as_a_whole(seed):
    # Else nothing was read by its pieces.
    assert all(count > 200 for count in read_often(seed, 1_500))


@pytest.mark.slow
def test_a_hundred_thousand_edits_are_read_by_their_pieces_as_a_whole():
    read_often(77, 100_000)


def test_pieces_are_the_text_and_stay_the_same_objects():
    draw = random.Random(3)  # noqa: S311 # no secret
    texts = cut_text(SEEDS[0])
    for _ in range(3_000):
        text = letter_edit(draw, texts.text) if len(texts.text) < 6_000 else SEEDS[0]
        again, anew = cut_text(text, texts), cut_text(text)
        assert "".join(piece.text for piece in again.pieces) == text
        shown = [
            [(piece.section, piece.margin, piece.text) for piece in one.pieces]
            for one in (again, anew)
        ]
        assert shown[0] == shown[1]
        assert (list(again.starts), list(again.lines)) == (list(anew.starts), list(anew.lines))
        assert len(set(again.pieces)) == len(again.pieces)
        texts = again


def test_a_key_in_one_entry_of_ten_thousand_reads_that_entry_alone():
    entries = "".join(f"  - id: r{n}\n    when: {{a: b}}\n\n" for n in range(10_000))
    reader, text = PieceReader(), f"rules:\n{entries}"
    reader.read(text.encode(), "a.yaml")
    assert reader.read_anew == 10_001
    at = text.index("r5000")
    for new in ("z", '"', "\n", "\n  - id: new\n    "):
        before = reader.read_anew
        spoilt = text[:at] + new + text[at:]
        got = reader.read(spoilt.encode(), "a.yaml")
        assert seen(got[0]) == seen(read_text(spoilt, "a.yaml")[0])
        assert reader.read_anew - before <= 2
        reader.read(text.encode(), "a.yaml")
