"""axe-core on every state of the page; and what it cannot see: width, zoom, colours."""

from pathlib import Path

import pytest

from tests.browser.test_page import answer_nine

AXE = Path(__file__).parents[2] / ".browser" / "node" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1366, 320)
# Without best practices of axe's own there is less to find: all of it is asked for.
VIOLATIONS = """async () => (await axe.run()).violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target}`))"""


def open_dialog(name):
    return lambda session: session.page.locator(f"#{name}").click()


def close(session):
    session.page.locator("#close").click()


def find(text):
    return lambda session: session.page.locator("#find").fill(text)


def open_details(session):
    session.page.locator("summary").first.click()


def unfold_possible(session):
    session.page.locator("#possible summary").click()


def unlock_note(session):
    open_dialog("note")(session)
    session.page.get_by_label("oui", exact=True).check()
    session.page.get_by_label("Motif du contact").fill("un lieu sûr")


def read_on(session):
    open_dialog("read")(session)
    session.page.get_by_role("button", name="Suivant").click()


def wait_for_the_warning(session):
    session.page.clock.run_for(14 * 60_000 + 5_000)


def leave_it_open_for_a_year(session):
    session.page.clock.set_fixed_time("2028-01-03T10:00:00+01:00")
    session.page.clock.run_for(10_000)


# One after the other, as in a session; each ends as the next begins.
STATES = {
    "as opened": (lambda _: None, None),
    "a word that nothing has": (find("zzz"), find("")),
    "a word found": (find("plainte"), find("")),
    "answered": (answer_nine, None),
    "a partner opened": (open_details, None),
    "what is possible": (unfold_possible, unfold_possible),
    "read with her, first": (open_dialog("read"), close),
    "read with her, on": (read_on, close),
    "the sheet": (open_dialog("sheet"), close),
    "the note, locked": (open_dialog("note"), close),
    "the note": (unlock_note, close),
    "how it is made": (open_dialog("how"), close),
    "nothing else in a row": (lambda session: session.tap(("Fragilités", "rien d’autre")), None),
    "the warning": (wait_for_the_warning, None),
    "out of date": (leave_it_open_for_a_year, None),
}


def violations(session):
    found = {}
    for name, (reach, leave) in STATES.items():
        reach(session)
        found[name] = session.page.evaluate(VIOLATIONS)
        if leave:
            leave(session)
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_any_state(new_session, width):
    session = new_session(width=width, bypass_csp=True).open()
    session.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert violations(session) == {name: [] for name in STATES}


# A window of 1280 at 400 % is one of 320; at 200 % it is one of 640.
@pytest.mark.parametrize("width", [320, 640, 1366])
def test_nothing_scrolls_sideways(new_session, width):
    session = new_session(width=width, height=512).open()
    answer_nine(session)
    wide = "document.documentElement.scrollWidth > innerWidth"
    inner = "dialog.scrollWidth > dialog.clientWidth"
    found = [session.page.evaluate(wide)]
    for name in ("read", "sheet", "note", "how"):
        open_dialog(name)(session)
        found += [session.page.evaluate(wide), session.page.evaluate(inner)]
        close(session)
    assert not any(found)


def test_a_tick_is_seen_in_colours_of_ones_own(new_session):
    session = new_session(forced_colors="active").open()
    session.tap(("Qualité", "victime"))
    look = (
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one, '::before').content]"
    )
    ticked = session.chip("Qualité", "victime").evaluate(look)
    other = session.chip("Qualité", "témoin").evaluate(look)
    assert ticked[0] != other[0]
    assert "✓" in ticked[1]


def test_nothing_moves(new_session):
    session = new_session(reduced_motion="reduce").open()
    moving = """[...document.querySelectorAll('*')].filter((one) => {
        const style = getComputedStyle(one);
        return style.animationName !== 'none' || style.transitionDuration !== '0s';
    }).length"""
    assert session.page.evaluate(moving) == 0


def test_the_way_out_is_always_in_view(new_session):
    session = new_session(width=390, height=700).open()
    answer_nine(session)
    session.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert session.page.locator("#leave").evaluate("one => one.getBoundingClientRect().top") >= 0
    open_dialog("note")(session)
    assert session.page.locator("#leave-too").is_visible()
