"""The pydantic model of a situation, made from a vocabulary, for applications."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from iscg_rules.language.answer_checks import COMMUNE, MOST_PROBLEMS
from iscg_rules.language.vocabulary import Attribute, Vocabulary

__all__ = ["build_model"]

# Kept on the class: no attribute of a vocabulary begins so.
_VOCABULARY = "__vocabulary__"


class _SituationModel(BaseModel):
    """Base of every generated model; its text counts and never shows an answer."""

    # Privacy: the answers stay out of error texts.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="wrap")
    @classmethod
    def _without_what_was_given(cls, given: object, check: ModelWrapValidatorHandler[Self]) -> Self:
        """Refuse as pydantic does, without the input, nor a key that somebody typed."""
        try:
            return check(given)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=True, include_input=False)
        # Each alternative of a type is an error to pydantic; of one answer, one is told.
        told: dict[tuple[str | int, ...], InitErrorDetails] = {}
        for one in wrong:
            where = tuple(part for part in one["loc"][:1] if part in cls.model_fields)
            key = where or (len(told),)
            told.setdefault(key, _retold(one, where))
        few = [*told.values()][:MOST_PROBLEMS]
        if len(told) > MOST_PROBLEMS:
            rest = PydanticCustomError(
                "too_many", "{count} de plus", {"count": len(told) - MOST_PROBLEMS}
            )
            few.append(InitErrorDetails(type=rest, input=None))
        raise ValidationError.from_exception_data(cls.__name__, few, hide_input=True)

    def __setattr__(self, name: str, value: object) -> None:
        # Privacy: the same of the value that somebody tries to put in.
        raise AttributeError("a SituationModel is immutable")

    def __reduce__(self) -> tuple[object, ...]:
        return (_filled, (getattr(self, _VOCABULARY), self.model_dump(exclude_unset=True)))

    def __repr__(self) -> str:
        return f"<SituationModel: {len(self.model_fields_set)} answers>"

    __str__ = __repr__


def _retold(error: ErrorDetails, where: tuple[str | int, ...]) -> InitErrorDetails:
    # In pydantic's templates a brace is a place.
    text = error["msg"].replace("{", "{{").replace("}", "}}")
    # INVARIANT: the types of our models say in `msg` what is allowed, and never what was given.
    return InitErrorDetails(type=PydanticCustomError(error["type"], text), loc=where, input=None)


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
