"""What open incidents are about, in words that say no more than the guard of holding back needs: equal or not.

What was told of an incident may be erased, and what holding back was told never is. So a name is kept as a keyed
digest, from which nobody reads a title.
"""

from collections.abc import Collection
from hashlib import blake2b


def veiled(seed: str, name: str) -> str:
    """The digest of *name*, in lower case, under the site's *seed*."""
    key = blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=32, person=b"involved").digest()
    return blake2b(name.lower().encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()


def is_involved(place: str, group: str, involved: Collection[str], seed: str) -> bool:
    """Whether *involved* has the group's id, or the place: by its digest, or as it is, as earlier versions kept it."""
    if not involved:
        return False
    return group in involved or (bool(place) and (place.lower() in involved or veiled(seed, place) in involved))
