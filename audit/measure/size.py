"""How large an article is."""

from __future__ import annotations

import pyarrow as pa

from audit.kernels import sizes
from audit.kernels.utf8 import buffers


def measure(views: pa.LargeStringArray) -> dict[str, pa.Array]:
    r"""`n_chars`, `n_words` and `n_lines` (audit.tables) of every article, int64; null for a null view.

    >>> {name: values.to_pylist() for name, values in measure(pa.array(["It's 王毅\n\nhere", None], pa.large_string())).items()}
    {'n_chars': [13, None], 'n_words': [5, None], 'n_lines': [2, None]}
    """
    data, cuts = buffers(views)
    counts = sizes.measure(data, cuts, sizes.kinds())
    null = views.is_null().to_numpy(zero_copy_only=False)
    return {name: pa.array(counts[:, i].copy(), mask=null) for i, name in enumerate(("n_chars", "n_words", "n_lines"))}
