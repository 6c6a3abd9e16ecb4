"""Ordinary English words, f to m, without most of their endings; see `ordinary_words_a`."""

ORDINARY_WORDS_F = """
fable fabric fabricate fabulous facade face facet facial facilitate facility fact factor factory factual faculty
faggot fail failure fain faint fair fairy faith fake falcon fall fallout false fame familial familiar familiarity
family famine famous fan fancy fandango fang fanny fantasia fantastic fantasy far fare farina farm farmhouse farmland
farrow fart farthing fascia fascinating fascism fascist fashion fast fastball fat fatality fate fathead father fatigue
fatty fault fauna favor favorite fawn fay fear feasibility feasible feast feat feather featherweight feature fed
federal federalist federate fee feed feedback feel feelgood feet feline fell fella fellatio fellow fellowship felony
felt female feminism feminist fence fender feral fermentation fern ferret ferry fertile fester festival fetch fetish
fetter feud fever few fiance fiancee fiber fiberglass fiction fictitious fiddle fidelity field fierce fiesta fife
fifteen fifteenth fifth fifty fight figurative figure figurine file fill filly film filmmaker filter filthy filtration
fin finale finalist finalize finance financial financier finch find fine finger fingerprint finish finite fink fir
fire firearm fireball firefighter firefly fireman firestorm firewall firework firm firmware first firth fiscal fish
fishcake fisherman fishermen fishery fishy fission fist fit five fix fixture fjord flack flag flagship flake flame
flamenco flamingo flange flank flap flash flashback flat flatten flattered flattering fleck fledgling flee fleet flesh
flew flexibility flexible flick flight fling flint flip flirt float flock flood floor floppy flora floral flotilla
flounder flour flourish flow flown fluctuation fluent fluff fluffy fluid fluorescent fluoride flush flute fly
flyweight focal focus fold foliage folio folk folklore follow fond font foobar food fool foolish foot footage football
footbridge foothill footman footpath footprint for forage foray forbade forbid forbidden force forcibly ford fore
forecast forefront forehand forehead foreign foreman foremost forensics foreplay forerunner foreskin forested forester
forestry forests forever foreword forfeit forget forgive forgiven forgot forgotten fork form formalize format
formidable formula formulated formulation forsaken fort forte fortification fortified fortress fortunate fortune forty
forum forward fossil foster fought foul found foundation foundry fountain four fourteen fourteenth fourth fox foxfire
foxtrot foxy fraction fracture fragile fragment fragmentation frame framework franc franchise francophone frank
fraternal fraternity fraud fraudulent freak freaky freckle free freedman freedom freelance freeman freestyle freeway
freewill freeze freight french frequency frequent fresco fresh freshen freshman freshwater friar friction fridge
friend friendship frieze frigate fright frighten fringe frisky fritz frog frogman from front frontage frontier frost
frosty frozen fruit fruity frustrate fry fuck fuckhead fudge fuel fugitive full fullback fully fumble fun function
functionality fund fundamental fundraising funeral fungal fungi fungus funk funky funnel funny furious furlong furnace
furnished furnishings furniture furry further furthermore fuse fuselage fuss future futuristic fuzzball fuzzy gab
gabby gable gadget gagged gagging gain gala galaxy gale gall gallant gallantry gallery galore gambit gamble game
gamecock gamma gammon gang gangsta gangster ganja gar garage garbage garden gargoyle garland garlic garner garnet
garret garrison gas gasman gastrointestinal gastropod gate gateway gather gator gaucho gauge gave gawk gay gazette
gear gearbox gecko geek geezer gem gender gene genealogical genealogy genera general generalize generate generator
generic generous genesis genetic genie genital genius genocide genome genre gentile gentle gentleman gentlemen gentry
genuine genus geographer geographic geography geologic geologist geology geometric geometry geothermal gerbil gesture
get getaway ghetto ghost giant gift gigabyte giggle gild gill gimme ginger giraffe girl girlfriend girly gist give
given gizmo glacial glacier glad gladden gladiator glamour gland glass glaze glazier glen glide glitter global
globalization globe glorious glory glossy glove glow glucose glue go goad goal goalie goalkeeper goalscorer goaltender
goat goblin god goddamn goddess godfather godlike godspeed goes going gold golden goldfish goldsmith golf gone gong
gonna gonzo goober good goodbye goodnight goody goofball goofy google goon goose gopher gore gorge gorgeous gorilla
gosh gospel gossip got gotcha gotta gotten gouge govern governance governor governorship gown grab grace gracious
grade gradient gradual graduate graffiti graham grain gram grammar grammatical grand grandam grandchildren granddad
granddaughter grandfather grandma grandmother grandpa grandparent grandson grandstand grange granite granny grant
grape graph graphic graphite grasp grass grassland grassroots grateful gratis gratitude grave gravel gravitational
gravity gray graze grease great greedy green greenfield greenhouse greenish greenwood greet gremlin grenade grenadier
grew greyhound gribble grid grief grievance grieve griffin grill grille grim grimace grin grinder gringo grip grizzle
grizzlies grocery groom groove groovy gross ground groundbreaking groundwater group grove grow grown growth grudge
grumpy grunt guarantee guard guardian gubernatorial guerrilla guess guest guidance guide guideline guild guilt guilty
guinea guise guitar guitarist gulf gully gun gunboat gunmen gunnery gunpowder gurney guru gut guy gymnasium gymnast
gymnastics gypsy habit habitat hacienda hack hackney had haddock hadith haggard haggis hail hair hairball haircut
hairy hake hale half halfback halftime halfway hall hallmark hallway halt halve hamburg hamlet hammer hammock hamper
hamster hand handbag handball handbook handcuff handheld handicap handle handsome handwriting handy handyman hang
hangar hank happen happy harass harbor hard hardball hardcore hardcover harden hardship hardware hardwood hardy hare
harm harmonic harmonica harmony harness harp harpoon harpsichord harrow harry harsh hart harvest hash hasty hat hatch
hate hatred haul haunt have haven hawk hawthorn hazard hazardous hazel hazmat he head headache headland headline
headmaster headquarter headwaters heady heal health healthcare healthy hear heard heart heartbeat heartland heat heath
heaven heavy heavyweight heck hectare hector hedge hedgehog heel hegemony height heir heiress held helicopter helium
helix hell hellfire hello helm helmet help hemisphere hemlock hence henceforth herald heraldic heraldry herb
herbaceous herd here hereby hereditary heresy heritage hermitage hero heroin heroine heroism heron herring herself
hertz hesitate heterogeneous hexagonal hey heyday hiatus hickey hidden hide hideous hideout hierarchical hierarchy
high highland highlight highway hike hill hillside hilltop hilly him himself hinder hint hippie hippo hire historian
historic historiography history hit hitherto hiya hmm hoard hob hobbit hobby hock hockey hogan hogtie hoke hold hole
holiday holistic holler hollow holly holocaust holy homage hombre home homeboy homecoming homeland homemade homeowner
homepage homestead hometown homework homicide homogeneous homology homosexuality honest honesty honey honeybee
honeydew honeymoon honor honorary hood hook hookup hooligan hoop hooter hoover hop hope hopefully horde horizon
horizontal hormone horn hornet horny horrible horror horse horseman horsemen horsepower horseshoe horticultural
horticulture hose hospice hospital hospitalize host hostage hostel hostile hostilities hot hotbox hotel hotshot hottie
hour hourglass house household housemate housewife housewives hover how howdy however huff huge huh hull human humane
humanist humanitarian humanity humanoid humble humbug humid humidity humiliate hummer humor humorous hunch hundred
hung hungry hunt huntsman hurdle hurling hurricane hurry hurt husband hush husker husky hussar hustler hyacinth hybrid
hydra hydraulic hydro hydrocarbon hydroelectric hydrogen hydroxide hymn hyperbolic hypertension hypocrite hypotheses
hypothesis hypothesize hysterical ice iceberg iceman icon iconic iconography idea ideal identical identifiable
identification identify identity ideological ideology idiot idol if ignite ignore iguana illegal illegitimate illicit
illness illuminate illusion illustrate illustrator image imagery imagine immaculate immature immediate immense immerse
immigrant immigrate imminent immortal immune impact impaired impairment impala impeachment impedance impend imperfect
imperial imperialism impetus implant implement implementation implicate implicit imply import importance important
importation impose impossible impoverish impress impressionist impressive imprint imprison improper improve improvise
impulse in inappropriate inaugural inaugurate incarnation incentive inception inch incidence incident incline include
inclusion inclusive incomplete incorporate incorrect increasing incubus incumbent incurred incursion indeed index
indicate indicative indicator indict indie indigenous indigo indirect individual induce induct industrial
industrialist industrialization industry ineligible inequality inertial inevitable infancy infant infantry infected
infection infectious inference inferior inferno inferred infinite infinity inflammation inflammatory inflation inflict
influence influential influenza info inform informatics information infrared infrastructure infringement ingredient
inhabit inhabitant inherent inherit inhibit inhibitor initial initiate initiative injure inland inline inmate inn
innate innocence innocent innovation inorganic inquiry insane inscribe inscription insecure insensitive insert inside
insight insignia insist insistence insomnia inspect inspector inspiration inspired instability install installation
instance instant instead instigate instinct institute institutional institutionalize instructed instruction instructor
instrument instrumentalist instrumentation insular insulation insult insurance insurgency insurgent insurrection
intact integer integral integrate integrity intel intellectual intelligence intelligent intended intense intensify
intensity intensive intent inter interact interactive intercept interceptor interchange intercity intercollegiate
interconnect intercontinental intercourse interdisciplinary interested interesting interests interface interfere
interference intergovernmental interim interior intermediary intermediate intermittent intern international internet
interoperability interpersonal interpret interpretation interrogation interrupt interscholastic intersect intersperse
interstate interstellar interval intervene intervention interview interwar intestinal intimate intimidation intrepid
intricate intrinsic introduce introduction introductory intruder invade invariant invasion invasive invent inventor
inventory inverse invert invest investigate investigator investor invitational invite invoke involve inward iodine ion
ionic iris iron ironic ironwork irony irrational irregular irregularity irrespective irresponsible irrigation island
isle islet isolate isotope issuance issue isthmus it italics item iteration itself ivory ivy jabber jabot jack jackass
jacket jackpot jade jag jaguar jail jam janitor japan jarred jasmine jasper java javelin jay jaybird jazz jazzy
jealous jealousy jean jeep jeez jello jelly jellybean jenny jeopardize jerk jersey jester jet jewel jewelry jihad
jimmy jingle job jockey joey john johnny join joint joke jolly josh journal journalism journalist journalistic journey
joy joystick jubilee judge judgment judicial judiciary juice juicy julienne jumbo jump junction jungle junior juniper
junk junkie junta jurisdiction jurisprudence jurist jury just justice justification justify juvenile kaboom kahuna
kaiser kamikaze kangaroo kanji kappa karaoke karate karma keel keen keep kelvin ken kept kernel kestrel ketchup key
keyboard keyboardist keynote keystone khan kibbutz kick kickoff kid kiddo kidnap kidney kill killjoy kilogram
kilometer kinase kind kinda kindergarten kindle kindred kinetic king kingdom kingpin kinky kinship kip kirsch kismet
kiss kit kitchen kite kitten kitty kiwi kluge knee knew knicker knife knight knighthood knock knockout knoll knot know
knowledge known knuckle kohl krypton lab label labia labor laboratory labyrinth lack lackey lacrosse lacy ladder
laddie laden lady ladybird ladybug lagoon laid lair laird lake lakeside lam lamb lambda lame lamp lance land landau
landfall landfill landlord landmark landowner landscape landslide lane language lantern lap laptop large lark larva
larvae larval laser lash lassie last lat late latent lateral latitude latte lattice laud laugh launch laundry laureate
laurel lav lava lavender lavish law lawman lawn lawsuit lawyer lay layman layout lazy lea leach lead leadership leaf
leaflet league leak leakage lean leap learn lease least leather leave lecture ledger lee leech leery left leftist
lefty leg legacy legality legend legendary legislation legislative legislator legislature legitimacy legitimate legman
leisure lemma lemme lemon lemonade lend length lengthen lengthy lens lent leopard lesbian lesion less lesson let
lethal lettering level lever leverage levy lexical liability liar libel liberal liberalism liberate libertarian
liberty libido librarian library libretto license lick lie lied liege lien lieutenant life lifeboat lifelong lifespan
lifestyle lifetime lift ligament light lighten lighthouse lightning lightweight like likelihood liken likewise lily
limb limerick limestone limit limitation limo linden line lineage linear linebacker lineup ling lingo linguist
linguistic link linkage lino lion lioness lip lipid lipstick liquid liquidation liquor lira list listen liter literacy
literary literate literature lithium litigation little littoral liturgical liturgy live livery livestock lizard llama
load loan lobby lobe lobster local locality localize locate lock lockout loco locomotive locus locust lodge loft
logger logging logic logistical logistics logo lollipop lonely lonesome long longbow longevity longhair longhorn
longitude longitudinal longstanding longtime look lookout lookup loop loos loose loosen loot lord lordship lore loris
lose loss lost lot lotus loud lough lounge lousy love low lowland loyal loyalist loyalty luck lucky lucrative luggage
lulu lumber luminous lunar lunatic lunch lunchbox lung lure lust luxurious luxury lyceum lying lynch lyric lyricist
mac macaroni mace mach machine machinery macho macro mad madam madame madden made madman madras madrigal maestro mafia
magazine magenta maggot magic magician magistrate magma magnate magnesium magnet magnetic magneto magnificent
magnitude magnolia magnum magpie mahatma maid maiden mail mailman main mainland mainline mainstay mainstream maintain
maintenance maize majestic majesty major majority make makeshift makeup malaria male malice mall mallard mama mammal
mammalian mammoth man manage managerial manatee mandarin mandate mandatory mandible mandrake maneuver manga manganese
mango mangrove maniac manifest manifestation manifesto manifold manila manipulate manipulative mankind manor mansion
mantis mantle mantra manual manufacture manuscript many map maple mar marathon marauder marble march mare margarita
marge margin maria marijuana marina marine maritime mark market marketplace marlin marquess marquis marriage marrow
marry marsh martial martian martin martini martyr martyrdom marvel marvelous mascot masculine mask mason masonic
masonry mass massacre massage massif massive mast mastermind masterpiece mastery masturbation mat matador match
matchbox mate material maternal mathematical mathematician mathematics matrices matriculate matrix matte mattress
mature maturity maverick max maxi maxim maxima maximize maximum may maybe mayday mayhem mayo mayor maze me mead meadow
meal mean meant meantime meanwhile measure meat meatball meathead meatloaf mecca mechanic mechanism mechanize medal
medalist media medial median mediate mediator medic medicare medication medicinal medicine medieval meditation medium
medley medusa meek meet mega melee mellow melodic melody melon melt member membership membrane memo memoir memorabilia
memorable memorandum memorial memory men menace mental menthol mention mentor menu meow mercantile mercenary mercer
merchant mercury mercy mere merge meridian merino merit meritorious mermaid merry mesa mess message messenger messiah
messy met meta metabolic metabolism metadata metallic metaphysical metaphysics meteorite meteorological meteorology
methane method methodology methyl metric metro metropolis metropolitan mica mice mick mickey micro microbial
microbiology micron microorganism microphone microscopic microscopy mid midday middle middleweight midfield midget
midland midnight midpoint midshipman midsummer midtown midway might mighty migrant migrate migratory mikado mike mild
mile milestone militant military militia milk milkman mill millennia millennium millet millimeter milliner mimic
mimosa min mind mine minerals mini miniature minimal minimalist minimize minimum miniseries minister ministerial
ministry mink minor minority mint minus minuscule minute miracle mirage mirror miscellaneous mischief misconduct miser
misery misfit misleading miss missile missionary mist mistake mistaken mistress misty misunderstanding misunderstood
misuse mitigate mitochondrial mitten mix mixture mobile mobility mobilize mock modal mode model moderate moderator
modern modernism modernist modernity modernize modification modify modular module moist moisture mold mole molecular
molecule moll mollusk molly mom moment momentum mommy monarch monarchy monastery monastic monetary money monger mongol
mongoose monies moniker monitor monk monkey monograph monolith monoplane monopoly monoxide monsieur monsoon monster
montage month monument mood moody moon moonbeam moonlight moor moose moral morale moray more morel moreover morgue
morning morocco moron morphological morphology morrow mortal mortality mortar mortgage mosaic mosque moss most motel
moth motherfucker motif motion motivational motive motley motocross motor motorcycle motorist motorize motorway motto
mound mount mountain mountaineer mountainous mouse mouth mouton move movie much muffin mull mullet mulligan multi
multicultural multidisciplinary multimedia multinational multiplayer multiple multiplex multiplication multiplied
multitude mummy munch munchkin municipal municipality munition mural murder muscle muscular muse museum mushroom music
musician musicologist must mustang mustard mutant mutation mutiny mutter mutual muzzle my myriad myrtle myself
mysterious mystery mystic mysticism myth mythical mythological mythology
"""
