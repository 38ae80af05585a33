"""The pydantic model of a situation, made from a vocabulary, for applications."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model, model_validator
from pydantic_core import PydanticCustomError

from iscg_rules.language.answer_checks import COMMUNE
from iscg_rules.language.vocabulary import Attribute, Vocabulary

__all__ = ["build_model"]

# Kept on the class: no attribute of a vocabulary begins so.
_VOCABULARY = "__vocabulary__"


class _SituationModel(BaseModel):
    """Base of every generated model; its text counts and never shows an answer."""

    # Privacy: the answers stay out of error texts.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_other_words(cls, given: object) -> object:
        # Privacy: pydantic's own error would repeat the key, which may be a name.
        answers = given if isinstance(given, Mapping) else {}
        others = sum(name not in cls.model_fields for name in answers)
        parts = (answer for answer in answers.values() if isinstance(answer, Mapping))
        others += sum(word not in {"yes", "no"} for part in parts for word in part)
        if others:
            text, count = "{count} attribut(s) inconnu(s)", {"count": others}
            raise PydanticCustomError("unknown_attribute", text, count)
        return given

    def __setattr__(self, name: str, value: object) -> None:
        # Privacy: the same of the value that somebody tries to put in.
        raise AttributeError("a SituationModel is immutable")

    def __reduce__(self) -> tuple[object, ...]:
        return (_filled, (getattr(self, _VOCABULARY), self.model_dump(exclude_unset=True)))

    def __repr__(self) -> str:
        return f"<SituationModel: {len(self.model_fields_set)} answers>"

    __str__ = __repr__


def build_model(vocabulary: Vocabulary) -> type[BaseModel]:
    """Make the model; every field is optional, because what is absent is unknown."""
    fields: dict[str, Any] = {
        attribute.id: (
            _type_of(attribute) | None,
            Field(default=None, description=_text(attribute)),
        )
        for attribute in vocabulary.attributes.values()
        if attribute.derived is None
    }
    model = create_model("SituationModel", __base__=_SituationModel, **fields)
    setattr(model, _VOCABULARY, vocabulary)
    return model


def _filled(vocabulary: Vocabulary, answers: Mapping[str, object]) -> BaseModel:
    """Fill a model of the same vocabulary in another process."""
    return build_model(vocabulary)(**answers)


def _text(attribute: Attribute) -> str:
    return attribute.ask.fr if attribute.ask else attribute.label.fr


def _type_of(attribute: Attribute) -> Any:  # a type built at run time has no static name
    if attribute.type == "commune":
        return _annotated(str, pattern=f"^(?:{COMMUNE.pattern})$")
    if attribute.type == "number":
        return _annotated(float, ge=attribute.min, le=attribute.max)
    labelled = [{"const": value, "title": label.fr} for value, label in attribute.choices.items()]
    choice: Any = Annotated[Literal[tuple(attribute.choices)], WithJsonSchema({"oneOf": labelled})]
    if attribute.type == "many_of":
        return list[choice] | dict[Literal["yes", "no"], list[choice]]
    return choice


def _annotated(base: type, **limits: Any) -> Any:  # the same: an annotation built at run time
    return Annotated[base, Field(**limits)]
