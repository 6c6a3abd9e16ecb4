"""An order that a sentence tells is that of the entries' times, or of the entry's own text: clocks, words, causes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.grounding.wording import failures_of
from tests.effort import examples

#: Made-up entries, each with what follows from it (+) and what has the order otherwise (-).
ENTRIES = """
We rolled back the deployment. The queue was drained and traffic was shifted to the second region. Errors subsided.\
 We are adding alerts.
+The queue was drained after the deployment had been rolled back.
+The deployment was rolled back before traffic was shifted to the second region.
+The deployment was rolled back, and the queue was subsequently drained.
+Having rolled back the deployment, the team drained the queue.
-The deployment was rolled back after the queue had been drained.
-Traffic was shifted to the second region before the deployment was rolled back.
-The queue was drained, and the deployment was subsequently rolled back.
-Having drained the queue, the team rolled back the deployment.
-Prior to the rollback of the deployment, traffic was shifted to the second region.
-Traffic was shifted to the second region, then the deployment was rolled back.
-The queue was drained first, and then the deployment was rolled back.
-The queue was drained while the deployment was being rolled back.
-By the time the deployment was rolled back, the queue had been drained.
-Draining the queue was followed by rolling back the deployment.

The cache was cleared at 10:05 UTC. At 10:20 UTC the workers were restarted. The pool was resized at 09:50 UTC.\
 Latency was normal again.
+The pool was resized before the cache was cleared.
+The workers were restarted after the pool had been resized.
+The cache was cleared, followed by a restart of the workers.
-The pool was resized after the cache had been cleared.
-The workers were restarted before the pool was resized.
-The workers were restarted and later the cache was cleared.
-The cache was cleared once the workers had been restarted.
-The pool was resized while the workers were restarted.

Users could not sign in. The incident was caused by a change that had removed a certificate.\
 We restored the certificate and sign-ins recovered. We will add a test.
+Users could not sign in after a change had removed a certificate.
+Sign-ins recovered once the certificate had been restored.
-Users could not sign in before a change removed a certificate.
-Sign-ins recovered before the certificate was restored.
-A certificate was removed after users could not sign in.
-The certificate was restored once sign-ins had recovered.

While the indexer initially kept up, it eventually fell behind and searches returned stale results.\
 Prior to the incident the index had been moved. Following the move, the shards were merged.\
 The team then paused the merge.
+The shards were merged after the index had been moved.
+The merge was paused after the shards had been merged.
-The shards were merged before the index was moved.
-The index was moved after the shards had been merged.
-The indexer kept up while it fell behind.
-The indexer fell behind before it kept up.
-The merge was paused before the index was moved.

Certificate expired; cron had been disabled in January
+The cron had been disabled before the certificate expired.
-The certificate expired before the cron was disabled.
-The cron was disabled after the certificate had expired.

Failover started, replicas promoted, writes accepted again
+Replicas were promoted after the failover had started.
+Writes were accepted again once replicas had been promoted.
-Replicas were promoted before the failover started.
-Writes were accepted again before replicas were promoted.

Rolled back the flag after support reported failed logins
+Support reported failed logins before the flag was rolled back.
-The flag was rolled back before support reported failed logins.
-Support reported failed logins after the flag had been rolled back.
-Support reported failed logins once the flag had been rolled back.

The deploy was stopped when the error rate rose. The engineer raised the limit, which the vendor confirmed later.\
 Queues were drained until the backlog was gone. A postmortem is planned.
+The deploy was stopped after the error rate had risen.
-The deploy was stopped before the error rate rose.
-The error rate rose after the deploy was stopped.
-The vendor confirmed the limit before it was raised.
-The limit was raised after the vendor had confirmed it.
"""
ROWS = [
    (entry, line[0], line[1:])
    for entry, *lines in (block.split("\n") for block in ENTRIES.strip().split("\n\n"))
    for line in lines
]
#: What happened in four sentences of one entry, in this order.
STEPS = ("The cache was cleared", "The workers were restarted", "The pool was resized", "The backlog was drained")
#: How two things are told in the order in which they happened, and the other way round.
FORWARD = ("{0} before {1}.", "{0}, then {1}.", "{0}, and later {1}.", "Once {0}, {1}.", "After {0}, {1}.")
BACKWARD = ("{0} after {1}.", "Before {0}, {1}.", "{0} once {1}.")


@pytest.mark.parametrize(("entry", "sign", "sentence"), ROWS, ids=[sentence for *_, sentence in ROWS])
def test_check_keeps_the_order_of_an_entry(entry: str, sign: str, sentence: str) -> None:
    """By clocks, by words such as before, once, following and eventually, by past perfects, colons and causes."""
    assert bool(failures_of(entry, sentence)) is (sign == "-")


@settings(max_examples=examples(60))
@given(
    times=st.permutations(range(4)),
    pair=st.sampled_from([(one, other) for one in range(4) for other in range(4) if one != other]),
    way=st.sampled_from([*((text, True) for text in FORWARD), *((text, False) for text in BACKWARD)]),
    clock=st.sampled_from(["", " at 1{}:05 UTC"]),
)
def test_check_takes_an_order_from_clocks_and_else_from_the_text(
    times: list[int], pair: tuple[int, int], way: tuple[str, bool], clock: str
) -> None:
    """Whatever stands first: clocks decide; without them one thing came after the other as told."""
    entry = " ".join(f"{step}{clock.format(time)}." for step, time in zip(STEPS, times, strict=True))
    told = [step[0].lower() + step[1:] for step in (STEPS[pair[0]], STEPS[pair[1]])]
    sentence = way[0].format(*told)
    sentence = sentence[0].upper() + sentence[1:]
    first, second = (times[pair[0]], times[pair[1]]) if clock else pair
    is_true = (first < second) is way[1]

    assert bool(failures_of(entry, sentence)) is not is_true
