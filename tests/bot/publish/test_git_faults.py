import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.errors import Unavailable
from bot.publish.git import GitPublisher
from tests.git_repositories import CONTENT, FILE, NAME, NOTE, git, publisher, shown, write


def test_publish_waits_for_a_program_that_holds_the_index(tree: Path) -> None:
    """A lock that goes away in time only delays."""
    lock = tree / ".git" / "index.lock"
    lock.touch()

    where = publisher(tree, pause=lambda _seconds: lock.unlink(missing_ok=True)).publish(
        name=NAME, content=CONTENT, note=NOTE
    )

    assert shown(tree, where) == CONTENT


def test_publish_never_removes_the_lock_of_another_program(tree: Path) -> None:
    """However old a lock is, without a death of our own it is somebody's."""
    lock = tree / ".git" / "index.lock"
    lock.touch()
    os.utime(lock, (0, 0))

    with pytest.raises(Unavailable, match=r"index\.lock"):
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert lock.exists()
    assert git(tree, "rev-list", "--count", "HEAD") == "1"


def test_publish_repairs_what_a_killed_publisher_left(tree: Path) -> None:
    """Killed while git wrote the work tree: its lock, its note and its file are no obstacle later."""
    lock = tree / ".git" / "index.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    (tree / ".git" / "debrief-publish.lock").write_text("changing the work tree\n")
    (tree / "postmortems").mkdir()
    (tree / FILE).write_bytes(CONTENT)

    where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(tree, where) == CONTENT
    assert git(tree, "status", "--porcelain") == ""
    assert not lock.exists()


def test_publish_repairs_files_that_were_staged_before_the_branch_moved(tree: Path) -> None:
    """Killed between work tree and branch: the retry finds the files as it wants them."""
    (tree / "postmortems").mkdir()
    (tree / FILE).write_bytes(CONTENT)
    git(tree, "add", "--", FILE)

    where = publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(tree, where) == CONTENT
    assert git(tree, "status", "--porcelain") == ""


def test_publish_goes_on_top_of_a_commit_that_moved_the_branch_first(
    remote: Path, colleague: Path, tmp_path: Path
) -> None:
    """Moved between our look at the branch and our own move of it: both commits are there, and ours is what we say."""
    write(colleague, "quick.md", "quick\n")
    quick, real, done = git(colleague, "rev-parse", "HEAD"), shutil.which("git"), tmp_path / "done"
    git(colleague, "push", "--quiet", "origin", "HEAD:refs/heads/waiting")
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *update-ref*) test -e {done} || {{ touch {done}; {real} -C {remote} update-ref '
        f'refs/heads/main {quick}; }} ;; esac\nexec {real} "$@"\n'
    )
    program.chmod(0o755)

    where = publisher(remote, environ={"PATH": f"{program.parent}:{os.environ['PATH']}"}).publish(
        name=NAME, content=CONTENT, note=NOTE
    )

    assert done.exists()
    assert git(remote, "rev-parse", f"{where.partition(':')[0]}^") == quick
    assert git(remote, "rev-parse", "main") == where.partition(":")[0]
    assert shown(remote, where) == CONTENT


def _kill_after(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Path]:
    """Yield a program that publishes once, to be killed at any moment."""
    path = tmp_path / "publish_once.py"
    path.write_text(
        "import sys\nfrom pathlib import Path\nfrom bot.publish.git import GitPublisher\n"
        f"GitPublisher(Path(sys.argv[1]), push=True).publish(name={NAME!r}, content={CONTENT!r}, note={NOTE!r})\n"
    )
    return path


def test_publish_survives_being_killed_at_any_moment(tree: Path, remote: Path, script: Path) -> None:
    """Whenever it is killed, the next try ends with exactly one commit, everywhere."""
    for seconds in (0.05, 0.15, 0.2, 0.25, 0.3, 0.35):
        process = subprocess.Popen(
            [sys.executable, str(script), str(tree)], cwd=Path(__file__).parents[3], start_new_session=True
        )
        _kill_after(process, seconds)
    for leftover in (tree / ".git").glob("index.lock"):
        os.utime(leftover, (0, 0))

    where = publisher(tree, push=True).publish(name=NAME, content=CONTENT, note=NOTE)

    assert shown(remote, where) == CONTENT
    assert git(remote, "rev-list", "--count", "main") == "2"
    assert git(tree, "status", "--porcelain") == ""


def test_publishers_at_once_all_succeed(tree: Path, remote: Path) -> None:
    """Several publishers in one repository wait for each other, and every document is there once."""
    names = [f"{number:04d}-incident" for number in range(4)]
    failed: list[Exception] = []

    def publish(name: str) -> None:
        try:
            GitPublisher(tree, push=True).publish(name=name, content=name.encode(), note=NOTE)
        except Unavailable as error:
            failed.append(error)

    threads = [threading.Thread(target=publish, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert git(remote, "rev-list", "--count", "main") == "5"
    assert git(tree, "ls-files", "postmortems").split() == [f"postmortems/{name}.md" for name in names]
    assert git(tree, "status", "--porcelain") == ""


@pytest.mark.thorough
def test_publishers_of_two_work_trees_both_succeed(tree: Path, remote: Path, colleague: Path) -> None:
    """Two hosts that push to one remote at once end with both documents, neither lost."""
    failed: list[Exception] = []

    def publish(folder: Path, name: str) -> None:
        try:
            GitPublisher(folder, push=True).publish(name=name, content=name.encode(), note=NOTE)
        except Unavailable as error:
            failed.append(error)

    threads = [
        threading.Thread(target=publish, args=(folder, name)) for folder, name in ((tree, "one"), (colleague, "two"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert git(remote, "ls-tree", "--name-only", "main", "postmortems/").split() == [
        "postmortems/one.md",
        "postmortems/two.md",
    ]


def test_publish_below_the_top_of_a_work_tree_is_done_once(tree: Path) -> None:
    """Named by a folder of its own in the repository, the second try finds what the first has written."""
    write(tree, "handbook/README.md", "handbook\n")

    one = publisher(tree / "handbook").publish(name=NAME, content=CONTENT, note=NOTE)
    again = publisher(tree / "handbook").publish(name=NAME, content=CONTENT, note=NOTE)

    assert again == one
    assert shown(tree, one) == CONTENT
    assert git(tree, "status", "--porcelain") == ""


def test_publish_says_what_the_system_refuses(tree: Path) -> None:
    """A read-only or full disk is tried again and told like any other trouble of the repository."""
    (tree / ".git" / "debrief-publish.lock").mkdir()

    refused = r"the system refused Debrief the repository: Is a directory\."
    with pytest.raises(Unavailable, match=refused):
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)
    with pytest.raises(Unavailable, match=refused):
        publisher(tree).find(note=NOTE)


def test_publish_tells_no_file_name_that_git_says(tree: Path) -> None:
    """It has the title in it, of this incident or of another, which may be erased or private."""
    write(tree, FILE, "Of somebody\n")
    (tree / FILE).write_text("Changed by somebody\n")

    with pytest.raises(Unavailable, match=r"git read-tree failed: .*not uptodate") as refused:
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert "card-failures" not in refused.value.message


def test_publish_tells_no_link_by_its_name(tree: Path, tmp_path: Path) -> None:
    """As above: the operator, the list of lanes and the log read what is wrong without the title."""
    (tree / "postmortems").mkdir()
    (tmp_path / "elsewhere").write_bytes(CONTENT)
    (tree / FILE).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Unavailable, match="is a link to another place") as refused:
        publisher(tree).publish(name=NAME, content=CONTENT, note=NOTE)

    assert "card-failures" not in refused.value.message
