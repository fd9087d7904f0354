"""audit.show.notebook: a result that a notebook shows by itself."""

import re
from html.parser import HTMLParser

from audit.result import load
from tests import made
from tests.attacks import ALL


class Tags(HTMLParser):
    """The tags of some HTML with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Note what is said."""
        self.said += data


def test_it_says_the_verdict_and_what_is_worst(tmp_path):
    """The verdict, every figure with its interval and its baseline, and where the report is."""
    shown = Tags(made.folder(tmp_path)._repr_html_())
    for words in (
        "✗ Failed",
        "8 articles",
        "articles are complete",
        "42.9 % (3 of 7 articles)",
        "15.8 – 75.0 %",
        "worse, 1.1 % (1 of 90)",
        "report.html",
    ):
        assert words in shown.said
    assert "report.html" in shown.said
    assert "1 of 2 sources" in shown.said
    assert "1 of 2 (1 of 2" not in shown.said


def test_a_loaded_result_shows_itself(tmp_path):
    """What a notebook asks for is there after loading too."""
    made.folder(tmp_path)
    assert load(tmp_path)._repr_html_().startswith("<div>")


def test_attacks_are_text(tmp_path):
    """Nothing of a corpus or a suite is a tag, an attribute, or hidden."""
    html = made.folder(tmp_path, lambda text: f"{ALL} {text}")._repr_html_()
    shown = Tags(html)
    assert {tag for tag, _ in shown.tags} <= {"div", "p", "b", "br", "table", "thead", "tbody", "tr", "th", "td", "code"}
    assert all(set(attributes) <= {"style"} for _, attributes in shown.tags)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    assert "<script>window.owned=1</script>" in shown.said
