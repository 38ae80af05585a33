from typing import Annotated, Any, Literal
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from iscg_rules._yaml import plain, Fields, Items
from iscg_rules.errors import Problem


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, defer_build=True)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$")]
PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d){0,2}$")]
YesNo = Annotated[bool, BeforeValidator(lambda v: {"yes": True, "no": False}.get(v, v))]


class LocalText(Frozen):
    fr: Annotated[str, StringConstraints(min_length=1)]
    en: str | None = None

    def in_(self, language):
        return self.en if language == "en" and self.en else self.fr


def one_or_many(item, at_least=0):
    return Annotated[
        tuple[item, ...],
        BeforeValidator(lambda v: v if isinstance(v, (list, tuple)) else (v,)),
        Field(min_length=at_least),
    ]


class Source(Frozen):
    title: str
    url: str | None = None
    date: PartialDate | None = None
    trust: Literal["A", "B", "C"]
    checked: PartialDate | None = None
    recheck: YesNo = False


def bind(model, node, problems, *, given={}):
    data = plain(node)
    if not isinstance(data, dict):
        problems.append(Problem("S003", "attend des clés", node.place))
        return None
    data.update(given)
    try:
        return model.model_validate(data)
    except ValidationError as e:
        for x in e.errors():
            n = node
            for step in x["loc"]:
                nxt = None
                if isinstance(n, Fields) and isinstance(step, str):
                    nxt = n.get(step)
                if isinstance(n, Items) and isinstance(step, int):
                    nxt = n.items[step]
                if nxt is None:
                    break
                n = nxt
            code = {"missing": "S002", "extra_forbidden": "S001"}.get(x["type"], "S003")
            problems.append(Problem(code, f"{x['loc']} {x['msg']}", n.place))
        return None
