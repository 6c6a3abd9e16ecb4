"""Words by what they do in a sentence. General English and the language of incident response, never of one record.

Source: written for this purpose from the closed classes of English grammar (articles, pronouns, prepositions,
auxiliaries, connectives, quantifiers) and the terms of the PagerDuty incident response documentation.
"""

from analysis.grounding.stems import stem


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split())


#: Words without content of their own.
FUNCTION = _words("""
a an the this that these those it its itself he she they them their theirs his her him we us our ours i my me you
your who whom whose which what there here of in on at to from for by with into onto upon within during through
throughout via over under between among across against along around toward towards about per out as than and or nor
but also too so if while whereas although though however because since until till when whenever where once before
after then both either be is are was were been being am do does did done doing have has had having 's s t d ll re ve
will would shall should can could may might must not no never none nobody nothing neither cannot without yet such
other another own same more less prior following instead rather later earlier afterwards afterward thereafter
subsequently meanwhile next further respective respectively ago due off up down back again still already now just
only even well amid despite spite upon besides plus likewise else etc e.g i.e vs let 'd one how why whether very quite
themselves himself herself ourselves myself
""")
#: Function words that still say something: they must stand in the evidence like others.
PARTICLES = _words("up down off back again still already even")
#: Nouns and verbs that assert nothing beyond there being a record of an incident.
NEUTRAL = _stems("""
incident issue problem event team engineer responder person someone somebody staff member colleague operator time
moment point stage step action activity work timeline record entry note update information detail happen occur take
perform conduct carry become get go come involve include concern regard follow proceed accord place part way thing
matter case order result use last remain stay continue turn number
soon shortly eventually finally currently initially
originally ultimately time subsequent previous interim period duration window start-time total pass elapse apart
give order space course together side kind mean able basis situation belong state fact line term respect amount
disruption outage
investigate
""") - _stems("result follow initially")
#: Those for what the whole record is about, whatever an entry calls it.
INCIDENTS = _stems("incident issue problem event matter thing case situation disruption outage")
#: Those whose verb asserts something (`the server was updated`).
NOUNS_ONLY = _stems("update information order state note record point stage staff issue respect space result mean")
#: Who acts in telegraphic entries that name nobody.
ACTORS = _stems("team engineer responder person someone somebody staff operator we they it colleague member")
NEGATIONS = _words("not no never none nobody nothing neither nor cannot without unable inability non n't cant wont")
#: How people come to know something, which adds nothing to what they came to know.
OBSERVING = _stems("see observe notice note find discover detect identify spot record register")
#: What ends the reach of a negation or of a supposition.
BREAKS = _words("""but while whereas although though however because since until till when whenever once before after
then which who whose so if unless as and due thanks owing""")
#: What begins another clause.
CLAUSE = _words("""but while whereas although though however because until till when whenever once before after then
which who whose unless since so""")
#: What puts one clause before or after another.
BEFORE = _words("before until till prior")
AFTER = _words("after once following since")
TEMPORAL = BEFORE | AFTER | {"when"}
#: Planned, tried, asked for, supposed: not done. By stem.
TENTATIVE = _stems("""may might could possible possibly perhaps probable probably likely suspect believe assume appear
plan intend want try attempt ask request propose suggest consider will shall should expect hope would
schedule prepare pending theory hypothesis presumably apparently unclear unconfirmed potential potentially can""") | {
    "if"
}
BEGUN = _stems("start begin initiate commence")
#: What says that a task is under way.
WORKED = _stems("work investigate look try")
#: What begins a task that may not have been finished; `begin` also tells how a state sets in.
UNDERTAKEN = _stems("start initiate commence")
#: Verbs of states and signals, which are so once they have started.
SETTING_IN = _stems("""
generate raise send receive see experience report fire fail show drop rise alert notice increase get fall
work run investigate look respond check rise appear time happen occur""")
#: What says that one thing made another happen. By stem, and phrases of them.
CAUSAL = _stems("""because cause trigger lead owe thank attribute therefore thus hence consequently responsible blame
provoke induce culprit reason why""") | {"because"}
CAUSAL_PHRASES = tuple(
    tuple(stem(word) for word in phrase.split())
    for phrase in (
        "due to",
        "result in",
        "result from",
        "as a result",
        "result of",
        "stem from",
        "arise from",
        "bring about",
        "root cause",
        "contribute to",
        "contributing factor",
        "down to",
        "by virtue",
        "on account",
        "in response to",
        "that is why",
        "following from",
    )
)
#: The same causal word about the whole incident: that needs a person's tag.
STRONG_CAUSE = _stems("culprit blame responsible")
#: What keeps something from being done.
PREVENTING = _stems("disable prevent avoid stop block cancel abort cease halt refuse deny keep stop")
#: Cause first, effect after it; the other causal words and phrases have the effect first.
FORWARD = _stems("cause trigger lead provoke induce enable allow result therefore thus hence consequently")
#: Words of amount, each group one meaning; none stands for another.
QUANTIFIERS = (
    _words("all every each everyone everybody everything entire entirely whole wholly fully completely always"),
    _words("only solely just exclusively sole merely single"),
    _words("first initial initially earliest firstly"),
    _words("last final finally latest lastly"),
    _words("never"),
    _words("no none nobody nothing zero"),
    _words("most mostly majority mainly largely primarily"),
    _words("many numerous multiple several various lot lots dozens countless"),
    _words("some partial partially partly few subset certain"),
    _words("any anyone anybody anything"),
    _words("both"),
    _words("half"),
    _words("exactly precisely"),
    _words("immediately instantly promptly instant"),
    _words("permanently permanent forever"),
    _words("repeatedly constantly continuously continually frequently often"),
    _words("rarely seldom barely hardly occasionally intermittently sporadically"),
    _words("twice doubled double"),
    _words("worldwide globally everywhere global"),
)
QUANTIFIER_OF = {word: number for number, group in enumerate(QUANTIFIERS) for word in group}
#: What hedges a number: around it, below it, above it.
HEDGES = {
    **dict.fromkeys(("about", "roughly", "around", "approximately", "circa", "some", "approx", "~", "c"), "about"),
    **dict.fromkeys(
        ("nearly", "almost", "under", "below", "less", "fewer", "approaching", "approached", "most"), "below"
    ),
    **dict.fromkeys(("over", "above", "more", "exceeding", "least", "exceeded", "beyond"), "above"),
}
#: What may be added to somebody's words without making more of them.
TELLING = _stems("""say write state mention note report tell comment post message add announce list show explain inform
describe indicate quote warn alert signal count""")
#: What may be told of something without a teller (`was reported healthy`).
TOLD_OF = _stems("report say state describe list announce note record")
#: Those that claim a finding, and say nothing only before `that`.
FINDING = _stems("find discover detect identify spot record register")
#: What a speaker's company may be called where he says `we`.
COMPANIES = _words("company firm organisation organization business")
#: What may be called by its kind behind its name.
KINDS = _words(
    "environment service system software tool application app product platform component feature website site"
)
#: What a limit is the size of (`up to 3 hours`).
LARGEST = _words("longest highest largest biggest greatest")
#: What tells that something is there no more.
GONE = _words("gone disappeared vanished")
#: Verbs that only carry a noun.
LIGHT = _stems("hold make give do undergo place put")
#: What a status page has.
POSTS = _words("post posts message notice announcement")
#: What tells that something is as it should be.
RIGHT_AGAIN = _stems("""healthy normal ok fine operational functional working available reachable accessible online
usable stable recovered restored resumed up running open""")
#: Verbs and phrases that say whose words these are.
SPEECH = _stems("""say write report state mention note tell ask suspect think believe claim suggest announce comment
explain confirm post message reply warn wonder propose guess assume observe inform share describe add quote complain
complaint admit concede promise
relay forward hear attribute blame assure""")
#: What makes its whole sentence depend on something, besides `if`, which asks after one of the next.
CONDITIONS = _words("unless")
ASKING = _stems(
    "check see ask know verify test wonder determine unclear sure confirm investigate look decide find learn"
)
#: What a sentence may have in the place of a condition.
WHENEVER = _words("when whenever once where")
#: What makes all of its part a supposition, from wherever it stands.
SUPPOSING = _stems("probably possibly perhaps maybe presumably apparently seemingly supposedly likely seem")
#: What was not reached, though nearly.
NEARLY = _words("nearly almost narrowly virtually practically")
NEARLY_PHRASES = frozenset({("about", "to"), ("close", "to"), ("verge", "of"), ("brink", "of"), ("all", "but")})
#: What is not over yet.
UNDER_WAY = _words("underway ongoing")
UNDER_WAY_PHRASES = frozenset({("under", "way"), ("in", "progress"), ("process", "of")})
#: What tells that it is over, though it asserts nothing else.
COMPLETED = _words("done performed carried conducted executed completed finished")
#: Steps that are not done while somebody is at them; what fails or rises has, as soon as it does.
TASKS = _stems("""restart reboot roll revert deploy redeploy rebuild restore migrate patch upgrade downgrade replace
reinstall recreate switch scale drain disable enable remove delete rotate apply merge promote refund replay fix repair
reprocess resend rerun reset build copy import export provision install compile prepare recover resolve mitigate
remediate complete finish close improve enhance address review revisit refactor strengthen harden optimise optimize tune
expand evaluate audit""")
#: Verbs that tell of what goes on by itself, so that whoever is at it has already got there (`we are seeing errors`).
GOING_ON = SETTING_IN | OBSERVING | _stems("monitor continue watch await hope expect aim")
#: What has still to be done.
TO_BE_DONE = frozenset(
    {
        *(("going", "to"), ("need", "to"), ("needs", "to"), ("has", "to"), ("have", "to"), ("is", "to"), ("are", "to")),
        *(
            ("decided", "to"),
            ("decides", "to"),
            ("decide", "to"),
            ("decision", "to"),
            ("agreed", "to"),
            ("chose", "to"),
        ),
        *(("ready", "to"), ("supposed", "to"), ("must", "be"), ("can", "be"), ("monitoring", "for")),
        *(("working", "to"), ("continuing", "to"), ("looking", "to"), ("ways", "to"), ("methods", "to"), ("how", "to")),
        *(("yet", "to"), ("ought", "to"), ("looking", "into")),
        *(("waiting", "for"), ("signs", "of"), ("sign", "of")),
    }
)
#: What somebody has in mind where an infinitive follows (`changes to reduce the risk`).
INTENTIONS = _stems("""way method step change improvement measure plan option opportunity work effort action safeguard
intention goal aim need time chance mitigation mechanism proposal ticket request idea suggestion recommendation promise
commitment decision agreement task item todo follow-up""")
#: Verbs that leave open whether what they speak of is ever done (`recommend adding`, `asked the vendor to add`).
OPEN = _stems("""recommend suggest propose discuss debate weigh consider contemplate evaluate explore postpone delay
defer pause reject refuse decline hesitate forget neglect omit oppose promise commit pledge offer advise urge instruct
tell remind encourage demand require request ask want wish aim intend plan hope expect agree look""")
#: Verbs after which somebody's words follow: always, after a subject, and after `that` or right behind a sayer.
SAYING = _stems("say")
SAYING_OF = _stems("claim think believe allege reckon doubt fear")
SAYING_THAT = SAYING_OF | _stems(
    """report state mention tell suggest warn write explain hear inform assume confirm complain announce insist argue
guess feel"""
)
SAYERS = ACTORS | _stems(
    """employee developer technician tester customer client merchant vendor user partner provider supplier bank
support manager us them"""
)
#: What gives a whole sentence as the words of others.
ACCORDING = _words("allegedly reportedly purportedly supposedly")
#: What reports of itself, not as a person's opinion.
MACHINES = _stems("""alert alarm monitor monitoring log page pager dashboard metric graph check probe system test tool
bot trace timeline record""")
#: Products that watch or page, which report by themselves, too.
PRODUCTS = _words("""pagerduty datadog prometheus grafana cloudwatch sentry nagios zabbix opsgenie pingdom splunk
dynatrace alertmanager kibana icinga statuspage newrelic honeycomb elastic checkly statuscake""")
#: Nouns of what somebody says.
REPORTS = _words("reports complaints claims rumours rumors allegations report complaint claim")
#: What takes only a part of the plural that follows, at once or with `of`, or does something only in part.
LIMITING = _words("half most few majority minority hardly scarcely certain")
LIMITING_OF = _words("some part portion subset fraction")
#: The same, of few, and where they are told as small.
FEW_OF = _words("handful minority")
AMOUNTS_OF = _words("number percentage share proportion amount")
SMALL = _words("small smaller limited low tiny little reduced")
#: What leaves out those that have been told of.
OTHERS = _words("other remaining")
PARTLY = _words("partially partly mostly largely mainly partial")
#: Verbs and nouns of change: an amount right behind one is how much it was (`fell 12%`).
CHANGING = _stems("fall drop rise increase decrease grow shrink climb decline reduce")
