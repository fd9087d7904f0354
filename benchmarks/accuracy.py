"""How right the detectors are, against labelled articles: precision, recall and F1 of each check with 95 % intervals, held against floors.

    python benchmarks/accuracy.py [LABELLED ...] [--errors CHECK] [--resamples 1000] [--seed 1]

LABELLED: files of articles with `labels` (one JSON object a line), or folders that hold such a file as dev.jsonl. Without one, the set that was
written for this project (benchmarks/labelled.jsonl). A label is `truncated`, `byline_in_text`, `byline` (names), `title_repeated`,
`encoding_damage`, or `boilerplate_lines` over `boilerplate_judged`; null or absent: not counted. Intervals are percentiles of a seeded bootstrap
over articles. `--errors CHECK` (or `all`) lists every article that a check got wrong, to be read.

Floors are benchmarks/floors.json: file name -> check -> figure -> least value. Exit 1 if a figure is below its floor.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import audit

HERE = Path(__file__).resolve().parent
GROUPS = ("language", "titles", "bylines", "truncation", "boilerplate", "damage", "duplicates")
CHECKS = ("truncated", "byline in the text", "names in the byline", "repeated title", "encoding damage", "boilerplate lines")
LABELS = {"byline in the text": "byline_in_text", "repeated title": "title_repeated", "encoding damage": "encoding_damage"}
"""Check -> its label where that is another word."""
Row = Mapping[str, Any]
Counts = tuple[int, int, int]
"""Right, wrongly found, missed: of one article, for one check."""


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one check with their intervals.

    Attributes:
        counts: Right, wrongly found and missed, an article a row.
        figures: precision, recall, f1 -> (value, low, high); NaN where there is nothing to divide.
    """

    counts: npt.NDArray[np.int64]
    figures: Mapping[str, tuple[float, float, float]]


def main() -> int:
    """Score each set and print its table; 1 if a figure is below its floor."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("labelled", nargs="*", type=Path)
    options.add_argument("--errors", choices=(*CHECKS, "all"), metavar="CHECK", help=f"list the errors of a check, or of all: {', '.join(CHECKS)}")
    options.add_argument("--resamples", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    floors = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))["accuracy"]
    low = []
    for path in given.labelled or [HERE / "labelled.jsonl"]:
        file = path / "dev.jsonl" if path.is_dir() else path
        articles = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]
        found = measured(file)
        scores = {check: score([judged(check, article, found[article["id"]]) for article in articles], given) for check in CHECKS}
        print(f"{file.name}: {len(articles)} articles")
        print(table(scores))
        if given.errors:
            print("\n".join(errors(given.errors, articles, found)))
        low += below(file.name, scores, floors.get(file.name, {}))
    print("\n".join(low))
    return 1 if low else 0


def measured(file: Path) -> dict[str, Row]:
    """What the audit finds in a file: id -> row of measures.parquet."""
    with tempfile.TemporaryDirectory() as folder:
        result = audit.audit(file, Path(folder) / "out", measures=GROUPS, fail_on="never")
        return {str(row["id"]): row for row in result.measures().to_pylist()}


def judged(check: str, article: Row, row: Row) -> Counts | None:
    """How right a check is on one article; None where its label is silent."""
    labels = article["labels"]
    if check == "boilerplate lines":
        if labels.get("boilerplate_judged") is None:
            return None
        truth = set(labels["boilerplate_lines"])
        seen = set(row["boilerplate_lines"] or ()) & set(labels["boilerplate_judged"])
        return len(truth & seen), len(seen - truth), len(truth - seen)
    if check == "names in the byline":
        if labels.get("byline_kind") != "person" or not labels.get("byline") or (row["byline_kind"] or "none") == "none":
            return None
        right = not names(labels["byline"]).isdisjoint(names(row["byline"]))
        return int(right), int(not right), int(not right)
    truth, seen = labels.get(LABELS.get(check, check)), says(check, row)
    return None if truth is None else (int(truth and seen), int(seen and not truth), int(truth and not seen))


def says(check: str, row: Row) -> bool:
    """What a row of measures says for a check that is yes or no."""
    if check == "byline in the text":
        return (row["byline_kind"] or "none") != "none"
    if check == "repeated title":
        return (row["title_repeats"] or 0) > 0
    return bool(row[check.replace(" ", "_")])


def names(byline: str | None) -> set[str]:
    """The casefolded names in a byline, whatever parts them."""
    parts = re.split(r";|,| and | & | und | et | y | e ", byline or "")
    return {re.sub(r"\W+", " ", part).strip().casefold() for part in parts if part.strip()}


def score(judgements: Iterable[Counts | None], given: argparse.Namespace) -> Score:
    """The figures of judgements, and the 2.5th and 97.5th percentile of them over resampled articles."""
    counts = np.array([counts for counts in judgements if counts is not None], dtype=np.int64).reshape(-1, 3)
    rng = np.random.default_rng(given.seed)
    drawn = rng.integers(0, max(1, len(counts)), (given.resamples, len(counts)))
    again = counts[drawn].sum(axis=1) if len(counts) else np.zeros((given.resamples, 3), dtype=np.int64)
    values, spread = figures(counts.sum(axis=0)), figures(again.T)
    return Score(counts, {name: (float(values[name]), *_interval(spread[name])) for name in values})


def figures(sums: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
    """Precision, recall and F1 of sums of right, wrongly found and missed."""
    right, wrong, missed = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        return {"precision": right / (right + wrong), "recall": right / (right + missed), "f1": 2 * right / (2 * right + wrong + missed)}


def _interval(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    return (float(np.percentile(known, 2.5)), float(np.percentile(known, 97.5))) if len(known) else (float("nan"), float("nan"))


def table(scores: Mapping[str, Score]) -> str:
    """The figures as a table in Markdown."""
    lines = ["| check | right | wrong | missed | precision | recall | F1 |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for check, scored in scores.items():
        right, wrong, missed = scored.counts.sum(axis=0)
        shown = " | ".join("{:.3f} ({:.3f}-{:.3f})".format(*scored.figures[name]) for name in ("precision", "recall", "f1"))
        lines.append(f"| {check} | {right} | {wrong} | {missed} | {shown} |")
    return "\n".join(lines)


def below(name: str, scores: Mapping[str, Score], floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What fell below its floor; a floor of a check or figure that is not there is an error too."""
    said = []
    for check, least in floors.items():
        for figure, floor in least.items():
            value = scores[check].figures[figure][0]
            if not value >= floor:
                said.append(f"{name}: {figure} of {check} is {value:.4f}, below its floor of {floor}")
    return said


def errors(asked: str, articles: Sequence[Row], found: Mapping[str, Row]) -> list[str]:
    """Every article that a check got wrong: what the label says, what was found, and the lines that it is about."""
    said = []
    for check in CHECKS if asked == "all" else (asked,):
        for article in articles:
            row = found[article["id"]]
            counts = judged(check, article, row)
            if counts and counts[1] + counts[2]:
                said += ["", f"{check}: {'wrongly found' if counts[1] else 'missed'} in {article['id']} ({article.get('lang') or row['lang']})"]
                said += [f"    {line}" for line in described(check, article, row)]
    return said


def described(check: str, article: Row, row: Row) -> list[str]:
    """The lines of an error: label, finding, text."""
    labels, lines = article["labels"], article["text"].splitlines()
    if check == "boilerplate lines":
        truth, seen = set(labels["boilerplate_lines"]), set(row["boilerplate_lines"] or ()) & set(labels["boilerplate_judged"])
        return [f"{'wrongly' if number in seen else 'missed '} {number}: {lines[number].strip()[:150]}" for number in sorted(truth ^ seen)]
    shown = [f"{number}: {line.strip()[:150]}" for number, line in enumerate(lines) if line.strip()]
    label = {key: value for key, value in labels.items() if not key.startswith("boilerplate") and value is not None}
    seen = {key: row[key] for key in ("truncation_kind", "truncation_evidence", "byline", "byline_kind", "byline_line", "title_repeats", "fixes")}
    return [f"title: {article.get('title')}", f"label: {label}", f"found: {seen}", *(shown if len(shown) <= 14 else [*shown[:7], "...", *shown[-7:]])]


if __name__ == "__main__":
    sys.exit(main())
