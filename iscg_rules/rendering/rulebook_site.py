"""The rules of a territory as pages that open without a network: by situation, help and partner."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import escape
from pathlib import Path

from iscg_rules.engine import Engine
from iscg_rules.language.conditions import Condition, FactIs, Not, Test, Threshold
from iscg_rules.language.vocabulary import Kind
from iscg_rules.model.partners import Partner
from iscg_rules.model.rules import Orient, Rule
from iscg_rules.plain_letters import plain_words
from iscg_rules.rendering.hours_in_words import hours_in_words
from iscg_rules.rendering.words import WORDS, orient_terms

__all__ = ["GENERATOR", "load_entrance", "load_part", "load_site"]

_NBSP = "\u00a0"
# What begins each page, so that a later run knows its own.
GENERATOR = "iscg-rules rulebook"
_WORDS = WORDS["fr"]
_PAGES = {
    "index.html": "Chercher",
    "sujets.html": "Par sujet",
    "situations.html": "Par situation",
    "aides.html": "Par aide",
    "partenaires.html": "Par partenaire",
}


def load_site(engine: Engine, title: str) -> Mapping[str, str]:
    """Return the pages of one territory by their names; nothing in them leads elsewhere unasked.

    Args:
        engine: the rules and partners of the territory.
        title: what it is called.
    """
    return _Site(engine, title).pages()


def load_entrance(territories: Mapping[str, str]) -> str:
    """Return the page that leads to each territory: folder → what it is called."""
    links = (
        f'<li><a href="{escape(name)}/index.html">{escape(said)}</a></li>'
        for name, said in territories.items()
    )
    return _page("Le livre des règles", ["<p>Choisir un territoire.</p>", "<ul>", *links, "</ul>"])


def load_part(name: str) -> str:
    """Return the style or the script that stands in every page."""
    return Path(__file__).with_name(name).read_text("utf-8")


def _page(title: str, body: Iterable[str], *, here: str = "", script: str = "") -> str:
    style = load_part("site.css")
    rules = f"default-src 'none'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    if script:
        rules += f"; script-src '{_digest(script)}'"
    lines = [
        "<!doctype html>",
        '<html lang="fr"><head><meta charset="utf-8">',
        f'<meta name="generator" content="{GENERATOR}">',
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style></head><body>",
        *(_menu(here) if here else ()),
        f"<main><h1>{escape(title)}</h1>",
        *body,
        "</main>",
        *((f"<script>{script}</script>",) if script else ()),
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _menu(here: str) -> Iterator[str]:
    yield '<nav aria-label="Pages"><ul>'
    for name, label in _PAGES.items():
        current = ' aria-current="page"' if name == here else ""
        yield f'<li><a href="{name}"{current}>{label}</a></li>'
    yield "</ul></nav>"


class _Site:
    def __init__(self, engine: Engine, title: str) -> None:
        self._title = title
        self._rules = engine.rule_set
        self._words = engine.rule_set.vocabulary
        self._directory = engine.directory
        self._wording = engine.rule_set.wording()

    def pages(self) -> Mapping[str, str]:
        script = load_part("site.js")
        bodies = {
            "sujets.html": self._subjects(),
            "situations.html": self._situations(),
            "aides.html": self._kinds(),
            "partenaires.html": self._partners(),
        }
        found = {"index.html": self._made("index.html", self._search(), script)}
        return found | {name: self._made(name, body) for name, body in bodies.items()}

    def _made(self, name: str, body: Iterable[str], script: str = "") -> str:
        label = "" if name == "index.html" else f"{_NBSP}: {_PAGES[name].lower()}"
        return _page(f"{self._title}{label}", body, here=name, script=script)

    def _search(self) -> Iterator[str]:
        rules, partners = len(self._rules.rules), len(self._directory.partners)
        yield f"<p>{rules} règles et {partners} partenaires, tels que l’outil les applique.</p>"
        yield '<form role="search"><label for="words">Chercher une règle, une aide, un numéro'
        yield '</label><input id="words" type="search" autocomplete="off"></form>'
        yield '<p id="said" role="status"></p><ul id="found"></ul>'
        index = json.dumps(list(self._index()), ensure_ascii=False, separators=(",", ":"))
        # Nothing in a text may end the element that holds it.
        index = index.replace("<", "\\u003c")
        yield f'<script type="application/json" id="index">{index}</script>'

    def _index(self) -> Iterator[dict[str, str]]:
        for rule in self._rules.rules.values():
            kinds = " ".join(self._words.kinds[one.to].label.fr for one in rule.orient)
            said = f"{rule.id} {self._wording.condition(rule.condition)} {kinds}"
            yield _entry(rule.because.fr, f"sujets.html#{rule.id}", "règle", said)
        for kind in self._words.kinds.values():
            text = kind.description.fr if kind.description else ""
            yield _entry(kind.label.fr, f"aides.html#{kind.id}", "aide", f"{kind.id} {text}")
        for partner in self._directory.partners.values():
            # A number is found as it is read, and without its spaces.
            contact = " ".join(partner.public_contact.values())
            said = f"{partner.id} {contact} {contact.replace(' ', '')}"
            yield _entry(partner.name, f"partenaires.html#{partner.id}", "partenaire", said)

    def _subjects(self) -> Iterator[str]:
        chapters: dict[str, list[Rule]] = {}
        for name, place in sorted(self._rules.places.items(), key=lambda one: one[1]):
            said = self._rules.themes.get(place.file)
            rules = chapters.setdefault(said.fr if said else place.file, [])
            rules.append(self._rules.rules[name])
        yield "<ul>"
        for number, theme in enumerate(chapters, 1):
            yield f'<li><a href="#sujet-{number}">{escape(theme)}</a></li>'
        yield "</ul>"
        for number, (theme, rules) in enumerate(chapters.items(), 1):
            yield f'<h2 id="sujet-{number}">{escape(theme)}</h2>'
            for rule in rules:
                yield from self._rule(rule)

    def _rule(self, rule: Rule) -> Iterator[str]:
        yield f'<article id="{rule.id}"><h3>{escape(rule.because.fr)}</h3>'
        yield f"<p><strong>Quand</strong>{_NBSP}: {self._said(rule.condition)}.</p><ul>"
        yield from (f"<li>{self._orient(orient)}</li>" for orient in rule.orient)
        for exclude in rule.exclude:
            yield f"<li>Ne pas proposer {self._kind_link(self._words.kinds[exclude.to])}.</li>"
        yield from (f"<li>Conseil{_NBSP}: {escape(advice.fr)}</li>" for advice in rule.advise)
        titles = "\u202f; ".join(
            f'<a href="{escape(source.url)}" rel="noreferrer">{escape(source.title)}</a>'
            if source.url
            else escape(source.title)
            for source in rule.source
        )
        yield f'</ul><p class="small">D’après{_NBSP}: {titles}.</p>'
        yield f'<p class="id">{rule.id}</p></article>'

    def _said(self, condition: Condition) -> str:
        return escape(self._wording.condition(condition))

    def _orient(self, orient: Orient) -> str:
        return self._kind_link(self._words.kinds[orient.to]) + orient_terms(orient, escape)

    def _kind_link(self, kind: Kind) -> str:
        return f'<a href="aides.html#{kind.id}">{escape(kind.label.fr)}</a>'

    def _links(self, rules: Iterable[Rule]) -> str:
        links = (
            f'<li><a href="sujets.html#{rule.id}">{escape(rule.because.fr)}</a></li>'
            for rule in rules
        )
        return f"<ul>{''.join(links)}</ul>"

    def _situations(self) -> Iterator[str]:
        leading = self._by_answer()
        asked = [one for one in self._words.attributes.values() if leading.get(one.id)]
        yield "<p>Les règles qui demandent cette réponse, elle-même ou l’une de plusieurs.</p><ul>"
        for one in asked:
            yield f'<li><a href="#{one.id}">{escape(one.label.fr)}</a></li>'
        yield "</ul>"
        for one in asked:
            yield f'<h2 id="{one.id}">{escape(one.label.fr)}</h2>'
            if one.ask:
                yield f"<p>{escape(one.ask.fr)}</p>"
            for value, label in one.choices.items():
                if rules := leading[one.id].get(value):
                    yield f"<h3>{escape(label.fr)}</h3>{self._links(rules.values())}"

    def _by_answer(self) -> Mapping[str, Mapping[str, dict[str, Rule]]]:
        """Return by question and answer the rules that ask for it, through facts too."""
        found: dict[str, dict[str, dict[str, Rule]]] = {}
        for rule in self._rules.rules.values():
            for test in self._asked(rule.condition, holds=True):
                # Of several answers to tick, the value stands in the variable.
                _, _, value = test.variable.partition("=")
                answers = ([value] if "yes" in test.allowed else []) if value else test.allowed
                for answer in answers:
                    rules = found.setdefault(test.attribute, {}).setdefault(answer, {})
                    rules[rule.id] = rule
        return found

    def _asked(self, condition: Condition, *, holds: bool) -> Iterator[Test]:
        """Yield the tests that a condition wants to be true."""
        match condition:
            case Test() if holds:
                yield condition
            case FactIs(fact, is_so):
                yield from self._asked(self._rules.facts[fact].condition, holds=holds is is_so)
            case Not(part):
                yield from self._asked(part, holds=not holds)
            case Threshold(_, parts):
                for part in parts:
                    yield from self._asked(part, holds=holds)

    def _kinds(self) -> Iterator[str]:
        for kind in self._words.kinds.values():
            yield f'<article id="{kind.id}"><h2>{escape(kind.label.fr)}</h2>'
            if kind.description:
                yield f"<p>{escape(kind.description.fr)}</p>"
            partners = self._directory.by_kind.get(kind.id, ())
            if partners:
                yield "<h3>Qui la propose</h3><ul>"
                yield from (f"<li>{self._partner_line(partner)}</li>" for partner in partners)
                yield "</ul>"
            leading = {rule.id: rule for rule, _ in self._rules.orienting.get(kind.id, ())}
            if leading:
                yield f"<h3>Quelles règles y mènent</h3>{self._links(leading.values())}"
            yield f'<p class="id">{kind.id}</p></article>'

    def _partner_line(self, partner: Partner) -> str:
        name = f'<a href="partenaires.html#{partner.id}">{escape(partner.name)}</a>'
        phone = partner.public_contact.get("phone")
        number = f'{_NBSP}: <span class="phone">{escape(phone)}</span>' if phone else ""
        return f"{name}{number}"

    def _partners(self) -> Iterator[str]:
        for partner in self._directory.partners.values():
            yield f'<article id="{partner.id}"><h2>{escape(partner.name)}</h2>'
            if partner.description:
                yield f"<p>{escape(partner.description.fr)}</p>"
            contact = [escape(text) for text in partner.public_contact.values()]
            yield f'<p class="phone">{" · ".join(contact) or "contact non vérifié"}</p>'
            hours = hours_in_words(partner.hours) if partner.hours else "horaires non connus"
            areas = ", ".join(area.label.fr for area in self._directory.places[partner.id])
            yield f"<p>{escape(hours)}\u202f; {escape(areas)}</p>"
            if partner.condition:
                yield f"<p>Pour{_NBSP}: {self._said(partner.condition)}.</p>"
            kinds = "".join(
                f"<li>{self._kind_link(self._words.kinds[kind])}</li>" for kind in partner.offers
            )
            yield f"<ul>{kinds}</ul>"
            yield f'<p class="small">Vérifié{_NBSP}: {partner.checked}</p></article>'


def _entry(title: str, page: str, kind: str, said: str) -> dict[str, str]:
    plain = plain_words(title)
    words = f"{plain} {plain_words(said)}"
    return {"title": title, "page": page, "kind": kind, "title_words": plain, "words": words}
