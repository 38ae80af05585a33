"""What is served beside answers: whether all is well, which rules, which words, and the page."""

from dataclasses import dataclass
from datetime import datetime

from iscg_rules.engine import Engine
from iscg_rules.language.moments import PARIS
from iscg_rules.language.vocabulary import Category, Nature
from iscg_rules.model.closed_words import Language
from iscg_rules.model.identity import Identity
from iscg_rules.recommend.form import Form
from iscg_rules.recommend.json_values import as_json
from iscg_rules.web.endpoints import HTML, Payload
from iscg_rules.web.refusals import RefusedProblem, first_told
from iscg_rules.web.shelf import ServedEngines

__all__ = ["Health", "KnownWords", "ServedRules", "health", "page", "rules", "words"]


@dataclass(frozen=True, slots=True)
class KnownKind:
    """One kind of help, as explanations are asked about it."""

    kind: str
    label: str
    category: Category
    nature: Nature


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Every question that may be answered, and every kind of help."""

    form: Form
    kinds: tuple[KnownKind, ...]


@dataclass(frozen=True, slots=True)
class ServedRules:
    """Which rules answer, by territory; the first one where nobody says which."""

    rules: dict[str, Identity]


@dataclass(frozen=True, slots=True)
class Health:
    """`degraded`: the rules as they are written have problems; those of `since` still answer."""

    status: str
    since: datetime
    problems: list[RefusedProblem]
    count: int


def health(served: ServedEngines) -> Payload:
    """Say whether what is served is what the files say, and what is wrong with them."""
    first, count = first_told(served.problems, served.count)
    told = [RefusedProblem(**one.as_dict()) for one in first]
    status = "degraded" if told else "ok"
    return _plain(Health(status, served.since, told, count))


def rules(served: ServedEngines) -> Payload:
    """Say which rules answer."""
    return _plain(ServedRules({name: one.identity for name, one in served.engines.items()}))


def words(engine: Engine, language: Language) -> Payload:
    """Return what a form needs, and the kinds that explanations are asked about."""
    kinds = tuple(
        KnownKind(kind.id, kind.label.in_(language), kind.category, kind.nature)
        for kind in engine.rule_set.vocabulary.kinds.values()
    )
    return _plain(KnownWords(engine.form(language), kinds))


def page(served: ServedEngines, territory: str | None, language: Language) -> Payload:
    """Return the page of today."""
    name = served.engine(territory).identity.territory or ""
    today = datetime.now(PARIS).date()
    # What it may do stands in it; a header alone can say who may put it into a frame.
    return Payload(served.page(name, today, language), HTML, "frame-ancestors 'none'")


def _plain(value: Health | KnownWords | ServedRules) -> Payload:
    return Payload(as_json(value).encode())
