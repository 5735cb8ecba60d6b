"""What every part of a scenario or of the evidence has in common."""

from collections.abc import Iterable
from typing import Annotated, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

Item = TypeVar("Item")

NO_DISAGREEMENTS = "parts may contradict themselves"
"""As the context of a validation: only types are checked."""


class FieldErrors(ValueError):
    """What is wrong inside one part or one value.

    Attributes:
        problems: pairs of the key that is wrong (empty for the whole) and the message.
    """

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(f"{key}: {text}" if key else text for key, text in self.problems)
        )


class Part(BaseModel):
    """Base of every part: no unknown keys, no quiet conversion, no change after reading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    def disagreements(self) -> Iterable[tuple[str, str]]:
        """Yield what contradicts itself inside this part, as key and message."""
        return ()

    @model_validator(mode="after")
    def _agrees_with_itself(self, info: ValidationInfo) -> Self:
        if info.context is NO_DISAGREEMENTS:
            return self
        if problems := tuple(self.disagreements()):
            raise FieldErrors(problems)
        return self


Several = Annotated[tuple[Item, ...], Field(strict=False)]
"""A list in the file; a tuple once read, so that nobody can change it."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
"""A name that a scenario gives: small letters, digits, `-` and `_`, a letter first."""

Known = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""The name of something the evidence knows, such as a region or a product."""
