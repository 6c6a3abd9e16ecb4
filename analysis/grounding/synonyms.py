"""Tight classes of words that say the same in the account of an incident, and pairs that say the contrary.

Source: written for this purpose; each class was read word by word for whether exchanging two of them could change what a
postmortem asserts. A word may stand in several. They are general, none is taken from a record.
"""

from analysis.grounding.stems import stem

#: Verbs with a particle, and set phrases, as one word each.
PHRASES_TEXT = """
come back=restored|be back=restored|bring back=restored|get back=restored|go back=restored|back up=restored
back online=restored|back to=restored|put back=restored|switch back=reverted|change back=reverted|swap back=reverted
roll back=reverted|roll out=rollout|go live=released|go down=failed|take down=shutdown|shut down=shutdown|turn off=disabled
switch off=disabled|turn on=enabled|switch on=enabled|scale up=scaleup|scale down=scaledown|scale out=scaleup|scale in=scaledown
spin up=launched|bring up=launched|set up=configured|carry out=performed|work on=working|look into=investigated
find out=found|point out=noted|time out=timeout|run out=exhausted|use up=exhausted|hand over=handover|pick up=received
clean up=cleaned|free up=freed|back off=withdrew|speed up=accelerated|slow down=slowed|go up=increased|come up=started
fail over=failover|switch over=failover|kick off=started|end up=ended|reach out=contacted|call in=called|bring in=called
turn out=found|no long=nolonger|take place=happened|put in=placed|sign off=approved|log in=login|log on=login|sign in=login
be able=could|become available=available|data center=datacenter|data centre=datacenter|work around=workaround
all clear=allclear|root cause=rootcause|set back=reverted|get rid=removed|take over=takeover|step down=stepdown
"""
_CLASSES = """
restored recovered reestablished returned resumed reinstated recovery normalised normalized
reverted rollback undone undo revert backout
deployed rollout released shipped pushed deployment release
distributed propagated pushed
notified alerted informed alarmed paged
alert alarm page warning notification
observed noticed noted saw found discovered identified detected spotted recognised recognized seen realised realized determined learned
showed listed displayed indicated signalled signaled revealed reported reflected contained pointed
reported said stated announced told informed communicated mentioned
began started commenced initiated launched opened kicked onset beginning start
launched created spawned provisioned
finished completed ended concluded done complete
stopped halted ceased paused suspended
ended stopped over finished
disabled deactivated
enabled activated
removed deleted dropped detached eliminated
added attached
attached reattached
replaced swapped substituted exchanged
changed modified altered adjusted updated moved switched edited
configured set defined
moved migrated transferred relocated switched shifted
placed put set
increased rose grew climbed scaleup raised up
decreased fell dropped reduced declined lowered scaledown down
raised generated fired sent issued triggered produced emitted
reached approached hit
failed failure unsuccessful error faulty broke broken failing
failure fault error problem issue
outage downtime disruption interruption unavailability
degraded impaired slowed deteriorated degradation
unavailable down unreachable inaccessible offline
available reachable accessible online up
healthy ok operational functional working normal
normal expected usual
crashed died
killed terminated ended destroyed stopped
terminate termination kill
executed ran run performed carried
restarted rebooted bounced
repaired fixed resolved corrected remedied solved rectified
fix patch remedy correction solution
resolved closed solved
mitigated alleviated reduced relieved
investigated examined analysed analyzed checked inspected looked investigation researched
verified confirmed validated checked tested
confirmed established verified
tested tried trial
attempted tried
declared opened raised called
joined
assigned appointed
contacted reached called messaged
asked requested
request requested ask
call request
locked froze blocked frozen
blocked prevented stopped hindered
prevented avoided
cut severed interrupted broke lost
lost dropped
connectivity connection connected network
disconnected
unexpected unusual abnormal anomalous
wrong incorrect faulty mistaken erroneous misconfigured bad invalid
accidentally mistakenly inadvertently unintentionally erroneously mistake error accident
manually manual hand
automatically automatic automated
earlier prior previous previously former
additional more extra further
numerous many several multiple
widespread extensive broad
worldwide globally global everywhere
customer client
user enduser end-user
user consumer
employee colleague
server host machine
node worker
instance machine vm
cluster
database db
datacenter dc site
infrastructure infra
configuration config setting configured
repository repo
environment env
production prod
development dev
kubernetes k8s
application app
loadbalancer lb
region zone
pipeline ci
version release
deployment rollout
code source
command
traffic requests load
latency delay slowness
slow delayed sluggish
delayed late
error exception
page webpage
website site web
cpu processor
memory ram
disk storage volume
utilization utilisation usage use consumption
exhausted depleted
excessive high
high elevated raised
poorly badly
lasted took
handled processed served treated managed
wrote written
received got
gave provided supplied granted
sent mailed emailed mail email
mail email message
found located
deleted erased purged
created made built
rebuilt recreated
postponed delayed deferred
cancelled canceled aborted
refused rejected denied declined
accepted approved
allowed permitted enabled
used utilised utilized employed
needed required necessary
insufficient lacking
enough sufficient
free available unused
missing absent lacked
expired
renewed
applied
escalated
promoted elevated
affected impacted hit impact effect
impact consequence effect
caused triggered led produced induced provoked
cause reason rootcause
during throughout
maintenance upkeep
upgraded updated upgrade update
correct right proper
old previous outdated former
new fresh
scheduled planned
quickly rapidly fast
slowly gradually
full complete
partially partly
temporarily temporary briefly brief
permanently permanent
attached joined connected
team group crew
incident
reconfigured
opened started
closed shut
redeployed
ticket case
triggered started initiated kicked
drained emptied
deregistration deregistered
timeout
approximately roughly about around
handover transferred
shutdown stopped
severity sev
status state
state condition
site page
primaries primary master leader
replica secondary standby follower
ingested received accepted
solution fix workaround
saw experienced encountered received got observed
throttled limited ratelimited
commit committed
merged
reviewed
announcement message notice
"""
_CONTRARIES = """
increase decrease|up down|scaleup scaledown|start stop|begin end|start finish|enable disable|add remove|attach detach|create delete|open close
healthy unhealthy|available unavailable|lock unlock|connect disconnect|restore degrade|restore lose|fail succeed|failure success
pass fail|online offline|internal external|primary replica|primary secondary|upgrade downgrade|accept reject|allow block
allow deny|fast slow|high low|expected unexpected|known unknown|stable unstable|correct wrong|correct incorrect|old new
manual automatic|manually automatically|east west|north south|before after|first last|more less|most few|resume pause
resume suspend|good bad|full empty|on off|load unload|mount unmount|encrypt decrypt|increase reduce|rise fall|rise drop
improve worsen|improve degrade|include exclude|inbound outbound|upload download|public private|planned unplanned
successful unsuccessful|complete incomplete|push pull|promote demote|register deregister|schedule deschedule|keep remove
read write|sent received|partial full|temporary permanent|safe unsafe|yes no|active inactive|valid invalid|present absent
"""


def _phrase(text: str) -> tuple[tuple[str, ...], str]:
    words, _, one = text.partition("=")
    return tuple(stem(word) for word in words.split()), stem(one)


PHRASES = dict(_phrase(text) for text in PHRASES_TEXT.strip().replace("\n", "|").split("|"))
CLASSES: dict[str, frozenset[str]] = {}
for _number, _line in enumerate(_CLASSES.strip().splitlines()):
    for _word in _line.split():
        CLASSES[stem(_word)] = CLASSES.get(stem(_word), frozenset()) | {f"#{_number}"}
CONTRARIES: dict[str, frozenset[str]] = {}
for _pair in _CONTRARIES.strip().replace("\n", "|").split("|"):
    _one, _other = (stem(_word) for _word in _pair.split())
    CONTRARIES[_one] = CONTRARIES.get(_one, frozenset()) | {_other}
    CONTRARIES[_other] = CONTRARIES.get(_other, frozenset()) | {_one}


def keys(word: str) -> frozenset[str]:
    """What a stem can be recognised by: itself and the classes that it stands in."""
    return CLASSES.get(word, frozenset()) | {word}


def is_contrary(word: str, said: frozenset[str]) -> bool:
    """Whether one of the stems *said* is the contrary of the stem *word*."""
    return bool(CONTRARIES.get(word, frozenset()) & said)
