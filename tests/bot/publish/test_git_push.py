from pathlib import Path

import pytest

from analysis.errors import Unavailable
from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher, shown, write


def test_publish_pushes(tree: Path, remote: Path) -> None:
    """With push, remote, local branch and work tree have the document."""
    where = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(remote, where) == CONTENT
    assert git(remote, "rev-parse", "main") == git(tree, "rev-parse", "main") == where.partition(":")[0]
    assert git(tree, "status", "--porcelain") == ""


def test_publish_goes_on_top_of_a_remote_that_moved_on(tree: Path, remote: Path, colleague: Path) -> None:
    """What others pushed stays below the document, and both come into the work tree."""
    write(colleague, "other.md", "other\n")
    git(colleague, "push", "--quiet")

    where = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert git(remote, "rev-parse", f"{where.partition(':')[0]}^") == git(colleague, "rev-parse", "main")
    assert (tree / "other.md").read_text() == "other\n"
    assert (tree / FILE).read_bytes() == CONTENT


def test_publish_tries_again_when_somebody_is_quicker(tree: Path, remote: Path, colleague: Path) -> None:
    """A push that arrives between our fetch and our push is kept, and ours goes on top of it."""
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    write(colleague, "quick.md", "quick\n")
    quick = git(colleague, "rev-parse", "HEAD")
    git(colleague, "push", "--quiet", "origin", "HEAD:refs/heads/waiting")
    hook.write_text(
        "#!/bin/sh\ntest -e done && exit 0\ntouch done\n"
        f"unset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/main {quick}\nexit 1\n"
    )
    hook.chmod(0o755)

    where = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert (remote / "done").exists()
    assert git(remote, "rev-parse", f"{where.partition(':')[0]}^") == quick
    assert git(remote, "rev-parse", "main") == where.partition(":")[0]


def test_publish_leaves_diverged_local_commits_alone(tree: Path, remote: Path, colleague: Path) -> None:
    """Commits that somebody has not pushed are neither pushed nor lost."""
    write(tree, "mine.md", "not yet pushed\n")
    mine = git(tree, "rev-parse", "main")
    write(colleague, "other.md", "other\n")
    git(colleague, "push", "--quiet")

    where = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert git(tree, "rev-parse", "main") == mine
    assert git(remote, "ls-tree", "--name-only", where.partition(":")[0]).split() == [
        "README.md",
        "other.md",
        "postmortems",
    ]


def test_publish_repeats_after_a_push_whose_answer_was_lost(tree: Path, remote: Path) -> None:
    """A remote that has the document gets it no second time, and the work tree catches up."""
    before = git(tree, "rev-parse", "main")
    one = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)
    git(tree, "reset", "--quiet", "--hard", before)

    again = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert again == one
    assert git(remote, "rev-list", "--count", "main") == "2"
    assert (tree / FILE).read_bytes() == CONTENT


def test_publish_creates_the_branch_on_the_remote(tree: Path, remote: Path) -> None:
    """A branch that the remote does not have begins at what is checked out."""
    where = publisher(tree, push=True, branch="documents").publish(name=NAME, content=CONTENT, note=NOTE)

    assert git(remote, "rev-parse", "documents") == where.partition(":")[0]


def test_publish_says_when_the_remote_is_gone(tree: Path, remote: Path) -> None:
    """Without its remote nothing is published anywhere, in one sentence without credentials."""
    git(tree, "remote", "set-url", "origin", "https://kim:secret-token@127.0.0.1:1/none.git")

    with pytest.raises(Unavailable) as refused:
        publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert "secret-token" not in refused.value.message
    assert "\n" not in refused.value.message
    assert git(tree, "rev-list", "--count", "HEAD") == "1"


def test_publish_says_when_the_remote_declines(tree: Path, remote: Path) -> None:
    """A remote that refuses is reported, not asked again and again."""
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho x >> tries\necho card-failures is too long >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(Unavailable, match=r"git push failed: remote rejected; pre-receive hook declined$"):
        publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert (remote / "tries").read_text() == "x\n"


def test_publish_pushes_what_was_published_before_pushing_was_switched_on(tree: Path, remote: Path) -> None:
    """A document that only the local branch has reaches a remote without that branch."""
    one = publisher(tree, branch="documents").publish(name=NAME, content=CONTENT, note=NOTE)

    again = publisher(tree, branch="documents", push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert again == one
    assert git(remote, "rev-parse", "documents") == one.partition(":")[0]
