"""Whether a text is about what its headline says: one that holds next to no word of it is often another page's, or a piece of its own.

What this is worth was read on 22,514 articles of American and British newsrooms: it names 21, of which 18 are another page, a piece of a
transcript or live blog, or the middle of the article without its beginning; three are columns under a playful headline or a podcast.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from audit.kernels import agreement
from audit.kernels.utf8 import buffers, texts
from audit.tables import EVIDENCE

WORDS = 5
"""Words of a headline that mean something (stems); a shorter one may well be about the text in other words."""
READ = 60
"""Stems of a text: one of fewer is too short to name everything, or a table of figures."""
SPLIT = r"[ \t\n\f\r][|–—·»/-]"
SITE = re.compile(r"(?<![ \t\n\f\r])[ \t\n\f\r]+(?:[|–—·»/]|-{1,2})[ \t\n\f\r]+[^|–—·»/]{1,40}\Z")
"""What follows a headline after a sign: the site, as a rule. Arrow would need longer to compile it than to look where it may be."""
COMMON = (
    "about after again against ahead also analysis another around away back been before behind being best better between breaking briefing "
    "came change come comes could daily does doing done down editorial even ever every everything exclusive face faces facing feature find "
    "first five four from full gets give gives giving goes going good great half hard have help here high holds hour hours inside interview "
    "into just keep keeps know known large last late latest left less like list live long look looks made make makes making many means "
    "might month months more most much must near need needs never news next nine only open opinion other over part past people perspective "
    "place podcast point pointed poll print push puts question questions quick read reader real really report reportedly reports review "
    "right said same says seem seen sets seven several should show shows side since some something soon special still stop story such take "
    "takes taking talk tell tells than that their them then there these they thing things think this those three through time times today "
    "tomorrow took transcript tried tries trying turn turns under until update updates upon used using very video view want wants watch "
    "ways week weekly weeks well were what when where whether which while whom whose will with without word work world would year years "
    "yesterday your"
)
"""English words that stand in any text, or in a headline for the sake of being one."""


Evidence = dict[int, tuple[str, str]]
"""Row -> (headline, note)."""


def measure(titles: pa.LargeStringArray, origins: pa.StringArray, views: pa.LargeStringArray) -> tuple[dict[str, pa.Array], Evidence]:
    """`title_disagrees` of every article, and the evidence.

    Args:
        titles: The headlines, cleaned (`title`).
        origins: Where each is from (`title_from`): one that is taken from the text agrees with it.
        views: The texts.

    Returns:
        Columns; null for a null view, without a headline of its own, with one of too few words, or under one a text that says too
        little. And the evidence for those that disagree.
    """
    own = pc.if_else(pc.fill_null(pc.equal(origins, "field"), False), titles, pa.scalar(None, pa.large_string()))
    heads = pc.fill_null(without_site(own), "")
    rows, keys = np.zeros((len(views), 4), np.int64), np.empty(agreement.AT_MOST, np.uint64)
    agreement.measure(*buffers(heads), *buffers(views), agreement.plain(), agreement.kinds(), common(), keys, rows)
    agrees = rows[:, 1] >= rows[:, 3]
    known = (rows[:, 0] >= WORDS) & (agrees | (rows[:, 2] >= READ)) & views.is_valid().to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(known & ~agrees).tolist()
    evidence = {row: (heads[row].as_py()[:EVIDENCE], _note(int(rows[row, 1]), int(rows[row, 0]))) for row in wrong}
    return {"title_disagrees": pa.array(~agrees, mask=~known)}, evidence


def without_site(titles: pa.LargeStringArray) -> pa.LargeStringArray:
    """The headlines without the name of a site at their end."""
    split = pc.fill_null(pc.match_substring_regex(titles, SPLIT), False)
    return pc.replace_with_mask(titles, split, texts([SITE.sub("", title) for title in titles.filter(split).to_pylist()]))


def _note(held: int, words: int) -> str:
    return f"the text holds {held or 'none'} of the {words} words that matter"


@cache
def common() -> npt.NDArray[np.uint64]:
    """The stems that do not count, ascending: COMMON, and the stop words of every language."""
    lists: dict[str, list[str]] = yaml.safe_load(files("audit.measure").joinpath("stopwords.yml").read_text("utf-8"))
    words = sorted({*COMMON.split(), *(word for words in lists.values() for word in words)})
    keys = np.empty(len(words), np.uint64)
    agreement.stems(*buffers(pa.array(words, pa.large_string())), agreement.plain(), agreement.kinds(), keys)
    return np.unique(keys[keys > 0])
