"""Headlines against texts: cases, and what must not matter."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measure import agreement

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("title_disagrees.yml").read_text("utf-8"))
PROSE = (
    "The council voted on Tuesday evening to dredge the old harbour before winter, ending two years of argument about who should pay for the "
    "work. Fishermen had warned that the channel was silting up so quickly that larger boats could no longer leave at low tide. The mayor "
    "thanked both sides, and promised that nobody would lose their mooring. Engineers will measure the bottom first, then remove the mud in "
    "barges, which carry it beyond the lighthouse. Neighbours worry about noise; they were told that machines rest between midnight and dawn. "
    "Several small companies offered cheaper prices, but lacked experience with currents."
)
OTHER = (
    "Flour, salt, yeast: nothing else belongs into this loaf, says its baker, whose grandfather taught her how dough should feel beneath warm "
    "hands. She sells four kinds, starting early each morning, until shelves stand empty around noon. Customers queue outside, chatting, while "
    "children press noses against glass. Prices rose slightly since grain became expensive, though regulars hardly complained. Recently another "
    "shop copied her recipe; hers tastes better, neighbours insist. Tomorrow she begins teaching apprentices, because somebody must continue "
    "when arms grow tired. Machines knead faster, certainly, yet crust remains thinner."
)
TEXTS = st.lists(st.sampled_from([*PROSE.split(), *OTHER.split(), "\n", "Мост", "王毅", "é", "2024"]), max_size=120).map(" ".join)


def measure(titles: list[str | None], texts: list[str | None], origin: str = "field") -> tuple[list[bool | None], dict[int, tuple[str, str]]]:
    columns, evidence = agreement.measure(pa.array(titles, pa.large_string()), pa.array([origin] * len(titles)), pa.array(texts, pa.large_string()))
    return columns["title_disagrees"].to_pylist(), evidence


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    """A text agrees with its headline or not, or nothing can be said."""
    text = case["text"].replace("{prose}", PROSE).replace("{other}", OTHER)
    found, evidence = measure([case["title"]], [text], case.get("origin", "field"))
    assert found == [case["disagrees"]]
    assert {row: seen for row, (seen, _) in evidence.items()} == ({0: case["title"]} if case["disagrees"] else {})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.one_of(st.none(), TEXTS), st.one_of(st.none(), TEXTS)), min_size=1, max_size=4))
def test_alone(pairs):
    """An article is measured the same alone; null has no answer; a text agrees with a headline that is its own words."""
    titles, texts = map(list, zip(*pairs, strict=True))
    found, _ = measure(titles, texts)
    assert found == [measure([title], [text])[0][0] for title, text in pairs]
    for title, text, answer in zip(titles, texts, found, strict=True):
        assert answer is None or (title is not None and text is not None)
        if text is not None:
            assert measure([text.replace("\n", " ")], [text + " " + " ".join(OTHER.split()[:40])])[0] != [True]


@given(st.lists(st.one_of(st.none(), st.text(st.sampled_from("ab |–—·»/-\n\t\x0b\x85 é"), max_size=60)), max_size=3))
def test_site(titles):
    """A headline ends before its site, as Arrow's own expressions have it."""
    column = pa.array(titles, pa.large_string())
    assert agreement.without_site(column).equals(pc.replace_substring_regex(column, r"\s+(?:[|–—·»/]|-{1,2})\s+[^|–—·»/]{1,40}$", ""))


def test_common():
    """Every common word has a stem that counts for nothing, so that it makes no text agree."""
    assert len(agreement.common()) > 150
    assert measure(["Council harbour fishermen winter engineers about"], [OTHER + " about"])[0] == [True]
