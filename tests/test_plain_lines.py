"""Texts of rules and partners stay text, on one line, on a terminal, in Markdown and in a table."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.rendering.escaping import escape_address, escape_markdown, unescape_markdown
from iscg_rules.rendering.figures import _csv
from iscg_rules.rendering.grid import render_grid
from iscg_rules.rendering.markdown import render_markdown
from iscg_rules.rendering.referral import render_referral_note, to_html
from iscg_rules.rendering.rulebook import render_rulebook

ODD = {
    "line break": r"\n", "return": r"\r", "escape": r"\e", "bell": r"\a", "zero": r"\0",
    "next line": r"\N", "line separator": r"\L", "paragraph separator": r"\P",
    "right to left": r"\u202E", "isolate": r"\u2066", "mark": r"\u200F", "arabic mark": r"\u061C",
    "zero width": r"\u200B", "soft hyphen": r"\u00AD", "tag": r"\U000E0041", "tab": r"\t",
}  # fmt: skip
PARTNER = (
    "partners:\n  - id: police-17\n    name: {name}\n    offers: [police]\n    area: france\n"
    "    contact: {{phone: {phone}, url: {url}, address: {address}}}\n"
    "    description: {{fr: {description}}}\n    access: {{fr: A, en: {access}}}\n"
    "    source: {{title: {title}, trust: A, checked: 2026-11}}\n"
)
FIELDS = {
    "name": "Police", "phone": "17", "url": "https://a.fr", "address": "1 rue", "description": "D",
    "access": "B", "title": "T",
}  # fmt: skip


def written(name, text):
    fields = {field: f'"{said}"' for field, said in FIELDS.items()}
    return PARTNER.format(**{**fields, name: f'"{text}"'})


def checked(toy, capsys):
    code = main(["check", str(toy / "rules"), str(toy / "partners.yaml"), "--at", "2026-11-24"])
    shown = capsys.readouterr()
    return code, shown.out + shown.err


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_text_of_a_partner_holds_no_odd_character(field, odd, toy, capsys):
    (toy / "partners.yaml").write_text(written(field, f"02 99{odd}17"))
    code, said = checked(toy, capsys)
    assert (code, said.count("Y013")) == (1, 1)
    assert (toy / "partners.yaml").read_text().splitlines()[int(said.split(":")[1]) - 1].count(odd)


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_written_as_it_should_be_is_taken(field, toy, capsys):
    (toy / "partners.yaml").write_text(written(field, FIELDS[field]))
    assert "Y013" not in checked(toy, capsys)[1]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("file", ["rules/rules.yaml", "rules/vocabulary.yaml"])
def test_a_text_of_a_rule_or_of_a_question_holds_none(file, odd, toy, capsys):
    path = next(
        path for path in [toy / file, *sorted((toy / "rules").glob("*.yaml"))] if path.exists()
    )
    text = path.read_text()
    start = text.index("fr: ") + len("fr: ") if "fr: " in text else text.index("because: ") + 9
    end = min(at for at in (text.find(mark, start) for mark in ",}\n") if at > 0)
    path.write_text(f'{text[:start]}"a{odd}b"{text[end:]}')
    assert "Y013" in checked(toy, capsys)[1]


@pytest.mark.parametrize(
    "block", [">\n      On one\n      line", "|\n      On one line", ">-\n      On one\n      line"]
)
def test_a_long_text_may_be_cut_in_the_file(block, toy):
    (toy / "partners.yaml").write_text(written("name", "x").replace('"x"', block))
    engine = Engine.load(toy / "rules", toy / "partners.yaml")
    assert engine.directory.partners["police-17"].name == "On one line"


TEXTS = st.text(st.sampled_from("a_*[]()<>`\\#-+.1|~&;! \n\r\u202e=é"), max_size=12)


@given(TEXTS)
def test_escaped_text_is_one_line_and_reads_as_it_was(text):
    escaped = escape_markdown(text, leads=True)
    assert escaped.splitlines() in ([], [escaped])
    shown = "".join(" " if mark in "\n\r\u202e" else mark for mark in text)
    assert unescape_markdown(escaped) == shown


HOSTILE = "*gras* _it_ [lien](http://x) <script> `code` |a| ~~b~~ &lt; \\"
ESCAPED = r"\*gras\* \_it\_ \[lien\](http://x) \<script> \`code\` \|a\| \~\~b\~\~ \&lt; \\"


def test_marks_are_escaped_and_words_are_not():
    assert escape_markdown(HOSTILE) == ESCAPED
    assert escape_markdown("police_17 & co, 24/7, l’aide (1)") == "police_17 & co, 24/7, l’aide (1)"
    leads = ["# a", "- a", "+ a", "> a", "1. a", "12) a", "=== a"]
    assert [escape_markdown(text, leads=True) for text in leads] == [
        r"\# a", r"\- a", r"\+ a", r"\> a", r"1\. a", r"12\) a", r"\=== a",
    ]  # fmt: skip
    assert escape_address("https://a.fr/b_(c) d") == "https://a.fr/b_%28c%29%20d"


@pytest.fixture
def hostile(toy):
    quoted = HOSTILE.replace("\\", "\\\\")
    texts = {field: quoted for field in FIELDS if field not in ("phone", "url")}
    fields = {field: f'"{texts.get(field, said)}"' for field, said in FIELDS.items()}
    (toy / "partners.yaml").write_text(PARTNER.format(**fields))
    vocabulary = toy / "rules" / "vocabulary.yaml"
    kinds = vocabulary.read_text()
    start = kinds.index("id: police")
    at = kinds.index("fr: ", start) + 4
    end = min(place for place in (kinds.find(mark, at) for mark in ",}\n") if place > 0)
    vocabulary.write_text(f'{kinds[:at]}"{quoted}"{kinds[end:]}')
    return Engine.load(toy / "rules", toy / "partners.yaml")


def test_every_page_in_markdown_escapes_what_authors_wrote(hostile):
    got = hostile.recommend({"danger": "yes"}, at="2026-11-24T10:00")
    note = got.referral_note("police", needs=("un lit\n# Rien", HOSTILE))
    pages = [
        render_markdown(got), render_rulebook(hostile), render_grid(hostile.rule_set),
        render_referral_note(note),
    ]  # fmt: skip
    assert [HOSTILE in page for page in pages] == [False] * 4
    assert [ESCAPED in page for page in pages] == [True] * 4
    assert "un lit # Rien" in pages[-1]
    assert "&lt;script&gt;" in to_html(pages[-1])
    assert "<script" not in to_html(pages[-1])


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_a_report_is_a_formula(lead):
    text = _csv([("id", f"{lead}cmd|' /C calc'!A0"), ("b", "1 - 1")])
    rows = list(csv.reader(text.splitlines(keepends=True)))
    assert rows[0][1] == f"'{lead}cmd|' /C calc'!A0"
    assert rows[1:] == [["b", "1 - 1"]]
