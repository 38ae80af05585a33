"""An engine made again of what `iscg-rules export` wrote: so the export holds all that counts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from iscg_rules import Engine
from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
)
from iscg_rules.language.moments import Closure
from iscg_rules.language.vocabulary import NATURES, Area, Attribute, Kind, Value, Vocabulary
from iscg_rules.model.grounds import NOTHING, Ground
from iscg_rules.model.identity import Identity
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import (
    BENEFICIARIES,
    STRENGTHS,
    URGENCIES,
    Exclude,
    Fact,
    Impossible,
    Orient,
    Rule,
    RuleSet,
)
from iscg_rules.reading.binding import LocalText

__all__ = ["engine_of"]

Exported = Mapping[str, Any]
_NO_SOURCE = [{"title": "export", "trust": "C"}]


def engine_of(exported: Exported, **options: Any) -> Engine:  # noqa: ANN401 # as an engine takes them
    """Return an engine that recommends what the export says; opening hours are read as texts."""
    words = _vocabulary(exported)
    # A later fact may be part of an earlier one: in facts, none is named.
    plain = _conditions(exported, words, ())
    conditions = _conditions(exported, words, exported["facts"])
    rule_set = RuleSet(
        words,
        {
            name: Fact(id=name, label=_text(label), when=_raw(plain[node]))
            for name, label, node in exported["facts"]
        },
        {rule["id"]: _rule(rule, exported, conditions) for rule in exported["rules"]},
        tuple(
            Impossible(id=e["id"], when=_raw(conditions[e["when"]]), because=_text(e["because"]))
            for e in exported["impossible"]
        ),
    )
    partners = {p["id"]: _partner(p, exported, conditions) for p in exported["partners"]}
    identity = Identity(**{"territory": None, "digest": None, **exported["identity"]})
    return Engine(rule_set, Directory(partners, words.areas), identity=identity, **options)


def _text(text: str) -> LocalText:
    return LocalText(fr=text)


def _vocabulary(exported: Exported) -> Vocabulary:
    attributes = {one["id"]: _attribute(one, exported["hours"]) for one in exported["attributes"]}
    kinds = {
        kind["id"]: Kind.model_validate({**kind, "label": _text(kind["label"])})
        for kind in exported["kinds"]
    }
    areas = {
        area["id"]: Area(
            area["id"],
            _text(area["id"]),
            frozenset(area.get("communes", ())),
            frozenset(area.get("departements", ())),
            area.get("everywhere", False),
        )
        for area in exported["areas"]
    }
    return Vocabulary(attributes, kinds, areas, station=exported.get("station"))


def _attribute(one: Exported, hours: Sequence[Exported]) -> Attribute:
    drawn = one.get("hours")
    given: dict[str, Any] = {key: one[key] for key in one if key not in ("hours", "values")}
    given["label"] = _text(one["label"])
    given |= {key: _text(one[key]) for key in ("ask", "unit") if key in one}
    if one["type"] not in ("yes_no", "number", "commune"):
        texts = [None if at is None else hours[at]["text"] for at in drawn or ()]
        given["values"] = tuple(
            Value(id=value, label=_text(label), hours=texts[n] if drawn else None)
            for n, (value, label) in enumerate(one["values"])
        )
    return Attribute.model_validate(given | ({"derived": "moment"} if drawn else {}))


def _conditions(exported: Exported, words: Vocabulary, named: Iterable[Any]) -> list[Condition]:
    """Return each node as a condition; `facts` are named wherever another node speaks of them."""
    variables = list(words.attribute_of)
    areas = list(words.areas.values())
    facts = {node: FactIs(name, holds=True) for name, _, node in named}
    found: list[Condition] = []
    for sort, about, *rest in exported["nodes"]:
        parts = tuple(facts.get(n, found[n]) for n in _parts(sort, about, rest))
        if sort == "not":
            found.append(Not(parts[0]))
        elif sort == "least":
            found.append(Threshold(about, parts))
        else:
            variable = variables[about]
            attribute = words.attributes[words.attribute_of[variable]]
            if sort == "within":
                found.append(InRange(attribute.id, *rest))
            elif sort == "in":
                found.append(InArea(attribute.id, tuple(areas[n] for n in rest[0])))
            else:
                choices = ("yes", "no") if attribute.type == "many_of" else (*attribute.choices,)
                allowed = frozenset(choices[n] for n in rest[0])
                found.append(Test(attribute.id, variable, allowed))
    return found


def _parts(sort: str, about: int, rest: Sequence[Any]) -> Sequence[int]:
    return {"not": [about], "least": rest[0] if rest else []}.get(sort, [])


def _raw(condition: Condition) -> Any:  # noqa: ANN401 # a field that takes any condition
    return condition


def _rule(rule: Exported, exported: Exported, conditions: Sequence[Condition]) -> Rule:
    kinds = [kind["id"] for kind in exported["kinds"]]
    orient = tuple(
        Orient.model_validate(
            {
                "to": kinds[kind],
                "urgency": URGENCIES[urgency],
                "strength": STRENGTHS[strength],
                "for": BENEFICIARIES[whom],
                "sharing": _ground(exported["grounds"][ground]),
            }
        )
        for kind, urgency, strength, whom, ground in rule.get("orient", ())
    )
    return Rule.model_validate(
        {
            "id": rule["id"],
            "when": conditions[rule["when"]],
            "because": _text(rule["because"]),
            "orient": orient,
            "exclude": tuple(Exclude(to=kinds[kind]) for kind in rule.get("exclude", ())),
            "advise": tuple(map(_text, rule.get("advise", ()))),
            "source": _NO_SOURCE,
            "valid": {
                key: date.fromisoformat(rule[key]) for key in ("from", "until") if key in rule
            },
        }
    )


def _ground(ground: Exported) -> Ground:
    if ground["id"] == NOTHING.id:
        return NOTHING
    return Ground.model_validate(
        {
            "id": ground["id"],
            "label": _text(ground["id"]),
            "sharing": ground["scope"],
            "legal_basis": ground.get("legal_basis", ""),
            "natures": NATURES,
            "source": _NO_SOURCE,
        }
    )


def _partner(partner: Exported, exported: Exported, conditions: Sequence[Condition]) -> Partner:
    sources = [exported["sources"][n] for n in partner["sources"]]
    hours = exported["hours"][partner["hours"]] if "hours" in partner else {}
    contact = dict(partner.get("contact", {}))
    newest = max(source["checked"] for source in sources)
    marked = any(source.get("recheck") for source in sources)
    if (newest, marked) != (partner["checked"], partner.get("recheck", False)):
        contact["checked"] = partner["checked"]
    texts = {key: _text(partner[key]) for key in ("description", "access") if key in partner}
    given: dict[str, Any] = {
        "id": partner["id"],
        "name": partner["name"],
        "offers": [exported["kinds"][n]["id"] for n in partner["offers"]],
        "area": [exported["areas"][n]["id"] for n in partner["area"]],
        "hours": hours.get("text"),
        "closed": tuple(
            Closure.model_validate({"from": first, "until": last, "because": _text(why)})
            for first, last, why in hours.get("closed", ())
        ),
        "contact": contact,
        "withheld": partner.get("withheld"),
        "source": sources,
        **texts,
    }
    if "accepts" in partner:
        given["accepts"] = conditions[partner["accepts"]]
    return Partner.model_validate(given)
