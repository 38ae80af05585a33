"""In a real browser the page answers as Python does: the same JSON, groups, sheets and notes."""

import json
import random
from datetime import datetime, timedelta

import pytest

from iscg_rules.errors import IscgError
from iscg_rules.page.assembly import load_parts
from iscg_rules.recommend.short_answer import shorten
from iscg_rules.rendering.person_sheet import sheet_page
from iscg_rules.rendering.referral import render_referral_note, to_html
from iscg_rules.rendering.when import grouped, heading
from tests.browser.conftest import FIRST_DAY, TOLD

COUNT, SHEETS = 1_000, 200
SEED = 19
PLACES = ("35288", "35238", "22050", "75056")


def drawn(engine, random_numbers):
    """A situation that can be, from nearly empty to nearly complete, and a moment."""
    fields = [field for field in engine.form().fields if field.attribute != "station"]
    while True:
        share = random_numbers.random()
        asked = [field for field in fields if random_numbers.random() < share]
        answers = {field.attribute: answer_to(field, random_numbers) for field in asked}
        try:
            engine.situation(answers)
        except IscgError:
            continue
        minutes = random_numbers.randrange(390 * 24 * 60)
        moment = datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(minutes=minutes)
        return answers, f"{moment:%Y-%m-%dT%H:%M}"


def answer_to(field, random_numbers):
    values = [choice.value for choice in field.choices]
    if field.type == "commune":
        return random_numbers.choice(PLACES)
    if field.type != "many_of":
        return random_numbers.choice(values)
    ticked = random_numbers.sample(values, random_numbers.randrange(len(values) // 2 + 1))
    return random_numbers.choice([ticked, {"yes": ticked}])


@pytest.fixture(scope="module")
def situations(engine):
    random_numbers = random.Random(SEED)  # noqa: S311 # no secret
    return [drawn(engine, random_numbers) for _ in range(COUNT)]


@pytest.fixture(scope="module")
def recommended(engine, situations):
    return [engine.recommend(given, at=at) for given, at in situations]


@pytest.fixture(scope="module")
def blank(chromium, engine):
    """An empty page that knows what the page knows: rules, words, papers."""
    script, data = load_parts(engine, FIRST_DAY, TOLD)
    page = chromium.new_page()
    page.evaluate(f"{script}; globalThis.it = {{ load, unpack, Said, contentsOf, sheet, note }};")
    page.evaluate(
        """(packed) => {
            const { portable, page } = it.unpack(packed);
            const contents = it.contentsOf(portable, page);
            Object.assign(it, { contents, engine: it.load(portable), said: new it.Said(contents) });
        }""",
        json.loads(data),
    )
    yield page
    page.close()


def test_the_same_json_in_chromium(situations, recommended, blank):
    answers = blank.evaluate(
        "all => all.map(([given, at]) => JSON.stringify(it.engine.recommend(given, at)))",
        situations,
    )
    wanted = [json.loads(shorten(one).to_json()) for one in recommended]
    assert [json.loads(answer) for answer in answers] == wanted


def test_the_same_groups_and_headings_as_the_text(situations, recommended, blank):
    shown = blank.evaluate(
        """all => all.map(([given, at]) => {
            const got = it.engine.recommend(given, at);
            return it.said.grouped(got).map(([when, group]) => [
                it.said.heading(when, group, got.at), group.map((one) => one.kind)]);
        })""",
        situations,
    )
    wanted = [
        [
            [heading(when, one), [each.kind for each in group]]
            for when, group in grouped(one).items()
        ]
        for one in recommended
    ]
    assert shown == wanted


@pytest.mark.parametrize("named", [False, True])
def test_the_same_sheets_as_the_command(engine, situations, recommended, blank, named):
    shown = blank.evaluate(
        """([all, named]) => all.map(([given, at]) =>
            it.sheet(it.engine.recommend(given, at), it.contents, named))""",
        [situations[:SHEETS], named],
    )
    wanted = [
        sheet_page(one, engine.rule_set.vocabulary, engine.directory, is_named=named)
        for one in recommended[:SHEETS]
    ]
    assert [plain(one) for one in shown] == [plain(one.partition("<body>")[2]) for one in wanted]


def plain(html):
    """Markup without what only spells it."""
    signs = {"&amp;": "&#38;", "&lt;": "&#60;", "&gt;": "&#62;", "&quot;": "&#34;", "&#x27;": "'"}
    for one, other in signs.items():
        html = html.replace(one, other)
    return html.replace("\n", "").replace("</body></html>", "")


def test_the_same_notes_as_the_command(situations, recommended, blank):
    written = {
        "reason": "un lieu <sûr>\nce soir",
        "needs": "dormir\n\n  manger ",
        "done": "",
        "shares": "son prénom",
        "call_back": "le matin",
    }
    shown = blank.evaluate(
        """([all, written]) => all.map(([given, at]) => it.engine.recommend(given, at)
            .orientations.map((one) => it.note(one, it.contents, written)))""",
        [situations[:SHEETS], written],
    )
    wanted = [
        [note_of(got, one.kind, written) for one in got.orientations]
        for got in recommended[:SHEETS]
    ]
    assert [[plain(one) for one in notes] for notes in shown] == [
        [plain(one) for one in notes] for notes in wanted
    ]


def note_of(got, kind, written):
    note = got.referral_note(
        kind,
        reason=written["reason"],
        needs=written["needs"].split("\n"),
        done=written["done"].split("\n"),
        shares=written["shares"].split("\n"),
        call_back=written["call_back"],
    )
    return to_html(render_referral_note(note)).partition("<body>")[2]
