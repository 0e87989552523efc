"""A second world: what withheld numbers could be as well, with everything that is shown as it is."""

from collections.abc import Collection, Hashable, Mapping, Sequence

from portal.cases.suppression import Sum


def is_a_world(
    changes: Mapping[Hashable, int],
    true: Mapping[Hashable, int],
    hidden: Collection[Hashable],
    sums: Sequence[Sum],
    key: Hashable,
) -> bool:
    """Whether the number is another one with these changes, and everything shown as it is.

    Every withheld number stays at least one, as a reader may know.
    """
    world = {at: number + changes.get(at, 0) for at, number in true.items()}
    return (
        world[key] != true[key]
        and all(world[at] == true[at] for at in true if at not in hidden)
        and all(world[at] >= 1 for at in hidden)
        and all(world[line.total] == sum(world[part] for part in line.parts) for line in sums)
    )
