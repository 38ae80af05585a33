"""A whole application in a terminal: form, orientations, why, what to ask, a note.

    python examples/application.py

It asks one question at a time, safety first, and keeps nothing. A web page does the same: `form`
gives it its fields, `next_questions` which to show next.
"""

import sys
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from iscg_rules import Engine, IscgError, NextQuestion, Notice, Orientation, UrgencyWord, kinds

SHELTER = kinds.EMERGENCY_SHELTER
MOST_QUESTIONS = 3
MARKS: dict[UrgencyWord, str] = {"now": "!!", "today": "! ", "week": "  ", "planned": "  "}


def count(notice: Notice) -> None:
    """Count what was asked, for the operators: nothing of the person comes here."""
    print(f"[{notice.call} · {notice.identity.territory}]")


def line(orientation: Orientation) -> str:
    """Say one orientation in one line."""
    name = orientation.called.name if orientation.called else "personne ici"
    return f"{MARKS[orientation.urgency]} {orientation.label} → {name}"


def put(question: NextQuestion, words: Iterable[str]) -> str | list[str] | None:
    """Put one question; what is not answered stays unknown."""
    print(f"{question.ask or question.label} [{', '.join(c.label for c in question.choices)}]")
    said = {choice.label: choice.value for choice in question.choices}
    answer = said.get(next(iter(words), ""))
    return [answer] if answer and question.type == "many_of" else answer


def tell(engine: Engine, answers: dict[str, object], at: datetime) -> str:
    """Show what follows, and why a roof tonight is there or not; return the note."""
    got = engine.recommend(answers, at=at, limit=5)
    print(*map(line, got.orientations), sep="\n")
    why = engine.why(answers, SHELTER, at=at)
    print(why.label, ":", [answer.label for one in why.sets for answer in one.answers])
    note = got.referral_note(SHELTER, needs=["un lit"])
    return note.to_json() if note.may_share else note.sharing.text


def main(words: Iterable[str], at: datetime) -> None:
    """Lead one interview."""
    engine = Engine.load(on_result=count)
    answers: dict[str, object] = {"role": "victim", "housing": "no_housing"}
    print(len(engine.form("fr").fields), "questions en tout")
    for question in engine.next_questions(answers, at=at, limit=MOST_QUESTIONS).questions:
        answers[question.attribute] = put(question, words)
    try:
        print(tell(engine, answers, at))
    except IscgError as error:
        print(*(problem.message for problem in error.problems), sep="\n")


if __name__ == "__main__":
    main(map(str.strip, sys.stdin), datetime.now(ZoneInfo("Europe/Paris")))
