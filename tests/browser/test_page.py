"""What a worker does with the page, and what it leaves behind: nothing."""

import re
import sys
from pathlib import Path

import pytest

from iscg_rules.page.assembly import load_page
from iscg_rules.reading.territories import Transparency
from iscg_rules.rendering.person_sheet import render_sheet
from iscg_rules.rendering.referral import render_referral_note
from iscg_rules.rendering.when import grouped, heading
from iscg_rules.transparency.notice import make_notice
from iscg_rules.transparency.text import notice_lines
from tests.browser.conftest import FIRST_DAY, FRIDAY_NIGHT, TOLD

# The nine taps as docs/page.md writes them, and the same answers for Python.
DOCS = Path(__file__).parents[2] / "docs" / "page.md"
NINE = re.findall(
    r"^\d\. \*\*(.+)\*\*\u00a0: (.+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
)
LIVES_WITH = "Vit avec l’auteur"
GIVEN = {
    "violence_context": "intimate_partner",
    "minors_exposure": "witness",
    "injuries": "minor",
    "housing": "must_leave_tonight",
    "role": "victim",
    "gender": "woman",
    "danger_level": "high",
    "violence_forms": {"yes": ["physical"]},
    "cohabits_with_author": "yes",
}
OPEN_WITHIN, TAP_WITHIN, SLOWER = 300, 16, 4


@pytest.fixture
def answered(session):
    answer_nine(session)
    return session


def answer_nine(session):
    session.tap(*NINE)


def groups_of(session):
    """The headings of the live answer, each with its kinds' labels."""
    return session.page.evaluate(
        """[...document.querySelectorAll('.group')].map((group) => [
            group.querySelector('h3').textContent,
            [...group.querySelectorAll('.do b')].map((label) => label.textContent)])"""
    )


def test_nine_taps_give_what_the_friday_night_says_to_do_tonight(answered, engine):
    night = {**GIVEN, "violence_forms": {"yes": ["physical", "verbal"]}, "immediate_danger": "none",
             "author_relationship": "partner", "minors": {"yes": ["3_12"]}, "commune": "35288",
             "household": "family_with_children", "complaint": "hesitant"}  # fmt: skip
    got = engine.recommend(night, at=FRIDAY_NIGHT)
    wanted = {
        heading(when, got): [one.label for one in group]
        for when, group in grouped(got).items()
        if when in {"now", "today"}
    }
    shown = {
        name: [re.sub(r" \((les enfants)\)$", "", label) for label in labels]
        for name, labels in groups_of(answered)
    }
    assert {name: shown[name] for name in wanted} == wanted
    assert [*wanted] == ["MAINTENANT", "CE SOIR"]
    assert len(NINE) == 9


def test_a_second_tap_takes_the_answer_back(session):
    empty = session.html()
    session.tap(("Logement", "sans logement"), ("Logement", "sans logement"))
    session.page.locator("#undo").click()
    session.page.locator("#undo").click()
    session.page.evaluate("document.querySelector('#changes').textContent = ''")
    assert session.html() == empty


def test_an_answer_that_others_rule_out_is_not_offered(session):
    session.tap(("Qualité", "mineur venu de lui-même"))
    assert session.chip("Tranche d’âge", "26 à 59 ans").is_hidden()
    assert session.chip("Tranche d’âge", "15 à 17 ans").is_visible()


def test_what_has_no_object_is_not_shown(session):
    assert session.chip("Formes de violence", "physiques").is_visible()
    session.tap(("Cadre des violences", "pas de violence"))
    assert session.chip("Formes de violence", "physiques").is_hidden()


def test_nothing_is_asked_of_any_network_and_nothing_is_stored(answered):
    page = answered.page
    for name in ("read", "sheet", "note", "how"):
        page.locator(f"#{name}").click()
        page.locator("#close").click()
    kept = page.evaluate(
        """[localStorage.length, sessionStorage.length, document.cookie, location.href,
            document.title, history.length]"""
    )
    assert kept == [0, 0, "", answered.address, "Numéros utiles", 2]
    page.locator("#leave").click()
    page.wait_for_url("about:blank")
    assert answered.requests == [answered.address]
    assert answered.errors == []


def test_the_policy_refuses_what_the_page_never_asks(session):
    session.page.evaluate("fetch('https://example.org/').catch(() => 0)")
    session.page.evaluate("new Image().src = 'https://example.org/x.png'")
    assert len([error for error in session.errors if "Content Security Policy" in error]) >= 2


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("étranglée", "Strangulation"),
        ("compagnon", "partenaire"),
        ("arnaque", "escroquerie"),
        ("photos", "images intimes"),
        ("chantage", "menace"),
        ("rue", "sans logement"),
        ("passep", "papiers confisqués"),
        ("patron", "au travail"),
    ],
)
def test_a_word_that_people_say_finds_the_word_of_the_rules(session, said, found):
    session.page.locator("#find").fill(said)
    shown = session.page.locator("#grid .chip:visible").all_inner_texts()
    assert any(found in text for text in shown)
    session.page.locator("#find").press("Enter")
    assert session.page.locator("[aria-pressed=true]").count() == 0


def test_after_a_wipe_the_document_is_what_it_was_when_opened(session):
    empty = session.html()
    answer_nine(session)
    session.page.locator("#place-commune").fill("Nulle part")
    session.page.locator("#find").fill("plainte")
    session.page.locator("#possible > summary").click()
    session.page.locator("#note").click()
    session.page.locator("#close").click()
    session.page.locator("#wipe").click()
    session.page.evaluate("document.querySelector('#changes').textContent = ''")
    assert session.html() == empty
    assert session.page.evaluate(
        "[...document.querySelectorAll('input')].every((one) => !one.value)"
    )


def test_a_quarter_of_an_hour_without_a_touch_wipes_all(session):
    empty = session.html()
    answer_nine(session)
    session.page.locator("#how").click()
    session.page.clock.run_for(14 * 60_000 + 5_000)
    assert session.page.locator("#ending").is_visible()
    session.page.clock.run_for(60_000)
    assert session.page.locator("#dialog").is_hidden()
    session.page.evaluate("document.querySelector('#changes').textContent = ''")
    assert at_rest(session.html()) == at_rest(empty)


def at_rest(html):
    """A document without the minute that it was shown at."""
    return re.sub(r">\s+<", "><", re.sub(r"22(\s|&nbsp;)h(\s|&nbsp;)\d\d", "22 h", html))


def test_somebody_who_stays_keeps_the_answers(answered):
    answered.page.clock.run_for(14 * 60_000 + 5_000)
    answered.page.locator("#stay").click()
    answered.page.clock.run_for(5 * 60_000)
    assert answered.chip("Qualité", "victime").get_attribute("aria-pressed") == "true"


def test_shift_three_times_leaves_an_empty_page_and_no_way_back(answered):
    for _ in range(3):
        answered.page.keyboard.press("Shift")
    answered.page.wait_for_url("about:blank")
    assert answered.page.evaluate("document.body.textContent") == ""
    answered.page.go_back()
    assert answered.page.url != answered.address
    assert answered.requests == [answered.address]


def test_capitals_are_typed_without_leaving(answered):
    answered.page.locator("#find").focus()
    for letter in "ABC":
        answered.page.keyboard.press(f"Shift+{letter}")
    assert answered.page.url == answered.address


def test_a_page_that_was_left_comes_back_empty(answered):
    answered.page.goto("about:blank")
    answered.page.go_back()
    assert answered.page.locator("[aria-pressed=true]").count() == 0


def test_a_page_past_its_time_says_so(new_session):
    session = new_session().open("2027-12-01T10:00")
    assert session.page.locator("#stale").is_visible()
    assert new_session().open("2027-11-30T23:00").page.locator("#stale").is_hidden()


def test_what_is_possible_is_folded_behind_what_is_certain(answered, engine):
    possible = engine.recommend(GIVEN, at=FRIDAY_NIGHT).possible
    fold = answered.page.locator("#possible")
    assert fold.inner_text() == f"{len(possible)} autres aides selon les réponses"
    fold.locator("summary").click()
    lines = fold.locator("li").all_inner_texts()
    assert [line.rpartition(" (")[0] for line in lines] == [one.label for one in possible]
    below = "possible.compareDocumentPosition(groups.lastElementChild)"
    assert answered.page.evaluate(f"{below} & Node.DOCUMENT_POSITION_PRECEDING")
    answered.page.locator("#wipe").click()
    assert fold.is_hidden()


def test_only_what_changed_is_said_aloud(answered):
    chip = answered.page.get_by_role("button", name=LIVES_WITH, exact=True)
    chip.click()
    assert answered.texts("#changes") == ["Retiré\u00a0: Préparation d’un départ en sécurité."]
    chip.click()
    assert answered.texts("#changes") == ["Ajouté\u00a0: Préparation d’un départ en sécurité."]


def test_the_lit_question_is_answered_by_a_number_or_put_aside(session):
    keyboard, title = session.page.keyboard, session.page.locator("#next-title")
    assert title.inner_text().startswith("La personne, ou quelqu’un avec elle")
    keyboard.press("1")
    assert session.chip("Danger immédiat", "non").get_attribute("aria-pressed") == "true"
    second = title.inner_text()
    keyboard.press("?")
    assert title.inner_text() != second
    keyboard.press("u")
    assert title.inner_text() == second


def test_a_chip_is_found_by_its_name_without_accents(session):
    session.page.keyboard.press("/")
    session.page.keyboard.type("doit partir")
    session.page.keyboard.press("Enter")
    assert session.chip("Logement", "doit partir ce soir").get_attribute("aria-pressed") == "true"
    assert session.page.locator("#find").input_value() == ""


def test_the_name_of_a_row_leads_there_and_ticks_nothing(session):
    session.page.keyboard.press("/")
    session.page.keyboard.type("plainte")
    assert "Entrée va à « Plainte »" in session.page.locator("#found").inner_text()
    session.page.keyboard.press("Enter")
    assert session.page.locator("[aria-pressed=true]").count() == 0
    assert session.page.evaluate("document.activeElement.textContent") == "pas de plainte"
    session.page.keyboard.press("ArrowRight")
    assert session.page.evaluate("document.activeElement.textContent") == "souhaitée"


def test_a_word_that_several_answers_hold_ticks_none_unseen(session):
    keyboard = session.page.keyboard
    keyboard.press("/")
    keyboard.type("couple")
    keyboard.press("Enter")
    assert session.page.locator("[aria-pressed=true]").count() == 0
    while "ex-partenaire" not in session.page.evaluate("document.activeElement.textContent"):
        keyboard.press("ArrowRight")
    keyboard.press("Enter")
    ticked = session.page.locator(".chip[aria-pressed=true]").all_inner_texts()
    assert ticked == ["dans le couple ou par un ex-partenaire"]
    assert session.page.locator("#find").input_value() == ""


def test_what_is_ticked_is_found_and_stays_ticked(session):
    for _ in range(2):
        session.page.keyboard.press("/")
        session.page.keyboard.type("sans logement")
        session.page.keyboard.press("Enter")
    assert session.chip("Logement", "sans logement").get_attribute("aria-pressed") == "true"


def test_a_word_of_the_question_leads_to_its_answers(session):
    session.page.keyboard.press("/")
    session.page.keyboard.type("médicaments")
    session.page.keyboard.press("Enter")
    focused = session.page.evaluate("document.activeElement.textContent")
    assert focused == "Moyen de se tuer à portée"
    assert session.page.locator("[aria-pressed=true]").count() == 0


def test_an_answer_that_others_rule_out_has_no_number(session):
    session.page.get_by_role("button", name="Auteur poursuivi pour ces violences").click()
    session.page.keyboard.press("?")
    assert session.texts("#choices button")[0].endswith("dans le couple ou par un ex-partenaire")


def test_an_interview_and_its_sheet_by_keyboard_alone(session):
    keyboard = session.page.keyboard
    for words in ("victime", "couple ou par", "sans logement"):
        keyboard.press("/")
        keyboard.type(words)
        keyboard.press("Enter")
    for _ in range(120):
        keyboard.press("Tab")
        if session.page.evaluate("document.activeElement.id") == "sheet":
            break
    # From the last chip on: the skip buttons stand before the first.
    session.page.locator(".skip").first.focus()
    keyboard.press("Enter")
    for _ in range(2):
        keyboard.press("Tab")
    assert session.page.evaluate("document.activeElement.id") == "sheet"
    keyboard.press("Enter")
    assert "115" in session.page.locator("#paper").text_content()
    keyboard.press("Escape")
    assert session.page.locator("#dialog").is_hidden()
    assert session.page.evaluate("document.activeElement.id") == "sheet"


def printed(session):
    """What would come out of the printer."""
    session.page.emulate_media(media="print")
    text = session.page.locator("body").inner_text()
    session.page.emulate_media(media="screen")
    return text


def pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_no_answer_is_ever_printed(answered):
    assert printed(answered).startswith("Rien à imprimer ici")
    answered.page.locator("#how").click()
    assert printed(answered).startswith("Rien à imprimer ici")


@pytest.mark.parametrize("named", [False, True])
def test_the_sheet_says_what_the_command_says(answered, engine, named):
    got = engine.recommend(GIVEN, at=FRIDAY_NIGHT)
    told = render_sheet(got, engine.rule_set.vocabulary, engine.directory, is_named=named)
    answered.page.locator("#sheet").click()
    if named:
        answered.page.get_by_label("avec les noms").check()
    lines = answered.page.locator("#paper li").evaluate_all(
        """all => all.map((one) => one.innerHTML.replace('<br>', '\u00a0: ')
            .replaceAll(/<[^>]*>/g, '').replaceAll('&nbsp;', '\u00a0'))"""
    )
    assert [f"- {line}" for line in lines] == [
        line for line in told.splitlines() if line.startswith("- ")
    ]


@pytest.mark.parametrize("paper", ["A4", "A6"])
def test_the_sheet_is_one_page(answered, paper):
    answered.page.locator("#sheet").click()
    answered.page.get_by_label(paper, exact=True).check()
    answered.page.get_by_label("avec les noms").check()
    pdf = answered.page.pdf(prefer_css_page_size=True)
    assert pages(pdf) == 1
    width = re.search(rb"/MediaBox \[0 0 ([\d.]+)", pdf)
    assert width
    assert round(float(width[1])) == {"A4": 595, "A6": 298}[paper]


def test_the_note_is_locked_until_somebody_asked_for_agreement(answered, engine):
    answered.page.locator("#note").click()
    assert answered.page.get_by_role("button", name="Imprimer").is_disabled()
    assert printed(answered).startswith("Rien à imprimer ici")
    answered.page.get_by_label("oui", exact=True).check()
    answered.page.get_by_label("Motif du contact").fill("un lieu sûr <ce soir>")
    answered.page.get_by_label("Besoins, un par ligne").fill("dormir\nmanger")
    got = engine.recommend({**GIVEN, "consent_to_share": "yes"}, at=FRIDAY_NIGHT)
    note = got.referral_note(
        got.orientations[0].kind, reason="un lieu sûr <ce soir>", needs=["dormir", "manger"]
    )
    wanted = [
        re.sub(r"^[-#]+ |\\", "", line) for line in render_referral_note(note).splitlines() if line
    ]
    assert [line for line in printed(answered).splitlines() if line] == wanted


def test_the_law_lets_a_child_be_reported_without_agreement(answered):
    answered.page.locator("#note").click()
    answered.page.get_by_label("Pour", exact=True).select_option("crip")
    assert answered.page.get_by_role("button", name="Imprimer").is_enabled()


def test_reading_with_her_names_no_authority_and_no_article(answered):
    answered.page.locator("#read").click()
    said = [answered.page.locator(".one").inner_text()]
    while answered.page.get_by_role("button", name="Suivant").is_enabled():
        answered.page.keyboard.press("ArrowRight")
        said.append(answered.page.locator(".one").inner_text())
    assert len(said) > 5
    assert not re.search(r"CRIP|Juge|Procureur|art\. |\*", " ".join(said))


def test_the_notice_is_one_tap_away_in_the_words_of_the_command(answered, engine):
    sheet = answered.page.locator("#paper").text_content()
    answered.page.locator("#how").click()
    shown = answered.texts("#dialog-body [lang=fr] p")
    assert shown == [*notice_lines(make_notice(engine.identity, TOLD))]
    assert [line for line in shown if "À COMPLÉTER" in line] == shown[-1:]
    assert "L’outil ne décide rien" in " ".join(shown)
    assert answered.page.locator("#paper").text_content() == sheet
    for _ in range(3):
        answered.page.keyboard.press("Shift")
    answered.page.wait_for_url("about:blank")
    assert answered.requests == [answered.address]


def test_the_page_speaks_english(new_session, engine, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(load_page(engine, FIRST_DAY, Transparency(), language="en"), encoding="utf-8")
    session = new_session(address=file.as_uri()).open()
    session.tap(("Role", "victim"), ("Housing", "no housing"))
    assert groups_of(session)[0] == ["TONIGHT", ["Emergency shelter (115)"]]


def test_it_opens_and_answers_at_once(new_session):
    session = new_session()
    opened = []
    for _ in range(3):
        tools = session.page.context.new_cdp_session(session.page)
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = worked(tools, "TaskDuration")
        session.page.goto(session.address)
        opened.append(worked(tools, "TaskDuration") - before)
    answer_nine(session)
    costs = [cost_of_taps(session.page) for _ in range(3)]
    # What else this machine does only adds: the least is nearest to the truth.
    opening, cost = min(opened), min(costs)
    # Whoever runs `make browser-test` reads the figures.
    sys.stdout.write(f"\n{opening:.0f} ms of processor to open, {cost:.2f} ms for a tap\n")
    assert opening <= OPEN_WITHIN
    assert cost * SLOWER <= TAP_WITHIN


def cost_of_taps(page):
    """How long the processor works for one tap, whatever else this machine does."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = worked(tools)
    taps = page.evaluate(
        """() => [...document.querySelectorAll('.chip:not(.else,.moot)')].slice(0, 40).map(chip => {
            // On and off again.
            for (const _ of [1, 2]) {
                chip.click();
                document.body.getBoundingClientRect();
            }
        }).length * 2"""
    )
    return (worked(tools) - before) / taps


def worked(tools, *names):
    """How many milliseconds the page's thread has worked so far."""
    metrics = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    names = names or ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    return 1_000 * sum(metrics[name] for name in names)
