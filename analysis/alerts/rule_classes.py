"""What kind of trouble a rule tells of, from the words in its name.

A rule whose name has none of the words is `UNMAPPED`, and an unmapped rule counts as a symptom: what nobody has
classified is not held back, and ends the holding of others.
"""

import re
from enum import StrEnum
from functools import lru_cache


class RuleClass(StrEnum):
    """What a rule tells of."""

    ERROR = "error"  #: requests or jobs fail
    LATENCY = "latency"  #: they take too long
    SATURATION = "saturation"  #: something is full, or nearly
    RESTART = "restart"  #: a process ended or began again
    REPLICA = "replica"  #: the orchestrator has other replicas, rollouts or jobs than were asked for
    TARGET_MISSING = "target_missing"  #: a part does not answer the monitoring, or is not there
    UNMAPPED = "unmapped"  #: none of these words is in its name


#: What people feel; an unmapped rule counts as one.
SYMPTOMS = frozenset({RuleClass.ERROR, RuleClass.LATENCY, RuleClass.SATURATION, RuleClass.UNMAPPED})
#: What every deploy causes by itself.
CAUSED_BY_DEPLOYS = frozenset({RuleClass.RESTART, RuleClass.REPLICA, RuleClass.TARGET_MISSING})


@lru_cache(maxsize=65_536)
def class_of(rule: str) -> RuleClass:
    """The class of a rule; where its name has words of several, the first of the list below."""
    words = words_of(rule)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(words)), RuleClass.UNMAPPED)


def words_of(rule: str) -> str:
    """The words of a rule's name in lower case, however they are joined: “KubePodCrash” and “kube_pod_crash” alike."""
    return " ".join(word.lower() for word in _WORD.findall(rule))


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+[a-z]*")
_ERRORS = """
errors? | fail(s|ed|ing|ure|ures)? | fault(s|y)? | 4xx | 5xx | rejected | refused | dropped | lost | corrupt(ed|ion)?
| unable | inability | timeouts? | exceptions? | denied | expired | inconsistent
"""
_LATENCIES = """
latency | slow | slowing | slowness | duration | delay(ed)? | lag(ging)? | behind | response[ ]time | too[ ]long
| wait(s|ing)?
"""
_SATURATIONS = """
full | fill | filling | high | usage | load | pressure | saturat(ed|ion) | out[ ]of | exhaust(ed|ion) | limit | low
| throttl(ed|ing) | too[ ]many | backlog | overflow | overcommitted | spike | maximum | growing | leak | memory | cpu
| disk
"""
_RESTARTS = "restart(s|ed|ing)? | crash(es|ed|ing)? | rebooted | oom | terminated | killed"
_REPLICAS = """
replicas? | replicaset | statefulset | daemonset | deployment | rollout | rolled | misscheduled | unscheduled
"""
_MISSING = "down | missing | absent | unreachable | not[ ]running | disappeared | offline | unavailable"
#: In order of precedence: a failure always wins; other symptoms' words do not make one of what the orchestrator's
#: controllers say about their own work (“scale maximum” of an autoscaler, “too long” of a job, “out of memory” kills).
_PATTERNS = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.VERBOSE))
    for kind, words in (
        (RuleClass.RESTART, "oom[ ]kill(er|ed)?"),
        (RuleClass.ERROR, _ERRORS),
        (RuleClass.REPLICA, "hpa | autoscaler | cron[ ]?job"),
        (RuleClass.LATENCY, _LATENCIES),
        (RuleClass.SATURATION, _SATURATIONS),
        (RuleClass.RESTART, _RESTARTS),
        (RuleClass.REPLICA, _REPLICAS),
        (RuleClass.TARGET_MISSING, _MISSING),
    )
)
