"""The tables of `synonyms`: classes of words that say the same in the account of an incident, phrases, contraries.

Source: written for this purpose. Each class was read for whether exchanging two of its words could change what a
postmortem asserts; a word may stand in several. They are general English and the language of operations, none is of
one record. Entries are separated by `|`.
"""

#: A verb with its particle, or a set phrase, and the one word that it is read as.
PHRASES = """
come back=restored | be back=restored | bring back=restored | get back=restored | go back=restored
back up=restored | back online=restored | back to=restored | put back=restored | switch back=reverted
change back=reverted | swap back=reverted | roll back=reverted | roll out=rollout | go live=released
go down=wentdown | take down=shutdown | shut down=shutdown | turn off=disabled | switch off=disabled
turn on=enabled | switch on=enabled | scale up=scaleup | scale down=scaledown | scale out=scaleup
scale in=scaledown | spin up=launched | bring up=launched | set up=configured | carry out=performed
work on=working | look into=investigated | find out=found | point out=noted | time out=timeout | hand over=handover
pick up=received | clean up=cleaned | free up=freed | back off=backoff | speed up=accelerated | slow down=slowed
go up=increased | come up=started | fail over=failover | switch over=failover | kick off=started | end up=ended
reach out=contacted | call in=called | bring in=called | turn out=found | take place=happened | put in=placed
sign off=approved | log in=login | log on=login | sign in=login | be able=could | become available=available
data center=datacenter | data centre=datacenter | work around=workaround | all clear=allclear | root cause=rootcause
set back=reverted | get rid=removed | take over=takeover | step down=stepdown | hold up=delayed | set off=triggered
go ahead=proceeded | ahead of=before | above all=particular | run out=runout | use up=exhausted
bring up to=upgraded | carry on=continued | wait for=awaited | make sure=ensured | each other=other
look at=inspected | as well=too | cut off=disconnected | break down=failed | blow up=failed | fill up=full
by accident=accidental | by mistake=mistakenly | in error=mistakenly | out of date=outdated | up to date=uptodate
out of service=unavailable | out of memory=oom | pull request=pullrequest | pull back=reverted | ask for=requested
send out=sent | figure out=found | work out=found | track down=found | rule out=excluded | leave out=omitted
swap out=swapped | start up=started | boot up=booted | come online=started | bring online=started
take offline=disabled | stand up=created | put into=placed | open up=opened | ramp up=increased | deal with=handled
make use=used | get in touch=contacted | get to=reached | be aware=knew | in parallel=simultaneously
in order to=for | in order=for | under way=underway | in use=used | in place=placed | be able to=could
| possible to=could
no long be=stopped | call off=cancelled | call back=recalled | tear down=removed | wind down=stopped
wear off=ended | catch up=recovered | pile up=accumulated | build up=accumulated | back out=reverted
drop off=decreased | drop out=failed | cut back=reduced | step in=joined | jump in=joined
"""
#: Words of which one may stand for the other.
CLASSES = """
created opened | continued persisted still | bumped raised increased | bumped upgraded | appeared surfaced
gone deleted removed | again back restored | wentdown failed | wentdown decreased fell dropped | wentdown down
disabled off | found showed revealed | cleaned cleanup | configured setup | slowed slowdown | accumulated buildup
failed breakdown | started startup | listed list | noted note
restored recovered reestablished returned resumed reinstated recovery normalised normalized
reverted rollback undone undo revert backout | deployed rollout released shipped pushed deployment release
distributed propagated pushed | notified alerted informed alarmed paged told | alert alarm page warning notification
observed noticed noted saw found discovered identified detected spotted recognised realised determined learned
showed listed displayed indicated signalled signaled revealed reported reflected contained pointed
reported said stated announced told informed communicated mentioned
began started commenced initiated launched opened kicked onset beginning start
launched created spawned provisioned | finished completed ended concluded done complete
stopped halted ceased paused suspended | ended stopped over finished | disabled deactivated | enabled activated
removed deleted dropped detached eliminated | added attached | attached reattached
replaced swapped substituted exchanged | changed modified altered adjusted updated moved switched edited
configured set defined | moved migrated transferred relocated switched shifted | placed put set
increased rose grew climbed scaleup raised up | decreased fell dropped reduced declined lowered scaledown down
raised generated fired sent triggered produced emitted | reached approached hit
failed failure unsuccessful error faulty broke broken failing | failure fault error problem issue
outage downtime disruption interruption unavailability | degraded impaired slowed deteriorated degradation
unavailable down unreachable inaccessible offline | available reachable accessible online up
healthy ok operational functional working normal | normal expected usual | crashed died
killed terminated ended destroyed stopped | terminate termination kill | executed ran run performed carried
restarted rebooted bounced | repaired fixed resolved corrected remedied solved rectified
fix patch remedy correction solution | resolved closed solved | mitigated alleviated reduced relieved
investigated examined analysed analyzed checked inspected looked investigation researched
verified confirmed validated checked tested | confirmed established verified | tested tried trial | attempted tried
declared opened raised called | assigned appointed | contacted reached called messaged | asked requested
request requested ask | call request | locked froze blocked frozen | blocked prevented stopped hindered
prevented avoided | cut severed interrupted broke lost | lost dropped | connectivity connection connected network
unexpected unusual abnormal anomalous | wrong incorrect faulty mistaken erroneous misconfigured bad invalid
accidentally mistakenly inadvertently unintentionally erroneously mistake error accident | manually manual hand
automatically automatic automated | earlier prior previous previously former | additional more extra further
numerous many several multiple | widespread extensive broad | worldwide globally global everywhere | customer client
user enduser end-user | user consumer | employee colleague | server host machine | node worker | instance machine vm
database db | datacenter dc site | infrastructure infra | configuration config setting configured | repository repo
environment env | production prod | development dev | kubernetes k8s | application app | loadbalancer lb
region zone | pipeline ci | version release | deployment rollout | code source | traffic requests load
latency delay slowness | slow delayed sluggish | delayed late | error exception | page webpage | website site web
cpu processor | memory ram | disk storage volume | utilization utilisation usage use consumption used using consumed
exhausted depleted runout | expired runout lapsed | reduced minimized minimised lessened lowered decreased limited
routed sent directed forwarded redirected passed | suggested advised recommended proposed
appeared displayed shown visible | high large great big much heavy | longer greater larger bigger higher
chose selected opted picked decided | proceeded continued | advice suggestion recommendation proposal
particular especially notably | handmade manual | ensured guaranteed | waited awaited | specified defined stated
successful succeeded | missing lost | introduced added | left kept | obtained got received acquired
emptied cleared purged flushed drained | relaunched restarted | rotated renewed replaced
renewed refreshed reissued | revoked withdrew removed | logged recorded registered | registered enrolled
responded replied answered | response reply answer | unresponsive hung stuck | stuck hung frozen
retried reattempted | enlarged increased expanded extended | extended prolonged lengthened | shortened reduced
limit quota cap | limit threshold | spike surge jump peak increase | fall decline decrease dip reduction drop
rise increase growth | trouble difficulty problem issue | sign indication hint
assumed believed thought supposed suspected | planned intended scheduled | attempt effort trial
decided agreed concluded resolved | concluded found determined | reproduced recreated replicated
copied replicated duplicated | synced synchronised synchronized | patched updated fixed | hotfix patch fix quickfix
applied implemented installed | implemented introduced | developer programmer | vendor provider supplier
external thirdparty | department team | phoned called | meeting call | ticket issue case | graph chart
metric measurement | endpoint url | certificate cert | credential secret | permission right access | policy rule
path route | job task | library package | pullrequest pr | staging preproduction | evicted removed | freed released
allocated assigned | linked connected | stable steady | stabilised stabilized steadied | posted published shared
helped assisted supported | watched observed monitored | kept retained preserved | overlooked missed
omitted excluded skipped | contained included comprised | exceeded surpassed passed | lack shortage absence
simultaneously concurrently | properly correctly | intended desired wanted | ceased stopped
rebooted restart reboot | prepared readied | oom memory | accumulated grew | acknowledged acked | backup copy
moment instant | shown visible | abandoned dropped | unintended unexpected | inspected reviewed | arrived came
recalled withdrew | absent gone missing | gone removed | gone lost | happened occurred | emerged appeared arose
existing present current | current present | fulfilled met satisfied | ran operated worked
functioned worked operated ran | functional working operational | damaged corrupted broken | corrupt corrupted
nonfunctional broken | outdated stale | redirected rerouted | rerouted routed | raised lifted | tuned adjusted
established set created | compiled built | split divided | combined merged joined | complained reported
complaint report | alerting alarm | count number | amount number quantity | quantity volume | subset part
component part | colleague coworker | leader lead | consulted asked contacted | sought tried wanted
evaluated assessed examined | assessed analysed estimated | caught detected | located situated
pinpointed identified located | separated isolated | spread distributed | scattered distributed | rest remaining
remainder rest | previously earlier before | anew again | wait delay | prompted asked | warned alerted
cautioned warned | urged asked | instructed told asked | ordered instructed | tasked asked assigned
hindered hampered | underway ongoing | scaled resized | required requested | excessive high | high elevated raised
poorly badly | lasted took | handled processed served treated managed | wrote written | received got
gave provided supplied granted | sent mailed emailed mail email | mail email message | found located
deleted erased purged | created made built | rebuilt recreated | postponed delayed deferred
cancelled canceled aborted | refused rejected denied declined | accepted approved | allowed permitted enabled
used utilised utilized employed | needed required necessary | insufficient lacking | enough sufficient
free available unused | missing absent lacked | promoted elevated | affected impacted hit impact effect
impact consequence effect | caused triggered led produced induced provoked | cause reason rootcause
during throughout | maintenance upkeep | upgraded updated upgrade update | correct right proper
old previous outdated former | new fresh | scheduled planned | quickly rapidly fast | slowly gradually
full complete | partially partly | temporarily temporary briefly brief | permanently permanent
attached joined connected | team group crew | opened started | closed shut | ticket case
triggered started initiated kicked | drained emptied | deregistration deregistered
approximately roughly about around | handover transferred | shutdown stopped | severity sev | status state
state condition | site page | primaries primary master leader | replica secondary standby follower
ingested received accepted | solution fix workaround | saw experienced encountered received got observed
throttled limited ratelimited | commit committed | announcement message notice | success succeeded successful
slow slowness | long length lengthy | deep depth | able ability | possible possibility | responded response
decided decision | permitted permission | received reception receipt | described description | produced production
reduced reduction | resolved resolution | solved solution | extended extension | suspended suspension
advised advice | chose choice | lost loss | grew growth | proved proof | believed belief | knew knowledge known
arrived arrival | removed removal | approved approval | applied application | available availability
unavailable unavailability | stable stability | stored storage | assisted assistance | existed existence
appeared appearance | occurred occurrence | high higher highest | low lower lowest | large larger largest
small smaller smallest | slow slower slowest | fast faster fastest | long longer longest | short shorter shortest
new newer newest | old older oldest | early earlier earliest | late later latest | explained explanation
consumed consumption | included inclusion | excluded exclusion | prevented prevention | corrupted corruption
interrupted interruption | disrupted disruption | distributed distribution | detected detection
inspected inspection | intervened intervention | introduced introduction | compared comparison | tested test testing
expired expiry expiration | denied denial | refused refusal | withdrew withdrawal | renewed renewal | tried trial
signed signature | failed failure | pressed pressure | mixed mixture | closed closure | exposed exposure
departed departure | accessed access accessible | recognised recognition recognized | requested request
required requirement | needed need | demanded demand | promised promise | offered offer | helped help
complained complaint | warned warning | began beginning | ended ending | understood understanding | met meeting
built building build | thought thinking | manual manually | automatic automatically
accident accidental accidentally | mistake mistakenly | error erroneous erroneously | temporary temporarily
permanent permanently | partial partially | complete completely | correct correctly correctness | safe safely safety
secure security | reliable reliability | visible visibility | capable capability | complex complexity
urgent urgency | critical criticality | dependent dependency depended | absent absence | present presence
different difference differed
"""
#: Words that exclude each other.
CONTRARIES = """
continue stop | continue pause | continue end | continue cease | continue halt | continue finish | continue suspend
pass fail | stay move | stay leave | stay change | remain change | remain move | prior later | previous later
earlier later | previous next | reverse forward | primary standby | automated manual | online down | up offline
same different | increase decrease | up down | scaleup scaledown | start stop | begin end | start finish
enable disable | add remove | attach detach | create delete | open close | healthy unhealthy | available unavailable
lock unlock | connect disconnect | restore degrade | restore lose | fail succeed | failure success | online offline
internal external | primary replica | primary secondary | upgrade downgrade | accept reject | allow block
allow deny | fast slow | high low | expected unexpected | known unknown | stable unstable | correct wrong
correct incorrect | old new | manual automatic | manually automatically | east west | north south | before after
first last | more less | most few | resume pause | resume suspend | good bad | full empty | on off | load unload
mount unmount | encrypt decrypt | increase reduce | rise fall | rise drop | improve worsen | improve degrade
include exclude | inbound outbound | upload download | public private | planned unplanned | successful unsuccessful
complete incomplete | push pull | promote demote | register deregister | schedule deschedule | keep remove
read write | sent received | partial full | temporary permanent | safe unsafe | yes no | active inactive
valid invalid | present absent
"""
#: Words of which one is so exactly where the other is not.
COMPLEMENTS = """
succeeded failed | ready unready | worked failed | detected missed | noticed overlooked | noticed missed | kept lost
accepted rejected | accepted refused | allowed denied | allowed refused | included excluded | online offline
available unavailable | reachable unreachable | healthy unhealthy | complete incomplete | correct wrong
correct incorrect | affected unharmed | affected untouched | harmed unharmed | affected unaffected | damaged intact
harmed intact | affected intact | corrupted intact | successful unsuccessful | open closed | present absent
responded unresponsive | known unknown | usable unusable | valid invalid | expected unexpected | active inactive
finished unfinished | resolved unresolved | stable unstable | changed unchanged
"""
#: The first implies the second, not the other way round: who confirms something says it.
IMPLIED = """
complained said | complained wrote | complained reported | terminated shutdown | killed shutdown | notified said
alerted said | message wrote | message told | message reported | message said | email wrote | report said
complaint reported | confirmed said | acknowledged said | explained said | warned said | announced said
suggested said | replied said | wrote said | reported said | advised said | informed said | told said
killed removed | deleted removed | completed performed | doubled increased | tripled increased | crashed failed
terminated removed | halved decreased | verified checked | validated checked | confirmed checked | upgraded changed
rollback changed | reconfigured changed | replaced changed | migrated changed | patched changed | scaleup changed
scaledown changed
"""
