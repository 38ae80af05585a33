"""The pydantic model of a situation, made from a vocabulary, for applications."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from iscg_rules.language.situations import COMMUNE
from iscg_rules.language.vocabulary import Attribute, Vocabulary

__all__ = ["build_model"]


class _SituationModel(BaseModel):
    """Base of every generated model; its text counts and never shows an answer."""

    # Privacy: the answers stay out of error texts.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

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
    return create_model("SituationModel", __base__=_SituationModel, **fields)


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
