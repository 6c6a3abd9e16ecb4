"""What an entry plans, wants, recommends, works at, refuses or only aims at was not done, however it says so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.grounding.wording import failures_of
from tests.effort import examples

#: A verb as its base, in -ing and as a participle, and what it is done to.
DEEDS = (
    ("disable", "disabling", "disabled", "the feature switch"),
    ("restart", "restarting", "restarted", "the ledger service"),
    ("replace", "replacing", "replaced", "the load balancer"),
    ("remove", "removing", "removed", "the expired certificate"),
    ("rotate", "rotating", "rotated", "the signing key"),
)
#: What leaves open whether it was done, or says that it was not.
OPEN = """
We plan to {verb} {thing} next week.
We will {verb} {thing}.
We intend to {verb} {thing}.
Our plan is to {verb} {thing}.
{Doing} {thing} is planned.
{thing} is to be {done}.
{thing} will be {done} once traffic is back.
We are looking into {doing} {thing}.
We are considering {doing} {thing}.
Work to {verb} {thing} is under way.
Work to {verb} {thing} has begun.
We have started work on {doing} {thing}.
{Doing} {thing} remains open.
{Doing} {thing} is next.
Next step: {verb} {thing}.
Action item: {verb} {thing}.
The team agreed to {verb} {thing}.
We recommend {doing} {thing}.
We identified a need to {verb} {thing}.
We opened a ticket to {verb} {thing}.
The goal is to {verb} {thing}.
We hope to have {done} {thing} by Friday.
We were about to {verb} {thing}.
A pull request to {verb} {thing} is in review.
We should have {done} {thing}.
We could have {done} {thing}.
We would have {done} {thing}.
Had we {done} {thing}, the outage would have been shorter.
If we had {done} {thing}, the outage would have been shorter.
We discussed {doing} {thing}.
Nobody has {done} {thing} yet.
We asked the vendor to {verb} {thing}.
We ought to {verb} {thing}.
We have scheduled {doing} {thing} for Friday.
We will be {doing} {thing}.
We are in the process of {doing} {thing}.
We failed to {verb} {thing}.
We stopped the vendor from {doing} {thing}.
We restarted the pods instead of {doing} {thing}.
We restarted the pods without {doing} {thing}.
We have identified improvements to {verb} {thing}.
We are exploring options to {verb} {thing}.
In the coming weeks we are {doing} {thing}.
To prevent this from happening again, we are {doing} {thing}.
We have begun an effort to {verb} {thing}.
It was proposed to {verb} {thing}.
Our proposal to {verb} {thing} was accepted.
{Doing} {thing} was suggested.
A fix to {verb} {thing} is awaiting review.
The vendor promised to {verb} {thing}.
The vendor is expected to {verb} {thing}.
We are evaluating whether {doing} {thing} would help.
We are rolling out a change that will {verb} {thing}.
We are preparing a change to {verb} {thing}.
The change, which should {verb} {thing}, ships tomorrow.
We need to {verb} {thing}.
There is a plan to {verb} {thing}.
{thing} has yet to be {done}.
{thing} still needs to be {done}.
We remain committed to {doing} {thing}.
Longer term, we want to {verb} {thing}.
We considered {doing} {thing} but decided against it.
We refused to {verb} {thing}.
We tried to {verb} {thing}.
Attempts to {verb} {thing} were made.
We may {verb} {thing}.
We have paused {doing} {thing}.
We postponed {doing} {thing}.
We delayed {doing} {thing}.
{Doing} {thing} was rejected.
We are ready to {verb} {thing}.
We were asked to {verb} {thing}.
We hesitated to {verb} {thing}.
We forgot to {verb} {thing}.
We were unable to {verb} {thing}.
We were prevented from {doing} {thing}.
We kept the vendor from {doing} {thing}.
We began {doing} {thing}.
The next release will {verb} {thing}.
The next release includes {doing} {thing}.
We will consider {doing} {thing}.
We are working with the vendor to {verb} {thing}.
We are working on {doing} {thing}.
We are investing in {doing} {thing}.
We are adding alerts so that we can {verb} {thing} sooner.
We have added tooling that will allow us to {verb} {thing} next time.
The runbook tells responders to {verb} {thing}.
The runbook recommends {doing} {thing}.
""".strip().splitlines()
#: What says that it was.
DONE = """
We {done} {thing}.
{thing} was {done} at 14:10.
We have {done} {thing}.
We have since {done} {thing} and are monitoring the pods.
We mitigated the outage by {doing} {thing}.
After {doing} {thing} the errors stopped.
The outage ended when we {done} {thing}.
The vendor {done} {thing}.
We finished {doing} {thing}.
We were able to {verb} {thing}.
We managed to {verb} {thing}.
We have completed {doing} {thing}.
{thing} has been {done}.
{thing} had been {done} earlier.
To stop the errors, we {done} {thing}.
To prevent further errors, we have {done} {thing} and will review the alerts.
As the alerts fired, Mina {done} {thing} and restarted the pods.
We decided to restart the pods and {done} {thing}.
While we are still adding alerts, we have {done} {thing}.
We are adding alerts, and we have {done} {thing}.
We ended up {doing} {thing}.
We succeeded in {doing} {thing}.
The fix, which {done} {thing}, was deployed.
We deployed a change that {done} {thing}.
{thing} was {done} to reduce the load.
{thing} is now {done}.
We also {done} {thing} so that the pods can recover.
{thing} was successfully {done} and we are monitoring the recovery.
""".strip().splitlines()
#: How a draft tells it as done.
TOLD = """
{thing} was {done}.
{thing} has been {done}.
{thing} is now {done}.
The {doing} of {thing} was done.
We {done} {thing}.
The team {done} {thing}.
""".strip().splitlines()


def _filled(template: str, deed: tuple[str, str, str, str]) -> str:
    verb, doing, done, thing = deed
    text = template.format(verb=verb, doing=doing, Doing=doing.capitalize(), done=done, thing=thing)
    return text[0].upper() + text[1:]


@settings(max_examples=examples(300))
@given(st.sampled_from(OPEN), st.sampled_from(TOLD), st.sampled_from(DEEDS))
def test_check_refuses_as_done_what_an_entry_leaves_open(
    entry: str, told: str, deed: tuple[str, str, str, str]
) -> None:
    """Plans, wishes, recommendations, tickets, refusals, attempts, work under way and what it is for."""
    assert failures_of(_filled(entry, deed), _filled(told, deed))


@settings(max_examples=examples(100))
@given(st.sampled_from(DONE), st.sampled_from(TOLD), st.sampled_from(DEEDS))
def test_check_lets_pass_what_an_entry_tells_as_done(entry: str, told: str, deed: tuple[str, str, str, str]) -> None:
    """In another voice or tense, beside other plans, or by `was able to` and `managed to`."""
    assert not failures_of(_filled(entry, deed), _filled(told, deed))
