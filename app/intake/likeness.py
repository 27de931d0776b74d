"""How alike two summaries are: the share of their two-character pieces that both have (Jaccard)."""

from itertools import pairwise

NEARLY_THE_SAME = 0.8
FEWEST = 6
"""Of shorter texts nothing can be said."""
LONGEST = 500
"""Characters that are compared."""


def pieces(text: str) -> frozenset[str]:
    """Punctuation and spaces aside."""
    letters = [letter for letter in text[:LONGEST] if letter.isalnum()]
    return frozenset(map("".join, pairwise(letters)))


def is_nearly_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(one), len(other)) < FEWEST:
        return False
    both = len(one & other)
    return both >= NEARLY_THE_SAME * (len(one) + len(other) - both)
