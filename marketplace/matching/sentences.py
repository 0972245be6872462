"""Reasons as sentences with their code in front. One that was said before is not made again."""

import re
from collections.abc import Callable, Hashable
from functools import cache

from marketplace.matching.explain import reason_of
from marketplace.matching.outcome import Params, Point, Verdict

_REMEMBERED = 50_000
_PARAM = re.compile(r"%\((\w+)\)s")

# Sentence and typed parameters to what is read: the edge translates and formats.
Translate = Callable[[str, Params], str]


def plain_sentence(msgid: str, params: Params) -> str:
    """A sentence as it stands in the code, for callers without a translation."""
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in params.items()
    }
    return msgid % shown


class Sentences:
    """What `translate` says of reasons, kept by the parameters that a sentence shows."""

    def __init__(self, translate: Translate) -> None:
        self.translate = translate
        self._kept: dict[Hashable, str] = {}
        # What was said of a key, or None.
        self.kept = self._kept.get

    def of(self, item: Point | Verdict) -> str:
        """The sentence of a point or a verdict."""
        return self.coded(item.code if isinstance(item, Point) else item.rule, *reason_of(item))

    def coded(self, code: str, msgid: str, params: Params) -> str:
        """Any sentence, after its code."""
        key = code, msgid, *[params[name] for name in _shown(msgid)]
        said = self._kept.get(key)
        return said or self.keep(key, f"{code}: {self.plain(msgid, params)}")

    def plain(self, msgid: str, params: Params) -> str:
        """A sentence without its code. A semicolon parts the reasons, so none may hold one."""
        return self.translate(msgid, params).replace(";", ",")

    def keep(self, key: Hashable, said: str) -> str:
        if len(self._kept) >= _REMEMBERED:
            self._kept.clear()
        self._kept[key] = said
        return said


@cache
def _shown(msgid: str) -> tuple[str, ...]:
    return tuple(_PARAM.findall(msgid))
