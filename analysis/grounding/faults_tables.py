"""Classes of words about what goes wrong, how much, what is noticed of it, and how it ends; see `synonym_tables`.

Degrees stay apart (slow is not down, mitigated is not resolved), and so do a state and its end.
"""

CLASSES = """
elevated increased | regained restored recovered | failed malfunctioned | crashed collapsed | hung froze stalled stall
stalled stuck | stalled halted | overloaded overwhelmed saturated swamped overload saturation | exhausted full
lagged trailed lag | lag delay | lagging behind | backlog queue pile buildup | backlogged queued | pile heap
leaked leak leakage | exposed disclosed disclosure | corrupted polluted tainted spoiled spoilt garbled
rejected bounced | worsened deteriorated deterioration | intermittent sporadic occasional
intermittently sporadically occasionally | elevated heightened raised | surged soared jumped shot spiked
plummeted plunged slumped | dwindled shrank decreased | subsided abated eased receded | subsided decreased dropped
eased decreased | eased relieved alleviated | lingered persisted remained | recurred reappeared
recurrence reappearance | bug defect flaw | fault defect | glitch bug | symptom sign indication
vulnerability weakness hole | breached compromised hacked breach compromise intrusion | stole theft
exfiltrated stole | exfiltrated extracted | attacker intruder hacker | unauthorised unauthorized illegitimate
impersonated posed impersonation | infected infection | malicious rogue | suspicious dubious | unresponsive unreacting
settled stabilised | stabilised levelled | stable settled | stable stabilised | stabilised settled | healed recovered
rebounded recovered | cleared resolved | mended fixed repaired | remediated fixed resolved remediation
remediation fix repair | workaround mitigation | ended terminated | ceased ended | lasted spanned ran
lasted persisted continued | erased wiped deleted | destroyed wiped deleted | deletion removal | erased removed
dropped discarded | discarded deleted | disappeared vanished gone | disappearance loss | misplaced lost
late overdue belated | late behind | delayed slowed | waited queued | wait delay | standstill halt stop
blocked stuck | blockage block | jammed stuck blocked | congested overloaded congestion overload
bottleneck congestion | errored failed | faulted failed | misbehaved failed | misbehaviour fault
mismatched inconsistent mismatch inconsistency | diverged divergence | inaccurate wrong incorrect
improper wrong incorrect | improperly wrongly incorrectly badly | misconfigured misconfiguration | invalid malformed
broken defective faulty | defective faulty | damaged harmed | harm damage
intact unharmed undamaged unaffected untouched unscathed | spared unaffected | healthy fine | healthy green
normal fine | normal nominal | ok fine | degraded worsened | disturbed disrupted disturbance disruption | hit struck
affected touched hurt | suffered experienced | suffered saw | underwent experienced saw
faced experienced encountered saw | met encountered | peak maximum highest worst top | peaked topped | minimum lowest
average mean | total overall sum | exceeded topped surpassed overran breached | breached crossed
crossed passed exceeded | reached attained | sharp steep abrupt sudden | sharply steeply abruptly suddenly
slight small minor | slightly marginally | significant substantial considerable
significantly substantially considerably markedly | severe serious | severely seriously | tiny small | huge enormous
huge massive | endless unending neverending | rarer decreasing dropping | common frequent
usual normal ordinary regular typical customary | usually normally typically ordinarily | unusual uncommon atypical
unusually abnormally exceptionally | obsolete old legacy outdated | stale old | newest latest
former previous formerly previously once | original initial | share percentage proportion fraction rate portion
rate level | ratio proportion rate | noticed spotted | diagnosed identified determined diagnosis
uncovered found discovered unearthed | emerged surfaced transpired | perceived noticed | learned heard
concluded established | alert alarm pager paging page | fired sounded tripped | tripped triggered | alerted paged
alarm warning | monitoring monitor monitors | dashboard graph | watched tracked | tracked followed
surveillance monitoring | examined studied scrutinised | investigated studied probed | investigated looked
inspected viewed | inspection review | examination review inspection analysis investigation
reviewed checked examined | reviewed studied | review check | analysis investigation study | evidence proof indication
finding discovery | clue hint | suspected suspicion | outcome result consequence | effect result outcome
aftermath consequence | extent scope scale | crawled slowed slow | crawl slowness | sluggish slow | laggy slow
quick fast rapid swift | quickly swiftly | hampered impeded slowed hindered | impeded hindered obstructed
complicated hampered | unsuccessfully failed | unsuccessful fruitless | recovering recovery | normal normalised
normality normal
"""
#: Read like the phrases of `synonym_tables`.
PHRASES = """
replica lag=replicationlag | replication lag=replicationlag | replication delay=replicationlag | throw away=discarded
throw out=discarded | put hold=paused | fall over=crashed | give out=failed | go dark=wentdown | go offline=wentdown
drop offline=wentdown | knock out=wentdown | knock offline=wentdown | out of action=unavailable
not respond=unresponsive | fall behind=lagged | lag behind=lagged | level off=stabilised | settle down=stabilised
tail off=decreased | die down=subsided | fall off=decreased | shoot up=surged | go away=disappeared
come to light=discovered | come across=found | become aware=noticed | go off=fired | take long than=exceeded
go over=exceeded | go beyond=exceeded | show up=appeared | turn up=appeared | without end=endless | use up=exhausted
run short=exhausted | run late=delayed | behind schedule=delayed | back in service=restored | up and run=operational
return to service=restored | come through=survived | pull through=survived | hold nothing=empty
contain nothing=empty | hold up=delayed | queue up=queued | back up to=restored
come under=underwent | grind to halt=stopped | wear down=reduced | bring down=wentdown | come down=decreased
under control=contained | pose as=impersonated | lock up=froze | wake up=awoke | drag on=persisted | play out=happened
"""
#: The first implies the second.
IMPLIED = """
restarted stopped | rebooted stopped | flapping unstable | fluctuating unstable | oscillating unstable | 5xx error
4xx error | 500s error | back recovered | back returned | grew reached | rose reached | climbed reached
increased reached | replicationlag lag | replicationlag delay | delayed late | collapsed failed | hung failed
crashed stopped | surged increased | jumped increased | soared increased | spiked increased | plummeted decreased
plunged decreased | slumped decreased | halved fell | doubled grew | doubled rose | tripled rose | bug problem
bug issue | bug fault | defect problem | defect issue | flaw problem | vulnerability problem | outage problem
failure problem | polluted damaged | exfiltrated copied | stole took | leaked exposed | breach incident
wiped removed | erased removed | destroyed removed | vanished lost | malware software | malware program
recovered again | resumed again | reopened again | recurred again | reappeared again | reoccurred again
normalised again | resumed running | resumed working | recovered working | recovered running | restored working
restored available | recovered available | restored running | recovered healthy | recovered improved
restored recovered | restored improved | resolved ended | resolved over | full exhausted | unreachable unavailable
inaccessible unavailable | stuck stopped | stalled stopped | frozen stopped | halted stopped | error problem
timeout failure | timeout error | timeout failed | exception error | exhausted reached | exceeded reached
exceeded exhausted | exceeded passed | degraded affected | disrupted affected | impaired affected
interrupted affected | broken affected | corrupted affected | duplicated affected | hampered affected
slowed affected | overloaded affected | identified found | pinpointed found | traced found | diagnosed found
detected found | uncovered found | diagnosed investigated | analysed investigated | debugged investigated
traced investigated | profiled investigated
"""
