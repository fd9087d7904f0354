"""Which fields are chosen, what a value says, and dates."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audit.config import FieldNames
from audit.corpus import dates, fields

DATES = yaml.safe_load((Path(__file__).parent / "cases" / "dates.yml").read_text())


@pytest.mark.parametrize("case", DATES, ids=lambda case: str(case["value"]))
def test_dates(case: dict[str, object]) -> None:
    """A date is read to UTC seconds in the forms that feeds use, and to nothing where it is none."""
    found = dates.seconds(case["value"])
    assert (None if found is None else datetime.fromtimestamp(found, UTC).strftime("%Y-%m-%dT%H:%M:%S")) == case["says"]


def test_date_objects() -> None:
    """Dates that are objects already are taken as they are, without a zone as UTC."""
    assert dates.seconds(datetime(2021, 3, 4, 5, 6, 7)) == dates.seconds("2021-03-04T05:06:07Z")
    assert dates.seconds(date(2021, 3, 4)) == dates.seconds("2021-03-04")


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none(), st.from_regex(r"[0-9:TZ./+ -]{1,30}", fullmatch=True)))
def test_no_date_raises(value: object) -> None:
    """Whatever stands in a date field, the outcome is a moment of the years 1 to 9999 or nothing."""
    found = dates.seconds(value)
    assert found is None or dates.FIRST <= found <= dates.LAST


CHOICES = [
    ([{"Text": "a"}], {}, {"text": ("Text",)}),
    ([{"body": "a", "headline": "b"}], {}, {"text": ("body",), "title": ("headline",)}),
    ([{"text": None, "content": "a"}], {}, {"text": ("content",)}),  # the one that says something
    ([{"text": "", "body": "a"}], {}, {"text": ("body",)}),
    ([{"text": None}], {}, {"text": ("text",)}),  # missing texts are still texts
    ([{"article": {"id": 1}, "content": "a"}], {}, {"text": ("content",)}),  # an object is no text
    (
        [{"maintext": "a", "date_publish": "x", "source_domain": "b.org"}],
        {},
        {"text": ("maintext",), "date": ("date_publish",), "source": ("source_domain",)},
    ),
    ([{"text": "a", "publishedAt": "2021"}], {}, {"text": ("text",), "date": ("publishedAt",)}),
    ([{"text": "a", "authors": ["B"]}], {}, {"text": ("text",), "byline": ("authors",)}),
    ([{"text": "a", "author": None, "authors": ["B"]}], {}, {"text": ("text",), "byline": ("authors",)}),
    ([{"a": {"b": "c"}}], {"text": "a.b"}, {"text": ("a", "b")}),
    ([{"a.b": "c"}], {"text": "a.b"}, {"text": ("a.b",)}),  # a name that holds a dot
    ([{"Story": "c"}], {"text": "story"}, {"text": ("Story",)}),
    ([{"text": "a", "other": "b"}], {"text": "other"}, {"text": ("other",)}),
    ([{"text": "a"}], {"text": "other"}, {}),  # a named field is never replaced by another
    ([{"text": "a", "people": [{"name": "B"}]}], {"byline": "people.name"}, {"text": ("text",), "byline": ("people", "name")}),
]


@pytest.mark.parametrize(("records", "names", "paths"), CHOICES)
def test_choices(records: list[dict[str, object]], names: dict[str, str], paths: dict[str, tuple[str, ...]]) -> None:
    """The named field is chosen, else the usual name that says something."""
    assert fields.choose(records, FieldNames(**names)).paths == paths


PLAIN = [
    ("a", "a"), ("", None), (" ", None), (None, None), (True, None), (7, "7"), (["A", "B"], "A; B"), ([], None), ({"name": "A"}, "A"),
    ([{"name": "A"}, {"name": "B"}, {"x": 1}, None, "C"], "A; B; C"), ({"name": {"name": "A"}}, None), ([["A"]], None), (b"A", "A"),
    (np.array(["A", "B"], object), "A; B"), (np.int64(7), "7"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), PLAIN)
def test_plain(value: object, said: str | None) -> None:
    """A value of any type is one string or nothing; lists of authors are joined."""
    assert fields.plain(value) == said


HOSTS = [
    ("https://www.BBC.co.uk/news", "bbc.co.uk"), ("http://user:pw@a.example:8080/x?y#z", "a.example"), ("//a.org/x", "a.org"),
    ("www.lemonde.fr/a", "lemonde.fr"), ("https://a.org", "a.org"), ("https://a.org.", "a.org"), ("no url", None), ("", None), ("/path/only", None),
    ("https://[::1]/x", None), ("https://例え.jp/あ", "例え.jp"), ("javascript:void(0)", None), ("http://localhost/a", None), ("\x00", None),
]  # fmt: skip


@pytest.mark.parametrize(("url", "host"), HOSTS)
def test_hosts(url: str, host: str | None) -> None:
    """A source is the host of the URL in lower case without "www."."""
    assert fields.host(url) == host


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
def test_no_value_raises(value: object) -> None:
    """Whatever stands in a field, it is a string that is not blank, or nothing."""
    said = fields.plain(value)
    assert said is None or said.strip() or said
    fields.look(value, ("a", "b"))
    fields.host(said or "")
