"""Ordinary English words, n to z, without most of their endings; see `ordinary_words_a`."""

ORDINARY_WORDS_N = """
nacho nail naive naked name namesake nanny nanotechnology napalm napoleon napper narrate narrative narrator narrow
nascent nasty natal nation nationalism nationalist nationality nationwide native nativity natural naturalist
naturalize nature naught naughty nautical nautilus naval nave navigable navigation navigator navy near nearby neat
nebula necessary necessitate necessity neck necklace nectar need needle needy negative neglect negligible negotiate
negro neighbor neighborhood neither nelson nemesis neoclassical neolithic neon nephew nerve nervous nest nestle
netball netted netting network neural neurology neuron neuroscience neutral neutrality neutron never nevermore
nevertheless nevi new newbie newcomer newscast newsletter newspaper newton next nice niche nick nickel nickelodeon
nickname niece nigga niggaz nigger night nightclub nightingale nightmare nil nimbus nimrod nine nineteen nineteenth
ninety ninja ninth nipper nipple nirvana nitrate nitro nitrogen no nobility noble nobleman nobody nocturnal nocturne
node noel noise nomad nomadic nomenclature nominal nominate nominee non none nonetheless nonfiction nonlinear
nonprofit nonsense nonstop noodle nookie noon nope norm normalize north northbound northeast northeastern northerly
northern northernmost northward northwest northwestern nose not note notebook noteworthy nothing notice notification
notoriety notorious noun nova novel novelist novella novelty novice now nowadays noway nowhere nuclear nuclei
nucleotide nucleus nude nudist nudity nugget null number numeral numerical numerous nunnery nurse nursery nut nutmeg
nutrient nutrition nylons nympho oak oasis oath oatmeal obedience obesity obituary object objective obligation
obligatory oblique oblivion oblong obnoxious obscure obscurity observance observatory observe obsess obsidian obsolete
obtain obverse obvious occasion occidental occupancy occupant occupation occupy occur occurrence ocean oceanic ocelot
octagonal octave octopus odds odyssey of off offend offense offensive office official officiate offline offset
offshoot offshore offspring often ogle oh oil okay old oldie olive ombudsman omega omitted omnibus on once oncology
one onetime ongoing onion online onset onto onward ooh oops opal opaque open opera operate operatic operative operator
opiate opine opponent opportunity oppose opposite oppression oppressive opt optic optima optimal optimist optimize
optimum optional opus or oracle oral orange orator oratory orbit orchard orchestra orchestral orchestrate orchid
ordain order ordinance ordinary ordination ordnance organ organic organism organist organizational organize orgasm
orgy orient orientation origin originality originate oriole ornamental ornamentation ornate orphan orthodox orthodoxy
orthogonal orthography oscillator osprey ostensibly ostler other otherwise otter ottoman ouch ought our ourselves oust
out outback outbreak outcome outcry outdated outdoor outfield outfit outflow outgo outlaw outlet outline outlook
outlying outpatient outpost output outrageous outreach outright outset outside outskirt outsourcing outspoken
outstanding outta outward oval oven over overall overboard overcame overcome overflow overhaul overhead overheard
overkill overland overlap overlook overlord overnight overreact oversaw oversea oversee overseen overshadow oversight
overt overtaken overthrow overthrown overture overturn overview overwhelm owe own ownership oxford oxide oxygen oyster
pace pacey pacific pacifist pack package packet pact paddle paddock paddy padre pagan page pageant pagoda paid pain
paint paintball pair paisley pajamas pal palace paladin palatinate palatine palazzo pale palette palladium palm
palomino pamphlet panache panama pancake pancreatic panda panel pang panhandle panic panicked panned panorama
panoramic pansy pant pantheon panther pantie pantomime papa papacy papal paper paperback paperwork papyrus para
parachute parade paradigm paradise paradox paragon parallel paralyze parameter paramilitary paramount paranoid parapet
parasitic paratrooper parcel parchment pardon pare parent parentheses parish parishioner parity park parkland parkour
parkway parliament parliamentarian parliamentary parochial parody parole parrot parry parsley parson part partial
participant participate particle particular partisan partition partner partnership partridge party pascal paschal
pasha pass passage passe passenger passionate passive passport password past pasta pastor pasture pasty pat patch pate
patent paternal paternity path pathetic pathogen pathology pathway patience patient patriarch patriarchate patriot
patriotic patriotism patrol patron patronage patsy pattern patty paved pavement pavilion paving pavlova pay payback
paycheck payday payload peace peacekeeping peacetime peach peachy peacock peak peanut pearl pearly peasant pebble peck
pedagogical pedagogy peddler pedestrian peek peekaboo peel peeper peer peerage peewee peg peke pelican penal penalty
pence pencil pendulum penetrate penguin peninsula peninsular penis pennant penned penny pension pentagon penthouse
penultimate people pepper peptide perceived percent percentage perception perch percussion percussionist perennial
perfect perform performance perfume perhaps perimeter period periodic peripheral periphery perish permanent permission
permit perpendicular perpetrator perpetual persecution persist persistence person persona personality personnel
perspective persuade pertain pervert peso pest pesticide peter petite petitioned petrol petroleum petty petunia
phantom pharaoh pharmaceutical pharmacology pharmacy phase phat phenomena phenomenon philanthropic philanthropist
philanthropy philharmonic philology philosopher philosophical philosophy phish phoebe phoenix phone phonetic phonology
phony phosphate phosphorus phosphorylation photo photograph photographic photography photon phrase phylogeny physical
physician physicist physics physiological physiology pianist piano piazza pic piccolo pick pickle pickup picnic
pictorial picture picturesque piece pier pierce piety pig pigeon piggy piglet pigpen pike pilaster pile pilgrim
pilgrimage pill pillar pillow pilot pimp pinball pinch pine pineapple ping pinhead pink pinkie pinnacle pinon pinto
pinyin pioneer pious pipe pipeline pippin piracy pirate piss pistol piston pit pitch pitchfork pity pivot pixel pixie
pizza place placebo placid plague plain plaintiff plan planar plane planet planetary plank plant plantation plaque
plasma plastic plate plateau platform platinum platoon platted platypus play playback playboy playhouse playlist
playmate playoff playtime playwright plaza plea plead pleasant please pleasure pledge plentiful plenty plot plowman
plug plumage plumb plume plunder plunk plural plurality plus plywood pneumatic pocket podcast podium poem poet poetic
poetry point poison poker pokey polar polarize pole police policeman policy polish politburo polite political
politician politics poll pollack pollard pollen pollutant pollution polo polygon polymer polynomial polytechnic pom
ponce poncho pond pong pontifical pony poodle pooh pool poop poor pop popcorn pope poppy populace popular popularity
popularize populated population populist populous porcelain porch pork porn porno pornographic pornography port
portage portfolio portico portrait portray pose position positive poss possess possibility possible possum post
postage postdoctoral posterior postgraduate posthumous postman postmaster postmodern postpone postseason postulate
postwar potassium potato potent potential pothead potion potter pottery poultry pound pour poverty powder power
powerhouse practical practice practitioner pragmatic prairie praise prank prater pray preach precede precedence
precedent precious precipitate precise precursor predate predator predatory predecessor predict predominant preface
prefect prefecture prefer preference prefix pregnancy pregnant prehistoric prehistory prelate preliminary prelude
premier premiere premiership premise premium premonition prep preparatory prepare prequel pres presbytery prescription
preseason presence present presentation preserve preside presidency president presidential pressure prestige
prestigious presto presumably presume pretend pretext pretty pretzel prevail prevalence prevalent prevent preventive
previous prey price prick pride priest priesthood primary primate prime primitive prince princess principal
principality principle print prior priority priory prism prison prissy privacy private privatization privet privilege
privy prize probabilities probe problem problematic procedural procedure proceed process processor proclamation
proctor procurement prodigy produce production productivity professed profession professor professorship proficiency
proficient profit progeny program progress progressive prohibit project projectile proliferation prolific prologue
prom promenade prominence prominent promise promo promote promotional prompt promulgate prone pronounce pronunciation
proof propaganda propagate propellant propelled propeller proper property prophet proponent proportion proposal
proprietary proprietor propulsion prose prosecution prosecutor prospect prospective prosper prosperity prosperous
prostate prostitute protagonist protect protective protectorate protege protein protestant protocol proton prototype
protract protrude proud prov prove proven provide providence province provincial provisional provost prowess prowler
proximity proxy prudence psalm pseudo pseudonym psst psych psychedelic psychiatric psychiatrist psychic psycho
psychoanalysis psychological psychologist psychology psychotherapy psychotic public publication publicity publicize
publish puck pudding puddle pueblo puffer puffin puffy puke pull pulley pulmonary pulpit pulsar pulse puma pump
pumpkin punch punish punitive punk pupil puppet puppy purchase pure purge purification puritan purple purported
purpose purse pursuant pursue pursuit push puss pussy pussycat put puzzle pyramid python quack quadrangle quadratic
quadruple quake qualification qualifiers qualify qualitative quality quantitative quantity quantum quarry quarter
quarterback quarterfinal quartermaster quartet quartz quasar quasi queen query quest questioned questioning queue
quick quiet quill quint quintet quirk quit quite quiz quorum quot quota quote quotient qwerty rabbi rabbinic rabbit
race racecourse racehorse racetrack raceway racial racism rack radar radial radiation radical radio radius rage raid
rail railroad railway rain rainbow raindrop rainfall rainwater raise rally ram rambler ramjet ramp rampage rampant
ramrod ran ranch rancid rand random randy ranee rang range rank ransom rap rape rapid rapier raptor rapture rare
rarity rascal rash rat rate rather ratification ratify ratio rational rationale ravage raven rawhide ray rayon raze
razor razz reach react read readership ready real realism realistic reality realize realm ream reaper rear reason
rebel rebuild receipt receive recent reception receptor recess recipe recipient reciprocal recital reckless reckon
reclamation recognize recon reconciliation reconnaissance reconstruct recorded recorder recording recovery
recreational recruit rectangular rector rectory recurrence recurring recycling red redbird redden reddish redhead
redistrict redneck redskin reduce reduction redundant redwood reedy reef reel reeve refer referee reference referendum
refined refinement refinery reflect reflective reform reformat reformist refrigerator refuge refugee refurbishment
refusal regard regatta regency regenerate reggae regime regiment region register registrar registration registry
regression regret regular regulate regulator regulatory rehab rehabilitation rehearsal reign reinforce reiterate
reject relate relational relationship relative relativity relax relay release relegate relevance relevant reliable
reliance relic relief relieve religion religious relinquish relocate reluctance reluctant rely remain remainder remark
remedy remember remembrance reminder reminiscent remix remnant remodel remote removal renaissance renal render
rendezvous rendition renegade renew renounce renovate renown rent reopen rep repair repatriation repeat repelled
repertoire repertory repetition repetitive replica replicate reported repository represent representative repression
reprise reproductive reptile republic reputation reputed request requiem require rescue resemble resent reservation
reserved reservoir residence residency resident residential residual residue resignation resigned resist resistance
resistant resolute resolve resonance respect respective respiratory respond respondent response responsibility
responsible rest restaurant restoration restrained restrict restrictive restructuring result resultant resume
resurgence resurrect retailer retain retake retaliation retard retention retina retirement retract retrieve
retrospective reveal revelation revenge revere reverend revers reverse reversible revert revision revival revive
revolt revolution revolutionary revolve revue rewarded rhea rhetoric rhino rhubarb rhythm rhythmic rib ribbon rice
rich rick ridden riddle ride ridership ridge ridiculous rife riff riffle riffraff rifle rigging right righteous rigid
rigorous ring riot rip ripple riptide rise risen risk risky rite ritual rival rivalry river riverside roach road
roadkill roadrunner roadside roadster roadway roan roast rob robbery robe robin robot robotic robust rock rocket rocky
rod rode rodent rodeo roebuck roger rogue role roll romaine roman romance romantic romanticism romeo rood roof rook
rookie room roommate rooster root rope rose rosebud rosemary rosette rosewood roster rosy rotary rotate rotational
rotor rotten rotunda rouge rough round roundabout rouse rout route routine roux rover row rowan rowdy royal royalist
royalties rubber rubbing rubble ruble ruby rudder ruddy rude ruff rugby rugged rugger rugrat ruin rule rumble rumor
run runaway runoff runtime runway rupture rural rush rusk rust rustic rusty sabbath sable sabotage sabra sack
sacrament sacred sacrifice saddler safari safe safeguard safety saffron saga sage sahib said sail sailboat sailor
saint sake salad salamander salami salary sale salesman salient salinity sally salmon salon saloon salt salvage
salvation same sample samurai sanction sanctuary sand sandman sandstone sandwich sandy sane sang sanitary sanitation
sanity sank sapper sapphire saran sari sass sassy satellite satire satirical satisfaction satisfactory satisfy
saturated saturation sauce sausage savage savanna save savior savoy saw sawmill sawyer saxophone saxophonist say
scalar scale scam scamper scan scandal scar scarab scarcity scare scarf scarlet scary scatter scenario scene scenic
scent schedule schema scheme schilling schism schizophrenia scholar scholarship scholastic school schoolhouse
schoolteacher schooner science scientific scientist scissor sclerosis scoop scooter scope score scoreboard scorpion
scotch scout scrabble scrapped scrapper scrapping scrappy scratch scream screech screen screenplay screenwriter screw
screwy scrip script scripture scroll scrotum scruffy scrutiny scuba scud scull sculpt sculptor sculptural sculpture
scum scurry sea seagull seahorse seal seaman seaplane seaport search seaside season seat seawater secession second
secondary secret secretariat secretary sect sectarian sectional sector secular secure security sedan sediment
sedimentary seduce seductive see seed seek seem seen segment segregated segregation seine seismic seize seldom select
selective self selfish sell seltzer semantic semester semi semiconductor semifinal seminal seminar seminary senate
senator senatorial send senior seniority senna sense sensitive sensor sensory sent sentence sentimental sentinel
sentry separate separatist septa sequel sequence sequential serenity serge sergeant serial serialize series serious
sermon serotonin serpent serum servant serve service servicemen sesame session set settle setup seven seventeen
seventeenth seventh seventy several severance severe severity sewage sewer sex sexpot sexton sexual sexuality sexy
shack shad shade shadow shady shaft shag shaggy shah shake shaken shale shall shallow shalom shaman shame shampoo
shamrock shanghai shank shape share shareholder sharia shark sharp sharpie shave shay she shear shed sheep sheepdog
sheet sheikh sheila shelf shell shelter shelve shepherd sheriff sherry shield shift shilling shim shin shine shiny
ship shipbuilding shipwreck shipyard shire shirk shirt shit shithead shitty shiver shoal shock shoe shoemaker shogun
shogunate shook shoot shootout shop shore shoreline short shortage shorten shortlist shortstop shorty shot shotgun
should shout shove show showcase showdown shown showtime shredder shrimp shrine shrink shrub shuck shun shut shutdown
shutout shuttle sibling sibyl sick side sidekick sideline siege sierra sight sigma sign signage signalling signatory
signature significance significant signify silence silent silhouette silica silicon silk sill silly silver similar
similarity simple simplex simplicity simplify simulate simulcast simultaneous sin since sincere sine sing single
singleton singular sinister sink sir sissy sister sit sitcom site situate six sixteen sixteenth sixth sixty size
sizzle skate skateboard skeet skeletal skeleton skepticism sketch skier skiing skill skillet skin skinhead skinny skip
skirmish skirt skittle skull skunk sky skydive skylark skyline skyscraper slab slack slain slalom slam slang slap
slasher slat slate slaughter slave slavery slay sledge sleep sleepy sleeve slender slept slice slick slide slight slim
slinky slip slipknot slippery sliver slogan sloop slop slope slot slow slugger slut slutty smack small smallpox smart
smartphone smarty smash smell smelly smile smiley smith smithy smock smoke smokey smoky smooch smooth smoothie smother
smudge smug smurf smut snack snafu snail snake snap snappy snapshot snatch sneak sneaky snicker sniffer sniper snooker
snoop snoopy snout snow snowball snowbird snowboard snowfall snowflake snowman snowy snuggle so soap sober soccer
social socialism socialist societal society socioeconomic sociological sociologist sociology sock soda sodium sofa
soft softball software soil sol solace solar sold soldier sole solicitor solid solidarity solitude solo soloist
soluble solute solve solvent some somebody someday somehow someone someplace somerset something sometime somewhat
somewhere son sonata song songbird songwriter songwriting sonic sonny soon sophisticated soprano sore sorry sort sorta
sortie sought soul soulmate sound soundtrack soup sour source south southbound southeast southeastern southern
southernmost southpaw southward southwest southwestern sovereign sovereignty soviet space spacecraft spaceman spacious
spam span spank spare spark sparkle sparky sparrow sparse spartan spatial spawn speak spear spearhead special
specialist specialize specialty species specific specification specificity specify specimen speck spectacular
spectator spectra spectral spectroscopy spectrum speculate speculative speech speed speedway speedy spell spend spent
sperm sphere spherical sphinx spice spider spiffy spike spill spin spindle spine spiral spire spirit spiritual
spirituality spit spite spitfire splash spleen splendid spliff splinter split spoil spoke spoken spokesman
spokesperson sponge sponsor sponsorship spontaneous spoof spook spooky spoon sporadic spore sport sportsman sporty
spot spotty sprang spray spread spring sprinkle sprint sprite sprocket sprout spruce spry spud spunk spunky spur
sputnik spy squad squadron squall square squash squeak squeeze squid squire squirrel squirt stab stability
stabilization stable stack stadium staff stag stage stagecoach staggered stain stair staircase stake stakeholder
stalker stalking stall stamp stance stand standalone standard standardize standby standout stanza staple star starch
stardom stardust stare starfish stark starlight starling start startup starve stat state statehood statesman statewide
static stationary stationed statistic statue stature status statute statutory staunch stay steady steak steal stealth
steam steamboat steamship steed steel steep steeplechase steer stein stellar stem step stereo stereotype stereotypical
sterling stern steward stewardship stick stickler sticky stiff stigma stigmata stiletto still stimulate stimuli
stimulus sting stingray stink stinky stint stipulate stir stitch stochastic stock stoke stole stolen stomach stone
stony stood stooge stop storage store storm stormy story storytelling stout straight straighten strain strait strand
strange strangle strap strata strategic strategy stratus strawberry streak stream streamline street streetcar strength
strengthen stress stretch strict stride strife strike strikeout string stringent strip stripe stripling strive strode
stroke strong stronghold struck structural structure struggle strut stubborn stubby stucco stuck stud student studio
study stuff stump stumpy stunner stunning stunt stupid sturgeon style stylistic stylize stylus subcommittee
subcontinent subdivide subdivision subdue subfamily subgroup subject subjective sublime submarine submerge submission
submit subordinate subscriber subscription subsequent subset subsidiary subsidize subsidy subsistence subspecies
substance substantial substantive substitute substrate subterranean subtitle subtle subtropical suburb suburban subway
subzero succeed success successive successor succumb such suck sudden sue suede suffer sufficient suffix suffragan
suffrage sugar sugarcane suggest suggestive suicide suit suitcase suite sulfate sulfide sulfur sultan sultanate
summarize summary summed summer summit sun sunbeam sunflower sung sunk sunlight sunny sunrise sunset sunshine super
superb superhuman superintendent superior superiority superman supermarket supernova supersede supersonic superstar
superstructure supervise supervisor supervisory supper supplant supplement supplementary suppliers supply support
suppose suppress supra supremacy supreme sure surf surface surge surgeon surgery surmount surname surpass surplus
surprise surrealist surrender surrey surround surveillance survey surveyor survival survive survivor susceptibility
susceptible sushi suspect suspend suspension suspicion suspicious sustain swain swallow swami swamp swampy swan swank
swapped swatch swear sweat sweaty swede sweep sweet sweetheart sweetie swell swift swim swindle swing switch swoosh
sword swordfish swore sworn syllable symbol symbolic symbolism symbolize symmetric symmetry sympathetic sympathy
symphonic symphony symposium symptom synagogue synaptic synchronize synchronous syndicate syndrome synergy synod
synonym synonymous synopsis syntax synthesis synthesize synthetic system systematic systemic tab tabby tabernacle
table tablet tabloid taboo tabor tackle taco tactic tad tadpole taffy tail tailgate tailor take taken takeover tale
talent talisman talk tall tally talon tandem tang tangent tango tank tanner tantra tap tape tapestry target tariff
tarpon tart task taste tasty tattoo taught tavern tawny tax taxation taxi taxman taxon taxonomic taxonomy taxpayer
teach teal team teammate teapot tear tease tech technical technician technique techno technological technology
tectonic ted teddy teen teenage teeter telecommunication telegraph telephone telescope televise tell temp temperament
temperance temperate temperature template temple tempo temporal temporary tempt temptress ten tenant tend tendency
tendon tennis tenor tense tensor tent tentacle tentative tenth tenure tequila term terminal terminate terminator
terminology terminus termite terrace terrain terrapin terrestrial terrible terrific terrify territorial territory
terror terrorism terrorist terry tertiary test testament testify testimony text textbook textile textual texture than
thank thanksgiving that thatcher the theater theatrical thee theft their them thematic theme themselves then thence
theologian theological theology theorem theoretical theorist theorize theory therapeutic therapist therapy there
thereafter thereby therefore thermal thermodynamic these thesis theta they thick thief thin thing think third thirsty
thirteen thirteenth thirty this thong thorax thorn thorough thoroughbred thoroughfare those thou though thought
thousand thrash thread threat threaten three threshold threw thrift thrill thrive throat throne through throughout
throughput throw thrown thrust thumb thump thunder thunderstorm thus thwart tiara tic tick ticket tickle ticklish
ticktock tidal tide tie tier tiger tight tile till timber time timeline timeout timothy ting tingle tinker tiny tip
tiptop tire tissue tit titan titanic titanium title tittle titty titular to toast toasty tobacco today toe toffee
together toilet token told tolerance tolerant tolerate toll tom tomahawk tomato tomb tomcat tomorrow ton tone tong
tongue tonight tonnage tonne tony too took tool toolbox tooth toothbrush tootsie top topaz topic topographic
topography topological topology topspin torch tore torn tornado torpedo torque torrent tortoise torture toss total
touch touchdown touche tough tour tourism tourist tournament tout tow toward towel town township toxic toxicity toy
trace track tract tractor trad trade trademark tradition traffic trafficking tragedy tragic trail train trait traitor
tram trammel tramp trample tramway trance trans transaction transatlantic transcendental transcontinental transcribe
transcription transept transfer transform transformation transgender transient transistor transit transitional
transitioned translate translator transliterate translucent transmission transmit transnational transparency
transplant transplantation transport transportation transverse trap trash trauma traumatic travel traverse tray
treason treasure treasury treat treatise treaty treble tree treetop trek tremendous trench trend trey trial triangle
triangular triathlon tribal tribe tribunal tribune tributary tribute trice trick tricky trident tried trier trigger
trilogy trim trinity trio trip triple triplet triplex tripod triumph troll trolley trombone troop trophy tropical
tropics trotter trouble trough troupe trousers trout troy truce truck true truelove truffle truly trump trumpet
truncate trunk truss trust trustee trusty truth try tsunami tube tuberculosis tubular tuck tugboat tuition tulip tumor
tun tuna tundra tune tungsten tunnel turbine turbo turbocharge turbulent turkey turn turnip turnout turnover turnpike
turret turtle tutelage tutor tuxedo tweed tweedy twelfth twelve twentieth twenty twice twig twiggy twilight twin
twinkle twist twitter two tycoon type typeface typhoon typical tyrant ubiquitous ugly ulster ultimate ultra
ultraviolet umbrella umpire unacceptable unanimous unaware unbroken uncle unclear uncomfortable uncommon unconscious
unconstitutional under undercarriage undercover underdog underestimate undergo undergone undergraduate underground
underlying undermine underneath underside understand understood undertake undertaken undertook undertow underwater
underway underwear underwent undesirable undo unequal uneven unexpected unfair unfortunate unhappy unicorn unification
uniform unify unilateral union unionist unique unitary unite unity universal universe university unknown unless unlike
unmarried unnecessary unofficial unpopular unprecedented unreal unrelated unrest unsafe unsuitable until up upcoming
update upgrade upheld upkeep upland upload upon upper upright uprising upset upside upstairs upstream uptight uptown
upward uranium urban urbanization urge urgent usable usage use used usefulness user username usher usual utility
utilize utopia utter vacancy vacant vacate vaccine vacuum vagabond vagina vale valence valentine valid validate
validity valley value valve vampire van vandal vanguard vanilla vanish vanquish vantage vapor variable variance
variant variation variety various varsity vary vascular vassal vast vaudeville vault veal vector vegetable vegetation
vehicle vehicular vein vela velocity velvet vendetta vendor venerable venerate vengeance venom venomous vent
ventilation ventral venture venue verb verbatim verdict verge verification verified vernacular veronica versatile
versatility verse versus vertebrae vertebrate vertex vertical vertices vertigo very vessel vest vestry veteran
veterinary via viability viable viaduct vibe vibrant vibration vicar vice viceroy vicinity vicious victim victor
victorious victory video videotape view viewership viewpoint vigil vigorous viii viking villa village villain villi
vineyard vintage vinyl viola violate violator violence violent violet violin violinist viper virago viral virgin
virtual virtue virtuoso virus visa viscosity viscount visibility visible vision visionary visit visitation visitor
vista visual visualization vita vital vitamin viva vivid vixen vizier vocal vocalist vocational vodka vogue voice void
volcanic volcano volley volleyball voltage volume voluntary volunteer voodoo vortex vote vow vowel voyage voyeur
vulnerable vulva waddle wade waffle waged wagon wainwright wait waitress waive wake waldo wale walk walkway wall
wallet walleye wally walnut walrus waltz wander wank wanna wannabe wanner want war warbler ward warden wardrobe ware
warehouse warez warfare warlock warlord warm warn warrant warren warrior warship warthog wartime was wasabi wash wasp
wast waste wastewater watch water waterfall waterfront watershed waterway watt wave wavelength way we weak weaken
wealth wealthy weapon weaponry wear weasel weather weaver weaving webcam webmaster website wedding weed week weekday
weekend weenie weigh weight weightlifting weir weird welcome weld welfare well wellington welsh welter welterweight
went were werewolf west westbound westerly western westernmost westward wetland wetter whack whale wharf what whatever
whatsoever wheat wheel wheelbase wheelchair when whenever where whereabouts whereas whereby wherein whereupon wherever
whether whetstone whew which while whilst whine whip whiplash whisker whiskey whisper whistle white whitehead whitener
whiteout whitewater whitey whitish whittle who whoa whoever whole wholesale wholly whom whoop whore whorl whose why
wick wicket wide widen widespread widget widow width wiener wife wight wild wildcard wildcat wilderness wildfire
wildlife will willow willy wilt win wind windmill window windsurf windy wine winery wing wingnut wingspan winkle
winter wipe wire wisdom wise wiseguy wish wishbone witch with withdraw withdrawn withdrew within without withstand
witness witter wive wizard woke wold wolf wolverine wolves woman wombat womble women won wonder wont wood woodcock
wooden woodland woodman woodwork woody woof wool word wore work workforce workman workplace workshop world worldwide
worm worn worry worse worsen worship worst worth worthy would wound woven wow wraith wrangler wrap wreath wreck
wreckage wren wrench wrestle wright wrinkle wrist write written wrong wrote wrought xviii yacht yahoo yang yard yeah
year yearbook yeast yell yellow yellowish yeomanry yes yeshiva yesterday yet yield you young your yourself yourselves
youth yuan yummy zapper zealot zebra zenith zephyr zeppelin zero zigzag zinc zinger zipper zippy zodiac zombie zone
zoological zoology zoom
"""
