"""Numbers are digits, pages are pages, and a day without its year is a near one."""

from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.errors import IscgError
from iscg_rules.language.moments import Hours, read_moment
from tests.test_plain_lines import written

TOY = Path(__file__).parent / "toy"
# Python takes all of these for numbers.
ODD = ["1_0", "١٢", "１２", "१", "1e1", "0x10", " 3", "+3", "inf", "nan", "1_0.5", "٣.٥"]


def codes(act, *arguments):
    with pytest.raises(IscgError) as raised:
        act(*arguments)
    return {problem.code for problem in raised.value.problems}


@pytest.mark.parametrize("number", ODD)
def test_a_number_is_written_in_digits_in_a_rule_and_in_an_answer(number, toy):
    engine = Engine.load(toy / "rules", toy / "partners.yaml")
    assert codes(lambda: engine.recommend({"nights": number}, at=None)) == {"A003"}
    path = next(p for p in sorted((toy / "rules").glob("*.yaml")) if "min: 1" in p.read_text())
    path.write_text(path.read_text().replace("{min: 1}", f'{{min: "{number}"}}', 1))
    assert codes(Engine.load, toy / "rules", toy / "partners.yaml") == {"S003"}


@pytest.mark.parametrize("field", ["min", "max", "cost"])
@pytest.mark.parametrize("number", ["1_0", "١٢", "1e1", "inf"])
def test_a_number_of_the_vocabulary_is_written_in_digits(field, number, toy):
    path = toy / "rules" / "vocabulary.yaml"
    text = path.read_text()
    place = text.index("type: number")
    path.write_text(f'{text[:place]}{field}: "{number}"\n    {text[place:]}')
    assert "S003" in codes(Engine.load, toy / "rules", toy / "partners.yaml")


@pytest.mark.parametrize("code", ["٣٥٢٨٨", "３５２８８", "3528٨"])
def test_the_code_of_a_commune_is_written_in_digits(code):
    engine = Engine.load(TOY / "rules", TOY / "partners.yaml")
    assert codes(lambda: engine.recommend({"commune": code}, at=None)) == {"A006"}


@pytest.mark.parametrize("day", ["٢٠٢٦-11", "2026-１１"])
def test_the_date_of_a_source_is_written_in_digits(day, toy):
    text = written("name", "P").replace("checked: 2026-11", f'checked: "{day}"')
    (toy / "partners.yaml").write_text(text)
    assert codes(Engine.load, toy / "rules", toy / "partners.yaml") >= {"S007"}


NO_PAGE = [
    "javascript:alert(1)", "JavaScript:alert.x(1)", "data:text/html,<script>", "vbscript:x.y", "file:///etc/x.y",
    "//evil.fr/x y", "https://a.fr/<b>", 'https://a.fr/"onclick="x', "https://me@a.fr", "ftp://a.fr",
    "mailto:a@b.fr", "https://a.fr b", "https:// a.fr", "tel:17", "https://", "a",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_PAGE)
@pytest.mark.parametrize("place", ["contact", "source"])
def test_an_address_is_that_of_a_page(place, url, toy):
    quoted = url.replace('"', '\\"')
    text = written("url", quoted if place == "contact" else "https://a.fr")
    if place == "source":
        text = text.replace("trust: A", f'trust: A, url: "{quoted}"')
    (toy / "partners.yaml").write_text(text)
    assert codes(Engine.load, toy / "rules", toy / "partners.yaml") >= {"S008"}


@pytest.mark.parametrize("url", ["https://a.fr", "http://a-b.c.fr:80/d?e=f#g", "3018.fr", "a.fr/b"])
def test_the_address_of_a_page_is_taken(url, toy):
    (toy / "partners.yaml").write_text(written("url", url))
    engine = Engine.load(toy / "rules", toy / "partners.yaml")
    assert engine.directory.partners["police-17"].contact.url == url


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        ("9999 Jan 01 09:00-10:00", "2026-11-27T10:00", None),
        ("2029 Jan 01 09:00-10:00", "2026-11-27T10:00", None),
        ("2028 Jan 01 09:00-10:00", "2026-12-31T23:59", None),
        ("2028 Jan 01 09:00-10:00", "2027-01-01T00:00", "2028-01-01"),
        ("Mo-Fr 09:00-10:00", "1500-01-01T10:00", None),
        ("Mo 09:00-10:00", "2026-11-27T10:00", "2026-11-30"),
    ],
)
def test_no_opening_is_told_that_needs_its_year(hours, at, opens):
    got = Hours(hours).at(read_moment(at))
    assert (got.is_open, got.opens_at and got.opens_at.date().isoformat()) == (False, opens)
