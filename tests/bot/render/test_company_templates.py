"""A company's own template: what it may do, what it cannot, and that there is a draft whatever it does."""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chain import canonical_bytes
from analysis.layout import Block, BlockKind, Run, layout_tree
from analysis.styles import Style, style_of, wanted_style, with_style
from bot.render.confined import Process, lay_out_confined
from bot.render.laying_out import FILTER_NAMES, MOST_LETTERS, TemplateFailure, lay_out
from bot.render.placing import placed_sentences
from bot.render.reading import plain_text
from bot.render.styling import Styles
from bot.render.templates import TemplateRenderer
from bot.render.view import PUBLISHED, Duration, Fact, Incident, Section, Statement, outline, view_of
from tests.bot.render.test_templates import ATTACKS, tree_of
from tests.effort import examples, leading, thinned
from tests.example_documents import example_documents

ROOT = Path(__file__).parents[3]
EXAMPLES = example_documents()
WHOLE = EXAMPLES["an eventful incident"]
OUTLINE = outline(WHOLE)
RENDERER = TemplateRenderer()
LEAST = "\n\n{{ sections.contributing_factors }}\n\n{{ to_look_at }}\n\n{{ sections.account }}\n"

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ incident.__class__ }}",
    "{{ incident['__class__'] }}",
    "{{ incident|attr('__class__') }}",
    "{{ incident|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ [incident]|map(attribute='__class__')|list|first }}",
    "{{ [incident]|map('attr', '__class__')|list }}",
    "{{ [incident]|selectattr('__class__')|list|first }}",
    "{{ [incident]|sort(attribute='__class__.__name__') }}",
    "{{ [incident]|unique(attribute='__class__')|list|first }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{{ range.__globals__ }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(incident) }}",
    "{{ '{0.place}'.format_map({'0': incident}) }}",
    "{{ '%s'.__mod__(incident) }}",
    "{% set f = '{0.__class__}'.format %}{{ f(incident) }}",
    "{{ ['{0.__class__}']|map('format', incident)|list|join }}",
    "{{ '{0.__class__}'|format(incident) }}",
    "{{ {'a b': 1, 'onload': 'x'}|xmlattr }}",
    "{{ config }}{{ request.application.__globals__ }}",
    "{{ sections.by_key.clear() }}",
    "{{ sections.by_key.update({'impact': 1}) }}",
    "{{ facts.lines.append(1) }}",
    "{{ incident.severity.said }}",
    "{{ incident.title.place }}",
    "{{ [incident.severity] | map(attribute='said') | first }}",
    "{{ incident.number.place.encode() }}",
    "{{ sections.impact.statements.__getitem__(0) }}",
    "{{ sections.impact.statements[0].text }}",
    "{{ caller.__code__ }}",
    "{% macro m() %}{% endmacro %}{{ m.__call__.__func__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{% for a in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% include '../secret.md.j2' %}",
    "{% import 'os' as os %}",
    "{% extends 'file:///etc/passwd' %}",
    "{% import 'jinja2.sandbox' as s %}{{ s }}",
    "{{ incident }}{{ View }}{{ outline }}",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_way_out_of_the_sandbox_is_refused_in_one_sentence(source: str) -> None:
    """What has led out of sandboxes elsewhere leads nowhere here, and the line is named."""
    with pytest.raises(TemplateFailure) as refused:
        lay_out({"own.md.j2": f"# Ours\n\n{source}{LEAST}"}, "own.md.j2", OUTLINE)

    sentence = refused.value.sentence
    assert sentence.startswith("own.md.j2, line 3: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "0x" not in sentence


def test_template_changes_nothing_of_the_view() -> None:
    """What it is given cannot be assigned to."""
    with pytest.raises(TemplateFailure, match="cannot assign attribute on non-namespace object"):
        lay_out({"own.md.j2": f"{{% set incident.number = 1 %}}{LEAST}"}, "own.md.j2", OUTLINE)


@pytest.mark.parametrize(
    ("source", "because"),
    thinned(
        [
            ("{% for x in range(10**9) %}a{% endfor %}", "Range too big"),
            ("{{ 'a' * 10**9 }}", "it needs more memory than it may have"),
            (
                "{% set ns = namespace(s='a' * 1000) %}{% for n in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",  # noqa: E501
                "memory",
            ),
            ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "it calls itself too deeply"),
            ("{% include 'own.md.j2' %}", "it calls itself too deeply"),
            (f"{{{{ {'(' * 3000}1{')' * 3000} }}}}", "it calls itself too deeply"),
            (f"{'{% if 1 %}' * 300}x{'{% endif %}' * 300}", ""),
            ("{% for x in range(100000) %}aaa{% endfor %}", f"it writes more than {MOST_LETTERS:,} letters"),
            ("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}", "2 seconds"),
            pytest.param("{{ 9**(9**9) }}", "2 seconds", marks=pytest.mark.thorough),
        ],
        every=9,
    ),
    ids=["range", "text", "doubling", "macro", "include", "parentheses", "nesting", "output", "endless", "power"],
)
def test_limit_holds_in_one_sentence(source: str, because: str) -> None:
    """Time, memory, depth and length are limited by the process that the template runs in, and each is said so."""
    with pytest.raises(TemplateFailure) as refused:
        lay_out_confined({"own.md.j2": source}, "own.md.j2", WHOLE)

    assert because in refused.value.sentence
    assert refused.value.sentence.count("\n") == 0


def test_process_of_a_template_has_no_settings_and_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even what would break out of the sandbox finds neither the key, nor a variable, nor a file to open."""
    monkeypatch.setenv("DEBRIEF_SLACK_BOT_TOKEN", "xoxb-canary")

    with pytest.raises(TemplateFailure) as told:
        lay_out_confined({"own.md.j2": "x"}, "own.md.j2", WHOLE, Process(program=("-c", _ESCAPED)))

    found = json.loads(told.value.because)
    assert found == {"environment": ["PYTHONHASHSEED", "PYTHONPATH"], "file": "OSError", "socket": "OSError"}
    assert "DEBRIEF_SLACK_BOT_TOKEN" in os.environ


#: Confined like a template, and then free to do what Python can.
_ESCAPED = """
import json, os, socket, sys
from bot.render.confined import _confine, _load
sys.stdin.buffer.read(); _load(); _confine()
found = {"environment": sorted(name for name in os.environ if name != "LC_CTYPE")}
for name, open_ in (("file", lambda: open("/etc/hostname")), ("socket", socket.socket)):
    try:
        open_(); found[name] = "opened"
    except OSError:
        found[name] = "OSError"
print(json.dumps({"failure": {"because": json.dumps(found), "file": "", "line": 0}}))
"""


@pytest.mark.parametrize(
    ("program", "because"),
    leading(
        2,
        [
            ("import time; time.sleep(60)", "it was not done after 2 seconds."),
            ("print('no layout')", "its process ended without an answer; it may need too much memory."),
            (
                "import os; os.kill(os.getpid(), 11)",
                "its process ended without an answer; it may need too much memory.",
            ),
            ("while True: print('x' * 1000000)", "it makes more than a document can hold."),
            ("print('{}')", "What the template makes is no layout."),
            (
                r"""print('{"layout": [], "x": "\\ud800"}')""",
                "it writes half a character (a surrogate), which is no text.",
            ),
            (
                """print('{"layout": [{"kind": "place", "place": "section:secret"}]}')""",
                "“section:secret” cannot stand where the template has it.",
            ),
        ],
    ),
    ids=["sleeps", "prose", "crashes", "floods", "nothing", "half-letter", "strange-place"],
)
def test_process_that_misbehaves_is_ended_and_believed_in_nothing(program: str, because: str) -> None:
    """Whatever a template might turn its process into, what comes back is one sentence or a layout of known places."""
    process = Process(program=("-c", program), deadline=2 if "sleep" in program else 60)

    with pytest.raises(TemplateFailure) as told:
        lay_out_confined({"own.md.j2": "x"}, "own.md.j2", WHOLE, process)

    assert told.value.sentence == because


def test_process_that_answers_before_it_has_read_is_heard() -> None:
    """What it said counts, however quickly it ended: a request that nobody reads is more than a pipe holds."""
    process = Process(program=("-c", "import os; os.close(0); print('{}')"), deadline=60)

    with pytest.raises(TemplateFailure, match="is no layout"):
        lay_out_confined({"own.md.j2": "x" * 1_000_000}, "own.md.j2", WHOLE, process)


def test_page_has_the_whole_contract() -> None:
    """Every name, attribute and filter that a template may use is on the page, and the page has no others."""
    page = (ROOT / "docs/reference/document-styles.md").read_text(encoding="utf-8")
    contract = page.partition("## What a template sees")[2].partition("\n## ")[0]

    names = set(re.findall(r"^\| `([a-z_.]+)` \|", contract, re.MULTILINE))
    filters = set(re.findall(r"`([a-z]+)`", page.partition("Filters: ")[2].partition(".\n")[0]))

    holders = {"incident": Incident, "fact": Fact, "statement": Statement, "section": Section, "duration": Duration}
    published = {f"{name}.{one}" for name, kind in holders.items() for one in PUBLISHED[kind]}
    assert names == published | set(view_of(OUTLINE).names) - {"incident"}
    assert filters == set(FILTER_NAMES) | {"more"}


def test_view_holds_no_word_of_the_record() -> None:
    """What a template's process is given has no text, name or time in it, so none can be evaluated there."""
    given_to_it = json.dumps(outline(tree_of(lambda place: ATTACKS[place % len(ATTACKS)])), ensure_ascii=False)

    assert not [attack for attack in ATTACKS if attack[:8] in given_to_it]
    assert "card-auth" not in given_to_it
    assert "2024" not in given_to_it
    assert "Ada" not in json.dumps(OUTLINE)


def test_severity_is_never_printed_as_words() -> None:
    """It can be compared with; what prints it otherwise than as the part, which has its entries, prints no severity."""
    blocks = lay_out({"own.md.j2": "{{ '%r' % incident.severity }} {{ '%s' % [incident] }}"}, "own.md.j2", OUTLINE)

    assert OUTLINE["severity"] == "SEV1"
    assert "SEV1" not in str(blocks)


def test_template_says_its_own_words_and_places_parts() -> None:
    """Headings, words, lists, tables, quotations and lines are laid out; each part is where the template has it."""
    source = (
        "# Review of {{ incident.number }}\n\nOur *own* **words**, `code`, [a link](https://example.com/a) < & >.\n\n"
        "- one {{ incident.severity }}\n- two\n\n1. first\n\n> Who reads this?\n\n---\n\n"
        "| a | b |\n|---|---|\n| {{ facts | first }} | x |\n\n"
        "{% for said in sections.impact.statements %}\n- {{ said }}\n{% endfor %}\n\n{{ sections.timeline }}"
    )

    blocks = lay_out({"own.md.j2": source}, "own.md.j2", OUTLINE)

    assert [block.kind.value for block in blocks] == [
        "heading", "paragraph", "item", "item", "step", "quote", "rule", "table", "item", "place",
    ]  # fmt: skip
    assert blocks[0] == Block(kind=BlockKind.HEADING, level=2, runs=(Run(text="Review of "), Run(place="number")))
    assert blocks[7].rows[1][0] == (Run(place="fact:0"),)
    assert blocks[-1] == Block(kind=BlockKind.PLACE, place="section:timeline")


@pytest.mark.parametrize(
    ("source", "because"),
    thinned(
        [
            ("{{ incident.title | upper }}", "a filter changes a part of the document"),
            ("{{ sections.impact.statements | first | replace('impact', 'trigger') }}", "a filter changes a part"),
            ("{{ incident.title | string }}", "No filter named 'string'"),
            ("`{{ incident.title }}`", "title stands within code, a link or stressed words"),
            ("**{{ incident.title }}**", "title stands within code, a link or stressed words"),
            ("[{{ incident.title }}](https://example.com)", "title stands within code, a link or stressed words"),
            (
                "[x](https://example.com/{{ incident.title }})",
                "or has a part of the document in it",
            ),
            ("[x](http://example.com)", "the link to http://example.com is not plain https"),
            ("[x](https://example.com/a#b)", "plain https, which has no port, `#`, bracket or user name"),
            ("[x](mailto:ada@bank.example)", "is not plain https"),
            ("![x](https://example.com/x.png)", "a picture, which its reader's browser would fetch"),
            ("```\ncode\n```", "it has a block of code (line 1 of what it makes: “```”)"),
            ("- a\n\n  - b", "within another one (line 3 of what it makes: “- b”)"),
            ("- a\n  - {{ incident.title }} \ue001", "within another one (line 2 of what it makes: “- … …”)"),
            ("Impact: {{ sections.impact }}", "section:impact takes lines of its own"),
            ("{{ sections.impact.statements | length }}", "it prints what is no text (int)"),
            ("{{ sections }}", "it prints what is no text (Sections)"),
            ("{{ sections.impact.is_present }}", "it prints what is no text (bool)"),
            ("\ue000title.aaaaaaaa\ue001", "a filter changes a part of the document"),
            ("{{ sections.impakt }}", "has no attribute 'impakt'; it has account, action_items, communication, "),
            ("{{ incident.name }}", "no attribute 'name'; it has is_private, number, severity and title."),
            ("{{ durations.time_to_resolve }}", "it is a list: loop over it, or take one by its place"),
            ("{{ facts.commander }}", "it is a list: loop over it, or take one by its place"),
            ("{{ to_look_at.title }}", "has no attribute 'title'; it can only be printed"),
            (
                "{{ title }}",
                "'title' is undefined; a template sees incident, facts, sections, durations and to_look_at.",
            ),
            ("{{ now() }}", "'now' is undefined; a template sees"),
            ("{% if %}", "Expected an expression"),
            ("{{ facts }}\n\n" * 6, "it places facts more than 5 times"),
            ("{{ sections.impact.statements | first }}\n" * 6, "it places statement:impact:0 more than 5 times"),
            ("---\n" * 10_001, "It makes more than 10,000 blocks"),
            ("", "it leaves out the causes, or the question for them: {{ sections.contributing_factors }}"),
            ("{{ sections.contributing_factors }}", "it leaves out contradictions, gaps and alerts"),
            (
                "{{ sections.contributing_factors }}\n\n{{ to_look_at }}",
                "it leaves out the account of the language model",
            ),
        ],
        every=8,
    ),
)
def test_template_that_cannot_be_laid_out_still_gives_a_draft(tmp_path: Path, source: str, because: str) -> None:
    """The default style is made, and says in its header which style failed and why; nothing else of it differs."""
    tree = EXAMPLES["one with a model's account"]
    own = tmp_path / "own.md.j2"
    own.write_text(source if "sections.contrib" in source or not source else f"{source}{LEAST}", encoding="utf-8")

    styled = Styles(own)(tree, Style.COMPANY)

    made = with_style(tree, styled.block)
    shown = RENDERER.render(made, form="markdown").decode()
    plain = RENDERER.render(tree, form="markdown").decode()
    assert because in styled.failure
    assert (style_of(made), wanted_style(made)) == (Style.SRE, Style.COMPANY)
    (said,) = set(shown.splitlines()) - set(plain.splitlines())
    assert said.startswith("- **Style:** sre, because the style company failed: ")


@pytest.mark.parametrize(
    "source", [r"{{ '\ud800' }}", r"[x {{ '\udfff' }}](https://example.com)", r"{% include '\ud800' %}"]
)
def test_half_a_character_is_refused_and_the_draft_can_be_signed(tmp_path: Path, source: str) -> None:
    """It cannot be written down as UTF-8, so a draft with it in its layout or in its reason would never be stored."""
    own = tmp_path / "own.md.j2"
    own.write_text(f"{source}{LEAST}", encoding="utf-8")

    styled = Styles(own)(WHOLE, Style.COMPANY)

    assert canonical_bytes(with_style(WHOLE, styled.block))
    assert styled.failure == "it writes half a character (a surrogate), which is no text."


def test_condition_without_else_prints_nothing() -> None:
    """`{{ "; " if not loop.last }}` parts what stands in a line, as every Jinja template has it."""
    source = '{% for one in facts %}{{ one }}{{ "; " if not loop.last }}{% endfor %}'

    (block,) = lay_out({"own.md.j2": source}, "own.md.j2", OUTLINE)

    assert [run.text for run in block.runs[1::2]] == ["; "] * (len(OUTLINE["facts"]) - 1)
    assert [run.place for run in block.runs[::2]] == [f"fact:{place}" for place in range(len(OUTLINE["facts"]))]


def test_file_of_an_editor_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """The mark is no letter: what follows it is the heading that the author sees, in an included file as well."""
    (tmp_path / "postmortem.md.j2").write_text(f"# Bericht\n\n{{% include 'a.md.j2' %}}{LEAST}", encoding="utf-8-sig")
    (tmp_path / "a.md.j2").write_text("# Lage\n", encoding="utf-8-sig")

    styled = Styles(tmp_path)(WHOLE, Style.COMPANY)

    shown = RENDERER.render(with_style(WHOLE, styled.block), form="markdown").decode().splitlines()
    assert styled.failure == ""
    assert [line for line in shown if "Bericht" in line or "Lage" in line] == ["## Bericht", "## Lage"]


@pytest.mark.parametrize(
    "source",
    [
        "| What |\n|---|\n{% for one in sections.impact.statements %}\n| It was | {{ one }} |\n{% endfor %}",
        '[the form](https://example.com/form "{{ sections.impact.statements | first }}")',
    ],
    ids=["cell", "title"],
)
def test_part_that_markdown_would_drop_is_refused_and_named(source: str) -> None:
    """A row with a cell too many loses it in every reader; a statement must not be lost with it."""
    with pytest.raises(TemplateFailure, match="statement:impact:0 stands where Markdown shows nothing"):
        lay_out({"own.md.j2": f"{source}{LEAST}"}, "own.md.j2", OUTLINE)


def test_complete_template_is_used_and_every_part_stands_whole(tmp_path: Path) -> None:
    """Its order and words are the company's; statements are those of the document, with their entries."""
    (tmp_path / "postmortem.md.j2").write_text(
        "# ACME's review\n\n{% include 'lead.md.j2' %}\n\n## To look at first\n\n{{ sections.open_questions }}\n"
        "{% for s in sections if s.key not in ['open_questions', 'timeline'] %}\n\n## {{ s.title }}\n\n{{ s }}\n"
        "{% endfor %}\n{% if incident.severity == 'SEV1' %}\n\nTell the board.\n{% endif %}",
        encoding="utf-8",
    )
    (tmp_path / "lead.md.j2").write_text("About {{ incident.title }}.", encoding="utf-8")
    styles = Styles(tmp_path)

    styled = styles(WHOLE, Style.COMPANY)

    tree = with_style(WHOLE, styled.block)
    shown = " ".join(plain_text(RENDERER.render(tree, form="markdown").decode()).split())
    assert styled.failure == ""
    assert styled.block["template"] == styles.version(Style.COMPANY)
    assert "ACME's review About Card payments fail in DE. To look at first" in shown
    assert shown.index("To look at first") < shown.index("Contributing factors")
    assert "Tell the board." in shown
    assert [sentence for sentence in placed_sentences(tree) if sentence not in shown] == []


def test_texts_of_an_incident_are_neither_evaluated_nor_markup_in_a_company_template(tmp_path: Path) -> None:
    """Jinja, HTML and Markdown in titles, names and texts come out letter by letter."""
    tree = tree_of(lambda place: ATTACKS[place % len(ATTACKS)])
    own = tmp_path / "own.md.j2"
    own.write_text(
        "## {{ incident.title }}\n\n| a |\n|---|\n| {{ facts | last }} |\n\n"
        "{% for s in sections %}{{ s }}\n\n{% endfor %}"
    )

    styled = Styles(own)(tree, Style.COMPANY)

    made = with_style(tree, styled.block)
    page, text = (RENDERER.render(made, form=form).decode() for form in ("html", "markdown"))
    assert styled.failure == ""
    assert "{{ 7 * 7 }}" in page
    assert "<script" not in page
    assert "evil.example](" not in text
    assert r"\{\{ 7 \* 7 \}\}" in text


def test_folder_gives_its_own_templates_and_nothing_beside_it(tmp_path: Path) -> None:
    """A link that leads out of the folder, a folder within it, and the folder's neighbours cannot be included."""
    folder = tmp_path / "own"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "secret.md.j2").write_text("the secret")
    (folder / "below" / "deep.md.j2").write_text("the secret")
    (folder / "linked.md.j2").symlink_to(tmp_path / "secret.md.j2")
    for name in ("linked.md.j2", "below/deep.md.j2", "../secret.md.j2"):
        (folder / "postmortem.md.j2").write_text(f"{{% include '{name}' %}}{LEAST}")

        styled = Styles(folder)(WHOLE, Style.COMPANY)

        assert styled.failure == f"postmortem.md.j2, line 1: there is no template “{name}” in its folder."


def test_folder_that_kubernetes_mounts_is_read(tmp_path: Path) -> None:
    """The files of a ConfigMap are links to a folder within the folder, which is another one after each change."""
    folder = tmp_path / "own"
    (folder / "..2026_11_26").mkdir(parents=True)
    (folder / "..2026_11_26" / "postmortem.md.j2").write_text(f"{{% include 'lead.md.j2' %}}\n{LEAST}")
    (folder / "..2026_11_26" / "lead.md.j2").write_text("About {{ incident.title }}.")
    (folder / "..data").symlink_to("..2026_11_26")
    for name in ("postmortem.md.j2", "lead.md.j2"):
        (folder / name).symlink_to(f"..data/{name}")

    assert Styles(folder)(WHOLE, Style.COMPANY).failure == ""


@pytest.mark.parametrize(
    ("make", "because"),
    [
        (lambda path: None, "cannot be read: No such file or directory."),
        (lambda path: path.mkdir(), "has no postmortem.md.j2 in it."),
        (lambda path: path.write_bytes(b"\xff\xfe"), "cannot be read: it is not UTF-8."),
        (lambda path: path.write_text("a" * 300_000), "is larger than 256 KB."),
        (lambda path: path.write_text("\u00e4" * 200_000, encoding="utf-8"), "is larger than 256 KB."),
        (os.mkfifo, "cannot be read: it is no file."),
    ],
    ids=["gone", "empty", "binary", "large", "large in bytes", "pipe"],
)
def test_template_that_cannot_be_read_is_named_without_its_folder(tmp_path: Path, make: object, because: str) -> None:
    """The document that is made instead is published, so it says no path of ours."""
    assert callable(make)
    make(tmp_path / "own.md.j2")

    styled = Styles(tmp_path / "own.md.j2")(WHOLE, Style.COMPANY)

    assert styled.failure == f"own.md.j2 {because}"


def test_style_that_is_asked_for_without_a_template_says_which_setting_names_it() -> None:
    """It is no error of a template's."""
    assert "set DEBRIEF_DOCUMENT_TEMPLATE" in Styles()(WHOLE, Style.COMPANY).failure


WORDS = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{{ sections.impact }}",
        "{% for s in sections %}",
        "{{ s }}",
        "{% endfor %}",
        "{% if incident.severity %}",
        "{% endif %}",
        "{% else %}",
        "{% macro m(a) %}",
        "{% endmacro %}",
        "{{ m(1) }}",
        "{% set x = sections %}",
        "{{ x | first }}",
        "{{ facts }}",
        "{{ to_look_at }}",
        "{% include 'own.md.j2' %}",
        "{% raw %}",
        "{% endraw %}",
        "{% block b %}",
        "{% endblock %}",
        "{{ self.b() }}",
        "{{ 'a' * 99999 }}",
        "# ",
        "- ",
        "> ",
        "| a |\n|---|\n",
        "`",
        "**",
        "[",
        "](https://example.com)",
        "\n",
        "\n\n",
        "    ",
        "\\",
        "\ue000",
        "\ue001",
        "<script>",
        "{{ sections.impact.statements | join }}",
        "{{ range(99999) | join }}",
        "{{ durations | map('x') }}",
        "word",
        "1. ",
        "---",
        "\x00",
        "\u202e",
        "~~~",
        "{{ sections[s] }}",
        "{{ sections.contributing_factors }}",
    ]
)


@given(st.lists(WORDS, max_size=14).map("".join))
@settings(max_examples=examples(60))
def test_any_template_gives_a_draft(tmp_path_factory: pytest.TempPathFactory, source: str) -> None:
    """Whatever fragments a template is made of, a complete document comes, in its style or in the default one."""
    own = tmp_path_factory.mktemp("own") / "own.md.j2"
    own.write_text(source, encoding="utf-8")

    styled = Styles(own)(WHOLE, Style.COMPANY)

    tree = with_style(WHOLE, styled.block)
    shown = " ".join(plain_text(RENDERER.render(tree, form="markdown").decode()).split())
    assert bool(styled.failure) == (style_of(tree) is Style.SRE)
    assert "\n" not in styled.failure
    assert "Gaps: 3 (" in shown or "Nothing is on record for 22 min" in shown


@given(st.lists(WORDS, max_size=14).map("".join))
@settings(max_examples=examples(500))
def test_complete_template_with_anything_around_it_shows_every_part_whole(source: str) -> None:
    """What a template writes around parts of the document never hides or changes one that it places."""
    try:
        blocks = lay_out({"t": f"{source}{LEAST}{{{{ sections.impact }}}}\n\n{source}"}, "t", OUTLINE)
    except TemplateFailure:
        return
    tree = with_style(WHOLE, {"name": "company", "template": "", "layout": layout_tree(blocks)})
    shown = " ".join(plain_text(RENDERER.render(tree, form="markdown").decode()).split())
    assert [sentence for sentence in placed_sentences(tree) if sentence not in shown] == []
