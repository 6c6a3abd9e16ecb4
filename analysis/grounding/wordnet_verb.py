"""Verbs that share a first sense in WordNet 3.1; made by `benchmarks/wordnet_tables.py`, not by hand.

This software and database is being provided to you, the LICENSEE, by
Princeton University under the following license.  By obtaining, using
and/or copying this software and database, you agree that you have
read, understood, and will comply with these terms and conditions.:

Permission to use, copy, modify and distribute this software and
database and its documentation for any purpose and without fee or
royalty is hereby granted, provided that you agree to comply with
the following copyright notice and statements, including the disclaimer,
and that the same appear on ALL copies of the software, database and
documentation, including modifications that you make for internal
use or for distribution.

WordNet 3.1 Copyright 2011 by Princeton University.  All rights reserved.

THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON
UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR
IMPLIED.  BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON
UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANT-
ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE
OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT
INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR
OTHER RIGHTS.

The name of Princeton University or Princeton may not be used in
advertising or publicity pertaining to distribution of the software
and/or database.  Title to copyright in this software, database and
any associated documentation shall at all times remain with
Princeton University and LICENSEE agrees to preserve same.
"""

CLASSES = """
exhale emanate | pant gasp | act behave | shiver shudder | sleep slumber | drowse doze | awake arouse awaken wake
hypnotize mesmerize | faint swoon | recreate revive vivify | snicker snigger | giggle titter | chuckle chortle
frown glower | glower glare | mop mow | dress clothe | undress strip disrobe | beget engender father mother sire
relieve alleviate | suffer sustain | wail whimper | cry weep | injure wound | tire weary | tire weary | vomit retch
help aid | comfort ease | drug dose | disable incapacitate handicap | resurrect upraise | blush flush redden
pale blanch | joke jest | stay remain | alter vary | change alter | become get | conform adapt | readjust readapt
decrease diminish lessen | accumulate amass | insert inclose | compound combine | misuse abuse | worsen decline
better improve amend | worsen aggravate exacerbate | moisten dampen | strengthen fortify | reinforce reenforce
intensify compound deepen | water irrigate | limit confine throttle | limit circumscribe | restrict curtail
shrink wither | abridge foreshorten shorten | repair mend fix | overhaul modernize | mend heal | corrode rust
corrode rust | erode gnaw | light illumine illuminate | blossom unfold | bloom blossom flower | adapt accommodate
explode detonate | thrive flourish | obliterate veil | smash dash | happen occur | happen befall | concur coincide
begin start commence | start commence | persevere persist | end terminate | germinate sprout
die perish expire croak | unify unite merge | cool chill | thaw unthaw melt | sear scorch | transmute metamorphose
transform transmute | stifle dampen | mix fuse coalesce merge | decay decompose | complicate refine
organise coordinate | interlock mesh | prepare ready | steady calm | fade wither | disappear vanish | reduce cut
wax mount | magnify amplify | accelerate speed quicken | decelerate slow | slow slacken | decrease lessen
replenish refill | clot coagulate | clot coagulate | hasten hurry | hush silence still | suppress subdue conquer
squelch quell | align adjust | integrate incorporate | annihilate eradicate | polish refine | purify distill
mar impair | massacre slaughter | complete finish | culminate climax | vent ventilate | clock time
foul contaminate | isolate insulate | stimulate excite | disable incapacitate | highlight spotlight | process treat
facilitate alleviate | receive obtain incur | broaden extend | animize animate | mutilate murder | scorch sear singe
comprehend savvy grasp apprehend | understand realize see | learn hear discover | engross engage
steep immerse engulf engross | absorb assimilate ingest | train educate | memorize con | remember recall recollect
forsake desert | neglect omit | exclude except omit | err mistake | confuse confound | misconstrue misunderstand
crystallize illuminate elucidate | confuse befuddle confound | puzzle mystify baffle bewilder amaze
interpret construe | misread misinterpret | meditate ponder muse reflect mull | think suppose imagine reckon guess
assume presume | speculate theorize conjecture hypothesize | reconstruct retrace | reason conclude
deduce infer derive | calculate cipher compute | subtract deduct | analyze dissect | synthesize synthesise
analyze analyse study examine | survey appraise | research explore | distinguish differentiate | classify class
rate rank grade | insure ensure ascertain | prove demonstrate show | confirm corroborate substantiate affirm
refute rebut | endure tolerate brook abide | evaluate judge | estimate gauge approximate | choose select
choose prefer | slant weight | evaluate assess appraise | distrust mistrust suspect | think believe conceive
repute esteem | consider view regard | respect esteem | review reexamine | audit scrutinize | decide settle resolve
determine shape influence | brood dwell | scheme intrigue | aim purport | intend destine
calculate estimate reckon figure forecast | depend rely | associate relate link connect | rule decree
override overthrow | react respond | expect anticipate | foreknow foresee | concentrate focus center pore rivet
appropriate reserve | amaze astonish astound | impute ascribe attribute | recognize realize | penetrate fathom
wonder inquire | destine doom | order enjoin | prescribe dictate | inflict impose | request bespeak | require expect
contend postulate | disown repudiate | beg implore pray | intercede mediate arbitrate | urge press | wheedle coax
dissuade deter | induce stimulate cause | prompt instigate | argue reason | argue contend | quarrel dispute scrap
magnetize mesmerize bewitch | interrupt disrupt | continue proceed | solicit beg | entice lure tempt | spy snoop
investigate enquire | reinforce reward | telephone phone | forbid prohibit proscribe veto disallow
spurn scorn disdain | rebuff snub | forswear retract | repeal rescind | dismiss disregard discount ignore
scoff flout | permit allow | assent acquiesce | disagree differ | agree concur | approve sanction | demur except
hedge evade parry skirt sidestep | shun eschew | confront face | refute rebut | answer reply respond | retort rejoin
admit acknowledge | concede confess | confess squeal | attest certify manifest evidence
rebuke lecture reprimand scold chide berate | criticize criticise | preach advocate | preach prophesy
teach instruct | falsify distort warp | typify symbolize represent | misrepresent belie | feign pretend dissemble
exaggerate magnify amplify | understate minimize | blame fault | charge accuse | calumniate besmirch
insult affront | jeer scoff flout | tease tantalize bait taunt | incite instigate | ridicule roast | joke jest
gull dupe | kid chaff banter | exalt glorify | acclaim hail herald | applaud acclaim | condemn decry excoriate
curse cuss blaspheme swear imprecate | damn bedamn imprecate | challenge dispute | warn admonish | caution admonish
bode portend presage augur predict | alarm alert | advise counsel | advise notify | recommend urge advocate
propose suggest | submit state | bow defer accede | compliment congratulate | congratulate felicitate
boast brag gas bluster | gloat crow | dedicate commit devote | guarantee vouch | guarantee ensure insure assure
excuse exempt | apologize rationalize | justify vindicate | inquire enquire | introduce acquaint | acquit exonerate
excuse pardon | extenuate mitigate | sentence doom | deter discourage | murmur mutter grumble | grumble scold
declaim inveigh | rail inveigh | deplore lament bewail bemoan | yell scream | shout cry yell scream holler squall
shriek shrill pipe | thunder roar | snap snarl | guess venture hazard | determine ascertain | suspect surmise
bespeak indicate signal | indicate point | hint suggest | imply connote | disclose reveal expose divulge
clarify elucidate | express utter | talk speak mouth | enumerate itemize | count enumerate | total summate
voice vocalize | narrate recount | publicize bare | elaborate expound dilate | embroider pad embellish
repeat reiterate restate | paraphrase rephrase | talk speak | report describe | announce declare | publish issue
circulate disseminate | advertise publicize | proclaim exclaim promulgate | pronounce enunciate
word phrase articulate | stutter stammer | blurt ejaculate | stress accentuate | describe depict
gesticulate gesture motion | code encipher cipher | sign subscribe | file register | underline underscore
sketch outline | cable telegraph wire | state say tell | affirm assert swan swear | confirm reassert
stress emphasize punctuate accentuate | underscore underline emphasize | testify evidence | allege say
stipulate specify | note observe mention remark | exemplify illustrate | generalize extrapolate infer
mention cite refer | name identify | style title | dub nickname | name call | entitle title | plow deal
browbeat swagger | prattle blab gabble | flirt mash | chat jaw | beckon wave | rumor bruit | mumble mutter
groan moan | growl rumble | howl wail | yelp yap | bawl bellow | squawk screech | chant intone | declaim recite
jabber spout | crunch crackle | comment remark | ignore disregard snub | chant intone | compete vie | confront face
enter participate | arm gird | fight oppose | battle combat | criticize criticise | mobilize rally | beat vanquish
cheat jockey | overreach outsmart | surpass outstrip outdo | overcome defeat | overcome surmount master | outdo best
outmaneuver outsmart | resist withstand | attack assail | assail assault | pepper pelt | repulse rebuff
ambush bushwhack waylay | strive strain | revenge avenge retaliate | consume ingest | use utilize apply employ
exert exercise | toast salute | gratify indulge | provide ply cater | want need | delight revel
gorge overindulge glut overeat satiate | quell appease | abstain refrain | down consume | adjoin contact
seize clutch | collar nail apprehend arrest nab | brace steady stabilize | cling cohere
permeate pervade interpenetrate diffuse | jab poke | nudge prod | massage knead | dab pat | dab swab | slam bang
polish smooth | rub scratch | scrub scour | log lumber | coat surface | wash rinse | furrow crease | wrinkle crease
buckle crumple | purse wrinkle | untie unlace | mate couple pair | anchor ground | dig delve | grope fumble
search seek | comb ransack | reap harvest glean | engrave inscribe | butcher slaughter | append affix | sew stitch
glue paste | submerge drown | fasten fix secure | close shut | close shut | connect link | bond bind | punt pole
sprinkle splash | sprinkle dot disperse | spread distribute | compress constrict | smash boom blast
flog whip lash slash strap | cane flog | clobber lick | whack wallop | pummel pommel | thrash lam flail
clobber baste batter | buffet buff | buffet batter | embrace hug | cuddle snuggle nestle nuzzle | lick lap
bore drill | transfix impale | brandish wave | pull draw | transport carry | haul cart drag | pinch nip
permeate filter | mingle unify | adjoin butt | surround border | commandeer hijack | potter tinker
obstruct impede occlude | barricade block bar | trap snare | bunch bundle cluster | box package | encase case
harness tackle | put set place position lay | plank plunk | misplace mislay | stack pile heap | attract pull
mesh lock | propel impel | toss pitch | sling catapult | intertwine twine interlace lace | weave interweave
unravel unscramble | wrap twine | cram wad | flood swamp | function operate | lodge wedge stick deposit
implant embed imbed plant | spill slop | perch roost | squat crouch | expunge excise | cleave split rive
slit slice | destroy ruin | rape despoil | wreck wrack | stifle strangle muffle | smother surround
smother suffocate | install instal | choke gag | strangle throttle | rend rip rive | tear rupture snap
grapple grip | ram pound | cushion buffer | dunk dip souse | immerse plunge | envelop enclose
extricate disentangle | tag label mark | patch piece | yank jerk | pry prise prize jimmy | squash crush mash squeeze
crunch grind | interlock interlace | dribble drip | remake refashion | originate initiate
invent contrive devise formulate | manufacture invent | visualize envision fancy picture | envision foresee
imagine envisage | dream daydream woolgather | contrive design | accomplish fulfill fulfil | initiate pioneer
introduce innovate | effect effectuate | actuate trigger activate spark | provoke evoke | establish found institute
engender breed | motivate actuate propel prompt incite | impel force | undertake attempt | manufacture construct
forge fake | construct build | rebuild reconstruct | demolish pulverize | assemble piece
uproot eradicate extirpate exterminate | cook ready prepare | tat intertwine | braid lace | forge hammer
decorate adorn grace ornament | picture depict | diagram plot | model mold mould | write pen | draft outline
rehearse practise | duplicate repeat | reprint reissue | evolve germinate develop | cultivate crop | harrow disk
imitate copy simulate | model pattern | print publish | scribble scrawl | arouse elicit evoke provoke
perturb distract | calm quiet still | pacify conciliate appease mollify gentle | impress strike | disturb trouble
harbor nurse | hate detest | abhor loathe | despise scorn disdain | cherish treasure | idolize worship revere
reverence revere venerate | frighten scare | fear dread | terrify terrorize | haunt obsess ghost | faze enervate
daunt pall scare | infuriate exasperate | annoy bother irritate vex | harry chivy beset plague molest
wound injure bruise | fuss fret | repent regret | repent atone | humiliate humble | degrade disgrace demean
torment torture | torment crucify frustrate | tease badger pester bug | ache yearn languish | brace poise
capture captivate beguile charm bewitch enchant | antagonize antagonise | disgust sicken | repel repulse
overwhelm overpower | shock scandalize outrage | elate uplift | inspire animate enliven
comfort soothe console solace | please delight | satisfy gratify | enchant enthrall | cheer embolden | spur goad
enjoy bask relish savor | exacerbate exasperate aggravate | fascinate transfix | wish like | desire want
hope desire | hanker long yearn | travel move | travel journey | stay stick | stop halt | lurch pitch | jolt jar
writhe wriggle squirm twist | sidle sashay | sweep sail | jostle shove | rock sway | swing sway
flicker flutter quiver | pulsate throb pulse | wander swan stray roam ramble rove range | wind thread meander
shift dislodge | frolic skylark sport cavort romp | careen wobble | crawl creep | steal slip | shudder shiver
quiver quake | thresh thrash | jerk twitch | bounce rebound ricochet | flip toss | stir budge | joggle wiggle
wag waggle | flit flutter dart | stumble trip | trot clip | scurry scamper scuttle | float drift | float swim
startle jump | sneak creep | traverse cross | swagger prance strut sashay | limp hobble hitch | shuffle shamble
plod trudge pad tramp | splash slop | clamber scramble | stagger reel lurch careen | stagger flounder
stomp stamp stump | stray err drift | tread trample | drive motor | steer maneuver guide | navigate pilot | fly wing
plane skim | soar surge | dispatch despatch | jump leap bound spring | dive plunge | descend fall
raise lift elevate | hike boost | tumble topple | alight perch | sag droop | advance progress | encroach impinge
withdraw retreat recede | lead guide | chase trail dog | haunt stalk | arrive come | reach attain | infest overrun
meet encounter | intersect cross | cluster flock | pour swarm teem | herd crowd | dissipate scatter
disperse dissipate dispel scatter | sprawl straggle | swerve sheer curve veer | lean tilt angle
ripple ruffle undulate | crumble crumple | burrow tunnel | orbit revolve | revolve rotate | pivot swivel
spin reel gyrate | eddy purl swirl | whirl twirl | twirl swirl twiddle whirl | gyrate spiral coil
overtake overhaul | fumble blunder | approach near | hurry zip | bustle hustle | rush hasten speed race
flinch cringe shrink wince recoil quail | dart dash scoot scud | lunge hurl hurtle | crouch stoop
cringe cower grovel | huddle cower | throng pile jam | pounce swoop | deviate divert | digress straggle | gush spout
trickle dribble | edge inch | elude evade | run lam | transmit channel | outdistance outstrip | protrude pop
step tread | flail thresh | thrust stuff | topple tumble | perceive comprehend | whet quicken | notice note
bite sting | smart hurt | reek stink | gaze stare | look appear seem | disclose uncover | exhibit display
unveil reveal | hide conceal | dissemble mask | show present demonstrate | flick thumb riffle | spot spy
detect observe find discover notice | vanish disappear | obscure befog cloud mist | flash wink twinkle
glitter glisten glint gleam | monitor supervise | gape gawk | glance glint | scout reconnoiter | nose poke
squeak screech creak | jingle jangle | blast blare | resound echo ring reverberate | thud thump | click tick
tinkle clink | boom din | ripple bubble | whiz whir | intercept bug | spot distinguish discern | taste savor
smack reek | wield exert | own possess | buy purchase | get acquire | withhold deduct | sponsor patronize
discard dispose | junk scrap | maroon strand | assign allot | allocate apportion | refuse reject decline
procure secure | recover retrieve regain | find bump encounter | recoup reimburse | compensate repair | accord allot
prize value treasure | substitute sub | swap switch | haggle huckster | trade merchandise | award grant
confer bestow | lavish shower | spend expend | bum sponge | appropriate conquer | claim arrogate
pilfer purloin abstract swipe | preserve maintain | bribe corrupt buy | refund repay | win gain | earn garner
profit benefit | derive gain | reap draw | distribute dispense | offer proffer | bid tender | peddle huckster hawk
forfeit waive | collect accumulate amass compile | deprive strip divest | soak rob hook | lend loan
lend impart contribute | supply provide render furnish | yield give afford | thrive prosper flourish
despoil loot rifle ransack | sack plunder | loot plunder | adopt borrow | adopt espouse | entrust intrust confide
rid free | vacate resign | dare presume | engage pursue | retire withdraw | quit resign | install instal
vest enthrone | delegate designate assign | transfer reassign | appoint constitute | promote elevate
demote relegate | oust expel | overthrow subvert | can sack | supplant replace supersede | preempt displace
tug labor | hire employ | busy occupy | collaborate cooperate | idle laze slug | dabble paddle | labor toil
free liberate release loose | let allow permit | repress quash subdue subjugate | oppress suppress crush
reinstate reestablish | establish found launch | ordain enact | gather assemble | reorganize regroup | manage handle
supervise superintend | form organize organise | impede hinder | prevent forestall foreclose preclude forbid
avert avoid | back endorse indorse | poll canvass | patrol police | bury entomb inter | respect honor honour
rent lease | hire charter lease | malinger skulk | sign ratify | patronize shop frequent | divide split
enroll inscribe enrol recruit | kill defeat | empower authorize | endow gift empower invest | invalidate quash
issue supply | integrate mix | marry wed conjoin espouse | marry wed splice | celebrate fete
imprison lag jail remand | raid bust | emancipate liberate | punish penalize | banish ostracize shun
coerce pressure force | compel oblige | brand denounce | control curb | regulate govern | treat handle
maltreat abuse | behave acquit | redress correct | expiate atone | protest dissent | achieve accomplish attain
flub spoil | fail miscarry | fail neglect | try attempt essay assay | endeavor strive | test try essay | screen test
waive relinquish forgo forego | woo court solicit | woo court | secede splinter | bind bond | intervene interfere
meddle tamper | rear nurture | gamble chance risk adventure | hazard adventure stake jeopardize
honor honour reward | dishonor disgrace dishonour shame | help assist aid | mother fuss | salvage save
discipline condition | foster further | promote further encourage | endorse indorse
obstruct block hinder embarrass | thwart foil frustrate baffle bilk | enforce implement | enforce impose
dispatch discharge | antagonize antagonise counteract | anticipate forestall counter | sin blunder goof
transgress offend violate breach | rape assault dishonor dishonour | desecrate outrage | practice practise exercise
undertake tackle | impinge encroach entrench | pamper coddle | trespass intrude | swindle defraud con
deceive delude | fool gull | fake falsify wangle misrepresent | corrupt subvert deprave | perpetrate commit
persecute oppress | cope grapple | consort associate | end terminate cease | define delimit | exist subsist
survive last | originate arise | necessitate need require demand | incorporate contain comprise | embrace encompass
have feature | sport feature boast | equate correspond | result ensue | entail mean | result lead | bide abide
loiter lounge loaf tarry linger lurk | bum loaf | lurk skulk | hesitate waver | hesitate pause | procrastinate stall
postpone shelve defer remit | predominate dominate reign prevail | total number amount | count matter
deserve merit | occupy reside | populate live inhabit | dwell consist | camp encamp | overrun infest | board room
match correspond | deviate vary depart | contradict belie | contrast counterpoint | clash jar
exceed transcend overstep top | exceed transcend | serve function | satisfy fulfill | equal rival
compensate counterbalance | balance equilibrate | excel surpass | refer pertain relate concern | concern interest
intrigue fascinate | prolong sustain | uphold preserve | discontinue stop cease quit | keep maintain hold
ramble jog | continue keep | traverse span | dot stud | subtend delimit | situate locate | overshadow dwarf
loom tower predominate hulk | endanger jeopardize menace threaten imperil | embody personify
incarnate embody substantiate | typify epitomize | consort accord | suit accommodate fit | defy withstand
endure brave | defy resist | bound border | precede forego forgo | orient point | protrude project | teem swarm
abound bristle | cancel offset | gape yawn | tend incline | rage storm | wind curve | falter waver
overshadow eclipse | adorn decorate grace embellish beautify | extinguish quench | shine beam | fume smoke
shadow shade | blight plague
"""
