"""The files of an incident's earlier documents, whose names were made of another title than its document has now."""

from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from bot.publish.git_program import Git

_PLAIN_FILE = "100644"


def unchanged(git: Git, base: str, commits: Iterable[str], path: str, *, here: str | None) -> list[str]:
    """The files under other names than *path* that *commits* have put there and that *base* still has as they were.

    *commits* are on record for documents of the incident of *path*. What somebody has changed since, in *base* or in
    the work tree, is theirs and none of them; the work tree is that of commit *here*, and none of the branch's if None.
    """
    written = {(commit, file) for commit in commits if commit for file in _written(git, commit, path)}
    files = {file for commit, file in written if file != path and _has(git, base, file, _blob(git, commit, file))}
    return sorted(
        file
        for file in files
        if here is None or _is_untouched(git, file, {_blob(git, base, file), _blob(git, here, file)})
    )


def others(git: Git, base: str, path: str) -> list[str]:
    """The files in *base* beside *path* that begin with the number of its incident, as all documents of it do."""
    folder, number = PurePosixPath(path).parent, _number(path)
    listed = git.ask("ls-tree", "--name-only", f"{base}:{folder}").splitlines()
    return [name for name in listed if name.startswith(number) and name != PurePosixPath(path).name]


def _written(git: Git, commit: str, path: str) -> list[str]:
    """The incident's one document that *commit* has written; nothing where it has several, or is not here any more."""
    changed = git.ask("diff-tree", "--root", "--no-commit-id", "--name-only", "--diff-filter=AM", "-r", commit)
    found = [file for file in changed.splitlines() if PurePosixPath(file).name.startswith(_number(path))]
    return found if len(found) == 1 else []


def _number(path: str) -> str:
    return f"{PurePosixPath(path).name.partition('-')[0]}-"


def _has(git: Git, base: str, file: str, blob: str) -> bool:
    entry = git.ask("ls-tree", base, "--", file).partition("\t")[0].split()
    return bool(blob) and entry == [_PLAIN_FILE, "blob", blob]


def _blob(git: Git, commit: str, file: str) -> str:
    # Without a commit git would mean what is staged.
    return git.ask("rev-parse", "--verify", "--quiet", f"{commit}:{file}") if commit else ""


def _is_untouched(git: Git, file: str, blobs: Collection[str]) -> bool:
    """Whether index and work tree have *file* as one of *blobs*, or not at all, as a killed publisher has left it."""
    staged = git.run("ls-files", "--stage", "--", file).partition("\t")[0].split()
    found = Path(git.run("rev-parse", "--show-toplevel")) / file
    is_there = found.is_symlink() or found.exists()
    if staged and staged[1] not in blobs:
        return False
    return not is_there or (not found.is_symlink() and git.run("hash-object", "--", file) in blobs)
