"""What datatrove's filters see in a few texts, computed by datatrove itself: `python tests/datatrove_values.py` writes cases/datatrove.json.

Needs the extra `peers` (datatrove and spaCy). tests/test_datatrove.py compares our columns with the file, so that nobody else needs them.
The filters give only a verdict; the values are computed as their `filter` does, with their own functions and splitters.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("cases") / "datatrove.json"


def values(text: str) -> dict[str, Any]:
    """The quantities of the filters for one text, as counts."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter
    from datatrove.pipeline.filters.gopher_quality_filter import PUNCTUATION_SET, STOP_WORDS
    from datatrove.pipeline.filters.gopher_repetition_filter import find_all_duplicate, find_duplicates, get_n_grams
    from datatrove.utils.text import TERMINAL_PUNCTUATION, split_into_words

    words = split_into_words(text, "en")
    spoken = [word for word in words if any(sign not in PUNCTUATION_SET for sign in word)]
    full = [line for line in text.split("\n") if line.strip() != ""]
    paragraphs = find_duplicates(re.split(r"\n{2,}", text.strip()))
    lines = text.splitlines()
    document = Document(text=text, id="")
    kept = C4QualityFilter(min_num_sentences=-1, min_words_per_line=5).filter(document)
    tops = {n: Counter(get_n_grams(words, n)).most_common(2) for n in (2, 3, 4)}
    return {
        "tokens": len(words),
        "words": len(spoken),
        "letters": sum(map(len, spoken)),
        "alpha": sum(any(sign.isalpha() for sign in word) for word in words),
        "stop_words": len(set(STOP_WORDS) & set(words)),
        "hashes": text.count("#"),
        "ellipses": text.count("...") + text.count("…"),
        "lines": len(full),
        "bullets": sum(line.lstrip().startswith(("•", "-")) for line in lines),
        "trailing": sum(line.rstrip().endswith(("...", "…")) for line in lines),
        "dup_lines": find_duplicates(re.split("\n+", text))[0],
        "dup_line_chars": find_duplicates(re.split("\n+", text))[1],
        "dup_paragraphs": paragraphs[0],
        "dup_paragraph_chars": paragraphs[1],
        "paragraphs": len(re.split(r"\n{2,}", text.strip())),
        "punctuated": sum(line.endswith(tuple(TERMINAL_PUNCTUATION)) for line in full),
        "short": sum(len(line) <= 30 for line in full),
        "breaks": text.count("\n"),
        "c4": kept[1] if isinstance(kept, tuple) else None,
        "c4_lines": document.text.count("\n") + 1 if kept is True and document.text else 0,
        "top": {str(n): [[gram, count] for gram, count in top] for n, top in tops.items()},
        "dup": {str(n): find_all_duplicate(words, n) for n in range(5, 11)},
    }


def main() -> None:
    """Compute the values of the file's texts anew."""
    from importlib.metadata import version

    held: Mapping[str, Any] = json.loads(FILE.read_text("utf-8"))
    rows = [{"from": row["from"], "text": row["text"], "values": values(row["text"])} for row in held["rows"]]
    FILE.write_text(json.dumps({"datatrove": version("datatrove"), "rows": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
