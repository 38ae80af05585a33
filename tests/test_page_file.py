"""The page as a file: what it is made of, and what it never replaces. `tests/browser` opens it."""

import base64
import hashlib
import json
import re
from datetime import date

import pytest

from iscg_rules import Engine
from iscg_rules.page.assembly import load_page
from iscg_rules.page.page_files import load_text
from tests.test_french import WRONG

DAY = date(2026, 11, 1)
# What is promised to whoever carries it (docs/page.md).
MOST_BYTES = 200_000
WORDS = json.loads(load_text("words.json"))


@pytest.fixture(scope="module")
def text():
    return load_page(Engine.load(), DAY)


def hash_of(code):
    return f"sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}"


@pytest.mark.parametrize("tag", ["style", 'script type="module"'])
def test_the_policy_lets_run_what_the_page_holds_and_nothing_else(text, tag):
    name = tag.split()[0]
    [code] = re.findall(f"<{tag}>(.*?)</{name}>", text, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; ")
    assert f"{name}-src '{hash_of(code)}'" in policy[1]


def test_the_page_loads_nothing(text):
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert re.findall(r"\b(?:src|href|action|srcset)=", markup) == []
    assert re.search(r"@import|url\(", text.partition("</style>")[0]) is None


def test_the_same_rules_and_day_give_the_same_bytes(text):
    assert load_page(Engine.load(), DAY) == text


def test_every_word_is_in_both_languages():
    french, english = WORDS["fr"], WORDS["en"]
    assert french.keys() == english.keys()
    assert all(french[part].keys() == english[part].keys() for part in french)


@pytest.mark.parametrize("fault", WRONG)
def test_french_typography_is_kept(fault):
    texts = [text for part in WORDS["fr"].values() for text in part.values()]
    assert [one for one in texts if re.search(WRONG[fault], one)] == []
