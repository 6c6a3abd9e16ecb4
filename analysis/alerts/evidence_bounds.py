"""How rarely a thing happens, said with a stated confidence, from a count of independent trials.

Two bounds on the share behind *events* in *trials*:

* `exact_upper` and `exact_interval` are Clopper and Pearson's (1934), valid for one look at data whose size was fixed
  beforehand. They state results: “0 of 33 hidden proves at most 8.7 %”.
* `anytime_upper` stays valid however often one looks and whenever one stops, as a nightly question needs.
  It is the end of a confidence sequence by Ville's inequality (1939) for a mixture of likelihood ratios (Robbins 1970;
  Howard, Ramdas, McAuliffe and Sekhon, *Annals of Statistics* 49(2), 2021). Half of the mixture bets that the thing
  never happens, which costs a noise rule 35 windows over one look; the other half is uniform, so that a bound recovers
  after an event. Trials need not be alike: the bound is for shares that never fall below it.

Several rules at once: divide the allowed error among them (`level`), so that all bounds hold together.
"""

import math
from collections.abc import Callable
from functools import lru_cache

_STEPS = 80
_NEVER = 0.5
_SMALLEST = 1e-12


def level(error: float, rules: int) -> float:
    """The error that each of *rules* bounds may have so that all of them hold with 1 − *error* (Bonferroni)."""
    return error / max(1, rules)


@lru_cache(maxsize=65_536)
def exact_upper(events: int, trials: int, error: float) -> float:
    """The largest share under which *events* or fewer of *trials* are not yet less likely than *error*.

    >>> round(exact_upper(0, 149, 0.05), 3), round(exact_upper(0, 50, 0.05), 3)
    (0.02, 0.058)
    """
    _check(events, trials, error)
    if events >= trials:
        return 1.0
    return _root(lambda share: _log_at_most(events, trials, share) > math.log(error), events / trials)


def exact_lower(events: int, trials: int, error: float) -> float:
    """The smallest share under which *events* or more of *trials* are not yet less likely than *error*."""
    _check(events, trials, error)
    return 1.0 - exact_upper(trials - events, trials, error) if events else 0.0


def exact_interval(events: int, trials: int, error: float = 0.05) -> tuple[float, float]:
    """Both ends at once, each with half of *error*."""
    return exact_lower(events, trials, error / 2), exact_upper(events, trials, error / 2)


@lru_cache(maxsize=65_536)
def anytime_upper(events: int, trials: int, error: float) -> float:
    """The upper end of a confidence sequence: with 1 − *error* the share is below it at every look there will be.

    >>> round(anytime_upper(0, 183, 0.05), 3)
    0.02
    """
    _check(events, trials, error)
    if events >= trials:
        return 1.0
    return _root(lambda share: _log_evidence(events, trials, share) < -math.log(error), events / trials)


def windows_needed(most: float, error: float, *, is_anytime: bool = True) -> int:
    """How many trials without an event bring the upper bound down to *most*.

    >>> windows_needed(0.02, 0.05, is_anytime=False), windows_needed(0.02, 0.05)
    (149, 183)
    """
    bound = anytime_upper if is_anytime else exact_upper
    low, high = 0, 1
    while bound(0, high, error) > most:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bound(0, middle, error) <= most else (middle, high)
    return high


def _check(events: int, trials: int, error: float) -> None:
    if not 0 <= events <= trials or not 0 < error < 1:
        message = f"{events} of {trials} with an error of {error} is no count of events among trials"
        raise ValueError(message)


def _root(is_below: Callable[[float], bool], start: float) -> float:
    """The end of the shares from *start* on for which *is_below* holds, rounded up so that a bound stays one."""
    low, high = max(start, _SMALLEST), 1.0 - _SMALLEST
    if is_below(high):
        return 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return high


def _log_at_most(events: int, trials: int, share: float) -> float:
    """The logarithm of the chance of *events* or fewer, summed from the likeliest term down."""
    odds = math.log(share) - math.log1p(-share)
    term = _log_choose(trials, events) + events * math.log(share) + (trials - events) * math.log1p(-share)
    largest, total = term, 1.0
    for count in range(events, 0, -1):
        term += math.log(count) - math.log(trials - count + 1) - odds
        total += math.exp(term - largest)
    return largest + math.log(total)


def _log_evidence(events: int, trials: int, share: float) -> float:
    """The logarithm of what the mixture has won against *share*: a martingale of mean 1 if *share* is the truth."""
    mixture = math.log(1 - _NEVER) - math.log(trials + 1) - _log_choose(trials, events)
    if events == 0:
        mixture = max(mixture, math.log(_NEVER)) + math.log1p(math.exp(-abs(mixture - math.log(_NEVER))))
    happened = events * math.log(share) if events else 0.0
    return mixture - happened - (trials - events) * math.log1p(-share)


def _log_choose(trials: int, events: int) -> float:
    return math.lgamma(trials + 1) - math.lgamma(events + 1) - math.lgamma(trials - events + 1)
