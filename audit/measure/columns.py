"""Cleaning in other people's pipelines: a column of Arrow or pandas, or the batches that Spark's mapInArrow hands over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from audit.kernels import utf8
from audit.measure import clean

if TYPE_CHECKING:
    import pandas as pd

CHANGES = pa.schema(
    [
        pa.field("row", pa.int64(), False),
        pa.field("step", pa.large_string(), False),  # ftfy's steps that changed something here, in order, joined by ", "
        pa.field("before", pa.large_string(), False),  # a line as read, with its line end
        pa.field("after", pa.large_string(), False),
    ]
)


def arrow(texts: pa.Array | pa.ChunkedArray, config: Any = None) -> tuple[Any, pa.Table]:
    """A column of strings of any Arrow type cleaned, as the same type, and what changed (`CHANGES`); nulls stay null. `config` is clean.configured's.

    Raises:
        TypeError: It holds no strings.
        ValueError: It is no valid UTF-8.
    """
    if isinstance(texts, pa.ChunkedArray):
        made, row, changes = [], 0, []
        for chunk in texts.chunks:
            cleaned, told = _array(chunk, row, config)
            made.append(cleaned)
            changes.append(told)
            row += len(chunk)
        return pa.chunked_array(made, texts.type), pa.Table.from_batches(changes, CHANGES)
    cleaned, told = _array(texts, 0, config)
    return cleaned, pa.Table.from_batches([told], CHANGES)


def _array(texts: pa.Array, first: int, config: Any = None) -> tuple[pa.Array, pa.RecordBatch]:
    kind = texts.type.value_type if pa.types.is_dictionary(texts.type) else texts.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind)):
        raise TypeError(f"a column of strings is cleaned, not one of {texts.type}")
    column = texts.cast(pa.large_string())
    column.validate(full=True)
    cleaned = clean.clean_batch(column, config)
    rows = list(clean.changes(column, cleaned))
    numbers = utf8.numbers(np.array([row + first for row, *_ in rows], np.int64))
    words = [utf8.texts(values) for values in ([steps for *_, steps in rows], [row[1] for row in rows], [row[2] for row in rows])]
    told = pa.record_batch([numbers, *words], schema=CHANGES)
    if cleaned.text is column:
        return texts, told
    made = cleaned.text.cast(kind)
    return made.dictionary_encode().cast(texts.type) if pa.types.is_dictionary(texts.type) else made, told


def series(column: pd.Series) -> pd.Series:
    """A pandas column cleaned, with its index, name and type; what is no string stays as it is."""
    import pandas as pd

    values = column.astype(object).tolist()
    rows = [row for row, value in enumerate(values) if isinstance(value, str)]
    try:
        cleaned = clean.clean_batch(utf8.texts([values[row] for row in rows])).text.to_pylist()
    except UnicodeEncodeError:  # halves of characters, which Arrow cannot hold
        cleaned = [clean.clean(values[row]) for row in rows]
    for row, text in zip(rows, cleaned, strict=True):
        values[row] = text
    kind = "category" if isinstance(column.dtype, pd.CategoricalDtype) else column.dtype  # cleaned texts are other categories
    return pd.Series(values, index=column.index, name=column.name, dtype=kind)


def batches(given: Iterable[pa.RecordBatch], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The batches with these columns cleaned, all else as it was; one in, one out.

    Raises:
        KeyError: A batch has no such column.
        TypeError: A column holds no strings.
    """
    for batch in given:
        for name in columns:
            at = batch.schema.get_field_index(name)
            if at < 0:
                raise KeyError(f"no column {name!r}; there are: {', '.join(batch.schema.names)}")
            batch = batch.set_column(at, batch.schema.field(at), _array(batch.column(at), 0)[0])
        yield batch
