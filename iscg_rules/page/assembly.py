"""Everything in one file: markup, style, scripts and data, under a policy that lets nothing out.

There is no build: modules are put one after the other, each in a function of its own.
"""

import base64
import hashlib
import html
import json
import re
from datetime import date

from iscg_rules.engine import Engine
from iscg_rules.model.closed_words import Language
from iscg_rules.page.bare_code import bare_script, bare_style
from iscg_rules.page.packing import pack
from iscg_rules.page.page_contents import page_contents
from iscg_rules.page.page_files import load_text
from iscg_rules.page.page_words import load_markup, load_words
from iscg_rules.page.portable import export, portable_json
from iscg_rules.reading.territories import Transparency
from iscg_rules.release import __version__

__all__ = ["GENERATOR", "load_page", "load_parts"]

# How a page of ours is known when it would be replaced.
GENERATOR = "iscg-rules page"
# Those that are imported come first; the runtime is no module, so that any engine can run it.
_RUNTIME = "runtime.js"
_MODULES = ("unpack.js", "said.js", "answers.js", "papers.js")
_PAGE = "page.js"
_IMPORT = re.compile(r"^import .*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?:const|let|class|function\*?) (\w+)", re.MULTILINE)
_EXPORTED = re.compile(r"^export ", re.MULTILINE)
# What no recommendation shows, nor the page itself.
_UNSEEN = {"rules": "id", "attributes": "fixed"}
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def load_page(engine: Engine, first: date, told: Transparency, *, language: Language = "fr") -> str:
    """Return the page as HTML: same rules and same day, same bytes.

    Args:
        engine: whose rules, partners and territory they are.
        first: the day from which opening hours are told, for thirteen months.
        told: who answers for the tool, as its territory says, for the notice.
        language: of every word on the screen.
    """
    script, data = load_parts(engine, first, told, language=language)
    style, script = bare_style(load_text("page.css")), script + _scoped(load_text(_PAGE))
    words = load_words(language) | load_markup(language)
    parts = {name: html.escape(text) for name, text in words.items()} | {
        "lang": language,
        "place": html.escape(_station(engine)),
        "policy": _policy(style, script),
        "generator": f"{GENERATOR} {__version__}",
        "style": style,
        "script": script,
        # The text of an element ends at the first `<`.
        "data": data.replace("<", "\\u003c"),
    }
    return _PLACE.sub(lambda found: parts[found[1]], load_text("page.html"))


def load_parts(
    engine: Engine, first: date, told: Transparency, *, language: Language = "fr"
) -> tuple[str, str]:
    """Return what works without a document: the scripts but for the page's own, and their data.

    Args:
        engine, first, told, language: as for `load_page`.
    """
    rules = json.loads(portable_json(export(engine, first, language=language)))
    del rules["facts"]
    for table, name in _UNSEEN.items():
        for row in rules[table]:
            row.pop(name, None)
    contents = page_contents(engine, told, language)
    # By their place: their texts stand there already.
    contents["hours"] = [contents["hours"].get(one.get("text")) for one in rules["hours"]]
    data = pack({"portable": rules, "page": contents})
    return _load_script(), json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _station(engine: Engine) -> str:
    vocabulary = engine.rule_set.vocabulary
    return vocabulary.commune_names.get(vocabulary.station or "", "")


def _policy(style: str, script: str) -> str:
    """Return what the browser may do: run this script, use this style, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _load_script() -> str:
    runtime = bare_script(load_text(_RUNTIME))
    return runtime + "".join(_scoped(load_text(name)) for name in _MODULES)


def _scoped(module: str) -> str:
    """Return a module as one function, whose exports are the names of those that come after it."""
    names = ",".join(_EXPORT.findall(module))
    code = bare_script(_EXPORTED.sub("", _IMPORT.sub("", module)))
    return f"const {{{names}}}=(()=>{{\n{code}return {{{names}}};\n}})();\n"
