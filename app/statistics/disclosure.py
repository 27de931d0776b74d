"""Which counts of a district's year may be told to the public: none below a least number, and none that can be worked
out from what stands beside it.

Cases are counted in three kinds that exclude one another: ended with success, otherwise handled, not handled. So what
is left when one published number is taken from another is a count too, and held to the same. A place, or a column at a
place, is told with all its kinds or not at all.

That nothing hidden can be worked out is shown for each count by another register that would be published alike, in
which it differs by one:
- of places that are hidden, there are two: a case may have been in the other one, and nothing shown changes;
- of columns (categories, methods) hidden in the whole district, there are two: a case may have been in the other one;
- of a column hidden at one place alone, there are another column and place, all four crossings hidden, and two cases
  of one kind in opposite corners: they may have been exchanged, and no sum of either place or column changes.
What is hidden grows until each hidden count has such a register. Alone a zero may be told by its neighbours: it is no
small count, and is shown anyway where nothing else forbids it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Kinds = tuple[int, int, int]
"""Ended with success, otherwise handled, not handled."""
Cell = tuple[Any, Any]
"""A place and a column."""
NONE: Kinds = (0, 0, 0)


def is_tellable(kinds: Kinds, least: int) -> bool:
    return all(count == 0 or count >= least for count in kinds)


def added(parts: Iterable[Kinds]) -> Kinds:
    first, second, third = (sum(one) for one in zip(NONE, *parts, strict=True))
    return first, second, third


def hidden_parts(parts: Mapping[Any, Kinds], least: int, also: Iterable[Any] = ()) -> set[Any]:
    """Of the parts of a sum that is told. One alone is what the others leave of the sum, and several together are a
    count too: the smallest that count something go with them."""
    hidden = {name for name, kinds in parts.items() if not is_tellable(kinds, least)}.union(also)
    others = sorted(
        (name for name in parts if name not in hidden), key=lambda n: (not any(parts[n]), sum(parts[n]), str(n))
    )
    for name in others:
        if not hidden or (len(hidden) > 1 and is_tellable(added(parts[n] for n in hidden), least)):
            break
        hidden.add(name)
    return hidden


@dataclass
class Grid:
    """Places by columns of one break-down; `places` are those hidden altogether."""

    cells: Mapping[Cell, Kinds]
    rows: Sequence[Any]
    names: Sequence[Any]
    places: set[Any]
    least: int
    columns: set[Any] = field(init=False)
    """Hidden at every place, and in the sum of the district."""
    hidden: set[Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = hidden_parts(self.sums(), self.least)
        self.hidden = {
            (row, name)
            for row in self.rows
            for name in self.names
            if row in self.places or name in self.columns or not is_tellable(self.of(row, name), self.least)
        }
        while self._grows() or self._leaves_little():
            pass

    def of(self, row: Any, name: Any) -> Kinds:
        return self.cells.get((row, name), NONE)

    def sums(self) -> dict[Any, Kinds]:
        return {name: added(self.of(row, name) for row in self.rows) for name in self.names}

    def _grows(self) -> bool:
        """Hides what a hidden count still needs; whether there was such a count."""
        for row, name in sorted(self.hidden, key=str):
            if row in self.places or name in self.columns or not any(self.of(row, name)):
                continue
            needed = self._cheapest(row, name)
            if needed is None:
                self._hide_column(name)
                return True
            if needed:
                self.hidden |= needed
                return True
        return False

    def _cheapest(self, row: Any, name: Any) -> set[Cell] | None:
        """What must be hidden so that two cases may have been exchanged: nothing, if that is so already; the least
        otherwise. None, if there are no two such cases."""
        kind = next(kind for kind, count in enumerate(self.of(row, name)) if count)
        found: set[Cell] | None = None
        least = float("inf")
        for other in (other for other in self.rows if other != row):
            for beside in (beside for beside in self.names if beside != name):
                away = self.of(other, beside)[kind]
                here = min(self.of(row, beside)[kind], self.of(other, name)[kind])
                if not (away or here):
                    continue
                needed = {(row, beside), (other, name), (other, beside)} - self.hidden
                if not needed:
                    return needed
                cost = sum(1 + sum(self.of(*cell)) for cell in needed)
                if cost < least:
                    found, least = needed, cost
        return found

    def _leaves_little(self) -> bool:
        """What the shown cells of a line leave of its sum is a count too; the smallest of them follows where it is
        small."""
        lines = [[(row, name) for name in self.names] for row in self.rows if row not in self.places]
        lines += [[(row, name) for row in self.rows] for name in self.names if name not in self.columns]
        for line in lines:
            hidden = hidden_parts({cell: self.of(*cell) for cell in line}, self.least, self.hidden.intersection(line))
            if not hidden <= self.hidden:
                self.hidden |= hidden
                return True
        return False

    def _hide_column(self, name: Any) -> None:
        self.columns = hidden_parts(self.sums(), self.least, {*self.columns, name})
        self.hidden |= {(row, column) for row in self.rows for column in self.columns}
