"""Network simplex for transport: the cheapest way to send capacity to needs, in whole numbers.

HiGHS takes between one second and more than twenty for ten thousand needs; the structure of the
problem, a tree of arcs, takes a fraction of one, and integers make the answer exact.
"""

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.kernels.jit import kernel

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shorts = NDArray[np.int8]
UNLIMITED = np.int64(2**62)

# What the tree keeps of a node: one line of memory holds it all.
_PARENT, _BY, _UP, _SIZE, _FIRST, _AFTER, _BEFORE, _WIDTH = 0, 1, 2, 3, 4, 5, 6, 8


@kernel
def _hang(tree: Ints, node: int, under: int) -> None:
    """Make `node` the first child of `under`."""
    head = tree[under, _FIRST]
    tree[node, _PARENT] = under
    tree[node, _AFTER] = head
    tree[node, _BEFORE] = -1
    if head >= 0:
        tree[head, _BEFORE] = node
    tree[under, _FIRST] = node


@kernel
def _cut(tree: Ints, node: int) -> None:
    """Take `node` from the children of its parent."""
    ahead, behind = tree[node, _BEFORE], tree[node, _AFTER]
    if ahead >= 0:
        tree[ahead, _AFTER] = behind
    else:
        tree[tree[node, _PARENT], _FIRST] = behind
    if behind >= 0:
        tree[behind, _BEFORE] = ahead


@kernel
def _shift(tree: Ints, potential: Ints, stack: Ints, top: int, without: int, change: int) -> None:
    """Add `change` to the potential of `top` and all below it, but for `without` and below."""
    size = 1
    stack[0] = top
    while size > 0:
        size -= 1
        node = stack[size]
        potential[node] += change
        child = tree[node, _FIRST]
        while child >= 0:
            if child != without:
                stack[size] = child
                size += 1
            child = tree[child, _AFTER]


@kernel
def plant(
    tail: Ints,
    head: Ints,
    most: Ints,
    size: Ints,
    makers: int,
    full: Flags,
    twin: Ints,
    tree: Ints,
    carried: Ints,
    state: Shorts,
) -> None:
    """The first tree, in which `full` arcs carry all they may and the others nothing.

    `twin` of a full arc is an empty one from and to the same nodes, -1 where there is none. From
    every node something can be sent to the root: so no row of pivots comes back to where it began.
    """
    arcs, nodes = len(tail), len(size)
    root = nodes
    slack = size.copy()
    first = np.full(nodes, -1, np.int64)
    after = np.full(2 * arcs, -1, np.int64)
    tree[:] = -1
    state[:] = 1
    carried[:] = 0
    for arc in range(arcs):
        if full[arc]:
            carried[arc] = most[arc]
            state[arc] = -1
            slack[tail[arc]] -= most[arc]
            slack[head[arc]] -= most[arc]
            after[2 * arc], first[tail[arc]] = first[tail[arc]], 2 * arc
            after[2 * arc + 1], first[head[arc]] = first[head[arc]], 2 * arc + 1
    queue = np.empty(nodes, np.int64)
    done, waiting = 0, 0
    for node in range(nodes):
        if slack[node] > 0 or first[node] < 0:
            queue[waiting] = node
            waiting += 1
            _root(tree, carried, state, slack, node, root, makers, arcs)
    fresh = 0
    while True:
        while done < waiting:
            node = queue[done]
            done += 1
            way = first[node]
            while way >= 0:
                arc = way // 2
                way = after[way]
                if node < makers:
                    other, by, up = head[arc], arc, 0
                else:
                    other, by, up = tail[arc], twin[arc], 1
                if tree[other, _PARENT] >= 0 or by < 0:
                    continue
                _hang(tree, other, node)
                tree[other, _BY], tree[other, _UP] = by, up
                state[by] = 0
                queue[waiting] = other
                waiting += 1
        while fresh < makers and tree[fresh, _PARENT] >= 0:
            fresh += 1
        if fresh == makers:
            break
        queue[waiting] = fresh
        waiting += 1
        _root(tree, carried, state, slack, fresh, root, makers, arcs)
    tree[:, _SIZE] = 1
    for place in range(waiting - 1, -1, -1):
        node = queue[place]
        tree[tree[node, _PARENT], _SIZE] += tree[node, _SIZE]


@kernel
def _root(
    tree: Ints,
    carried: Ints,
    state: Shorts,
    slack: Ints,
    node: int,
    root: int,
    makers: int,
    arcs: int,
) -> None:
    """Hang `node` on the root by the arc that carries what it has over."""
    _hang(tree, node, root)
    tree[node, _BY] = arcs + node
    tree[node, _UP] = 1 if node < makers else 0
    state[arcs + node] = 0
    carried[arcs + node] = slack[node]


@kernel
def price(tail: Ints, head: Ints, gain: Ints, tree: Ints, potential: Ints) -> None:
    """Fill `potential` from the tree: on its arcs gain = potential[tail] - potential[head]."""
    root = len(potential) - 1
    stack = np.empty(root + 1, np.int64)
    potential[root] = 0
    stack[0] = root
    size = 1
    while size > 0:
        size -= 1
        child = tree[stack[size], _FIRST]
        while child >= 0:
            arc = tree[child, _BY]
            worth = gain[arc] if arc < len(tail) else 0
            above = potential[tree[child, _PARENT]]
            potential[child] = above + worth if tree[child, _UP] else above - worth
            size += 1
            stack[size - 1] = child
            child = tree[child, _AFTER]


@kernel
def send(
    tail: Ints,
    head: Ints,
    gain: Ints,
    most: Ints,
    size: Ints,
    makers: int,
    tree: Ints,
    carried: Ints,
    state: Shorts,
    potential: Ints,
    start: int,
    pivots: int,
) -> int:
    """Maximise the gain of what flows from the first `makers` nodes to the others.

    Arc a carries 0..most[a] units from `tail[a]` to `head[a]`; a node sends or gets up to its
    `size`, and less costs nothing. Goes on from a planted and priced tree, looking first at arc
    `start`, for so many `pivots` at most: each leaves a flow that keeps every limit. Tells where to
    go on, -1 where it is the best: then an arc with room has gain <= potential[tail] -
    potential[head], one with flow has >=; the last potential is the root's.
    """
    arcs, nodes = len(tail), len(size)
    root, total = nodes, len(tail) + len(size)
    # Arc arcs + v joins node v with the root. State: 1 empty, 0 in the tree, -1 full.
    stack = np.empty(nodes + 1, np.int64)
    block = max(64, int(np.sqrt(total) * 4))
    for _ in range(pivots):
        # Price: the best arc of the first block that holds one worth its while.
        best, entering, seen, place = 0, -1, 0, start
        for _look in range(total):
            if place < arcs:
                reduced = gain[place] - potential[tail[place]] + potential[head[place]]
            else:
                reduced = potential[root] - potential[place - arcs]
                if place - arcs >= makers:
                    reduced = -reduced
            worth = reduced * state[place]
            if worth > best:
                best, entering = worth, place
            place = place + 1 if place + 1 < total else 0
            seen += 1
            if seen == block:
                if entering >= 0:
                    break
                seen = 0
        if entering < 0:
            return -1
        start = place
        if entering < arcs:
            begin, end, room = tail[entering], head[entering], most[entering]
        elif entering - arcs < makers:
            begin, end, room = entering - arcs, root, UNLIMITED
        else:
            begin, end, room = root, entering - arcs, UNLIMITED
        change = best
        if state[entering] < 0:
            begin, end = end, begin
        # Where the two ways to the root join.
        join, other = begin, end
        while join != other:
            if tree[join, _SIZE] < tree[other, _SIZE]:
                join = tree[join, _PARENT]
            else:
                other = tree[other, _PARENT]
        # The cycle runs begin -> end -> join -> begin. Of several that stop it the last one
        # leaves: then no row of pivots without flow comes back to where it began.
        leaving, side = -1, 0
        node = begin
        while node != join:
            arc = tree[node, _BY]
            if tree[node, _UP]:
                left = carried[arc]
            else:
                left = most[arc] - carried[arc] if arc < arcs else UNLIMITED
            if left < room:
                room, leaving, side = left, node, 1
            node = tree[node, _PARENT]
        node = end
        while node != join:
            arc = tree[node, _BY]
            if tree[node, _UP]:
                left = most[arc] - carried[arc] if arc < arcs else UNLIMITED
            else:
                left = carried[arc]
            if left <= room:
                room, leaving, side = left, node, 2
            node = tree[node, _PARENT]
        if room > 0:
            carried[entering] += room * state[entering]
            node = begin
            while node != join:
                carried[tree[node, _BY]] += -room if tree[node, _UP] else room
                node = tree[node, _PARENT]
            node = end
            while node != join:
                carried[tree[node, _BY]] += room if tree[node, _UP] else -room
                node = tree[node, _PARENT]
        if leaving < 0:  # the entering arc filled up itself
            state[entering] = -state[entering]
            continue
        gone = tree[leaving, _BY]
        state[gone] = 1 if carried[gone] == 0 else -1
        # The part below the leaving arc hangs on the entering one from now on.
        inner, outer = (begin, end) if side == 1 else (end, begin)
        moved = tree[leaving, _SIZE]
        node = tree[leaving, _PARENT]
        while node != join:
            tree[node, _SIZE] -= moved
            node = tree[node, _PARENT]
        node = outer
        while node != join:
            tree[node, _SIZE] += moved
            node = tree[node, _PARENT]
        if entering < arcs:
            way = 1 if tail[entering] == inner else 0
        else:
            way = 1 if (entering - arcs < makers) == (inner == entering - arcs) else 0
        state[entering] = 0
        node, onto, arc, under = inner, outer, entering, 0
        while True:
            next_node, next_arc = tree[node, _PARENT], tree[node, _BY]
            next_way, next_under = 1 - tree[node, _UP], tree[node, _SIZE]
            _cut(tree, node)
            _hang(tree, node, onto)
            tree[node, _BY], tree[node, _UP], tree[node, _SIZE] = arc, way, moved - under
            if node == leaving:
                break
            node, onto, arc, way, under = next_node, node, next_arc, next_way, next_under
        # Only differences of potentials matter: the smaller part is moved.
        if side == 2:
            change = -change
        if 2 * moved <= nodes:
            _shift(tree, potential, stack, inner, -1, change)
        else:
            _shift(tree, potential, stack, root, inner, -change)
    return start


@kernel
def spread_worth(
    tail: Ints, head: Ints, gain: Ints, used: Flags, room: Flags, worth: Ints, at_need: Ints
) -> None:
    """Raise `worth` of tails and heads until no arc says it should be more.

    A unit at a tail gains what it does on an arc with room; a unit too many at a head takes the
    place of one on a used arc, which its tail then has over.
    """
    changed = True
    while changed:
        changed = False
        for arc in range(len(tail)):
            one, other = tail[arc], head[arc]
            if used[arc] and worth[one] - gain[arc] > at_need[other]:
                at_need[other] = worth[one] - gain[arc]
                changed = True
            if room[arc] and at_need[other] + gain[arc] > worth[one]:
                worth[one] = at_need[other] + gain[arc]
                changed = True
