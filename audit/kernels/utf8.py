"""Arrow text as the kernels see it: uint8 data and int64 offsets; and the decoding of one code point.

Text in an Arrow string array is valid UTF-8, so the decoder checks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from audit.kernels.jit import bare
from audit.kernels.wide import PAD

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]


def buffers(texts: pa.LargeStringArray) -> tuple[Bytes, Offsets]:
    """The (data, offsets) of a large_string array without a copy; text i is data[offsets[i]:offsets[i + 1]].

    Both are read-only, whatever the buffers are, so that a kernel compiles once. A null has an empty range. The data may
    go beyond the last offset, and offsets[0] need not be 0 (slices).
    """
    _, offsets, data = texts.buffers()
    if offsets is None or len(texts) == 0:
        whole, cuts = np.zeros(1, np.uint8), np.zeros(len(texts) + 1, np.int64)
    else:
        whole = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
        cuts = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * 8)
    return fixed(whole), fixed(cuts)


def fixed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array as one that cannot be written to, as Arrow's are: numba compiles a kernel for each kind that it meets."""
    view = array.view()
    view.flags.writeable = False
    return view


def pieces(texts: pa.LargeStringArray) -> list[tuple[Bytes, Offsets, int]]:
    """(data, cuts, number of its first text): the texts in one piece or two, with PAD readable bytes behind each text."""
    data, cuts = buffers(texts)
    body = int(np.searchsorted(cuts[1:], data.size - PAD, "right"))
    pieces = [(data, cuts[: body + 1], 0)] if body else []
    if body < len(texts) or not body:
        tail = np.concatenate([data[cuts[body] : cuts[-1]], np.zeros(PAD, np.uint8)])
        pieces.append((fixed(tail), fixed(cuts[body:] - cuts[body]), body))
    return pieces


def either(first: pa.LargeStringArray, second: pa.LargeStringArray) -> pa.LargeStringArray:
    """`first` where it is not null, else `second`; the very column, without a copy, where that says it all."""
    if first.null_count == len(first):
        return second
    return pc.coalesce(first, second) if first.null_count else first


def texts(values: Sequence[str | None]) -> pa.LargeStringArray:
    """The column of `values`, as pa.array makes it; that would import pandas, for half a second."""
    encoded = [value.encode() if value is not None else b"" for value in values]
    cuts = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    valid = np.array([value is not None for value in values], np.bool_)
    bits = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.LargeStringArray.from_buffers(len(encoded), pa.py_buffer(cuts), pa.py_buffer(b"".join(encoded)), bits)


def numbers(values: npt.NDArray[np.int64]) -> pa.Int64Array:
    """The column of `values`, without a copy."""
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values, np.int64))])


@bare
def decode(data, at):  # type: ignore[no-untyped-def]
    """(code point, length in bytes) of the character that starts at data[at]."""
    lead = np.int64(data[at])
    if lead < 0x80:
        return lead, 1
    if lead < 0xE0:
        return ((lead & 0x1F) << 6) | (np.int64(data[at + 1]) & 0x3F), 2
    if lead < 0xF0:
        return ((lead & 0x0F) << 12) | ((np.int64(data[at + 1]) & 0x3F) << 6) | (np.int64(data[at + 2]) & 0x3F), 3
    return (
        ((lead & 0x07) << 18) | ((np.int64(data[at + 1]) & 0x3F) << 12) | ((np.int64(data[at + 2]) & 0x3F) << 6) | (np.int64(data[at + 3]) & 0x3F)
    ), 4


@bare
def before(data, end):  # type: ignore[no-untyped-def]
    """Where the character before data[end] begins; there is one."""
    end -= 1
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return end
