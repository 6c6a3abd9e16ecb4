import logging
import os
from pathlib import Path

import pytest

from analysis.errors import InvalidInput, Unavailable
from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher, shown


def test_publish_commits_the_exact_bytes(tree: Path) -> None:
    """The commit, the work tree and the index hold the document, and nothing else changed."""
    where = publisher(tree, author="Debrief Bot <bot@bank.example>").publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(tree, where) == CONTENT
    assert (tree / FILE).read_bytes() == CONTENT
    assert git(tree, "status", "--porcelain") == ""
    assert git(tree, "log", "-1", "--format=%H %an <%ae> %cn %s") == (
        f"{where.partition(':')[0]} Debrief Bot <bot@bank.example> Debrief Bot {NOTE}"
    )
    assert git(tree, "diff", "--name-only", "HEAD~1") == FILE


def test_log_names_the_commit_and_no_title(tree: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever reads the log finds the document by its commit; the file's name repeats what the incident is called."""
    with caplog.at_level(logging.INFO):
        where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    told = [vars(record) for record in caplog.records if record.message == "document published"]
    assert [one["commit"] for one in told] == [where.partition(":")[0]]
    assert NAME not in str(told)


def test_publish_twice_makes_one_commit(tree: Path) -> None:
    """The same content again gives the commit that has it."""
    one = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    again = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert again == one
    assert git(tree, "rev-list", "--count", "HEAD") == "2"


def test_publish_again_does_not_undo_a_withdrawal(tree: Path) -> None:
    """A late repetition of a publication leaves what people have changed since."""
    one = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)
    git(tree, "rm", "--quiet", FILE)
    git(tree, "commit", "--quiet", "-m", "Withdraw")

    again = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert again == one
    assert not (tree / FILE).exists()


def test_publish_supersedes_an_earlier_revision(tree: Path) -> None:
    """Another content of the same name is a new commit on top of the first."""
    publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    where = publisher(tree).publish(name=NAME, content=b"second\n", note=NOTE)

    assert shown(tree, where) == b"second\n"
    assert git(tree, "rev-list", "--count", "HEAD") == "3"


def test_publish_begins_an_empty_repository(tmp_path: Path) -> None:
    """The document may be a repository's first commit."""
    git(tmp_path, "init", "--quiet")

    where = publisher(tmp_path).publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(tmp_path, where) == CONTENT
    assert git(tmp_path, "status", "--porcelain") == ""


def test_publish_writes_another_branch_without_touching_the_work_tree(tree: Path) -> None:
    """A branch that is not checked out gets the commit; the files stay as they are."""
    where = publisher(tree, branch="documents").publish(name=NAME, content=CONTENT, note=NOTE)

    assert git(tree, "rev-parse", "documents") == where.partition(":")[0]
    assert git(tree, "rev-list", "--count", "main") == "1"
    assert not (tree / FILE).exists()


def test_publish_writes_a_bare_repository(remote: Path) -> None:
    """A repository without a work tree gets the commit too."""
    where = publisher(remote, branch="main").publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(remote, where) == CONTENT


def test_publish_keeps_what_people_have_not_committed(tree: Path) -> None:
    """Changes in the work tree and the index are neither lost nor published."""
    (tree / "README.md").write_text("edited\n")
    (tree / "staged.txt").write_text("staged\n")
    git(tree, "add", "staged.txt")

    publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert git(tree, "diff", "--name-only", "HEAD~1", "HEAD") == FILE
    assert (tree / "README.md").read_text() == "edited\n"
    assert git(tree, "diff", "--cached", "--name-only") == "staged.txt"


def test_publish_refuses_to_overwrite_an_unknown_file(tree: Path) -> None:
    """A file of the same name that git does not know is somebody's: nothing is moved."""
    (tree / "postmortems").mkdir()
    (tree / FILE).write_text("notes of my own\n")

    with pytest.raises(Unavailable, match=r"(?i)untracked|overwritten"):
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert (tree / FILE).read_text() == "notes of my own\n"
    assert git(tree, "rev-list", "--count", "HEAD") == "1"


def test_publish_ignores_hooks_signing_and_filters(tree: Path) -> None:
    """Neither hooks nor settings nor attributes of the repository change or stop what was signed."""
    hook = tree / ".git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    git(tree, "config", "commit.gpgsign", "true")
    git(tree, "config", "core.autocrlf", "input")
    (tree / ".git" / "info").mkdir(exist_ok=True)
    (tree / ".git" / "info" / "attributes").write_text("*.md text\n")

    where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(tree, where) == CONTENT


def test_publish_ignores_the_environment_of_its_caller(tree: Path, tmp_path: Path) -> None:
    """A `GIT_DIR` or a personal configuration of whoever runs it leads nowhere else."""
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Somebody Else\n[core]\n\thooksPath = /nonexistent\n")
    environ = {**os.environ, "HOME": str(tmp_path), "GIT_DIR": str(tmp_path / "nowhere"), "GIT_INDEX_FILE": "wrong"}

    where = publisher(tree, environ=environ).publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(tree, where) == CONTENT
    assert git(tree, "log", "-1", "--format=%an %cn") == "Debrief Debrief"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder to somebody else")
def test_publish_works_in_a_folder_of_another_user(tree: Path) -> None:
    """The configured repository is trusted whoever owns it, without any configuration of the user."""
    for place in (tree, *tree.rglob("*")):
        os.chown(place, 12345, 12345, follow_symlinks=False)

    where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert len(where.partition(":")[0]) == 40


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "A", "a b", "a\nb", "-rf", "a.lock", "é", "a" * 200])
def test_publish_refuses_names_that_lead_elsewhere(tree: Path, name: str) -> None:
    """A name is only ever a file directly below the configured path."""
    with pytest.raises(InvalidInput):
        publisher(tree).publish(name=name, content=CONTENT, note=NOTE)


@pytest.mark.parametrize(
    "setting",
    [
        {"path": "../up"},
        {"path": "/etc"},
        {"path": ".git/hooks"},
        {"path": "a//b"},
        {"branch": "--force"},
        {"branch": "a..b"},
        {"author": "nobody"},
        {"author": "A <a@b>\nB"},
    ],
)
def test_publisher_refuses_settings_that_git_could_misread(tree: Path, setting: dict[str, str]) -> None:
    """Paths, branches and authors are checked before git sees them."""
    with pytest.raises(InvalidInput):
        publisher(tree, **setting)


def test_publish_does_not_follow_a_link_out_of_the_work_tree(tree: Path, tmp_path: Path) -> None:
    """A link in place of the folder is never written through."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (tree / "postmortems").symlink_to(outside)

    with pytest.raises(Unavailable):
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert list(outside.iterdir()) == []


def test_publish_says_when_there_is_no_repository(tmp_path: Path) -> None:
    """A folder that is no repository is one sentence, not a traceback."""
    with pytest.raises(Unavailable, match="not a git repository"):
        publisher(tmp_path).publish(name=NAME, content=CONTENT, note=NOTE)


def test_publish_says_when_no_branch_is_checked_out(tree: Path) -> None:
    """A detached head is somebody's work: nothing is committed there, and a branch that is named still gets it."""
    git(tree, "checkout", "--quiet", "--detach")

    with pytest.raises(Unavailable, match="no branch is checked out"):
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)
    where = publisher(tree, branch="main").publish(name=NAME, content=CONTENT, note=NOTE)

    assert git(tree, "rev-parse", "main").strip() == where.partition(":")[0]
    assert git(tree, "status", "--porcelain") == ""


def test_publish_says_when_git_is_missing(tree: Path, tmp_path: Path) -> None:
    """Without the program it says what to install."""
    with pytest.raises(Unavailable, match="git program could not be started"):
        publisher(tree, environ={"PATH": str(tmp_path)}).publish(name=NAME, content=CONTENT, note=NOTE)
