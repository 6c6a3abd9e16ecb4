"""The words in an incident's title, by which it may name a service or a host."""

import re

_WORD = re.compile(r"\w[\w.-]*")
_AROUND = ".,;:!?()[]{}<>“”„‘’\"'`*_~-"


def words_of(title: str) -> frozenset[str]:
    """Each once, in lower case: what lies between spaces, and the parts of that which stand between other marks.

    Examples
    --------
    >>> sorted(words_of("`checkout`/payments down"))
    ['checkout', 'checkout`/payments', 'down', 'payments']
    """
    lower = title.lower()
    whole = {word.strip(_AROUND) for word in lower.split()}
    return frozenset({*whole, *(word.strip(".-") for word in _WORD.findall(lower))} - {""})
