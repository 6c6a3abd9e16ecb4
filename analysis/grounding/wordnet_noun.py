"""Nouns that share a first sense in WordNet 3.1; made by `benchmarks/wordnet_tables.py`, not by hand.

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
person individual someone mortal | animal beast creature | food nutrient | motivation motive | group grouping
accomplishment achievement | feat exploit | departure going leaving | registration enrollment | desertion defection
mistake error fault | award awarding | rescue deliverance | redemption salvation | push pushing | pull pulling
leap leaping | transmission transmitting | shooting shot | gunfire gunshot | autopsy necropsy
determination finding | diagnosis diagnosing | measure step | vote voting | run tally | replacement replacing
passage transition | meddling tampering | resistance opposition | annihilation obliteration | introduction debut
cleaning cleansing | catharsis abreaction | renovation redevelopment | repair fixing | maintenance upkeep
stride tread | journey journeying | excursion outing | commutation commuting | delivery bringing | pursuit chase
jab jabbing | expansion enlargement | amplification elaboration | interruption disruption | drain drainage
embrace embracing | diversion recreation | acrobatics tumbling | somersault somersaulting flip | revel revelry
clowning prank | sport athletics | acting playacting | bustle flurry ado | housework housekeeping | occupation job
career vocation | wrestling grappling | exercise exercising workout | squat squatting | examination scrutiny
survey study | care tending | misbehavior misdeed | mischief devilment shenanigan | malingering skulking
evil wickedness | desecration sacrilege | misdemeanor violation | thieving stealing | attempt effort try
striving pains | undertaking project task | adventure escapade | enterprise endeavor | retention holding
clutch clutches grip hold | precaution safeguard | inoculation vaccination | waterproofing sealing
consumption intake uptake | eating feeding | gulp swig | hugging kissing petting | weeping tears
calculation computation | glance glimpse | observance watching | farming husbandry | writing authorship
use usage utilization | battle fight engagement | encounter skirmish | insurrection revolt uprising | attack onrush
war warfare | offence offensive | measurement measuring | continuance continuation
prolongation perpetuation lengthening | procedure process | occupancy tenancy | camping tenting
commerce commercialism | market marketplace | selling merchandising marketing | spending outlay
imposition infliction | duty responsibility obligation | coup takeover | punishment penalty | whipping lashing
proceeding proceedings | presentment notification | integration integrating | assist assistance help
succor ministration | backing patronage | blessing approval | behavior conduct | rebuff slight | retaliation revenge
participation involvement | ambush ambuscade | frog toad | snake serpent | rattlesnake rattler | fowl poultry
walrus seahorse | rhinoceros rhino | cattle cows oxen | accessory accouterment | airplane plane | alley alleyway
ammunition ammo | foyer lobby vestibule | apparatus setup | contraption contrivance gadget | attire garb
knapsack haversack | handbag purse | baggage luggage | banister balustrade | bar saloon ginmill | pedestal stand
basement cellar | bathtub tub | bouquet corsage | bucket pail | building edifice | bullet slug | cafe coffeehouse
camp bivouac | capacitor condenser | car auto automobile motorcar | cargo freight shipment | classroom schoolroom
cupboard closet | curtain drape drapery | dais pulpit rostrum | decoration ornament | detector sensor | die dice
doorknob doorhandle | entrance entranceway | freeway pike superhighway thruway | fabric cloth textile | factory mill
fake sham | fence fencing | figurine statuette | fireplace hearth | floor flooring | garrison fort
greatcoat overcoat | hallway hall | honkytonk dive | hospital infirmary | hostelry inn | housing lodging
shack shanty | jeep landrover | keepsake souvenir | lab laboratory | load loading | maze labyrinth
merchandise product | metro subway | microphone mike | necktie tie | palace castle | parachute chute
photograph photo | pier wharf | plant works | dope gage | railing rail | railway railroad | refrigerator icebox
rug carpet | shackle hamper | shoelace shoestring | shop store | sofa couch | spear lance | spectacles glasses
stairs steps | stairway staircase | steeple spire | total aggregate | telephone phone | terminal depot
theater theatre | toilet lavatory john privy | tube tubing | velour velours | veranda verandah | violin fiddle
washbasin washbowl | wayside roadside | arms munition | brothel bawdyhouse | offstage backstage | wool woolen
disposition temperament | emotionality emotionalism | vitality verve | expression look | finish finishing
justness nicety | caliber calibre | hallmark trademark stylemark | likeness similitude | analogue parallel
physicalness corporeality | individuality individualism | singularity uniqueness | idiosyncrasy foible | airs pose
pretension pretence | clarity lucidity clearness | obscurity abstruseness | sin sinfulness | courage bravery
heroism gallantry valor | audacity temerity | persistency tenacity | patriotism nationalism
clannishness exclusiveness | folly foolishness | composure calm calmness equanimity | serenity tranquility
comportment mien | abruptness curtness | manner mode style way fashion | harshness scratchiness
graining woodgraining | glare brilliance | luster brilliancy splendor | black blackness | aroma odor
hush stillness | sonority vibrancy | physique build | maleness masculinity | echo reverberation
ferocity fierceness | celerity rapidity | deceleration slowing retardation | directivity directionality
composition composing | degree level | superficiality shallowness | diameter diam | deficit shortage
plenty plenitude | profusion richness | excess surplus | majority bulk | scope range | sweep expanse | damn shucks
bad badness | forte specialty | power powerfulness | authority potency | impotence impotency | cadaver corpse
beard whiskers | eyelid lid | eyeball orb | perspiration sweat | myofibril myofibrilla | wattle lappet
pectoral pectoralis pecs | abdomen belly | buttocks behind ass | physiognomy visage | brow forehead | mind psyche
sharpness keenness | endowment talent | creativity creativeness | artistry prowess | adroitness quickness
volition will | responsiveness reactivity | matter affair | awareness cognizance | bewilderment puzzlement
mystery enigma | assurance confidence | disbelief skepticism | indecision irresolution | focus focusing centering
vigilance alertness | disregard neglect | detection sensing | fragrance perfume scent | configuration constellation
appraisal assessment | valuation rating | mark score | differentiation distinction | craze furor
remembrance recollection | imaging imagery | reflection musing | choice pick | figuring reckoning
estimate approximation | acquaintance familiarity | respect regard | evidence grounds | confirmation verification
stimulus stimulant | bonus fillip | worry headache | burden encumbrance | idea thought | concept conception
kind sort | restriction limitation | feature characteristic | aspect facet | abstraction abstract
component element | complex composite | model framework | given presumption | phantasy fancy | ghost specter
plan program | scheme strategy | agenda schedule | impression notion | hunch suspicion | prototype epitome
doctrine philosophy ism | religion faith | creed credo | purpose intent intention aim | mathematics math
derivative differential | phonology phonemics | mentality outlook | inclination tendency | bias prejudice
view perspective | viewpoint standpoint | communication communicating | reissue reprint | parable allegory
diary journal | typing typewriting | inscription lettering | summation rundown | document papers | register registry
request petition | decree fiat | license permit | mandate authorization | subject topic theme | nuance subtlety
movie film | letter missive | adieu adios | handshaking handclasp | news tidings | guidance counseling
regulation ordinance | dispatch communique | sanction imprimatur | applause clapping | praise congratulations
honor laurels | disapprobation condemnation | mockery scoffing | announcement proclamation | pronouncement dictum
answer reply | premise assumption | provision proviso | remark comment | mention reference | barb jibe | treaty pact
wit humor | sarcasm irony satire | joke gag jest | guess surmise speculation | dogma tenet | signal signaling
smile smiling grin grinning | rendition rendering | figure fig | play drama | tune melody | divertimento serenade
parlance idiom | wording phraseology | poetry verse | cry outcry yell shout | bellow holler hollering
scream screaming shriek shrieking | curse expletive oath swearing | exclamation exclaiming | groan moan
howl howling | laugh laughter | talk talking | huddle powwow | negotiation talks | motto slogan shibboleth
maxim axiom | cliche commonplace | jargon argot | command bid bidding | misinterpretation misunderstanding mistaking
quarrel wrangle | altercation fracas | bickering squabble | question query | interrogation interrogative
retort comeback | delineation characterization | portrayal portrait | protest protestation | lamentation wail
disclosure revelation | narrative story tale | imprecation malediction | sermon preaching | remonstrance objection
promotion publicity | advertisement advertising | broadside flyer | cheering shouting | urging spur
standard criterion touchstone | happening occurrence | wages reward | change alteration | case instance
calamity catastrophe tragedy | destiny fate | repeat repetition | decrease lessening | improvement betterment
elevation raising | fusion unification | blare blaring clamor din | boom roar roaring thunder
clang clangor clangoring clash crash | knock knocking | muttering murmur murmuring | peal pealing | rattle rattling
rumble grumble grumbling | screech screeching | spatter splatter splutter sputtering | thumping thud | whir whirring
yelp yelping | flow flowing | bash bang smash | spark glint | gleaming glimmer | juncture occasion
damage impairment | pulsation pulse | earthquake quake | encroachment intrusion | distortion deformation
leakage outflow | initiation induction | victory triumph | runaway romp | defeat licking | wish wishing
longing yearning | gusto relish zest | consolation solace | pang twinge | anguish torture
antipathy aversion distaste | contempt disdain scorn | repugnance revulsion | chagrin mortification | conceit vanity
astonishment amazement | shock stupor | anticipation expectancy | earnestness seriousness sincerity | fury rage
indignation outrage | fear fright | alarm consternation | panic terror | apprehension dread | foreboding premonition
qualm misgiving | gaiety merriment | hilarity glee | sadness unhappiness | compunction remorse | repentance penance
disappointment letdown | resignation surrender | hate hatred | resentment bitterness rancor | grudge grievance
irritability petulance | commiseration pity | ardor zeal | chuck grub | nourishment sustenance | lunch luncheon
lobscouse lobscuse | liquor spirits booze | whiskey whisky | doomed lost | wounded maimed | collection aggregation
bunch clump cluster | clod lump chunk | pile heap | gathering assemblage | class category | package bundle packet
government authorities regime | family household | lineage pedigree ancestry | nation country | populace public
labor labour proletariat | mob rabble | manpower men | hamlet crossroads | clique ingroup | banquet feast
coalition alignment | committee commission | court tribunal | agency bureau | contemporaries generation
colony settlement | nobility aristocracy | militia reserves | soldiery troops | assortment variety potpourri
brush thicket | forest woods | dictatorship tyranny | battlefield battleground | origin source | homeland motherland
bottom underside | boundary bounds | cemetery graveyard | center middle | city metropolis | district territory
residence abode | paradise heaven | hayfield meadow | haunt hangout | hideout hideaway | inside interior
midst thick | outside exterior | vicinity locality neighborhood neighbourhood | state province | place spot
incentive inducement | urge impulse | ethics morals | chip fleck scrap | boulder bowlder | brook creek | earth globe
foam froth | knoll hillock | pit cavity | rock stone | coast seacoast | slope incline | soapsuds suds lather
turf sod sward | universe world cosmos | deity divinity | pixie imp | apparition phantom | adult grownup
defender guardian | inhabitant dweller | native aborigine | peer equal | traveler traveller | accountant controller
virtuoso hotshot whiz wizard | adolescent teenager | adversary antagonist | advisor consultant | advocate proponent
ancestor antecedent | artilleryman gunner | bastard prick | assistant helper | attacker aggressor | baby babe infant
bartender barkeep | batter hitter slugger | bodyguard escort | buddy crony | bully ruffian roughneck rowdy
carrier bearer toter | cavalryman trooper | champion champ | chap fellow fella lad bloke | child kid youngster minor
chump sucker | clergyman reverend | cleric churchman | clown buffoon | companion comrade
cowboy cowpuncher puncher cowhand | criminal felon crook outlaw | minister parson pastor | dad daddy papa pop
deceased decedent | descendant descendent | diagnostician pathologist | director manager | disciple adherent
doctor physician | dramatist playwright | drunkard drunk | epicure gourmet | evangelist gospeler | buff devotee
fisherman fisher | fishmonger fishwife | foreigner alien | foreman boss | freak monstrosity | hulk whale | girl miss
grandma grandmother granny | gunman gunslinger | headmaster schoolmaster | hearer listener | highwayman hijacker
hillbilly bushwhacker | hood punk | hypocrite phony | idiot imbecile | jimdandy jimhickey | lawyer attorney
sentinel sentry scout picket | luminary notable | madman maniac | mama mamma mommy | machinist mechanic
seaman seafarer | messenger courier | mortician undertaker | musician instrumentalist | newcomer fledgling
orator rhetorician | owner proprietor | peddler hawker | embodiment incarnation | cuss gadfly
pharmacist apothecary | pimp procurer pander | pitcher hurler | prisoner captive | prostitute whore
reporter newsman | researcher investigator | resident occupant | rival competitor | rogue rascal | skunk bum puke
salesgirl saleslady | savage barbarian | schoolmarm schoolmistress | schoolmate classmate
shopkeeper tradesman storekeeper | singer vocalist | sinner evildoer | sister sis | smuggler runner
sovereign monarch | spectator viewer watcher | sportsman sportswoman | spouse partner | student pupil
stupid dullard | subordinate underling | supporter protagonist admirer | teacher instructor | therapist healer
trader dealer | villain scoundrel | voter elector | writer author | consequence effect result upshot
deposit sedimentation | drift impetus | flood inundation | sunlight sunshine | rain rainfall
downpour cloudburst torrent | snow snowfall | conduction conductivity | crop harvest | shrub bush | leaf foliage
revenue receipts | profit profits earnings | takings proceeds | loot booty plunder | bequest legacy
wage pay remuneration salary | allotment allocation | sum amount | accretion accumulation | blooming bloom
decline diminution | growth growing | inflow influx | maturation ripening | shaping defining | slump falloff
thaw thawing melting | gallon gal | nothing naught zero | one ace | three trio | twelve dozen | increase gain
shred whit | lot mint | multitude pack | tons dozens lots scores wads | relevance relevancy
applicability pertinence | part portion | remainder rest | percentage percent | interrelation interrelationship
synchronism synchrony | asynchrony desynchronizing | reverse contrary | bend turn | bulge protuberance
periphery fringe | brink verge | constriction bottleneck | mold stamp | precedence priority | footing terms
being existence | marriage matrimony | employment employ | tumult uproar | ferment fermentation unrest
dark darkness | ecstasy rapture | autonomy liberty | dependence dependency | imbalance unbalance
deadlock impasse standstill | fatigue weariness | sleep slumber | ailment complaint | illness sickness
yaws frambesia | ulcer ulceration | tumor tumour | ketosis acetonemia | injury hurt harm | bruise contusion
spasm cramp | diarrhea diarrhoea | delirium frenzy hysteria | perturbation upset | fit tantrum
irritation annoyance | spell trance | predicament plight | insulation insularity | cohesion cohesiveness
oblivion limbo | repute reputation | disrepute discredit | abasement abjection | predominance predomination
reprieve respite | misery wretchedness | lack deficiency | integrity unity | entirety totality | luck circumstances
adversity hardship | potential potentiality | opportunity chance | despair desperation | contamination taint
jumble muddle welter | milieu surroundings | sphere domain arena | kingdom realm | atmosphere ambiance
moisture wet | hazard jeopardy peril risk | menace threat | infirmity debility feebleness | disability handicap
material stuff | impurity dross | droppings dung | effluent wastewater | garbage refuse | debris junk rubble
glycerol glycerine | lumber timber | phosphate orthophosphate | protease peptidase | seawater saltwater
past yesteryear | vacation holiday | incipiency incipience | adulthood maturity | daytime daylight | noon midday
night nighttime | dawn dawning daybreak | twilight dusk nightfall | minute min | second sec | fall autumn
spring springtime | winter wintertime | instant twinkling wink | era epoch | tempo pacing | last close
termination expiration | delay wait | pace gait | speed velocity | phase stage | apogee culmination | heyday flush
"""
