"""Classes of general words: what is done, what it is like, how much of it; see `synonym_tables`."""

CLASSES = """
accelerated expedited quickened | adapted adjusted | adopted introduced | aligned matched | arranged organised
arrested halted | asserted stated claimed | assured reassured | attracted drew | boosted increased raised
boosted improved enhanced | enhanced improved | enhancement improvement | burst spike surge
cascaded spread propagated | cascading spreading | challenged questioned | claimed alleged | collected gathered
complied conformed | concealed hid masked obscured | hid masked | masked obscured | conflicted clashed collided
conflict clash collision | confused muddled mistook | confusion mixup | consisted comprised
consolidated merged combined | combined joined unified | controlled governed | decommissioned retired
discontinued stopped ended | deprecated obsolete | dedicated exclusive | deduced inferred concluded
demonstrated showed proved | derived obtained | designed intended | deviated differed departed
deviation difference discrepancy | discrepancy difference mismatch | devised developed designed
developed created built | diminished decreased lessened | shrank diminished | disputed contested challenged
distinguished separated | dominated prevailed | endured lasted | enforced imposed applied | escaped evaded
exited ended terminated | explored examined investigated | exploited abused misused | extinguished quenched
facilitated eased enabled | faded disappeared | fed supplied | supplied provided delivered
flapped fluctuated oscillated | fluctuated varied | flipped switched toggled | flooded overwhelmed swamped
flood surge | focused concentrated | forbade prohibited banned | forgot omitted overlooked
forgotten overlooked omitted | gained obtained acquired got | regained recovered | guaranteed assured
highlighted emphasised stressed | stressed emphasised | ignored disregarded dismissed neglected | ignored overlooked
illustrated showed | implied suggested indicated | incorporated included integrated | incurred suffered
inflated increased | inhibited prevented hindered | injected inserted introduced | inserted added
integrated combined | intensified increased strengthened | intercepted caught | interfered meddled
interference disturbance | justified warranted | mapped assigned | maximised increased | mounted attached
narrowed restricted | neglected omitted | negotiated agreed | opposed resisted | originated started | origin source
overlapped coincided | overrode replaced | overwrote replaced | persuaded convinced | prohibited banned disallowed
disallowed denied blocked | protected guarded shielded secured | protection safeguard guard | reconstructed rebuilt
redid repeated | reminded prompted | renamed relabelled | represented constituted | rescued saved recovered
reserved allocated kept | risked endangered | risk danger threat hazard | risky dangerous hazardous
endangered threatened | rewrote reworked rewritten | ringing rang | rushed hurried | scanned searched checked
scan search check | searched looked sought | shed dropped | simplified streamlined | spent used consumed
spilled overflowed leaked | overflow overrun | starved lacked deprived | starvation shortage
strained stressed burdened | strain stress load pressure | suited fit fitted | summarised outlined
summary overview outline | superseded replaced | suppressed silenced muted | muted silenced | silenced disabled
sustained maintained kept | sustained suffered | sustained prolonged | addressed handled dealt | tidied cleaned
tolerated accepted allowed | transitioned changed switched moved | translated converted | transported carried moved
truncated shortened cut | trusted relied | undertook performed executed | unlocked freed released
unwound reversed undone | reversed reverted undid | reversal rollback | upheld maintained confirmed | varied differed
variation difference | violated breached broke | violation breach | visited opened accessed
voided cancelled annulled | woke awoke roused | wasted squandered | weakened reduced | withstood resisted survived
witnessed saw observed | yielded produced gave returned | returned gave | returned produced | tested probed
accuracy precision | accurate precise exact correct | advisory notice bulletin | aggregate total combined
analyst investigator | aspect facet side | attendee participant | participants members | audience public
baseline reference | benchmark test | blackout outage | brownout degradation | blip hiccup dip | blip spike
boundary border limit edge | chain series sequence | chance possibility | checklist list | committee board panel
community public | country nation | deficit shortage | disaster catastrophe | drill exercise rehearsal
element item component part | expert specialist | factor element | feedback comments | folder directory
format layout | framework structure | fraud scam | guideline guidance recommendation | idea proposal
individual person | initiative project effort | inventory list stock | iteration round cycle | journal log
margin buffer headroom | mechanism system process | overview summary | owner holder | panel dashboard
participant member | pattern trend | practice procedure | precaution safeguard measure | progress advance
property attribute | recipient receiver addressee | reminder prompt | reporter sender | representative spokesperson
spokesman spokesperson spokeswoman | resilience robustness | resources capacity | responsibility duty task
routine procedure | routine regular | sample subset example | scenario case situation | score rating | size extent
speed rate pace | slack room | strategy plan approach | subject topic title | suite set | syntax grammar
terminal console | theory hypothesis | threat danger | topic subject | trend tendency | variant version
whole entire full complete | entire whole full | workload load work | workflow pipeline process | acceptable tolerable
actual real true | adequate sufficient | aggressive rapid | appropriate suitable right proper | aware informed knowing
awareness knowledge | basic simple elementary | blank empty | careful cautious | compatible consistent matching
incompatible mismatched | confidential private secret sensitive | constant steady continuous uninterrupted
continuous uninterrupted | contrary opposite | corresponding matching respective | crucial critical vital essential
deliberate intentional | deliberately intentionally purposely | difficult hard tough | difficulty hardness
dual double twofold | effective successful | efficient economical | eligible entitled | equal same identical
essential necessary needed | exact precise | exclusive sole | expensive costly | explicit express
false wrong untrue incorrect | false spurious | familiar known | unchanged same constant
unchanged unaltered unmodified | fragile brittle | future coming upcoming | upcoming coming planned | general overall
genuine real authentic legitimate | legitimate valid genuine lawful | graceful orderly | harmful damaging
harmless benign | helpful useful | hidden concealed invisible | historical past previous | imminent impending
inadequate insufficient | inadequate poor | inappropriate unsuitable wrong | incomplete partial unfinished
indirect roundabout | internal inner inhouse | intentional intended | irrelevant unrelated | latent hidden dormant
dormant inactive | loose lax | natural normal | noisy loud | notable remarkable noteworthy | obvious clear evident
clear evident plain | odd strange unusual peculiar | official formal | optimal best ideal | optional voluntary
persistent lasting continuing | premature early | preliminary provisional initial | provisional temporary interim
interim temporary | proactive preventive preventative | problematic troublesome faulty | random arbitrary
raw unprocessed | real actual | reasonable sensible | related connected associated linked | unrelated unconnected
relevant pertinent applicable | remote distant | resilient robust | responsive reacting | satisfactory acceptable
silent quiet | silently quietly | simple plain easy | smooth seamless | smoothly seamlessly | solid firm
staggered phased gradual | standard normal usual default | static fixed | strict rigid stringent
superfluous unnecessary needless redundant | suitable fit appropriate | transient temporary brief shortlived
momentary brief | momentarily briefly | true correct right | unaware ignorant | uncertain unsure
undetected unnoticed unseen | unnoticed unobserved | unhealthy faulty sick | uniform consistent | unique distinct
unplanned unscheduled | unneeded unnecessary unused | unofficial informal | useful helpful | useless worthless
vast huge enormous | verbose detailed | gradually progressively steadily slowly | progressively increasingly
steadily continuously constantly | suddenly abruptly unexpectedly | unexpectedly surprisingly | apparently seemingly
actually really | partly partially | roughly approximately about | precisely exactly | fully completely entirely
totally completely entirely | temporarily provisionally | permanently definitively | repeatedly frequently
continually continuously | jointly together | solely exclusively | explicitly expressly | formally officially
publicly openly | privately internally | internally inhouse | externally outside | remotely distantly
safely securely | wrongly mistakenly falsely | heavily greatly strongly | strongly greatly
greatly significantly substantially | somewhat slightly | fairly moderately | opened open | opening open
emptied empty | freed free | closed shut | readied ready | warmed warm | simplified simple | normalised normal
completed complete | twofold double
"""
#: Read like the phrases of `synonym_tables`.
PHRASES = """
mix up=confused | run into=encountered | come up against=encountered | bump into=encountered | keep on=continued
go on=continued | keep away=avoided | hold back=withheld | put off=delayed | set aside=reserved | lay down=defined
lay out=described | spell out=described | bring forward=advanced | bring to light=revealed | bring to end=ended
put end=ended | come to end=ended | come to close=ended | come to stop=stopped | come to halt=stopped
give way=failed | go wrong=failed | go bad=failed | go missing=lost | go unnoticed=missed | fail to notice=missed
get lost=lost | go ahead with=proceeded | make progress=progressed | make public=published | make available=provided
consist of=comprised | take note=noticed | take notice=noticed | take care=handled | take action=acted
take into service=started | put in service=started | put into service=started | put into use=started
put into operation=started | put to use=used | put right=fixed | set right=fixed | sort out=fixed | iron out=fixed
clear up=resolved | smooth out=fixed | straighten out=fixed | in full=fully | in part=partly | on purpose=deliberately
by design=deliberately | by chance=accidentally | at random=randomly | in public=publicly | for good=permanently
for time be=temporarily | in meantime=meanwhile | in mean time=meanwhile | little by little=gradually
step by step=gradually | bit by bit=gradually | once more=again | over again=again | all over=everywhere
ahead of schedule=early | in advance=beforehand | in time=punctually | on time=punctually
"""
#: The first implies the second.
IMPLIED = """
accelerated increased | deadlock lock | decommissioned removed | deprecated old | discontinued ended | exited stopped
exploited used | fluctuated changed | flipped changed | flooded overloaded | injected added | inserted added
mounted added | overwrote changed | overrode changed | poisoned corrupted | renamed changed | rewrote changed
rewritten changed | scanned checked | searched looked | suppressed stopped | truncated cut | unlocked opened
violated broke | brownout outage | blackout outage | deadlock fault | regression fault | regression defect
regression problem | typo mistake | typo error | hiccup problem | glitch problem | glitch fault | mistake error
oversight mistake | misconfiguration mistake | misconfiguration error | misconfiguration problem | congestion problem
leak problem | overload problem | saturation problem | mismatch problem | tweaked changed | tuned changed
edited changed | amended changed | adjusted changed | corrected changed
"""
