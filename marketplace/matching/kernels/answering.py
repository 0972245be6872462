"""The kernel that answers a need: gathers candidates, judges them by the rules, picks the best."""

from marketplace.matching.kernels.gathering import Gathered, gather
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.judging import Asked, Judged, Rows, Tables, judged_rows
from marketplace.matching.kernels.picking import Names, Picked, Shown, none_picked, pick
from marketplace.matching.kernels.shapes import Lent


@kernel
def answer(
    known: Lent,
    room: Lent,
    weights: Lent,
    need: Lent,
    field: Lent,
    columns: Lent,
    tables: Lent,
    asked: Lent,
    names: Lent,
    shown: Lent,
) -> tuple[Gathered, Judged, bool, Picked]:
    """What `gathering.gather` says, what the rules say, and who is picked.

    False where not everybody could be judged for certain: then nobody is picked.
    """
    found = gather(known, room, weights, need, field)
    judged, wanting = judged_rows(found.rows, Rows(*columns), Tables(*tables), Asked(*asked))
    if wanting or not judged.certain.all():
        return found, judged, False, none_picked()
    return found, judged, True, pick(found, judged, Names(*names), Shown(*shown))
