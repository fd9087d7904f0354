"""What becomes of one block: its texts and titles cleaned, lines stripped, articles left out, and what there is to say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from audit.corpus import quarantine
from audit.corpus.fields import Chosen, plain
from audit.corpus.records import Bad
from audit.kernels import utf8
from audit.measure import clean
from audit.measure.clean import Cleaned
from audit.rewrite.block import ROLES, Block, Form, Numbers
from audit.rewrite.evidence import Evidence, without
from audit.rewrite.tally import EXAMPLES, Tally
from audit.tables import CHANGES


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a block.

    Attributes:
        data: The bytes of the records that are written.
        changes: tables.CHANGES; None where nothing changed.
        dropped, quarantined: Lines of JSON.
        tally: The counts.
    """

    data: bytes | memoryview
    changes: pa.RecordBatch | None
    dropped: bytes
    quarantined: bytes
    tally: Tally


@dataclass(slots=True)
class Outcome:
    """What becomes of the records of a block.

    Attributes:
        new: Role -> row -> its new text, of rows that are written.
        kept: bool: which rows are written.
        told: Row -> what changed: (role, steps, before, after), in order.
        dropped: Lines of JSON.
        tally: The counts, but for bad records.
    """

    new: dict[str, dict[int, str]]
    kept: np.ndarray
    told: dict[int, list[tuple[str, str, str, str]]] = field(default_factory=dict)
    dropped: bytes = b""
    tally: Tally = field(default_factory=Tally)


def work(block: Block, form: Form, fields: Chosen, label: str, evidence: Evidence | None) -> Done:
    """Clean, strip and drop, and write again what is left."""
    outcome = decide(block.columns, block.lines, label, evidence)
    written = _written(block, form, fields, outcome)
    data = block.head + written if block.head else written
    changes = told(outcome, label, fields, block.lines, block.value)
    return Done(data, changes, outcome.dropped, bad_rows(label, block.bad, outcome.tally), outcome.tally)


def decide(columns: Mapping[str, pa.LargeStringArray], lines: Numbers, label: str, evidence: Evidence | None) -> Outcome:
    """What becomes of records, from their texts and titles and from what an audit says of them."""
    n = len(lines)
    outcome = Outcome({role: {} for role in ROLES}, np.ones(n, np.bool_))
    strips: Mapping[int, Mapping[int, str]] = {}
    if evidence is not None:
        articles = evidence.articles(label, lines)
        _drop(evidence, articles, outcome)
        strips = evidence.stripped(articles)
    for role in ROLES:
        cleaned = clean.clean_batch(columns[role])
        _clean(role, columns[role], cleaned, outcome)
        if role == "text":
            _strip(columns[role], cleaned, strips, outcome)
    outcome.tally.records += n
    outcome.tally.written += int(outcome.kept.sum())
    outcome.tally.changed += len({row for texts in outcome.new.values() for row in texts})
    return outcome


def bad_rows(label: str, bad: tuple[Bad, ...], tally: Tally) -> bytes:
    """The lines of quarantine.jsonl for bad records, which are counted."""
    tally.records += len(bad)
    tally.quarantined += len(bad)
    return b"".join(quarantine.row(label, one) for one in bad)


def told(outcome: Outcome, label: str, fields: Chosen, lines: Numbers, value: Any) -> pa.RecordBatch | None:
    """The rows of tables.CHANGES; `value` gives the fields of a row. The first changes become the examples."""
    if not outcome.told:
        return None
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for row in sorted(outcome.told):
        number = int(lines[row])
        name = plain(fields.value("id", value(row))) or f"{label}:{number}"
        rows += [(label, name, fields.said(role), *rest) for role, *rest in outcome.told[row]]
        numbers += [number] * len(outcome.told[row])
        if len(outcome.tally.examples) < EXAMPLES:
            outcome.tally.examples.append((f"{label}:{number}", *outcome.told[row][0][2:]))
    columns = [utf8.texts(values) for values in zip(*rows, strict=True)]
    columns.insert(1, utf8.numbers(np.array(numbers, np.int64)))
    return pa.record_batch([column.cast(kind.type) for column, kind in zip(columns, CHANGES, strict=True)], schema=CHANGES)


def _drop(evidence: Evidence, articles: Numbers, outcome: Outcome) -> None:
    if not evidence.reasons:
        return
    rows = []
    for row, article in enumerate(articles.tolist()):
        said = evidence.row(article)
        if said is not None:
            outcome.kept[row] = False
            outcome.tally.dropped[said["why"]] += 1
            rows.append(orjson.dumps(said) + b"\n")
    outcome.dropped = b"".join(rows)


def _clean(role: str, given: pa.LargeStringArray, cleaned: Cleaned, outcome: Outcome) -> None:
    if cleaned.changed is None:
        return
    new = outcome.new[role]
    for row, before, after, steps in clean.changes(given, cleaned):
        if outcome.kept[row]:
            outcome.told.setdefault(row, []).append((role, steps, before, after))
            new.setdefault(row, "")
    rows = np.array(list(new), np.int64)
    chosen = utf8.numbers(rows)
    new.update(zip(rows.tolist(), cleaned.text.take(chosen).to_pylist(), strict=True))
    steps = pc.list_flatten(cleaned.fixes.take(chosen))
    outcome.tally.fixes.update({item["values"]: item["counts"] for item in pc.value_counts(steps).to_pylist()})


def _strip(given: pa.LargeStringArray, cleaned: Cleaned, strips: Mapping[int, Mapping[int, str]], outcome: Outcome) -> None:
    for row, lines in strips.items():
        if not outcome.kept[row]:
            continue
        before = given[row].as_py().splitlines(keepends=True)
        outcome.new["text"][row] = without(cleaned.text[row].as_py(), cleaned.view[row].as_py(), lines)
        outcome.told.setdefault(row, []).extend(("text", f"strip {word}", before[line], "") for line, word in sorted(lines.items()))
        outcome.tally.stripped.update(Counter(lines.values()))


def _written(block: Block, form: Form, fields: Chosen, outcome: Outcome) -> bytes | memoryview:
    """The records that are written, one behind the other; runs of records that nothing changes are copied as they stand."""
    data, starts, stops = block.data, block.starts, block.stops
    whole = outcome.kept.all() and len(starts) and starts[0] == 0 and stops[-1] == len(data) and (starts[1:] == stops[:-1]).all()
    edits = sorted(_edits(block, form, fields, outcome))
    if not edits and whole:
        return block.data
    rows = np.flatnonzero(outcome.kept)
    if not len(rows):
        return b""
    firsts = np.flatnonzero(np.append(True, starts[rows[1:]] != stops[rows[:-1]]))  # of runs of records that stand together
    lasts = np.append(firsts[1:], len(rows)) - 1
    pieces: list[bytes | memoryview] = []
    waiting = iter([*edits, (len(starts), 0, 0, b"")])
    row, first, last, new = next(waiting)
    for at, stop, last_row in zip(starts[rows[firsts]].tolist(), stops[rows[lasts]].tolist(), rows[lasts].tolist(), strict=True):
        while row <= last_row:
            pieces += [data[at:first], new]
            at = last
            row, first, last, new = next(waiting)
        pieces.append(data[at:stop])
    return b"".join(pieces)


def _edits(block: Block, form: Form, fields: Chosen, outcome: Outcome) -> list[tuple[int, int, int, bytes]]:
    """(row, start, end, bytes) of every value that is written anew."""
    edits = []
    for role, texts in outcome.new.items():
        for row, text in texts.items():
            record, start = block.record(row), int(block.starts[row])
            if role in block.spans:
                first, last = block.spans[role][:, row].tolist()
            else:
                first, last = (start + at for at in form.place(record, block.names, fields.paths[role]))
            edits.append((row, first, last, form.written(text, bytes(block.data[first:last]), record)))
    return edits
