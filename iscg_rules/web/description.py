"""The OpenAPI of the service in the words of the rules that it serves, and a page to read it."""

import html
from collections.abc import Iterator
from typing import Any

from iscg_rules.model.rules import RuleSet
from iscg_rules.reading.plain_text import NUMBER
from iscg_rules.schemas import schema
from iscg_rules.web.endpoints import HTML, Payload
from iscg_rules.web.shelf import ServedEngines

__all__ = ["describe", "manual"]

_SITUATION = {"$ref": "#/components/schemas/Situation"}
_MOMENT: dict[str, Any] = {
    "anyOf": [
        {"const": "now"},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date"},
        {"type": "null"},
    ]
}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:1em auto;padding:0 1em;color:#000;"
    "background:#fff}code,pre{font-size:.95em}"
    "pre{white-space:pre-wrap;border:1px solid;padding:.5em}"
    "table{border-collapse:collapse}td,th{border:1px solid;padding:.2em .5em;text-align:left;"
    "vertical-align:top}"
)
_EXAMPLE = """curl -H 'content-type: application/json' http://127.0.0.1:8000/v1/recommend \\
  --data '{"situation": {"role": "victim", "housing": "no_housing"}, "at": "now"}'"""


def describe(plain: dict[str, Any], served: ServedEngines) -> dict[str, Any]:
    """Return an OpenAPI in which situations, kinds and territories are those that are served."""
    vocabulary = served.engine(None).rule_set.vocabulary
    schemas = plain.setdefault("components", {}).setdefault("schemas", {})
    schemas["Situation"] = _situation(served.engine(None).rule_set)
    kinds = [*vocabulary.kinds]
    for body in _bodies(plain):
        properties = body["properties"]
        for name in ("situation", "before", "after"):
            if name in properties:
                properties[name] = _SITUATION | {"description": "Ce qui est absent est inconnu."}
        if "at" in properties:
            properties["at"] = _MOMENT | {"description": "Le moment de l’entretien."}
        if "kind" in properties:
            properties["kind"] = {"enum": kinds, "description": "Voir /v1/vocabulary."}
        if "already" in properties:
            named = next(one for one in properties["already"]["anyOf"] if "object" in one.values())
            named["propertyNames"] = {"enum": kinds}
    for known in [*(b["properties"] for b in _bodies(plain)), *_parameters(plain)]:
        if "territory" in known:
            known["territory"]["anyOf"] = [{"enum": [*served.engines]}, {"type": "null"}]
    return plain


def _situation(rule_set: RuleSet) -> dict[str, Any]:
    """Describe all that the engine takes: the published schema, and what it understands besides."""
    described = schema("situation", rule_set)
    # Names of their own, which OpenAPI has no place for.
    described = {name: value for name, value in described.items() if not name.startswith("$")}
    for name, known in described["properties"].items():
        match rule_set.vocabulary.attributes[name].type:
            case "yes_no":
                known["anyOf"].append({"type": "boolean"})
            case "number":
                known["anyOf"].append({"type": "string", "pattern": f"^(?:{NUMBER.pattern})$"})
            case "many_of":
                groups = next(one for one in known["anyOf"] if one.get("type") == "object")
                groups["additionalProperties"] = {
                    "anyOf": [groups["additionalProperties"], {"type": "null"}]
                }
    return described


def _bodies(plain: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in plain["paths"].values():
        for operation in methods.values():
            if "requestBody" in operation:
                yield operation["requestBody"]["content"]["application/json"]["schema"]


def _parameters(plain: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in plain["paths"].values():
        for operation in methods.values():
            yield {one["name"]: one["schema"] for one in operation.get("parameters", ())}


def manual(openapi: dict[str, Any]) -> Payload:
    """Return a page that tells each address, what it takes and what it gives; no script at all."""
    body = "\n".join(_lines(openapi))
    text = (
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>iscg-rules</title><style>{_STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return Payload(text.encode(), HTML, policy)


def _lines(openapi: dict[str, Any]) -> Iterator[str]:
    yield f"<h1>iscg-rules {html.escape(openapi['info']['version'])}</h1>"
    yield f"<p>{html.escape(openapi['info']['description'])}</p>"
    yield '<p>Tout, pour une machine : <a href="openapi.json">openapi.json</a>.</p>'
    yield f"<pre>{html.escape(_EXAMPLE)}</pre>"
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield f"<h2><code>{method.upper()} {html.escape(path)}</code></h2>"
            yield f"<p>{html.escape(operation['summary'])}</p>"
            yield from _fields(operation)


def _fields(operation: dict[str, Any]) -> Iterator[str]:
    taken: dict[str, Any] = {one["name"]: one["schema"] for one in operation.get("parameters", ())}
    required: list[str] = []
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        taken, required = body["properties"], body["required"]
    if not taken:
        return
    yield "<table><tr><th>champ</th><th></th><th></th></tr>"
    for name, known in taken.items():
        need = "obligatoire" if name in required else f"sinon {known.get('default')}"
        text = html.escape(known.get("description", ""))
        yield f"<tr><td><code>{name}</code></td><td>{html.escape(need)}</td><td>{text}</td></tr>"
    yield "</table>"
