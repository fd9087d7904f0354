"""audit.show.diff: what is marked is what differs."""

from hypothesis import given
from hypothesis import strategies as st

from audit.show import diff

WORDS = st.lists(st.sampled_from(["the", "harbour", "is", "old", "北京", "।", "\n", " ", "𠀀"]), max_size=60).map(" ".join)


def said(pieces, *kinds):
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(WORDS, WORDS)
def test_pieces_are_of_their_texts(left, right):
    """Each side shows pieces of its own text, in order, and nothing else."""
    for hunk in diff.words(left, right):
        for text, pieces in ((left, hunk.left), (right, hunk.right)):
            at = 0
            for piece in pieces:
                if piece.kind != diff.GAP:
                    at = text.index(piece.text, at) + len(piece.text)


@given(WORDS)
def test_equal_texts_have_no_hunks(text):
    """Equal texts do not differ anywhere."""
    assert diff.words(text, text) == ()


@given(WORDS, WORDS)
def test_different_texts_have_hunks(left, right):
    """Texts that differ have a hunk, and every hunk holds a difference."""
    hunks = diff.words(left, right)
    assert bool(hunks) == (left != right)
    assert all(said(hunk.left, diff.LEFT) or said(hunk.right, diff.RIGHT) for hunk in hunks)


def test_one_word():
    """One changed word is marked on both sides, in its sentence."""
    (hunk,) = diff.words("The cat sat.", "The hat sat.")
    assert hunk.left == (diff.Piece("same", "The "), diff.Piece("left", "cat"), diff.Piece("same", " sat."))
    assert hunk.right == (diff.Piece("same", "The "), diff.Piece("right", "hat"), diff.Piece("same", " sat."))


def test_scripts_without_spaces():
    """Japanese is compared character by character."""
    (hunk,) = diff.words("北京のニュース記事", "北京の新聞記事")
    assert said(hunk.left, diff.LEFT) == "ニュース"
    assert said(hunk.right, diff.RIGHT) == "新聞"


def test_what_is_alike_is_left_out():
    """Between two far changes the words that both have are counted, not shown."""
    middle = " ".join(f"w{i}" for i in range(200))
    first, second = diff.words(f"a {middle} b", f"c {middle} d")
    assert (first.skipped, said(first.left, diff.LEFT)) == (0, "a")
    assert (second.skipped, said(second.right, diff.RIGHT)) == (184, "d")


def test_long_changes_are_shown_by_their_ends():
    """A whole added page is not printed whole."""
    (hunk,) = diff.words("start", "start " + " ".join(f"w{i}" for i in range(3_000)))
    assert len("".join(piece.text for piece in hunk.right)) < 1_500
    assert "2,930 words" in said(hunk.right, diff.GAP)


def test_a_hostile_pair_ends():
    """Texts made to be hard to compare are compared in their beginning only."""
    left, right = " ".join("ab"[i % 3 == 0] for i in range(60_000)), " ".join("ab"[i % 5 == 0] for i in range(60_000))
    assert diff.words(left, right)
