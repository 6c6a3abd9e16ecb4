"""A document whose incident has another title now takes the place of the file before it, and of nothing else."""

from pathlib import Path

from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher, shown, write

NEW = "0012-incident"
NEW_FILE = f"postmortems/{NEW}.md"
NEXT = b"next\n"


def _first(tree: Path, **settings: object) -> str:
    return publisher(tree, **settings).publish(name=NAME, content=CONTENT, note=NOTE).partition(":")[0]


def _next(tree: Path, *replaces: str, **settings: object) -> str:
    return publisher(tree, **settings).publish(name=NEW, content=NEXT, note="next", replaces=replaces)


def _files(folder: Path) -> list[str]:
    return git(folder, "ls-tree", "-r", "--name-only", "main").splitlines()


def test_document_takes_the_place_of_the_one_before_under_another_name(tree: Path, remote: Path) -> None:
    """In one commit, once, here and at the remote; in the history the earlier one stays."""
    first = _first(tree, push=True)
    write(tree, "postmortems/0013-beside.md", "of another incident\n")
    git(tree, "push", "--quiet", "origin", "main")

    where = [_next(tree, first, push=True) for _ in range(2)]

    assert where[0] == where[1]
    assert where[0].endswith(f":{NEW_FILE}")
    assert publisher(tree, push=True).find(note="next") == where[0]
    assert publisher(tree, push=True).is_alone(name=NEW)
    assert _files(remote) == _files(tree) == ["README.md", NEW_FILE, "postmortems/0013-beside.md"]
    assert git(tree, "status", "--porcelain") == ""
    assert shown(tree, f"{first}:{FILE}") == CONTENT


def test_work_tree_that_is_behind_the_remote_is_nobodys_change(tree: Path, remote: Path, colleague: Path) -> None:
    """As on another host, which has not published for a while: it has an earlier version of the file."""
    _first(colleague, push=True)
    git(tree, "pull", "--quiet", "origin", "main")
    second = publisher(colleague, push=True).publish(name=NAME, content=b"second\n", note="second").partition(":")[0]

    _next(tree, second, push=True)

    assert _files(remote) == _files(tree) == ["README.md", NEW_FILE]
    assert git(tree, "status", "--porcelain") == ""


def test_document_that_people_have_changed_stays(tree: Path) -> None:
    """What somebody committed into it is not taken away with it."""
    first = _first(tree)
    write(tree, FILE, "with a remark\n")

    _next(tree, first)

    assert (tree / FILE).read_text() == "with a remark\n"
    assert _files(tree) == ["README.md", FILE, NEW_FILE]
    assert not publisher(tree).is_alone(name=NEW)


def test_document_that_people_change_and_have_not_committed_stays(tree: Path) -> None:
    """It is in nobody's way: the next one is published beside it, staged or not."""
    first = _first(tree)
    (tree / FILE).write_text("with a remark\n")
    _next(tree, first)
    git(tree, "add", "--", FILE)

    publisher(tree).publish(name="0012-other", content=b"last\n", note="last", replaces=[first])

    assert (tree / FILE).read_text() == "with a remark\n"
    assert FILE in _files(tree)
    assert git(tree, "status", "--porcelain") == f"M  {FILE}"


def test_document_that_people_have_made_a_link_or_taken_away_stays_so(tree: Path) -> None:
    """Only the very file that was written is taken away."""
    first = _first(tree)
    git(tree, "rm", "--quiet", "--", FILE)
    git(tree, "commit", "--quiet", "-m", "Withdraw")

    _next(tree, first)

    assert _files(tree) == ["README.md", NEW_FILE]
    assert git(tree, "status", "--porcelain") == ""


def test_commit_of_people_on_record_takes_nothing_away(tree: Path) -> None:
    """Where somebody's commit put the same bytes there, among others of that number, nobody knows what is ours."""
    _first(tree)
    write(tree, FILE, "changed\n")
    (tree / FILE).write_bytes(CONTENT)
    (tree / "postmortems" / "0012-notes.md").write_text("of somebody\n")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "-m", "Put it back, with notes")
    theirs = git(tree, "rev-parse", "HEAD")

    _next(tree, theirs, "0" * 40, "")

    assert _files(tree) == ["README.md", "postmortems/0012-card-failures.md", NEW_FILE, "postmortems/0012-notes.md"]


def test_publish_goes_on_where_one_was_killed_between_files_and_branch(tree: Path) -> None:
    """The file is gone from index and work tree, the branch has not moved: the next try ends whole."""
    first = _first(tree)
    git(tree, "rm", "--quiet", "--", FILE)
    (tree / "postmortems").mkdir(exist_ok=True)
    (tree / NEW_FILE).write_bytes(NEXT)
    git(tree, "add", "--", NEW_FILE)

    _next(tree, first)

    assert _files(tree) == ["README.md", NEW_FILE]
    assert git(tree, "status", "--porcelain") == ""


def test_publish_goes_on_where_one_was_killed_while_it_wrote_the_files(tree: Path) -> None:
    """The file is gone from the work tree alone."""
    first = _first(tree)
    (tree / FILE).unlink()

    _next(tree, first)

    assert _files(tree) == ["README.md", NEW_FILE]
    assert git(tree, "status", "--porcelain") == ""
