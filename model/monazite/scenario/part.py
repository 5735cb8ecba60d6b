"""What every part of a scenario or of the evidence has in common."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Item = TypeVar("Item")


class Part(BaseModel):
    """Base of every part: no unknown keys, no quiet conversion, no change after reading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


Several = Annotated[tuple[Item, ...], Field(strict=False)]
"""A list in the file; a tuple once read, so that nobody can change it."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
"""A name that a scenario gives: small letters, digits, `-` and `_`, a letter first."""

Known = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""The name of something the evidence knows, such as a region or a product."""
