"""Contacts expire by themselves; which to check first, and a calendar of it."""

from datetime import date, timedelta

import pytest

from iscg_rules.authoring.contact_checks import contact_checks, stale_contacts
from iscg_rules.cli import main
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.reading.binding import is_fresh, stale_from
from iscg_rules.rendering.check_calendar import render_calendar
from tests.laws.strategies import AREAS, SOURCES

DAY = date(2026, 11, 27)
HIDDEN = "1 rue Cachée"


def partner(name, checked, **given):
    base = {"id": name, "name": name.upper(), "offers": ["shelter"], "area": "country"}
    base["source"] = [SOURCES[0] | {"checked": checked}]
    return Partner.model_validate(base | {"contact": {"phone": "02 00 00 00 00"}} | given)


PARTNERS = {
    one.id: one
    for one in (
        partner("old", "2025-10-31"),
        partner("older", "2024"),
        partner("new", "2026-11-23"),
        partner("no-contact", "2020", contact={}),
        partner(
            "tried",
            "2020",
            contact={
                "phone": "02 00 00 00 01",
                "address": HIDDEN,
                "checked": "2026-02",
                "owner": "secrétariat du CCAS, le matin",
            },
            confidential=["address"],
        ),
    )
}
DIRECTORY = Directory(PARTNERS, AREAS)


@pytest.mark.parametrize("checked", ["2025", "2025-12", "2025-12-31", "2026-02-28", "9999-12"])
def test_a_contact_is_stale_from_the_day_on_which_it_is_no_longer_fresh(checked):
    first = stale_from(checked)
    assert not is_fresh(checked, first) or first == date.max
    assert is_fresh(checked, first - timedelta(days=1))


def test_what_was_read_in_a_month_is_fresh_for_that_month_a_year_later():
    assert stale_from("2025-11-02") == date(2026, 12, 1)
    assert stale_from("2025") == date(2026, 2, 1)


def test_each_contact_has_a_day_on_which_to_check_it_again_none_before_today():
    found = [(one.partner.id, one.due) for one in contact_checks(DIRECTORY, DAY)]
    assert found == [
        ("old", DAY),
        ("older", DAY),
        ("tried", date(2027, 3, 1)),
        ("new", date(2027, 12, 1)),
    ]


def test_those_that_recommendations_use_most_come_first():
    found = stale_contacts(DIRECTORY, DAY, {"older": 3, "old": 7, "new": 50})
    assert [(one.id, uses) for one, uses in found] == [("old", 7), ("older", 3)]
    assert [one.id for one, _ in stale_contacts(DIRECTORY, DAY, {})] == ["older", "old"]


def test_a_calendar_has_an_event_a_contact_and_nothing_that_is_hidden():
    text = render_calendar(contact_checks(DIRECTORY, DAY), "ici", DAY)
    lines = text.split("\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 4
    assert HIDDEN not in text
    unfolded = text.replace("\r\n ", "")
    assert "CATEGORIES:secrétariat du CCAS\\, le matin\r\n" in unfolded
    assert "DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270302\r\n" in unfolded
    assert "DESCRIPTION:Par\u00a0: à désigner\\n" in unfolded


def test_a_later_calendar_moves_the_same_events():
    first, later = (
        render_calendar(contact_checks(DIRECTORY, day), "ici", day)
        for day in (DAY, DAY + timedelta(days=40))
    )
    uids = [
        [line for line in text.split("\r\n") if line.startswith("UID:")] for text in (first, later)
    ]
    assert sorted(uids[0]) == sorted(uids[1])
    assert first == render_calendar(contact_checks(DIRECTORY, DAY), "ici", DAY)


def uids_of(text):
    return sorted(line for line in text.split("\r\n") if line.startswith("UID:"))


def test_the_commands_write_a_calendar_and_list_what_is_stale(tmp_path, capsys):
    target = tmp_path / "contacts.ics"
    command = ["partners", "calendar", "rennes", "-o", str(target), "--at", "2026-11-27"]
    assert main(command) == 0
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert " contacts, " in capsys.readouterr().out
    assert main(["sources", "--stale", "--territory", "rennes", "--at", "2028-01-01"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "proposé" in line]
    counts = [int(line.split("proposé ")[1].split()[0]) for line in told]
    assert len(counts) > 40
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 100


def test_a_name_keeps_its_signs_in_a_calendar():
    odd = partner("odd", "2024").model_copy(update={"name": "Le \\ ; , CCAS"})
    text = render_calendar(contact_checks(Directory({"odd": odd}, AREAS), DAY), "ici", DAY)
    assert "SUMMARY:Vérifier\u00a0: Le \\\\ \\; \\, CCAS\r\n" in text
