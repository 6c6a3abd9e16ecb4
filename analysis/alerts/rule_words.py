"""What the words of a rule tell: its family, and whether it speaks of what its place suffers or of the place itself.

Requests that fail or wait are suffered: they may come from a failure elsewhere. Memory, disks, replicas and processes
are a place's own: a failure elsewhere seldom explains them. The words are those that rules for Prometheus are named
with; a rule of none of them is neither.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[a-z]{3,}")
_MOST_WORDS = 24
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]xx")
_SUFFERED = frozenset(
    """
    apdex availability backlog blocked burn children connection connections consumer deadlocked delay delivery dropped
    duration error errors fail failed failing failure failures gc goroutine goroutines http latency pending percentile
    ping probe queue queued reachable rejected request requests response responses retries rpc saturation slo slow
    success thread threads throughput timeout timeouts traffic transaction transactions unreachable waiting workers
    4xx 5xx
    """.split()  # noqa: SIM905 - a list of 60 strings reads worse
)
_OWN = frozenset(
    """
    absent backup bloat bond certificate clock cluster compaction container corrupt corruption cpu crash crashed
    crashing cronjob daemonset degraded deployment disk disks down drive evicted expire expires filesystem heap hpa
    inode inodes job kernel killer leader load memory missing node offline oom overtemperature partition partitions
    pod process quorum raid read rebooted replica replicas replicaset replication restart restarted restarts
    rollout scale shard shards slave smart space statefulset storage swap temperature volume
    """.split()  # noqa: SIM905 - likewise
)


@lru_cache(maxsize=20_000)
def rule_role(rule: str) -> float:
    """From -1, its place's own, to 1, suffered from others; 0 where the name does not say."""
    words = [word.lower() for word in _PARTS.findall(rule)]
    suffered = sum(word in _SUFFERED for word in words)
    own = sum(word in _OWN for word in words)
    return (suffered - own) / (suffered + own) if suffered or own else 0.0


@lru_cache(maxsize=20_000)
def shared_text(rule: str) -> str:
    """One text for all series of a rule, because it is found faster in the counts of rules than an equal one."""
    return rule


@lru_cache(maxsize=20_000)
def family_of(rule: str, job: str) -> str:
    """What watches: the job that a rule's alerts come from, else the first word of its name."""
    return job or next(iter(_PARTS.findall(rule)), rule)


@lru_cache(maxsize=20_000)
def words_of(text: str) -> frozenset[str]:
    """The distinct words of a text, the first few of them."""
    return frozenset(_WORD.findall(text.lower())[:_MOST_WORDS])
