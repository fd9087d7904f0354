"""A batch at a glance: its lines, found and looked at by kernels, so that Python decodes and reads only those in which something may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from audit.kernels import flags as looked
from audit.kernels import hurts, looks
from audit.kernels.filed import room
from audit.kernels.lines import count_breaks
from audit.kernels.utf8 import buffers
from audit.measure import index
from audit.measure.article import Article, Lines
from audit.measure.marks import Lexicon


@dataclass(frozen=True, slots=True)
class Glance:
    """The lines of a batch of views, one after the other.

    Attributes:
        data: The texts, UTF-8.
        firsts: Per text its first line, and one more.
        begins, ends: Per line where it begins and ends in `data`, without its line end.
        sizes: Per line its code points.
        befores: Per line the code points of its text before it.
        looks: Per line the flags (kernels.flags).
        seen: Per text the flags of all its lines together.
        written: Numbers in their texts of the lines that are not blank.
        written_firsts: Per text its first in `written`, and one more.
    """

    data: memoryview
    firsts: list[int]
    begins: list[int]
    ends: list[int]
    sizes: list[int]
    befores: list[int]
    looks: list[int]
    seen: list[int]
    written: list[int]
    written_firsts: list[int]

    def full(self, row: int) -> list[int]:
        """Numbers of the lines of a text that are not blank."""
        return self.written[self.written_firsts[row] : self.written_firsts[row + 1]]

    def lines(self, row: int) -> Lines:
        """The lines of a text."""
        first = self.firsts[row]
        return Lines(self.data, self.begins, self.ends, first, self.firsts[row + 1] - first)

    def article(
        self, row: int, title: str | None, byline: str | None, source: str | None, lang: str | None, recurrent: frozenset[int], repeated: bool = True
    ) -> Article:
        """The article of a text, looked at."""
        span = slice(self.firsts[row], self.firsts[row + 1])
        looks, sizes = self.looks[span], self.sizes[span]
        return Article(title, byline, source, lang, self.lines(row), recurrent, looks, sizes, self.full(row), self.seen[row], repeated)


def glance(views: pa.LargeStringArray, lexicon: Lexicon) -> Glance:
    """The lines of `views`, looked at; a null view has none."""
    data, cuts = buffers(views)
    most = count_breaks(data, cuts) if len(views) else 0
    firsts, spans = np.zeros(len(views) + 1, np.int64), np.empty((4, most), np.int64)
    found = looks.split(data, cuts, firsts, spans)
    flags = np.zeros(found, np.int32)
    looks.look(data, firsts, spans, index.words(lexicon), room(), flags)
    written = np.flatnonzero(flags & looked.BLANK == 0)
    written_firsts = np.searchsorted(written, firsts)
    numbers = written - np.repeat(firsts[:-1], np.diff(written_firsts))
    seen = np.bitwise_or.reduceat(np.append(flags, 0), firsts[:-1]) if len(views) else flags
    seen[firsts[:-1] == firsts[1:]] = 0  # no lines
    begins, ends, sizes, befores = (row[:found].tolist() for row in spans)
    return Glance(data.data, firsts.tolist(), begins, ends, sizes, befores, flags.tolist(), seen.tolist(), numbers.tolist(), written_firsts.tolist())


def hurt_at(views: pa.LargeStringArray) -> list[int]:
    """Per text the flags of `kernels.hurts`."""
    data, cuts = buffers(views)
    flags = np.zeros(len(views), np.uint8)
    hurts.look(data, cuts, hurts.kinds(), hurts.contractions(), flags)
    return flags.tolist()
