"""Every command by name: the module that has it, and what `debrief --help` says of it."""

from bot.usecases.verbs import VERBS, Verb

_ELSEWHERE = {
    **dict.fromkeys(("draft", "approve", "publish", "close"), "bot.cli.incidents.documents"),
    **dict.fromkeys(("page", "oncall"), "bot.cli.incidents.paging"),
    "noise": "bot.cli.incidents.noise",
}
#: What these do here is less than in Slack, where there are forms and a channel that means an incident.
_HERE = {
    "declare": "Open an incident.",
    "alerts": "The groups of alerts of now; one with its reasons; say of one that it mattered.",
}


def summary_of(verb: Verb) -> str:
    """What *verb* does on the command line, in a sentence."""
    return _HERE.get(verb.name, f"{verb.summary[:1].upper()}{verb.summary[1:]}.")


_VERBS = {
    verb.name: (_ELSEWHERE.get(verb.name, "bot.cli.incidents.incident_verbs"), summary_of(verb))
    for verb in VERBS.values()
    if verb.name != "help"  # `--help` says it here
}
_COMMANDS = {
    "serve": ("bot.cli.serving", "Run the bot until it is told to stop (Ctrl-C or SIGTERM)."),
    **_VERBS,
    "document": ("bot.cli.incidents.documents", "Print the incident's current draft as Markdown."),
    "templates": ("bot.cli.templates", "Try a document template of your own, or start one."),
    "replay": ("bot.cli.replaying", "Live through an incident record and leave its timeline."),
    "import": ("bot.cli.history.importing", "Take in what a team has of its past."),
    "verify": ("bot.cli.verifying", "Check every incident's chain, and against the anchors."),
    "erase": ("bot.cli.auditing", "Destroy one field of one event on request."),
    "export": (
        "bot.cli.auditing",
        "Write an incident's ledger, or the workspace's log, as JSON lines that verify by their hashes and salts.",
    ),
    "egress": ("bot.cli.incidents.paging", "List what left for other systems."),
    "anchor": ("bot.cli.auditing", "Write the heads that moved to the anchors file now."),
    "doctor": ("bot.cli.checking.doctor", "Check configuration, database, key, anchors, Slack."),
    "migrate": ("bot.cli.migrating", "Bring the database's tables to what this version needs."),
    "config": ("bot.cli.operating", "Show the settings in force."),
    "graph": ("bot.cli.incidents.graph", "List which service calls which, and from where that is known."),
    "lanes": ("bot.cli.operating", "List the lanes with messages that wait, and why."),
    "train": ("bot.cli.learning.training", "Learn the weights of grouping from what people said."),
    "models": ("bot.cli.learning.models", "List the versions of the weights of grouping."),
    "inventory": ("bot.cli.learning.inventory", "List what decides here, in which version, and whose."),
    "canary": ("bot.cli.learning.inventory", "Ask whether the language model behaves as accepted."),
    "eval": ("bot.cli.evaluation.evaluating", "Judge the models on your own history: file in, file out."),
    "demo": ("bot.cli.operating", "Live through a real public incident in a Slack stand-in."),
}

#: Where each command is, in the order in which they are listed.
MODULES = {name: module for name, (module, _) in _COMMANDS.items()}
#: What each does, in a few words.
SUMMARIES = {name: summary for name, (_, summary) in _COMMANDS.items()}
