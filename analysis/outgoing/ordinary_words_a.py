"""Ordinary English words, a to e, without most of their endings.

From the frequency lists of zxcvbn (MIT; Wikipedia, and subtitles of films), kept where the en_US spelling dictionary of
SCOWL has the word in small letters, so that it is no name. Words that another of them forms by an ending are left out.
"""

ORDINARY_WORDS_A = """
aardvark abacus abandon abbey abbot abbreviate abdomen ability able abnormal abnormality aboard abolish abolition
abolitionist aboriginal aborigine abortion about above abracadabra abroad abrupt absence absent absolute absorb
absorption abstract absurd abundance abundant abuse abyss academia academic academy accelerate accelerator accent
accept acceptance access accessibility accessible accessory accident acclaim accolade accommodate accompaniment
accompany accomplice accomplish accord accordance account accountability accountant accreditation accredited
accumulate accuracy accurate accuse achieve acid acidic acknowledge acorn acoustic acquire acquisition acquitted acre
acronym across act activate active activism activist activity actor actress actual acute adapt adaptation add addict
addition additive address adept adequate adhere adherence adherent adhesion adjacent adjective adjoin adjunct adjust
adjutant admin administer administration administrative administrator admiral admiralty admire admission admit adobe
adolescent adopt adore adorned adult adulthood advance advantage advantageous advent adventure adverse advertised
advertisement advertiser advertising advice advise advisor advisory advocacy advocate aegis aerial aerodrome
aerodynamic aeronautical aeronautics aerospace aesthetic affair affect affectionate affiliate affine affinity affirm
afflict affluent afford afghan aforementioned afraid aft aftermath afternoon afterward again against age agency agenda
agent aggregate aggregator aggression aggressive agile agility aging agitation agnostic ago agrarian agree
agricultural agriculture aground ahead ahem aid aide ail aim air airborne airbus aircraft airfield airlift airline
airman airmen airplane airplay airport airship airway aisle akin alarm alb albeit albino album alchemy alcohol
alcoholic alcoholism alder alderman alert algae algebra algebraic algorithm alibi alien alienation align alike
alkaline all allege allegiance allegorical allegory allegro allergic alleviate alley alliance allocate allotted allow
alloy allusion alluvial ally almighty almond almost aloha alone along alongside alp alpha alphabet alphabetical alpine
already alright also altar altarpiece alter alteration alternate alternative although altitude alto altogether
aluminum alumni alumnus always amalgamate amass amateur amatory amaze amazon ambassador amber ambient ambiguity
ambiguous ambition ambrosia ambulance amen amend amenity amethyst amigo amino ammonia ammonium ammunition amnesia
amnesty among amount amour amphibian amphibious amphitheater amplification amplifiers amplify amplitude amusing an
anaconda anal analog analogous analogue analyses analysis analyst analytic analyze anarchism anarchist anarchy
anatomical anatomy ancestor ancestral ancestry anchor anchorage ancient and android anecdote angel angelic angelica
anger angle angry angular animal animated animator anime ankle annals annex annexation anniversary announce annoying
annual annulment anonymous another answer antagonist antarctic antelope antenna antennae anterior anthem anthology
anthrax anthropological anthropologist anthropology anti antibody anticipated antigen antiquarian antique antiquity
antisemitic antisemitism antitrust anxiety anxious any anybody anyhow anymore anyone anything anytime anyway anywhere
apart apartheid aperture apex apical apocalyptic apologize apology apoptosis apostle apostolic apparatus apparel
apparent appeal appear appearance appellate appetite apple appliance applicable applicant application appoint
appraisal appreciate apprentice apprenticeship approach appropriate approval approve approx approximate apricot
aquaculture aquarium aquatic aqueduct aqueous arbitrary arbitration arbor arboretum arcade arch archaeological
archaeologist archaeology archaic archangel archbishop archdeacon archdiocese archduke archery archipelago architect
architectural architecture archival archive arctic ardent are area arena arguably argue argument argyle aria arise
arisen aristocracy aristocrat aristocratic arithmetic arm armada armament armistice armor armory army aromatic arose
around arrange array arrest arrival arrive arrogant arrow arroyo arsenal arson art arterial arthritis article
articulate artifact artificial artillery artisan artist artistic artwork asap ascend ascent ascot ascribe ash ashamed
ashore ashram aside ask askew asleep aspect aspen asphalt aspire aspirin ass assassin assassinate assault assemble
assemblies assent assert assess asset asshole assign assimilated assimilation assist assistance assistant associate
assortment assume assumption assure aster asteroid asthma astral astrology astronomer astronomical astronomy asylum
asymmetric at atheist athlete athletic atlas atmosphere atmospheric atoll atom atomic atop atrium atrocity attache
attachment attack attain attempt attend attendance attendee attention attested attic attire attitude attorney attract
attractive attribute auburn auction audience audio audit auditioned auditor auditorium auditory auger augment august
aunt aura aurora auspice authentication authenticity author authoritarian authoritative authority authorized
authorship autism auto autobiographical autobiography autograph automate automatic automobile automotive autonomous
autonomy autopsy autumn auxiliary avail avalanche avatar avenger avenue average avian aviation aviator avoid avoidance
await awake awakening award aware away awesome awful awhile awkward axial axiom axis axle azure babble babe babel
baboon baby babysitter baccalaureate bachelor back backbone backdoor backdrop background backstroke backup backward
backyard bacon bacteria bacterial bacterium bad bade badge badman badminton bag baggage baggy bail bailey bait bake
balance balboa balcony bald ball ballad ballast ballet balloon ballot bamboo banana band bandit bandleader bandwidth
bandy bane bang banister banjo bank banknote bankruptcy banned banner banning banshee bantamweight banzai baptist bar
barb barbecue barbie bard bare barefoot barfly bargain barge baritone bark barley barn barney baron baroness baronet
baronetcy barony baroque barrack barrage barre barrel barrette barrier barrio barrister barrow bartender barter basal
basalt base baseball baseline baseman bash basic basil basilica basin basis basket basketball basque bass basset
bassist basso bassoon bastard bastion bat batch bath bathroom batiste batman baton batsman batsmen battalion batten
battery battle battlefield battleship batty bay bayou bazaar bazooka be beach beacon beadle beagle beaker beam bean
beanie bear beard beast beat beaten beau beautiful beauty beaver became because beck become bed bedlam bedrock bedroom
bedtime beech beef beefcake beeline been beep beer beery beetle before befriend began begged begging begin begum begun
behalf behave behavior behead behest behind behold being belief believe bell belle belong beloved below belt bench
benchmark bend beneath benedictine beneficial beneficiary benefit bent bequeath berg berry berserk berth beryl beside
besiege best bestow bestseller bestselling bet beta betray between beverage beyond bias biathlon bible biblical
bibliography bicycle bidding biennial big biggie bighead bike bikini bilateral bilingual bill billboard billow billy
bimbo binary bind bingo biochemical biochemistry biodiversity biographer biographical biography biological biologist
biology biomass biomedical bionic biosphere biotechnology biplane bipolar birch bird birdie birdsong birth birthday
birthplace biscuit bisexual bishop bishopric bison bit bitch bitchy bite bitterly bizarre black blackberry blackbird
blackish blackjack blackmail blackout blacksmith blade blah blame blanch bland blank blanket blast blaze blazon bleach
bleed blend bless blew blind bliss blitz blizzard bloc block blockade blockbuster blog bloke blond blonde blood bloody
bloom blossom blow blowjob blown blubber blue bluebell bluebird bluefish bluegrass bluenose bluff blunt board boast
boat boatman bob bobby bobcat bock bode body bodyguard bogey bogus bohemian boiler bold bollocks bologna bolt bomb
bombard bonanza bond bondage bone bonehead bong bongo bonk bonny bonsai bonus boob booby booger boogie boohoo book
bookie booklet bookworm boolean boom boost boot booth booty booze bop border bore born borne borough borrow boss
botanic botanist botany both bottle bottom bought boulder boulevard bounce bound boundary bounty bourgeois bout
boutique bower bowl bowman bowwow box boxcar boy boycott boyfriend bozo brace bracelet bracken bracket brad braille
brain brake bramble branch brand brandy brass brat brave bravery bravo bray brazier bread breadth break breakaway
breakdown breakfast breakout breakthrough breast breaststroke breath breathe bred breech breed breeze breezy brethren
brevet brew brewery bribe brick bride bridge brief briefcase brigade brigadier bright brill brilliant brim brindle
bring brink broach broad broadband broadcast broaden brogan broke broken brokerage bronco bronze brook broom brother
brotherhood brought brown brownfield brownie brownish browser bruin bruiser brunet brunette brush brutal bubble
bubblegum buccaneer buck bucket buckeye buckshot bud buddy budget budgie buff buffalo buffet bug build buildup built
bulge bulk bull bulldog bullet bulletin bullfrog bullock bullseye bullshit bully bumble bummer bump bunch bundle
bunghole bungle bunker bunny bunting burden bureau bureaucracy bureaucratic burg burgeon burgh burgundy burial burl
burlesque burn burnout burnt burr burrito burrow burst bury bus busby bush bushman businesses businessman businessmen
bust bustle busty busy but butch butler butt butte buttercup butterfly button buy buyout buzz buzzard by bye bypass
byte byzantine caballero cabaret cabbage cabin cabinet cable cache cactus cadet cadre cafe cafeteria caffeine cage
cake calcium calculate calculus caldera calendar calico caliph caliphate call calligraphy calm calypso camber came
camel camellia cameo camera camouflage camp campaign campground campus can canary cancel cancellation cancer candida
candidacy candidate candle candy canine cannabis cannibal cannon cannot canoe canon canonical canopy cantata canter
canton cantor canvas canyon cap capacitor capacity cape capital capitalism capitalist capitol capitulation caprice
capsule captain captaincy captive captivity capture car caramel caravan caraway carbon carbonate carboniferous
carcinoma card cardinal cardiovascular care carefully caretaker cargo carmine carnage carnival carnivorous carol
carpenter carper carpet carriage carriageway carriers carrot carry cart cartilage cartoon cartoonist cartridge carve
cascade case cash cashew casino cassette cast caste castle castor casual casualty cat catalog catalyst catalytic
catalyze catastrophic catch categorize category caterpillar catfish cathedral cathode catholic catnip cattle caucus
caudal caught causal cause causeway cavalier cavalry cave caveman cavity cayenne cease ceasefire cedar cede ceiling
celeb celebrate celebrity celesta celestial cell cellar cellist cello cellular cellulose cement cemetery censored
censorship census cent centenary centennial centerpiece centimeter central centralize century ceramic cereal cerebral
ceremonial ceremony certain certificate certify cervical cessation chad chain chainsaw chair chairman chairmanship
chairperson challenge chamber chamberlain champ champagne championed championship chance chancel chancellor chancery
chandler change channel chant chaos chaotic chapel chaplain chappy chapter char character characteristic characterize
charcoal charge charisma charismatic charitable charity charlie charm chart chase chassis chastity chat chateau cheap
cheat check cheddar cheek cheeky cheer cheerleader cheese cheesy cheetah chef chemical chemist chemistry chemotherapy
cherish cherry chess chest chesterfield chestnut chevalier chew chewy chi chichi chick chicken chief chieftain
chihuahua child childhood children chili chill chilly chimera chimney chin china chino chip chipmunk chippy chloride
chlorine chocolate choice choir choke cholera choose chop choral chorale chord choreograph choreography chorus chose
chosen chow chowder christen christian chromatic chrome chromosome chronic chronicle chronological chronology chubby
chuck chuckle chunk chunky church churchyard ciao cigar cigarette cinder cinema cinematic cinematographer
cinematography cinnamon circa circle circuit circular circulate circumstance circus cirrus cit citadel cite citizen
citizenship citrus city civic civil civilian civilization clack clade claim claimant clan clandestine clapper clarify
clarinet clash class classic classification classify classmate classroom classy clause clay clean clear clearance
cleaver clement clementine clergy clergyman cleric clerk clever click client cliff climate climatic climax climb
clinch clinic clip clique clit clitoris clock clockwise cloister clone close closet closure cloth clothe cloud cloudy
clover clown club cluck clue cluster clutch coach coal coalition coarse coast coastline coat cobalt cobra cocaine cock
cockpit cocksucker cocktail coconut cod code codex codify coeducational coefficient coffee coffeehouse coffin
cognition cognitive coherent cohesion cohort coil coin coinage coincide coincidence coincidental coke cola cold coley
coliseum collaborate collaborative collaborator collapse collar collard colleague collect collective collector colleen
college collegiate collide collie colliery collision colloquial cologne colon colonel colonial colonialism colonist
colonization colony color coloration colt column columnist coma combat combatant combine combustion come comeback
comedian comedic comedy comet comfort comic command commandant commando commemorate commence commend commendation
comment commentary commentator commerce commercial commission commit committee commodity commodore common commonplace
commonwealth communal commune communicate communism communist community commute compact companion company comparative
compare comparison compass compatibility compatible compendium compensate compete competence competition competitive
competitor compile complain complaint complement complementary complete complex complexity compliance compliant
complicated complication compliment comply component compose composite compositional compound comprehensive compressed
compression compressor comprise compromise comptroller compulsory computational compute computerize concave conceive
concentrate concentric concept conceptual concern concert concerto conclave conclude conclusion concord concourse
concrete concurrency condemn condemnation condense condition condo condom condominium condor conduct conductivity
conductor cone confederacy confederate confer conference confessed confession confidence confident confidential
configure confined confinement confirm confiscate conflict confluence conform conformity confrontation confuse conger
congestion conglomerate congratulate congregation congress congressional congressman conical conjecture conjugate
conjunct connect connectivity connector conquered conqueror conquest conscious conscription consecrated consecration
consecutive consensus consent consequence consequent conservancy conservation conservatism conservative conservatoire
conservatory consider consideration consist consistency consistent consolation consolidate consonant consortium
conspicuous conspiracy conspirator constable constabulary constant constellation constituency constituent constitute
constitutional constrained constraint construct consul consular consult consultancy consultant consultation
consultative consume consumption cont contact contain contamination contempt contender content contentious contestant
contested contiguous continent contingent continual continue continuity continuous continuum contortionist contra
contract contractual contradiction contradictory contrary contrast contribute contributor control controversial
controversy convection convene convenient convent conventional convergence converse convert convex convey convict
convince convoy cook cookie cool coon cooper cooperate cooperative coordinate coordinator coot cop cope copy copyright
coral cord cordillera core cork corn cornerstone cornice corolla corona coronation corporal corporate corps corpse
corpus corr correct correctional correlated correlation correspond correspondence correspondent corridor corrie
corrosion corrugate corruption corsair cortex corvette cosmetic cosmic cosmology cosmopolitan cosmos cost costume cote
cottage cotter cotton couch cougar cough could council counsel counselor count counterattack counterpart counterpoint
countess country countryman countryside county coup coupe couple courage course court courtesy courthouse courtroom
courtyard cousin couture cove covenant coverage covert covet covey cow coward cowboy cowgirl cox coy coyote cozy crab
crack crackdown craft craftsman craftsmen cram cramp crane crank cranky crap crappy crash crater craven craving crawl
cray crazy cream creamy create creative creativity creator creature credit creditor creed creek creel creep creepy
creole crescent cress crest cretaceous crew crib crick cricket crime criminal crimson crises crisis crisp crispy
criteria criterion critic criticism criticize critique critter crochet croft crone crook crop cross crossover
crossroads crouch crow crowd crown crucial crucifixion crude cruel cruise crumb crunch crusade cruse crush crustacean
crusty cry crystal crystalline cub cubic cucumber cuddle cuff cuisine culinary cull culminate cult cultivar cultivate
cultural culture cum cumulative cunt cup cupcake cupola curate curator curb cure curiosity curious curl currency
current curricula curricular curriculum curry curse curt curtain curvature curve custard custody custom customary
customize cut cute cutlass cutler cybersex cyborg cycle cyclic cyclist cyclone cyclops cylinder cylindrical cypress
dad daddy daemon daffy dagger dahlia daily dairy daisy dale dam damage dame dammit damn dance dang dangerous danish
dank dare daredevil dark darling darn dart dasher data database date daughter davenport dawn day daydream daylight
daytime deacon dead deadhead deadline deaf deal dealt dean deanery dear death deb debate debris debt debut decade
decay deceased decency decent deception decide deciduous decimal decision decisive deck declare decline decor decorate
decorative decreasing decree dedicate deed deejay deem deep deer defamation defeat defect defendant defended defense
defensive deferred defiant deficiency deficient deficit define definite definitive defunct degrade degree
dehydrogenase deity delay delegate delete deliberate delicate delicious delighted delightful deliver dell delta
delusional deluxe demand demise demo democracy democrat democratic demographic demography demolish demolition demon
demonic demonstrate demonstrator demote denial denominational denounce dense density dent dentist dentistry deny
departed department departure dependence dependency dependent depict deplete deploy deportation deposit depressing
depression deprive depth deputy derby derelict derivative derive derrick descend descendant describe description
descriptive desert deserved design designate desire desk desktop desperado desperate despise despite dessert destine
destiny destroy destruction destructive detach detain detainee detect detective detector detention deter deteriorate
determine detonate detrimental devastate develop deviation devil devoid devoted devotee devotional devout dewberry
dharma diabetes diagnose diagnosis diagnostic diagonal diagram dial dialect dialog dialogue diamante diameter diamond
diamondback diaper diary diaspora dibble dick dickey dickhead dictate dictator dictatorship dictionary did die diesel
diet dietary differ difference different differential differentiate difficult difficulty diffraction diffuse digestive
digger digging digit dignitary dignity dilapidated dildo dill dime dimension diminish diminutive dimple din ding
dingbat dingle dingo dingus dinosaur diocesan diocese dioxide diploma diplomacy diplomat diplomatic dipper dipstick
direct directional directive director directorate directorial directory dirk dirt dirty disable disambiguate disc
discharged disciple disciplinary discipline disclose disco discography discover discovery discrete discrimination
discriminatory discus disguise disgusting dish disk dismay disorder disparate dispersal disperse disposal disposed
dispute disrepair disrupt dissemination dissent dissertation dissident dissipate dissolute dissolved distal distance
distant distillation distillery distinct distinctive distinguish distort distract distress distribute distributor
district disturb disturbance ditch diva dive divergence divergent diverse diversify diversity divert divide divine
divinity division divorce dizzy do doberman doc dock dockyard doctor doctorate doctrine document documentary
documentation dodge does dog doggy doghouse dogwood doing dole doll dollar dolly dolphin domain dome domestic
domesticated dominance dominant dominate dominion domino don dona donate done dong donkey donor donuts doodle doom
doomsday door doorknob dopamine dope dorm dormant dormitory dorsal dose doss dot dotcom dotty double doubt douche
dough doughty dove dowager dowdy down downfall downgrade downhill download downstairs downstream downtown downturn
downward dowry dozen draft drag dragon dragonfly dragoon dragster drain drainage drake drama dramatic dramatist drank
draper drastically draw drawn dream dress drew drifter drill drink drive driven driveway drone droopy drop dropkick
drought drove drown drug drum drunk drunken drywall dual duality dubbed dubbing ducal duchess duchy duck ducky dude
due duel duet duff duke dull dumb dummy dump dune dung dungeon dunning dunno duplication durable duration during durst
dust dusty dutch duty dwarf dweller dwelling dyer dying dyke dynamic dynamite dynamo dynastic dynasty dysfunction each
eager eagle ear earl earldom earlier earliest earn earth earthquake ease east eastbound eastern easternmost eastward
easy eat eaten ebony ecclesiastical echo eclectic eclipse ecological ecology economic economist economy ecosystem
ecumenical eddy edge edible edict edifice edit editor editorial educate educational educator effect effective efficacy
efficiency efficient effort egg egghead eggplant eight eighteen eighteenth eighth eighty either ejaculation eject
elaborate elastic elder eldest elect elective elector electorate electric electricity electrification electrify
electrode electromagnetic electron electronic electronica element elementary elephant elevate elevator eleven eleventh
eligibility eligible eliminate elite elliptic elongate else elsewhere email emancipation embalmer embankment embargo
embark embarrass embassy embedded ember emblem embody embrace embroider embroidery embroil embryo embryonic emerald
emerge emergence emergency emerita emeritus emery emigrant emigrate eminent emirate emission emitted emotion emperor
emphasis emphasize empire empirical employ employee empower empress empty emulate enable enact enamel enchantment
encircle enclave enclosed enclosure encode encompass encore encounter encourage encryption encyclopedia end endanger
endeavor endemic endorse endow endurance endure enemy energetic energy enforce engage engine engram engrave enhance
enigma enjoy enlarge enlightenment enlist enormous enough enrage enrich enroll ensemble enshrine ensign enslave ensue
ensure enter enterprise entertainer entertaining entertainment enthusiasm enthusiast entire entirety entitle entity
entrance entrant entrench entrepreneur entrepreneurial entrepreneurship entropy entrust entry envelope environment
envisage envision envoy envy enzyme epic epidemic epidemiology epilepsy epilogue episcopal episode epistle epitaph
epithet epoch eponymous epsilon equal equality equation equator equatorial equestrian equilibrium equinox equip
equitable equity equivalence equivalent era erase erect erode erosion erotic erotica errand erroneous error erstwhile
erupt escalate escape escarpment escort esoteric especial espionage espresso esprit esquire essay essayist essence
essential establish estate esteem ester estimate estuary eternal eternity ethanol ethical ethics ethnic ethnicity
ethnographic ethos ethyl etymology eucalyptus euclidean euphoria eureka euro evacuate evade evaluate evanescence
evangelical evangelist evaporation eve even event eventual ever evergreen every everybody everyday everyone everything
everywhere eviction evidence evident evil evoke evolution evolutionary evolve exacerbate exact exaggerated exam
examine example excavate exceed excel excellence excellent except exceptional excerpt excess excessive exchange
exchequer excise excite exclude exclusion exclusive excursion excuse execute executive exemplify exempt exercise exert
exhaust exhaustive exhibit exigent exile exist existence existent exit exodus exotic expand expansion expansive
expatriate expect expectancy expectation expedition expeditionary expelled expenditure expense expensive experience
experiment experimentation expert expertise expired explain explanation explicit explode exploit exploitation explore
explosion explosive expo exponent exponential export expose exposition exposure express expressive expressway
expulsion extant extend extension extensive extent exterior extermination external extinct extra extracellular extract
extraordinary extreme extremist extremity eye eyewitness
"""
