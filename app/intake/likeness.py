"""How alike two summaries are: the share of their two-character pieces that both have (Jaccard)."""

from operator import add

NEARLY_THE_SAME = 0.8
FEWEST = 6
"""Of shorter texts nothing can be said."""
LONGEST = 500
"""Characters that are compared."""


def pieces(text: str) -> frozenset[str]:
    """Punctuation and spaces aside."""
    letters = "".join(filter(str.isalnum, text[:LONGEST]))
    return frozenset(map(add, letters, letters[1:]))


def is_nearly_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    fewer, more = sorted((len(one), len(other)))
    if fewer < FEWEST or fewer < NEARLY_THE_SAME * more:
        return False
    both = len(one & other)
    return both >= NEARLY_THE_SAME * (len(one) + len(other) - both)
