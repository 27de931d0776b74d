"""What the public is told, held against a reader who solves it: every count that is left out could be another."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.statistics.disclosure import NONE, Grid, added, hidden_parts, is_tellable
from app.statistics.public_figures import DistrictYear

ROWS, CATEGORIES, METHODS = ("t1", "t2", "t3"), ("a", "b", "c"), ("x", "y", "z")
CASE = st.tuples(
    st.sampled_from(ROWS), st.sampled_from(CATEGORIES), st.sampled_from(METHODS[:2]), st.sampled_from((0, 0, 1, 2))
)
CASES = st.lists(CASE, max_size=9).flatmap(
    lambda some: st.lists(CASE, max_size=2).map(lambda bulk: some + [one for one in bulk for _ in range(4)])
)


def year_of(cases: list[Any], least: int = 3) -> DistrictYear:
    by: list[dict[Any, Any]] = [defaultdict(lambda: [0, 0, 0]), defaultdict(lambda: [0, 0, 0])]
    totals: dict[Any, Any] = {row: [0, 0, 0] for row in ROWS}
    for row, category, method, kind in cases:
        for counts in (by[0][row, category], by[1][row, method], totals[row]):
            counts[kind] += 1
    categories, methods = ({cell: tuple(kinds) for cell, kinds in cells.items()} for cells in by)
    sums = {row: tuple(kinds) for row, kinds in totals.items()}
    places = hidden_parts(sums, least)
    return DistrictYear(
        sums,
        not is_tellable(added(sums.values()), least),
        places,
        Grid(categories, ROWS, CATEGORIES, places, least),
        Grid(methods, ROWS, METHODS, places, least),
    )


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, parts - 1):
            yield (first, *rest)


def grids(grid: Grid, kind: int, rows: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every grid of one kind that has these sums of rows, and shows what is shown."""
    told = {cell: grid.of(*cell)[kind] for cell in itertools.product(grid.rows, grid.names) if cell not in grid.hidden}
    sums = {name: kinds[kind] for name, kinds in grid.sums().items() if name not in grid.columns}

    def row_choices(index: int) -> list[tuple[int, ...]]:
        row = grid.rows[index]
        known = [told.get((row, name)) for name in grid.names]
        free = [i for i, value in enumerate(known) if value is None]
        left = rows[index] - sum(value for value in known if value is not None)
        if left < 0 or (left and not free):
            return []
        choices = []
        for split in splits(left, len(free)) if free else [()]:
            values = [value or 0 for value in known]
            for position, value in zip(free, split, strict=True):
                values[position] = value
            choices.append(tuple(values))
        return choices

    def down(index: int, so_far: tuple[int, ...], above: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if index == len(grid.rows):
            if all(so_far[i] == sums.get(name, so_far[i]) for i, name in enumerate(grid.names)):
                yield above
            return
        for values in row_choices(index):
            reached = tuple(one + more for one, more in zip(so_far, values, strict=True))
            if all(reached[i] <= sums.get(name, reached[i]) for i, name in enumerate(grid.names)):
                yield from down(index + 1, reached, above + values)

    yield from down(0, (0,) * len(grid.names), ())


def possible(year: DistrictYear, kind: int) -> list[set[int]]:
    """What each cell of the district's tables can be, for a reader who knows all that is told: places, then categories
    by place, then methods by place; by the last two the sums of columns too."""
    total = sum(kinds[kind] for kinds in year.totals.values())
    found: dict[int, set[int]] = defaultdict(set)
    for rows in splits(total, len(ROWS)):
        if any(rows[i] != year.totals[row][kind] for i, row in enumerate(ROWS) if row not in year.places):
            continue
        ways = [list(grids(grid, kind, rows)) for grid in (year.categories, year.methods)]
        if not all(ways):
            continue
        offset = len(rows)
        for i, value in enumerate(rows):
            found[i].add(value)
        for way in ways:
            for values in way:
                sums = tuple(sum(values[i::3]) for i in range(3))
                for i, value in enumerate((*values, *sums)):
                    found[offset + i].add(value)
            offset += 12
    return [found[i] for i in range(len(found))]


def hidden_of(year: DistrictYear) -> list[Any]:
    """In the order of `possible`: the true kinds of what is left out, None where it is told."""
    told: list[Any] = [kinds if row in year.places else None for row, kinds in year.totals.items()]
    for grid in (year.categories, year.methods):
        told += [grid.of(*cell) if cell in grid.hidden else None for cell in itertools.product(grid.rows, grid.names)]
        told += [kinds if name in grid.columns else None for name, kinds in grid.sums().items()]
    return told


def attack(year: DistrictYear) -> int:
    """How many counts were left out; none can be told, but by zeros."""
    if year.hides_all:
        return 0
    worlds = [possible(year, kind) for kind in range(3)]
    for position, kinds in enumerate(hidden_of(year)):
        if kinds is None:
            continue
        succeeded, handled, received = (list(itertools.accumulate(kinds))[i] for i in range(3))
        for reach, figure in ((1, succeeded), (2, handled), (3, received)):
            is_open = any(len(worlds[kind][position]) > 1 for kind in range(reach))
            assert is_open or figure == 0, (position, kinds)
    return sum(kinds is not None for kinds in hidden_of(year))


@given(CASES)
@settings(max_examples=150, deadline=None)
def test_whoever_solves_the_tables_learns_no_count_that_was_left_out(cases: list[Any]) -> None:
    attack(year_of(cases))


@given(CASES)
@settings(max_examples=150, deadline=None)
def test_nothing_small_is_told_and_nothing_small_is_left_of_a_sum(cases: list[Any]) -> None:
    year = year_of(cases)
    if year.hides_all:
        return
    rest = [added(year.totals[row] for row in year.places)]
    for grid in (year.categories, year.methods):
        for row, name in itertools.product(grid.rows, grid.names):
            assert (row, name) in grid.hidden or is_tellable(grid.of(row, name), 3)
        rest.append(added(kinds for name, kinds in grid.sums().items() if name in grid.columns))
        shown = [[(row, name) for name in grid.names] for row in grid.rows if row not in grid.places]
        shown += [[(row, name) for row in grid.rows] for name in grid.names if name not in grid.columns]
        rest += [added(grid.of(*cell) for cell in line if cell in grid.hidden) for line in shown]
    assert all(is_tellable(kinds, 3) for kinds in rest)


def test_the_reader_of_these_tests_finds_what_is_badly_hidden() -> None:
    """A small cell alone in its row and column is worked out: the attack says so, and a grid leaves none so."""
    cases = [("t1", "a", "x", 0)] * 2 + [(t, f, "x", 0) for t in ROWS for f in CATEGORIES for _ in range(4)]
    cases = [case for case in cases if case[:2] != ("t1", "a")] + [("t1", "a", "x", 0)] * 2
    year = year_of(cases)
    assert len(year.categories.hidden) == 4
    assert attack(year) == 4
    year.categories.hidden = {("t1", "a")}
    try:
        attack(year)
    except AssertionError:
        return
    raise AssertionError("the attack does not see it")


def test_most_of_a_large_district_is_told() -> None:
    sizes = {row: 40 * (n + 1) for n, row in enumerate(ROWS)}
    cases = [
        (row, CATEGORIES[i % 3], METHODS[i % 2], 0 if i % 5 else 1) for row, size in sizes.items() for i in range(size)
    ]
    year = year_of([*cases, ("t1", "a", "x", 1)])
    assert (year.places, year.categories.columns, year.methods.columns) == (set(), set(), set())
    assert Counter(cell in year.categories.hidden for cell in itertools.product(ROWS, CATEGORIES))[False] >= 5
    assert Grid({}, ROWS, CATEGORIES, set(), 3).hidden == set()
    assert year.categories.of("t9", "a") == NONE
