"""What in an incident's title may be the name of a service or a host."""

import re
from itertools import pairwise

_WORD = re.compile(r"\w[\w.-]*")
_AROUND = ".,;:!?()[]{}<>“”„‘’\"'`*_~-"


def names_in(title: str) -> frozenset[str]:
    """Each once, in lower case: what lies between spaces, its parts between other marks, and runs of up to three words.

    Examples
    --------
    >>> sorted(names_in("`checkout`/payments down"))
    ['checkout', 'checkout`/payments', 'checkout`/payments down', 'down', 'payments']
    """
    lower = title.lower()
    whole = [word.strip(_AROUND) for word in lower.split()]
    two = [f"{one} {other}" for one, other in pairwise(whole)]
    three = [f"{one} {other}" for one, other in zip(two, whole[2:], strict=False)]
    parts = [word.strip(".-") for word in _WORD.findall(lower)]
    return frozenset({*whole, *two, *three, *parts} - {""})
