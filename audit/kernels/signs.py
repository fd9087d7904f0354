"""What stands at the ends of a line: white space, bullets, what ends a sentence, and what may follow it."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import members
from audit.kernels.jit import bare
from audit.kernels.lines import ASKS, STOPS
from audit.kernels.sizes import SPACES
from audit.kernels.utf8 import before, decode

BULLETS = "•‣▶◀◦■□▪▫⁃⁌⁍∙○●◘⦾⦿·"
"""What begins an item of a list: the union of what the public implementations take; "-", "–" and "*" only before a space."""
DASHES = "-–*"
CLOSERS = "\"'”’»›)]}」』）】〉》"
"""What may follow the end of a sentence."""
ENDS = "".join(map(chr, STOPS + ASKS)).replace(";", "\u037e")
"""What ends a line as a sentence ends; a semicolon is a Greek question mark only where it is written as one."""
SPACE, BULLET, DASH, STOP, CLOSER = 1, 2, 4, 8, 16


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point the sum of SPACE, BULLET, DASH, STOP and CLOSER that it is; shape (0x110000,)."""
    kinds = np.zeros(0x110000, np.uint8)
    kinds[members("Pe", "Pf")] |= CLOSER
    for signs, kind in ((map(chr, SPACES), SPACE), (BULLETS, BULLET), (DASHES, DASH), (ENDS, STOP), (CLOSERS, CLOSER)):
        kinds[[ord(sign) for sign in signs]] |= kind
    return kinds


@bare
def end_of(data, begin, end, kinds, kind):  # type: ignore[no-untyped-def]
    """The end of data[begin:end] without the characters of `kind` that it ends in."""
    while end > begin:
        last = before(data, end)
        if kinds[decode(data, last)[0]] & kind == 0:
            return end
        end = last
    return end
