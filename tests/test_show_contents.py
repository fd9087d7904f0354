"""What the page is made of: examples, pairs, clusters, changes, charts; chosen fairly, cut, and never more than is shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.result import Interval, Names, Total, Turnover
from audit.show import changes, charts, contents, evidence, history, twins, verdicts
from audit.show.shelf import Shelf, spread
from audit.tables import GROUPS
from tests import made


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return made.folder(tmp_path_factory.mktemp("result"))


@pytest.fixture(scope="module")
def shelf(result):
    return Shelf(result)


@given(st.lists(st.sampled_from("abcd")), st.integers(0, 9))
def test_spread_is_fair(groups, most):
    """No group has an item more than another that has one left; the order is kept."""
    chosen = spread(range(len(groups)), groups, most)
    assert chosen == sorted(chosen)
    assert len(chosen) == min(most, len(groups))
    taken = {group: sum(groups[item] == group for item in chosen) for group in set(groups)}
    for group, n in taken.items():
        assert n == groups.count(group) or all(n >= other - 1 for other in taken.values())


def test_examples_are_against_the_expectation(result, shelf):
    """The examples of an expectation are articles that it counts as bad."""
    found = {verdict.name: list(evidence.choose(verdict, shelf)) for verdict in result.document.verdicts}
    assert found["articles are complete"] == [0, 5, 6]
    assert found["articles name their author"] == [0, 1, 4]
    assert found["articles are long enough"] == [6]
    assert found["no worse than before"] == found["sources write at length"] == []


def test_where_narrows_the_examples(shelf):
    """A condition on another column holds for the examples too."""
    narrowed = made.verdict("x", "truncated", "failed", 1, given={"where": {"lang": "ar"}})
    assert evidence.choose(narrowed, shelf) == (5,)
    narrowed = made.verdict("x", "truncated", "failed", 1, given={"where": {"n_words": {"at_least": 12}, "lang": {"not_in": ["en"]}}})
    assert evidence.choose(narrowed, shelf) == (5,)


def test_a_quote_is_in_its_line():
    """Evidence stands between the rest of its line, with the nearest lines that are not blank around it."""
    text = "First.\n\nSecond has a mark in it.\n \nThird."
    quote = evidence.quote(made.found(0, "truncated", text, "a mark", "note"), text)
    assert quote == evidence.Quote("First.", "Second has ", "a mark", " in it.", "Third.", 3, "note")


@given(st.text(st.sampled_from("ab \n\r\u2028\x85")), st.integers(-3, 90), st.integers(0, 9))
def test_no_place_breaks_a_quote(text, start, line):
    """Whatever the offsets and line ends, the evidence is shown."""
    row = {"article": 0, "check": "x", "line": line, "start": start, "end": start + 2, "evidence": "ab", "note": None}
    assert evidence.quote(row, text).marked == "ab"


def test_a_cut_text_still_shows_its_evidence():
    """Evidence beyond what is kept of a long text is shown without its line."""
    row = {"article": 0, "check": "truncated", "line": 7, "start": 90_000, "end": 90_003, "evidence": "end", "note": "n"}
    assert evidence.quote(row, "short") == evidence.Quote("", "", "end", "", "", 8, "n")


def test_pairs_say_which_is_kept(result, shelf):
    """The least similar pair comes first, with the kept article and why it is kept."""
    near, other, inner = twins.pairs(result.document, shelf)
    assert (near.jaccard, near.kept) == ("0.810", "the left one is kept: it is the longest")
    assert other.jaccard == "0.920"
    assert inner.kind == "contained"


def test_clusters_begin_with_the_kept_article(shelf):
    """A cluster is its kept article and others, the least similar first."""
    (cluster,) = twins.clusters(shelf)
    assert (cluster.size, cluster.kept.article) == (3, 0)
    assert [(card.article, similarity) for card, similarity in cluster.others] == [(1, "0.810"), (2, "0.920")]


def test_changes_show_the_line(result, shelf):
    """A step of cleaning shows the line that changed, before and after."""
    step = changes.steps(result.document, shelf)[0]
    (change,) = step.examples
    assert (step.name, step.articles, change.line, change.alone) == ("fix_encoding", 1, 1, False)
    assert "ÃŸ" in "".join(piece.text for piece in change.hunks[0].left if piece.kind == "left")


def test_share_of_the_worst_source(result, shelf):
    """The worst sources are those that the verdict names, with their shares."""
    complete, *_ = verdicts.judged(shelf)
    first = complete.sources[0]
    assert (first.name, first.bad, first.counted, first.share) == ("coast.example", "1", "2", "50.0 %")
    assert complete.sources_all == 3


def test_a_figure_says_how_sure_it_is_and_what_it_was(shelf):
    """The interval with what it rests on, the baseline's figure, and whether that is a change beyond chance."""
    by = {item.verdict.name: item for item in verdicts.judged(shelf)}
    complete = by["articles are complete"]
    assert (complete.interval, complete.rests, complete.before, complete.change) == (
        "15.8 – 75.0 %",
        "articles counted one by one",
        "1.1 % (1 of 90)",
        "worse",
    )
    middle = by["the middle article is long"]
    assert (middle.interval, middle.before, middle.change) == ("9 – 41", "15", "")
    assert by["sources write at length"].before == "0 of 2"
    assert by["languages are known"].bullet is None


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_a_bullet_stays_in_its_box(bad, more, one, other):
    """Whatever was observed and asked, the bar, the bound and the interval are within the scale, in order."""
    verdict = made.verdict("x", "truncated", "failed", bad, counted=bad + more, given={"at_most": 0.3})
    drawn = verdicts.bullet(replace(verdict, interval=Interval(min(one, other), max(one, other), 0)))
    assert drawn is not None
    assert drawn.low is not None
    assert drawn.high is not None
    assert drawn.limit is not None
    assert 0 <= drawn.low <= drawn.high <= 100
    assert 0 <= drawn.bar <= 100
    assert 0 < drawn.limit <= 100
    assert bool(drawn.bar) == bool(bad)


def test_the_baseline_is_summed_up(result, shelf):
    """How many figures got worse and better, each once, and what came and went."""
    every = verdicts.judged(shelf)
    assert history.against(result.document, [*every, *every]) == "Against the baseline: 1 worse, 1 better, 3 figures without clear change."
    came = replace(result.document, turnover=Turnover(sources=Names(("a", "b"), (), 12, 0)))
    assert history.turnover(came) == (("new source", ("a", "b"), 12),)
    assert history.turnover(result.document) == ()


@given(st.dictionaries(st.integers(2, 10**6), st.integers(1, 10**6), max_size=40))
def test_every_cluster_is_in_a_class(result, counts):
    """However large, each cluster is counted once, in a class that its size fits."""
    shown = contents.sizes(replace(result.document, cluster_sizes=tuple(sorted(counts.items()))))
    assert sum(int(row.bad.replace(",", "")) for row in shown) == sum(counts.values())


def test_a_failing_share_does_not_look_like_its_bound():
    """1.04 % under a bound of 1 % is not shown as 1.0 %."""
    assert verdicts.seen(made.verdict("x", "truncated", "failed", 104, counted=10_000)) == "1.04 %"


@given(st.lists(st.integers(0, 10**6), min_size=64, max_size=64))
def test_every_bin_is_drawn(bins):
    """A chart has a column for each bin that holds something, within its box, and no NaN."""
    total = Total("n_words", 1, sum(bins), sum=1.0, edges=tuple(float(i) for i in range(65)), bins=tuple(bins))
    chart = charts.lengths(total)
    assert (chart is None) == (not any(bins))
    if chart is not None:
        assert len(chart.bars) == len(chart.rows)
        assert len(chart.rows) == sum(map(bool, bins))
        for bar in chart.bars:
            assert min(bar.x, bar.y) >= 0
            assert bar.x + bar.width <= chart.width
            assert 0 < bar.height <= chart.height


@given(
    st.dictionaries(
        st.one_of(st.dates().map(lambda day: f"{day:%Y-%m}"), st.integers(0, 30_000).map("{:04d}".format)), st.integers(1, 10**6), max_size=40
    )
)
def test_every_date_is_drawn(counts):
    """However far apart the dates, the columns are few and hold every article."""
    chart = charts.dates(sorted(counts.items()))
    assert (chart is None) == (not counts)
    if chart is not None:
        assert len(chart.bars) <= charts.BARS
        assert sum(int(n.replace(",", "")) for _, n in chart.rows) == sum(counts.values())


def test_commands_quote_what_they_name(result):
    """A file or suite with a shell's characters in its name is quoted."""
    hostile = replace(result.document, suite="a b;c", inputs=(replace(result.document.inputs[0], path="$(x) y.jsonl"),))
    (_, run), _, (_, explain), (_, clean) = contents.commands(hostile, 7)
    assert run == "corpus-audit run '$(x) y.jsonl' --suite SUITE --fail-on error"
    assert explain == "corpus-audit explain corpus-audit-out '#7'"
    assert clean == "corpus-audit clean '$(x) y.jsonl' --out cleaned --drop exact,near"


def test_commands_say_settings_that_are_not_the_usual_ones(result):
    """The command has the settings that change results where they differ from the defaults, and no others."""
    given = (("keep", "newest"), ("limit", "none"), ("measures", ",".join(GROUPS)), ("sample", "0.1"), ("threshold", "0.8"))
    (_, run), *_ = contents.commands(replace(result.document, settings=given), 0)
    assert run.endswith("--suite news --keep newest --sample 0.1 --fail-on error")
