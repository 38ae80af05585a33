"""Everything that people read in the shipped files: French typography, and plain sentences."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FOLDERS = ("rules/**/*.yaml", "territories/**/*.yaml", "partners.yaml", "examples/*.yaml")
FILES = sorted(path for folder in FOLDERS for path in ROOT.glob(folder))
WRONG = {
    "a plain space before high punctuation": r"[^\s] [:;?!»]",
    "no space before high punctuation": r"[^\s\u00a0\u202f\d/(«][;?!](?!\w)",
    "a plain space after an opening quote": r"« |«\S(?<!\u00a0)(?<!\u202f)",
    "a straight quote": r"[\"']",
    "three dots": r"\.\.\.",
    "two spaces": r"  ",
}
# Said of a person, these accuse or need a glossary.
HARSH = r"\b(coupable|bourreau|prétend|avoue|menteur|menteuse|monstre|cas social)\b"
SENTENCE = {"because", "advise", "ask"}


def texts(node, key=None):
    """Give each French text with the key that it stands under."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "fr":
                yield key, value
            elif name in ("title", "name") and isinstance(value, str):
                yield name, value
            else:
                yield from texts(value, name)
    elif isinstance(node, list):
        for part in node:
            yield from texts(part, key)


def all_texts(path):
    return list(texts(yaml.safe_load(path.read_text("utf-8"))))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
@pytest.mark.parametrize("fault", WRONG)
def test_french_typography_is_kept(path, fault):
    assert [text for _, text in all_texts(path) if re.search(WRONG[fault], text)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sentences_can_be_read_aloud(path):
    found = [(key, text) for key, text in all_texts(path) if key in SENTENCE]
    assert [text for _, text in found if len(text.split()) > 36] == []
    assert [text for _, text in found if re.search(HARSH, text, re.IGNORECASE)] == []
    assert [text for key, text in found if key == "ask" and not text.endswith("\u202f?")] == []
    assert [text for key, text in found if key != "ask" and text[-1] not in ".!?"] == []


def test_there_are_texts_to_look_at():
    assert sum(len(all_texts(path)) for path in FILES) > 900
