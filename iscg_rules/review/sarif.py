"""A review as SARIF 2.1.0, which forges show beside the lines that it is about."""

from collections.abc import Iterator
from typing import Any

from iscg_rules.errors import Place
from iscg_rules.release import __version__
from iscg_rules.review.results import MergeReview

__all__ = ["as_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(review: MergeReview) -> dict[str, Any]:
    """Return a log of one run: errors for what must not pass, then warnings and notes."""
    results = list(_results(review))
    rules = sorted({str(result["ruleId"]) for result in results})
    driver = {
        "name": "iscg-rules",
        "version": __version__,
        "rules": [{"id": code} for code in rules],
    }
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }


def _results(review: MergeReview) -> Iterator[dict[str, Any]]:
    for broken in review.broken:
        problem = broken.finding.problem
        yield _result(problem.code, "error", problem.message, broken.place)
    for failing in review.failing:
        text = "\n".join((failing.title, *failing.differences))
        yield _result("C001", "error", text, failing.place)
    for finding in review.findings:
        yield _result(
            finding.problem.code, "warning", finding.problem.message, finding.problem.place
        )
    for guard in review.guards:
        text = f"{guard.what} {guard.change}\u00a0: {guard.id}"
        yield _result("guard", "warning", text, guard.place)
    for unseen in review.unseen:
        place = Place(unseen.file, unseen.line or 1, 1) if unseen.file else None
        text = f"aucun cas ne s’en aperçoit\u00a0: {unseen.words}"
        yield _result("mutant", "note", text, place)
    for remark in review.remarks:
        yield _result(remark.code, "note", remark.message, remark.place)


def _result(code: str, level: str, text: str, place: Place | None) -> dict[str, Any]:
    found: dict[str, Any] = {"ruleId": code, "level": level, "message": {"text": text}}
    if place is not None:
        region = {"startLine": place.line, "startColumn": place.column}
        where = {"artifactLocation": {"uri": place.file}, "region": region}
        found["locations"] = [{"physicalLocation": where}]
    return found
