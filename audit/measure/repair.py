"""What becomes of the lines that the scan flags, with as little of the cleaner as its own result allows.

A round of the cleaner decodes entities, mends mojibake, mends line breaks, drops control characters, normalises; it takes
rounds until nothing changes. Where the flags say that all other steps are idle, one such round is made here, and the scan
has to prove that another would change nothing. Whatever it cannot prove goes to the cleaner itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.kernels import scan
from audit.kernels.utf8 import Bytes, Offsets, buffers
from audit.measure.rules import Rules

Numbers = npt.NDArray[np.int64]
Line = tuple[bytes, bool, int]
"""(a line, whether entities count in it, its flags)."""

_MENDED = scan.BREAK | scan.CONTROL
_ROUND = scan.ENTITY | _MENDED | scan.NFC
_MERGES = re.compile("[\x0b\x1c-\x1e]")  # ends a line of the text as read, and is dropped


@dataclass(frozen=True, slots=True)
class Lines:
    """Flagged lines, ascending: int64 article, start, end (bytes) and flags, and whether entities count there."""

    article: Numbers
    start: Numbers
    end: Numbers
    flags: Numbers
    unescape: npt.NDArray[np.bool_]

    def only(self, chosen: npt.NDArray[np.bool_]) -> Lines:
        """The lines that are chosen."""
        return Lines(self.article[chosen], self.start[chosen], self.end[chosen], self.flags[chosen], self.unescape[chosen])


@dataclass(frozen=True, slots=True)
class Repair:
    """Lines that change, and into what.

    Attributes:
        lines: Those that change.
        mask: int64 (n,): the steps that changed something, as bits; never 0.
        pieces: uint8: what stands in their place, in any order.
        text, view: int64 (2, n): start and end in `pieces`.
    """

    lines: Lines
    mask: Numbers
    pieces: Bytes
    text: Numbers
    view: Numbers


def flagged(data: Bytes, offsets: Offsets, tables: scan.Tables, limit: int) -> Lines:
    """Every line that cleaning could change. Entities count in articles without "<"."""
    rows = _with_long(scan.lines(data, offsets, tables), data, offsets, limit)
    articles, which = np.unique(rows[0], return_inverse=True)
    tagged = np.zeros(len(articles), np.bool_)
    scan.holding(data, offsets, ord("<"), articles, tagged)
    unescape = ~tagged[which.reshape(-1)]
    rows[3] &= np.where(unescape, -1, ~scan.ENTITY)
    return Lines(rows[0], rows[1], rows[2], rows[3], unescape).only(rows[3] != 0)


def every(data: Bytes, offsets: Offsets, unescape: bool | None) -> Lines:
    """Every line, for the cleaner itself. Entities count as `unescape` says; None: in articles without "<"."""
    rows: list[tuple[int, int, int, bool]] = []
    for article, (start, end) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)):
        part = data[start:end]
        counts = not (part == ord("<")).any() if unescape is None else unescape
        ends = [*(np.flatnonzero(part[:-1] == scan.NEWLINE) + start + 1).tolist(), end]
        rows += [(article, first, last, counts) for first, last in zip([start, *ends[:-1]], ends, strict=True) if last > first]
    table = np.array(rows, np.int64).reshape(len(rows), 4)
    return Lines(table[:, 0], table[:, 1], table[:, 2], np.full(len(rows), scan.OTHER, np.int64), table[:, 3] != 0)


def repair(data: Bytes, lines: Lines, tables: scan.Tables, rules: Rules) -> Repair:
    """What becomes of flagged lines: line breaks and control characters by the kernel, the rest by Python, each line once."""
    mask, text, mended, rest = _by_kernel(data, lines, tables, rules)
    number: dict[Line, int] = {}
    which = [number.setdefault(line, len(number)) for line in _lines(data, lines.only(rest))]
    pieces, view, size, found = [mended], text.copy(), len(mended), []
    for after, seen, steps in _by_python(list(number), tables, rules):
        pieces += [after, seen]
        middle, last = size + len(after), size + len(after) + len(seen)
        found.append((steps, size, middle, *((middle, last) if seen else (size, middle))))
        size = last
    if found:
        table = np.array(found, np.int64)[which]
        mask[rest], text[:, rest], view[:, rest] = table[:, 0], table[:, 1:3].T, table[:, 3:].T
    kept = mask != 0
    return Repair(lines.only(kept), mask[kept], np.frombuffer(b"".join(pieces) or b"\0", np.uint8), text[:, kept], view[:, kept])


def spliced(texts: pa.LargeStringArray, changed: Repair, places: Numbers) -> pa.LargeStringArray:
    """The column with the changed lines replaced by `pieces` at `places` (`text` or `view` of the repair)."""
    data, offsets = buffers(texts)
    lines, (starts, ends) = changed.lines, np.ascontiguousarray(places)
    size = offsets[-1] - offsets[0] + (ends - starts).sum() - (lines.end - lines.start).sum()
    out, cuts = np.empty(max(int(size), 1), np.uint8), np.empty(len(offsets), np.int64)
    scan.splice(data, offsets, lines.article, lines.start, lines.end, changed.pieces, starts, ends, out, cuts)
    valid = None
    if texts.null_count:
        valid = pa.py_buffer(np.packbits(texts.is_valid().to_numpy(zero_copy_only=False), bitorder="little"))
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(cuts), pa.py_buffer(out), valid, texts.null_count)


def _with_long(rows: Numbers, data: Bytes, offsets: Offsets, limit: int) -> Numbers:
    """The rows, and one for every line that the cleaner may cut: what is clean as a whole need not be so in pieces."""
    found = []
    for article in np.flatnonzero(np.diff(offsets) > limit):
        start, end = offsets[article], offsets[article + 1]
        ends = np.append(np.flatnonzero(data[start:end] == scan.NEWLINE) + start + 1, end)
        starts = np.append(start, ends[:-1])
        long = ends - starts > limit  # in bytes, of which there are at least as many as code points
        found += [(article, first, last, scan.LONG) for first, last in zip(starts[long], ends[long])]
    if not found:
        return rows
    cut = np.array(found, np.int64).T
    both = np.concatenate([rows[:, ~np.isin(rows[1], cut[1])], cut], axis=1)
    return both[:, np.argsort(both[1], kind="stable")]


def _by_kernel(data: Bytes, lines: Lines, tables: scan.Tables, rules: Rules) -> tuple[Numbers, Numbers, bytes, npt.NDArray[np.bool_]]:
    """(masks, places, pieces, which lines remain) after line breaks and control characters."""
    mask, text = np.zeros(len(lines.flags), np.int64), np.zeros((2, len(lines.flags)), np.int64)
    rest = lines.flags & ~_MENDED != 0
    simple = lines.only(~rest)
    out, cuts = np.empty(int((simple.end - simple.start).sum()) + 1, np.uint8), np.zeros(len(simple.flags) + 1, np.int64)
    size = scan.mend(data, simple.start, simple.end, tables, out, cuts)
    mask[~rest] = np.where(simple.flags & scan.BREAK, rules.bits["fix_line_breaks"], 0)
    mask[~rest] |= np.where(simple.flags & scan.CONTROL, rules.bits["remove_control_chars"], 0)
    text[:, ~rest] = cuts[:-1], cuts[1:]
    # What vanishes at the very end was a line: the view needs a line end that the text has not.
    vanishing = (simple.flags & scan.CONTROL != 0) & (data[simple.end - 1] != scan.NEWLINE)
    rest[~rest] = vanishing | (_flags(out, cuts, simple.unescape, tables) != 0)
    return mask, text, out[:size].tobytes(), rest


def _flags(data: Bytes, cuts: Numbers, unescape: npt.NDArray[np.bool_], tables: scan.Tables) -> Numbers:
    """What the scan says of each data[cuts[i]:cuts[i + 1]] as one line."""
    flags = np.zeros(len(cuts) - 1, np.int64)
    rows = scan.lines(data, cuts, tables, whole=True)
    flags[rows[0]] = rows[3]
    return np.where(unescape, flags, flags & ~scan.ENTITY)


def _flags_of(texts: list[str], lines: list[Line], tables: scan.Tables) -> list[int]:
    encoded = [text.encode() for text in texts]
    cuts = np.array([0, *accumulate(map(len, encoded))], np.int64)
    unescape = np.array([line[1] for line in lines], np.bool_)
    return _flags(np.frombuffer(b"".join(encoded) or b"\0", np.uint8), cuts, unescape, tables).tolist()


def _lines(data: Bytes, lines: Lines) -> Iterator[Line]:
    sizes = lines.end - lines.start
    out = np.empty(int(sizes.sum()), np.uint8)
    scan.gather(data, lines.start, lines.end, out)
    held, ends = out.tobytes(), np.cumsum(sizes)
    spans = zip((ends - sizes).tolist(), ends.tolist(), lines.unescape.tolist(), lines.flags.tolist())
    return ((held[start:end], unescape, flags) for start, end, unescape, flags in spans)


def _by_python(lines: list[Line], tables: scan.Tables, rules: Rules) -> list[tuple[bytes, bytes, int]]:
    """For each line what it becomes, its view or b"" where that is the same, and the mask: 0 for a line that stays."""
    found = []
    for (raw, unescape, flags), (text, mask) in zip(lines, _one_round(lines, tables, rules)):
        before = raw.decode()
        if mask is None and flags == scan.BAD and rules.keeps(before):
            after, mask = before, 0
        else:
            after, mask = rules.fix(before, unescape) if mask is None else (text, mask)
        if mask:
            seen = view(before, after, lambda piece, unescape=unescape: rules.fix(piece, unescape)[0])
            found.append((after.encode(), b"" if seen == after else seen.encode(), mask))
        else:
            found.append((b"", b"", 0))
    return found


def _one_round(lines: list[Line], tables: scan.Tables, rules: Rules) -> list[tuple[str, int | None]]:
    """Each line after one round of the steps that may be made here, and which of them changed it; None for the cleaner."""
    mine = [line for line in lines if line[2] & ~_ROUND == 0]
    decoded = [rules.unescape(raw.decode()) if flags & scan.ENTITY else raw.decode() for raw, _, flags in mine]
    made: dict[Line, tuple[str, int, int]] = {}
    for line, first, flags in zip(mine, decoded, _flags_of(decoded, mine, tables)):
        second = rules.breaks(first) if flags & scan.BREAK else first
        third = rules.controls(second) if flags & scan.CONTROL else second
        last = unicodedata.normalize("NFC", third) if flags & scan.NFC or third != first else third
        mask = rules.bits["unescape_html"] if first.encode() != line[0] else 0
        mask |= rules.bits["fix_line_breaks"] if second != first else 0
        mask |= rules.bits["remove_control_chars"] if third != second else 0
        mask |= rules.bits["normalize"] if last != third else 0
        made[line] = last, mask, flags & ~_ROUND
    after = _flags_of([made[line][0] for line in mine], mine, tables)
    proven = {line: (made[line][0], made[line][1]) for line, flags in zip(mine, after) if not flags and not made[line][2]}
    # A line that a round leaves alone is done even if the scan still suspects it.
    proven |= {line: ("", 0) for line in mine if not made[line][1] and not made[line][2]}
    return [proven.get(line, ("", None)) for line in lines]


def view(before: str, after: str, fix: Callable[[str], str]) -> str:
    """`after` with exactly the lines of `before`: line i is the cleaned counterpart of line i, every line ended by a line feed.

    The last line has no line end where `before` has none, unless it is empty: then it would be no line.

    Args:
        before: A line up to a line feed as read; `splitlines` may find several lines in it.
        after: What cleaning makes of it.
        fix: Cleans a piece.
    """
    lines, cleaned = before.splitlines(), after.splitlines()
    if len(lines) == 1:
        cleaned = [" ".join(cleaned)]
    elif len(lines) != len(cleaned) or _MERGES.search(before):
        cleaned = [" ".join(fix(line).splitlines()) for line in lines]
    ended = len((before + "x").splitlines()) > len(lines)
    return "\n".join(cleaned) + ("\n" if ended or not cleaned[-1] else "")
