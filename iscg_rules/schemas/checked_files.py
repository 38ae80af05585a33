"""What `iscg-rules check` writes, as a JSON Schema."""

from typing import Any

from iscg_rules.error_codes import CODES

__all__ = ["describe_check"]


def describe_check() -> dict[str, Any]:
    """Describe what `iscg-rules check --format json` writes."""
    text, place = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
    problem = {"code": {"enum": list(CODES)}, "message": {"type": "string"}}
    problem |= {"attribute": text, "allowed": {"type": "array", "items": {"type": "string"}}}
    problem |= {"params": {"type": "object"}}
    problem |= {"file": text, "line": place, "column": place, "help": text}
    example = {
        "answers": {"type": "object"},
        "words": {"type": "array", "items": {"type": "string"}},
        "at": text,
        "fewest": {"type": "boolean"},
    }
    finding = {**problem, "example": {"anyOf": [_closed(example), {"type": "null"}]}}
    finding["sketch"] = text
    standing = {"rule": {"type": "string"}, "file": {"type": "string"}}
    standing |= {"line": {"type": "integer"}, "column": {"type": "integer"}}
    broken = {
        "guarantee": {"type": "string"},
        "promise": {"type": "string"},
        "step": {"type": "array", "items": {"type": "string"}},
        "kinds": {"type": "array", "items": {"type": "string"}},
        "rules": {"type": "array", "items": _closed(standing)},
    }
    finding["broken"] = {"anyOf": [_closed(broken), {"type": "null"}]}
    because = {"because": {"type": "string"}}
    borne = [_closed({**problem, **because}), _closed({**finding, **because})]
    problems = {"type": "array", "items": _closed(problem)}
    proofs = {"type": ["array", "null"], "items": _closed(finding)}
    found = _closed(
        {
            "version": {"const": 1},
            "problems": problems,
            "findings": problems,
            "proofs": proofs,
            "accepted": {"type": "array", "items": {"anyOf": borne}},
        }
    )
    return {"title": "Ce que `iscg-rules check` trouve", **found}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
