"""How often Python looks for garbage while the bot serves."""

import gc

#: New objects until the young ones are looked through; Python's own 700 are many passes within one batch of a storm.
YOUNG = 20_000


def settle_garbage() -> None:
    """Take everything that start-up made out of the collector's sight, and let it look less often.

    Imported modules are some hundred thousand objects that live as long as the process. Passes over them took a fifth
    of the CPU of a change in bulk (`benchmarks.bulk_append`), and stop every thread while they last.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
