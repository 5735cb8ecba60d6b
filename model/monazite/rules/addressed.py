"""Tables handed to compiled rules by one address.

numba passes a tuple of arrays as the numbers that describe each of them: six hundred for a
model, written out at every call of every rule, typed and compiled with each. That took most
of the time of compiling. Here the arrays are described once, in a block of memory, and rules
are told where it lies; what they read of a table is looked up there.
"""

from dataclasses import fields
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any, Self

import numba
import numpy as np
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    unbox,
)
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

WORD = 8
"""Bytes of an address or a length."""


class Addressed:
    """What a frozen dataclass of arrays inherits to be passed to rules by its address.

    Rules work on the arrays that it was made with, which it keeps alive.

    Raises:
        ValueError: when it is passed while one of them is not in C order.
    """

    @cached_property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    @cached_property
    def _block(self) -> NDArray[np.int64]:
        """Of each array where it begins, and how long its axes are."""
        words: list[int] = []
        for array in self.arrays.values():
            words += [array.ctypes.data, *array.shape]
        return np.array(words, np.int64)

    @cached_property
    def address(self) -> int:
        """Where the arrays are described."""
        return int(self._block.ctypes.data)

    @cached_property
    def _numba_type_(self) -> "Tables":
        kinds = tuple((name, *_kind(name, array)) for name, array in self.arrays.items())
        return _tables(type(self).__name__, kinds)

    def but(self, **arrays: NDArray[Any]) -> Self:
        """Return the same with other arrays in place of some, alike in kind and shape.

        Looks up where these lie, and no other: a fifth of what making all of it anew takes.

        Raises:
            ValueError: for an array that is not alike.
        """
        made = type(self)(**(self.arrays | arrays))
        block, offsets = self._block.copy(), self._numba_type_.offsets
        for name, array in arrays.items():
            before = self.arrays[name]
            if _kind(name, array) != _kind(name, before) or array.shape != before.shape:
                raise ValueError(f"not alike: {name}")
            block[offsets[name] // WORD] = array.ctypes.data
        vars(made).update(_block=block, _numba_type_=self._numba_type_)
        return made

    def __getstate__(self) -> dict[str, NDArray[Any]]:
        """Leave addresses behind: a copy has its own."""
        return self.arrays


class Tables(numba.types.Type):
    """Type of such a dataclass in compiled rules.

    Attributes:
        arrays: type of each array, by name.
        offsets: where in the block it is described [bytes].
    """

    def __init__(self, name: str, arrays: dict[str, Any]) -> None:
        self.arrays = arrays
        self.offsets: dict[str, int] = {}
        end = 0
        for field, array in arrays.items():
            self.offsets[field] = end
            end += WORD * (1 + array.ndim)
        layout = blake2b(repr(arrays).encode(), digest_size=4).hexdigest()
        super().__init__(f"{name}_{layout}")  # a short one: it is part of that of every rule


Kind = tuple[str, np.dtype[Any], int, bool]
"""Name of an array, its dtype, number of axes, and whether it is aligned."""


def _kind(name: str, array: NDArray[Any]) -> tuple[np.dtype[Any], int, bool]:
    if not array.flags.c_contiguous:
        raise ValueError(f"rules take arrays in C order: {name}")
    return array.dtype, array.ndim, array.flags.aligned


@lru_cache
def _tables(name: str, kinds: tuple[Kind, ...]) -> Tables:
    return Tables(
        name,
        {
            field: numba.types.Array(numba.from_dtype(dtype), ndim, "C", aligned=aligned)
            for field, dtype, ndim, aligned in kinds
        },
    )


register_model(Tables)(models.OpaqueModel)


@infer_getattr
class _TablesAttribute(AttributeTemplate):
    key = Tables

    def generic_resolve(self, tables: Tables, name: str) -> Any:  # type: ignore[override]
        return tables.arrays.get(name)


@lower_getattr_generic(Tables)  # type: ignore[no-untyped-call, untyped-decorator]
def _look_up(context: Any, builder: Any, tables: Tables, block: Any, name: str) -> Any:
    """Return the array that a rule reads, put together from what the block says."""
    kind, offset = tables.arrays[name], tables.offsets[name]
    word = context.get_value_type(numba.types.intp)

    def read(i: int) -> Any:
        place = builder.gep(block, [word(offset + WORD * i)])
        found = builder.load(builder.bitcast(place, word.as_pointer()))
        # a block never changes, so that loops need not read it again
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    row = context.get_data_type(kind.dtype)
    itemsize = word(context.get_abi_sizeof(row))
    shape = [read(1 + axis) for axis in range(kind.ndim)]
    strides = [itemsize]
    for size in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], size))
    data = builder.inttoptr(read(0), row.as_pointer())
    array = context.make_array(kind)(context, builder)
    populate_array(array, data, shape, strides, itemsize, None)  # type: ignore[no-untyped-call]
    return array._getvalue()


@unbox(Tables)  # type: ignore[no-untyped-call, untyped-decorator]
def _take(tables: Tables, given: Any, c: Any) -> Any:
    address = c.pyapi.object_getattr_string(given, "address")
    block = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    failed = c.pyapi.c_api_error()
    return NativeValue(block, is_error=failed)  # type: ignore[no-untyped-call]
