"""Adjectives and adverbs that share a first sense in WordNet 3.1; made by `benchmarks/wordnet_tables.py`, not by hand.

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
lush profuse riotous | accepted recognized | given granted | acrobatic gymnastic | agile nimble | deficient lacking
gummy sticky | dexterous dextrous | aghast dismayed shocked | frightened scared | panicked terrified
unafraid fearless | feverish hectic | annoying galling irritating nettlesome pestering | deathlike deathly
enraged maddened | indignant incensed outraged | consequent resultant | preparatory preparative | crafty sly wily
mute unspoken | glued pasted | absorbed engrossed intent | canonized glorified | unobtainable unprocurable
appalling dismaying | frightful horrifying horrible | dreadful frightening terrible
menacing ominous sinister threatening | ghastly gruesome macabre | rear rearward | fuzzed fuzzy
resplendent splendid | unlovely unpicturesque | optimum optimal | stereophonic stereo | blond blonde
bronzed suntanned tanned | swart swarthy | bloodstained gory | audacious dauntless | foolhardy reckless
brave courageous | smothering suffocating | shadowed shadowy | glinting glittering | blazing glaring
glistening shiny | rending ripping splitting | countless innumerable multitudinous myriad unnumbered
placid tranquil | cursory perfunctory | carved carven | contributing contributory | center halfway midway
uncertain incertain | inescapable unavoidable | erratic mercurial quicksilver | cheery gay sunny
gilded gilt golden | blue bluish | brown brownish | lavender lilac | red crimson | grey gray | color colour
trichrome tricolor | ashen blanched livid | bleached faded | pasty pastelike | immaculate spic spotless
dirty soiled unclean | dingy grimy | obscure vague | addlebrained muddleheaded | astute shrewd | cagey clever
imminent impending | clothed clad | attired dressed garbed | bare naked nude | hazy misty | disjointed garbled
individual single | unique unparalleled | entire total | exhaustive thoroughgoing | abashed embarrassed
intelligible understandable | enigmatic puzzling | convex bulging | dispersed spread | haunted obsessed
casual nonchalant | provisional tentative | jammed packed | prominent salient | discernible discernable
annihilating withering | insistent repetitive | recurrent repeated | isolated stray | bizarre eccentric
discorporate disembodied | incorrect wrong | imaginative inventive | credible believable | incredible unbelievable
damned darned goddam goddamned | damn goddamn | exultant jubilant rejoicing triumphant | pressing urgent
reliable dependable | preferable preferred | difficult hard | baffling knotty | elementary unproblematic
hardworking industrious | candid forthright frank | crisp sharp | cloudy nebulous | overriding paramount
drab dreary | tiring wearying | uneconomical wasteful | rubbery rubberlike | stoic stoical | fascinated spellbound
indefatigable tireless | hyperbolic inflated | envious jealous | equivocal ambiguous | pitiable pitiful
deprecating deprecatory | flat level plane | rigorous strict | electrifying thrilling | accusative accusing
anticipated awaited | cheap inexpensive | untested untried | inexplicable incomprehensible
cryptic inscrutable mysterious | unaccountable unexplainable | indescribable ineffable unspeakable untellable
unfair unjust | antic fantastic | curious peculiar queer | dapper jaunty | fleet swift | hurrying scurrying
instantaneous instant | fleshy overweight | cadaverous emaciated gaunt | bony scrawny skinny | slender slim
spare trim | stringy wiry | greasy oily | unfertile infertile | done through | boundless unbounded
concluding final | disabled handicapped | suitable suited | compromising conciliatory | abroad overseas
colloquial conversational | hapless pathetic piteous poor | cordial genial | laden loaded ladened
particular special | fictive pretended | bogus fake phony | bully swell | lousy rotten stinking | fiendish satanic
crotchety ornery | irritable peevish | glowering morose sullen | shrewish nagging | clumsy ungainly
catastrophic ruinous | damaging prejudicial | healing therapeutic | crippling disabling | infective pathogenic
diseased pathologic | sallow sickly | distressing disturbing | heedless unheeding
assorted miscellaneous mixed sundry | graded ranked stratified | upraised lifted | screechy squeaky
honest honorable | inglorious shameful | despairing desperate | upright unsloped | leaning tilted
slanted slanting sloping | seated sitting | brutal cruel savage vicious | bestial brute | comic funny | ironic wry
jocose jocular | diminished lessened weakened | cardinal central fundamental key | chief main principal
staggering stupefying | baronial imposing noble stately | spectacular striking | marked pronounced
developing underdeveloped | revealing telling telltale | smothered strangled | hurt wounded | mangled torn
unhurt unscathed | engrossing fascinating | boring irksome tedious tiresome wearisome | inherent integral
interfering meddling | jutting projected sticking | anguished tormented tortured | jolly jovial merry
famed famous illustrious notable noted | labeled tagged | large big | bigger larger | colossal prodigious stupendous
enormous tremendous | epic heroic | gigantic mammoth | huge immense vast | small little | diminutive petite tiny
teensy wee | drafty draughty | improbable unlikely | extended lengthy prolonged | endless interminable
fleeting momentary | cross transverse | deafening earsplitting thunderous | muted subdued | abominable odious
beloved darling dear | cherished precious treasured | despised hated | affectionate fond | leading star stellar
matching twin | adult grown | childish infantile | maximal maximum | minimal minimum | tuneful melodious
pitiless remorseless ruthless | extreme utmost | metallic metal | exaggerated overdone | radical ultra
poignant touching | motionless static still | global world | imitation simulated | ghostlike ghostly | weird uncanny
magic magical | needed required | unnecessary unneeded | excess extra redundant surplus | exalted lofty
average mean | aberrant deviant | neglected unheeded | discovered observed | apparent evident plain
abhorrent repulsive | disgusting foul | hideous outrageous | objectionable obnoxious | aged elderly older
teen teenage | girlish schoolgirlish | youthful vernal | agape gaping | discouraged disheartened | boisterous unruly
sequential serial successive | everyday mundane routine unremarkable | marvelous wonderful wondrous
remarkable singular | alienated anomic | hackneyed stock threadbare timeworn trite | draped wrapped
dabbled splattered | clandestine undercover | excruciating torturing | ablaze aflame
ardent fervent fiery impassioned | coming upcoming | militant warlike | incisive keen penetrating
permanent lasting | abiding enduring | eternal everlasting perpetual unending | ephemeral passing
improvised makeshift | forbidden taboo | bewildered confused | individualized personalized | animal carnal sensual
lapsed nonchurchgoing | grim inexorable relentless | dappled mottled | dotted flecked speckled | acid blistering
annoyed stung | delightful delicious | exasperating infuriating maddening | antagonistic counter
feasible viable workable | auxiliary supplemental supplementary | looking sounding | indecent untoward
haughty supercilious swaggering | afloat aimless rudderless | clamorous vociferous | disruptive tumultuous turbulent
primed set | lifelike vivid | reasonable sensible | indefensible untenable | unanswered unrequited
affiliated attached connected | infamous notorious | firm unfaltering unshakable unwavering
contemptuous disdainful scornful | derisive gibelike mocking taunting | impudent insolent
confining constraining limiting restricting | inhibitory repressive | resonant resounding | rhythmical rhythmic
opulent sumptuous | criminal reprehensible | beefy burly husky | hardy sturdy | round circular | religious spiritual
identical indistinguishable | aforesaid said | akin kindred | crazed deranged | barbed biting | satirical satiric
fine okay | erudite learned | furtive stealthy | concerted cooperative | grave solemn | implike mischievous puckish
located situated | mobile wandering | luscious voluptuous | prurient salacious | deformed malformed
amorphous shapeless | exclusive sole | shaven shaved | unshaven unshaved | bearded bewhiskered whiskered
interlocking interwoven | twelve dozen | forty twoscore | double twofold
adept expert practiced proficient skillful | masterly virtuoso | granular gritty | powdered powdery pulverized
craggy mountainous | lone lonely | ebullient exuberant | vibrant vivacious | rickety shaky wobbly | starved starving
convulsive spasmodic | shivering trembling | awry cockeyed | curved curving | disappointed frustrated
condescending patronizing | humble lowly | crack super topnotch | brilliant superb | choice select
greatest sterling superlative | amazed astonished stunned | amazing astonishing | symmetrical symmetric
concurrent cooccurring simultaneous | talkative talky | lanky rangy | frenzied manic | flashy gaudy tawdry
edgy jumpy restive | clogged clotted | inconceivable unimaginable
brooding contemplative meditative pensive reflective | unreflective unthinking | cluttered littered
disheveled frowzled tousled | bushy shaggy | careworn drawn haggard | exhausted fatigued | jaded wearied
harassed pestered | upset worried | belowground underground | integrated unified | branched forked
futile unavailing | null void | invaluable priceless | constant unvarying | airless stuffy
ferocious fierce furious | sinful ungodly | concealed hidden | craved desired | lukewarm tepid | ill sick
afflicted stricken | ailing peaked | nauseated sickish | clammy dank | damp moist | baked parched scorched sunbaked
nutrient nutritive | wide broad | silly wacky | eroded scoured | deserving worth | social societal
voltaic galvanic | linguistic lingual | fiscal financial | biblical scriptural | philosophic philosophical
tactile tactual | communist communistic | grammatical grammatic | anatomic anatomical | geographic geographical
thoriated tittering | barely hardly scarcely scarce | hardly scarcely barely scarce
basically fundamentally essentially | merely simply just only but | vastly immensely | largely mostly
approximately about some roughly | partially partly part | wholly entirely completely totally all altogether whole
entirely exclusively solely alone only | absolutely perfectly utterly | clean plumb plum | fully full | well good
ill badly poorly | considerably substantially | badly severely gravely seriously | rather kinda | always ever
constantly invariably always | somewhere someplace | anyhow anyway | anyhow anyway
however nevertheless withal still nonetheless notwithstanding | hitherto heretofore yet | furthermore moreover
further farther | very real | soon shortly presently | frequently often oftentimes | rarely seldom
curiously oddly peculiarly | reasonably moderately pretty somewhat fairly | slightly somewhat
decidedly unquestionably emphatically definitely | truly genuinely really | naturally course
obviously evidently manifestly apparently plainly | apparently seemingly ostensibly | accidentally unexpectedly
fortunately luckily | unfortunately unluckily | therefore hence thus | thence therefrom | thence therefrom thereof
extremely exceedingly super | besides too also likewise | ultimately finally | finally eventually
presently currently | now today | immediately instantly straightaway forthwith
happily merrily gayly blithely jubilantly | firm firmly steadfastly | directly straight | squarely square
terribly awfully awful | terribly atrociously | dreadfully awfully horribly | thoroughly exhaustively
thoroughly good | increasingly progressively | earlier before | subsequently later afterwards afterward after
abruptly suddenly short | intentionally deliberately purposely advisedly | consequently accordingly
alternatively instead | last lastly | absently absentmindedly | ahead before | loudly loud aloud | softly quietly
randomly indiscriminately haphazardly arbitrarily | urgently desperately | almost nearly near virtually
chiefly principally primarily mainly | back backward backwards rearward | backward backwards
brilliantly brightly bright | undoubtedly doubtless | above supra | below beneath | contemptuously scornfully
insanely crazily madly | doubly twice | particularly especially specially | quickly rapidly speedily | fast tight
quicker faster | flatly unconditionally | everlastingly eternally forever | highly extremely
perilously dangerously | tiredly wearily | deplorably woefully | down downward | upwards upward | upwards upward
rather instead | fine delicately | second secondly | forth forward | promptly readily | promptly quickly quick
normally usually commonly ordinarily | unusually remarkably notably | recently lately | erratically unpredictably
humbly meekly | inside indoors | outside outdoors | inside within | mutely wordlessly silently
inevitably necessarily | newly freshly fresh new | differently otherwise | mechanically automatically
preferably sooner | jointly collectively | regardless irrespective disregardless | systematically consistently
linguistically lingually | transversely transversally | similarly likewise | probably likely
appropriately suitably | surely certainly sure | enough plenty | thereafter thenceforth | easily easy
actually really | purportedly supposedly | generally mostly | precisely exactly just properly | intimately nearly
relatively comparatively | slowly slow easy | seriously earnestly | profoundly deeply intensely
unsteadily uncertainly | uniquely unambiguously | scrupulously religiously | amply fully | strictly purely
excellently magnificently splendidly | wonderfully wondrously superbly marvelously | gravely soberly
true admittedly | competently ably | anxiously uneasily | formally officially | agilely nimbly
graciously gracefully | rigidly stiffly bolt | properly decently decent | enormously tremendously staggeringly
liberally generously | stubbornly obstinately | wrongly wrong | rightly justly | hurriedly hastily
individually separately singly | prominently conspicuously | inescapably inevitably unavoidably
determinedly unfalteringly | incidentally accidentally | surprisingly astonishingly | profusely extravagantly
sensibly reasonably | testily irritably petulantly | pleasantly agreeably | heartily warmly
unambiguously unequivocally | rightfully truly | faithfully reliably | securely firmly | infinitely endlessly
boastfully big | shyly timidly | fondly lovingly | away off forth | doggedly tenaciously | unwittingly inadvertently
pityingly compassionately | each apiece | sternly severely | dourly sullenly | north northward
ferociously fiercely | halfway midway | sooner earlier | bang bolt | cautiously carefully
endlessly unceasingly continuously | conservatively cautiously | consequently therefore | believably probably
decisively resolutely | possibly perchance perhaps maybe | deeply deep | deep late | honestly candidly frankly
dismally dreadfully | dismally drearily | proportionately proportionally | westward westwards
extravagantly lavishly | splendidly magnificently | roughly rough | hereinafter hereafter | richly luxuriously
idly lazily | freshly impudently | keenly acutely | amply richly | nearer closer | near close | powerfully strongly
unquestionably unimpeachably | unmistakably remarkably | sweetly sweet | specially especially | gently mildly
madly frantically | close closely tight | painfully sorely
"""
