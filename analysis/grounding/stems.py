"""Words without their endings, so that `restarted`, `restarts` and `restarting` are one.

Own suffix rules in the manner of Porter (An algorithm for suffix stripping, 1980), with a table of irregular verbs.
They only have to give equal stems for forms of one word; a stem need not be a word.
"""

import re
from types import MappingProxyType

#: Irregular forms by their base; verbs that keep their form (cut, hit, set) need no line.
_FORMS = """
arise arose arisen|be was were been being is are am|bear bore borne|become became|begin began begun|bind bound
break broke broken|bring brought|build built|buy bought|catch caught|choose chose chosen|come came|deal dealt
do did done does|draw drew drawn|drive drove driven|fall fell fallen|feed fed|feel felt|find found|flee fled
fly flew flown|forget forgot forgotten|freeze froze frozen|get got gotten|give gave given|go went gone goes going
grow grew grown|have had has|hear heard|hide hid hidden|hold held|keep kept|know knew known|lead led|learn learnt
leave left|lend lent|lose lost|make made|mean meant|meet met|pay paid|rise rose risen|run ran|say said|see saw seen
seek sought|sell sold|send sent|shake shook shaken|show shown|shrink shrank shrunk|sink sank sunk|speak spoke spoken
spend spent|spin spun|stand stood|steal stole stolen|stick stuck|strike struck|swing swung|take took taken
teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood|wake woke woken
wear wore worn|win won|wind wound|withdraw withdrew withdrawn|write wrote written|overload overloaded
hang hung|mistake mistook mistaken|misunderstand misunderstood|override overrode overridden
overwrite overwrote overwritten|overtake overtook overtaken|rewrite rewrote rewritten|undertake undertook undertaken
unwind unwound|uphold upheld|note noted notes|comment comments
moment moments|commence commences
withhold withheld|withstand withstood|blow blew blown|eat ate eaten|fight fought|forbid forbade forbidden|lay laid
light lit|ring rang rung|sit sat|sleep slept|slide slid|speed sped|spill spilt|swear swore sworn|sweep swept
use used uses|foresee foresaw foreseen|undergo underwent undergone|overcome overcame|shoot shot
rebuild rebuilt|undo undid undone|redo redid redone|rerun reran|resend resent|retake retook retaken|overrun overran
oversee oversaw overseen|child children|person people|index indices indexes|datum data|discover discovery
recover recovery|deliver delivery|failure fail fails failed failing failures
prove proven|bear born|bend bent|bleed bled|breed bred|burn burnt|cling clung|creep crept|dig dug|dream dreamt
drink drank drunk|fling flung|forgive forgave forgiven|kneel knelt|lean leant|leap leapt|plead pled|ride rode ridden
shine shone|sing sang sung|smell smelt|spell spelt|spit spat|spoil spoilt|spring sprang sprung|sting stung
strive strove striven|swell swollen|swim swam swum|tread trod trodden|awake awoke awoken|weave wove woven|weep wept
beat beaten|overhear overheard|overthrow overthrew overthrown|repay repaid|mislead misled|outgrow outgrew outgrown
redraw redrew redrawn|remake remade|resell resold|retell retold|rethink rethought|unbind unbound|rewind rewound
misspell misspelt|die died dies|tie tied ties|owe owed owes|sue sued sues
"""
#: Forms that no ending tells and that are no past forms: participles in -ing, plurals, an adverb.
_OTHER_FORMS = """
use using|note noting|die dying|tie tying|lie lying|owe owing|sue suing|analysis analyses|crisis crises
hypothesis hypotheses|thesis theses|synopsis synopses|parenthesis parentheses|vertex vertices|matrix matrices
appendix appendices|criterion criteria|phenomenon phenomena|maximum maxima|minimum minima|man men|woman women|foot feet
tooth teeth|mouse mice|half halves|shelf shelves|knife knives|think thoughts|alias aliases|bias biases|lens lenses
gas gases|plane planes|canvas canvases|witness witnesses|harness harnesses|operator operators|full fully
"""


def _bases(table: str) -> MappingProxyType[str, str]:
    lines = (line.split() for line in table.replace("\n", "|").split("|") if line)
    return MappingProxyType({form: base for base, *forms in lines for form in forms})


IRREGULAR = _bases(_FORMS)
_OTHER = _bases(_OTHER_FORMS)
_ENDINGS = (
    *(("ifications", "ify"), ("ification", "ify")),
    *(("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("ication", "ic"), ("ations", "ate")),
    *(("ation", "ate"), ("ators", "ate"), ("ator", "ate"), ("ities", ""), ("ity", ""), ("nesses", ""), ("ness", "")),
    *(("ments", ""), ("ment", ""), ("ances", ""), ("ance", ""), ("ences", ""), ("ence", ""), ("ously", "ous")),
    *(("ively", "ive"), ("fully", ""), ("ions", ""), ("ion", ""), ("ies", "y"), ("ily", "y"), ("ally", "al")),
    *(("ly", ""), ("ings", ""), ("ing", ""), ("ied", "y"), ("eed", "ee"), ("ed", "")),
    *(("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", "")),
)
_KEPT = ("ss", "us", "is")
_WHOLE = frozenset(
    [
        "succeed",
        "exceed",
        "proceed",
        "need",
        "feed",
        "speed",
        "seed",
        "heed",
        "bleed",
        "breed",
        "indeed",
        "publication",
        "comment",
        "moment",
        "note",
        "commence",
        "staging",
        "plane",
        "witness",
        "harness",
        "operator",
    ]
)
_Y = frozenset(["apply", "reply", "supply", "comply", "multiply", "imply", "rely"])
_NOUNS = ("tion", "sion", "ment", "ance", "ence")
_VERBAL = ("ed", "ing", "ings")
#: Behind these a word in -y is left, which may be irregular itself or end in -ly.
_ENDING_Y = ("ies", "ied")
#: Two vowels apart: `cancel` doubles its last letter before an ending, `fill` has it doubled.
_LONG = re.compile(r"[aeiouy][^aeiouy]+[aeiouy]+ll$")
_SHORTEST = 3
_SHORT = 5
_LONGEST = 60


def stem(word: str) -> str:
    """The stem of a lower-case word; words of other alphabets and very long ones are their own."""
    return _regular(IRREGULAR.get(word) or _OTHER.get(word, word))


def _regular(word: str) -> str:
    if not word.isascii() or not _SHORTEST < len(word) <= _LONGEST or word in _WHOLE:
        return word
    if word in _Y:
        return _tail(word)
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and not (ending == "s" and word.endswith(_KEPT)):
            rest = word[: -len(ending)] + instead
            noun = next((one for one in (rest, rest + "e") if ending in _VERBAL and one.endswith(_NOUNS)), "")
            if noun:
                return _regular(noun)
            if ending in _ENDING_Y and len(rest) > _SHORTEST:
                return stem(rest)
            if len(rest) >= _SHORTEST and any(letter in "aeiouy" for letter in rest):
                return _tail(rest, is_verb=ending in _VERBAL)
    return _tail(word)


def _tail(rest: str, *, is_verb: bool = False) -> str:
    """*rest* as all forms end it: no final e, none of -ate, one of a doubled consonant, z in -ise, i for y."""
    bare = rest.removesuffix("e")
    if bare.endswith("at") and len(bare) > _SHORT and (is_verb or bare != rest or bare.endswith("eat")):
        return bare[:-2]
    if bare.endswith("is") and len(bare) > _SHORT and (is_verb or bare != rest):
        return bare[:-1] + "z"
    if len(rest) > _SHORTEST and rest[-1] == rest[-2] and (rest[-1] not in "aeiouls" or _LONG.search(rest)):
        return rest[:-1]
    if rest.endswith("y") and len(rest) > _SHORTEST:
        return rest[:-1] + "i"
    return bare if len(rest) > _SHORTEST else rest
