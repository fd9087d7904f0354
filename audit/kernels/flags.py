"""What the lines of a batch look like at a glance (`kernels.looks`): whether a phrase, a credit, a bare date or an end may be in them.

Every flag is a promise in one direction: where it is missing, the rule of `audit.measure` that it stands for finds nothing; where it is set,
Python looks closely.
"""

from __future__ import annotations

BLANK, HITS, SHAPE, READ, DATELINE, ALONE, ABOUT, SIGNED, HELPED, ENDED, UNSEEN, PROSE, FIGURE, BULLET, BEHIND, FAR, LOOSE, POSTED, BRIEF = (
    1 << bit for bit in range(19)
)
"""Flags of a line. HITS: a phrase of the lexicon, or both halves of a plea; SHAPE: a shape of a page's line; READ ... HELPED: kinds of credit;
ENDED: it ends like a sentence; UNSEEN: a long line that was not searched for phrases; PROSE: a paragraph; FIGURE: hardly more than a figure;
BULLET: begins with one; BEHIND: words of credit stand behind its last sentence; FAR: it was not searched for credits; LOOSE: as long as a headline
or a sentence, and neither PROSE nor ENDED; POSTED: says that it was posted; BRIEF: at the head, and no longer than the name of a source."""
EVERY = HITS | SHAPE | READ | DATELINE | ALONE | ABOUT | SIGNED | HELPED | FIGURE | BULLET | BEHIND | POSTED | BRIEF
"""All that Python must look for where a kernel is not sure."""
FEW, MANY = 40, 260
"""Characters of a LOOSE line: more than, and at most."""
SHORT, ENDS, HEADS, TAILS = 160, 240, 12, 10
"""A longer line is searched at its ends, and only near the ends of its article; credits are looked for in so many first and last lines."""
LAST = 3
"""So many lines at the end may be the last one that is no headline."""
