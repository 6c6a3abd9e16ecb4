"""Files that commands read and write whole: those of `debrief eval` have one JSON value a line, perhaps gzipped."""

import codecs
import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from analysis.errors import InvalidInput, Unavailable
from bot.cli.whole_files import whole_file

_GZIP_MAGIC = b"\x1f\x8b"
_MOST_BYTES_A_ROW = 4 * 1024 * 1024
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_AS_LINES = " One object a line is read; `jq -c '.[]' {name}` writes a list so."
_HALF = "half of a character (a lone surrogate) in it"
T = TypeVar("T")


def read_rows(path: Path, read: Callable[[object], T]) -> Iterator[T]:
    """What *read* makes of each row of *path*, one at a time; empty lines are passed over.

    Raises
    ------
    InvalidInput
        If the file or a row of it cannot be read; the sentence names the line.
    """
    with _opened(path) as file:
        number = 0
        while line := _next_line(file, path, number + 1):
            number += 1
            if not line.isspace():
                yield _row(line, path, number, read)


def read_value(path: Path, read: Callable[[object], T]) -> T:
    """What *read* makes of the one JSON value in *path*.

    Raises
    ------
    InvalidInput
        If it cannot be read.
    """
    with _opened(path) as file:
        try:
            value = _value(file.read())
        except UnicodeEncodeError as error:
            message = f"{path} has {_HALF}."
            raise InvalidInput(message) from error
        except (ValueError, RecursionError, EOFError, OSError) as error:
            message = f"{path} is no JSON: {_told(error)}."
            raise InvalidInput(message) from error
    try:
        return read(value)
    except InvalidInput as error:
        message = f"{path}: {error.message}"
        raise InvalidInput(message) from error


@contextmanager
def written(path: Path) -> Iterator[IO[str]]:
    """A file to write; it takes the place of *path* when all went well, and is gone otherwise.

    A link stays one, and what is no file, such as a pipe or /dev/null, is written to and not replaced.
    """
    try:
        path.resolve().parent.mkdir(parents=True, exist_ok=True)
        with (
            whole_file(path) as raw,
            _compressed(raw, path) as binary,
            io.TextIOWrapper(binary, encoding="utf-8", newline="\n") as file,
        ):
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:  # also while rows are written: what is read has errors of its own
        message = f"{path} cannot be written: {error.strerror}."
        raise Unavailable(message) from error


@contextmanager
def _compressed(raw: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    """*raw* itself, or gzip into it without a name and a time, so that the same rows give the same bytes."""
    if path.suffix != ".gz":
        yield raw
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file:
        yield file  # type: ignore[misc]  # GzipFile is a binary file in all but its declared type


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """*path* as bytes, unpacked if it is gzipped, whatever its name is."""
    try:
        with path.open("rb") as raw:
            if raw.peek(2)[:2] != _GZIP_MAGIC:
                yield raw
                return
            with gzip.open(raw) as unpacked:
                yield unpacked  # type: ignore[misc]  # likewise
    except OSError as error:
        message = f"{path} cannot be read: {_told(error)}."
        raise InvalidInput(message) from error


def _next_line(file: IO[bytes], path: Path, number: int) -> bytes:
    try:
        line = file.readline(_MOST_BYTES_A_ROW + 1)
    except (EOFError, OSError) as error:  # a gzip stream that ends too early, or is damaged
        message = f"{path} cannot be read from line {number} on: {_told(error)}."
        raise InvalidInput(message) from error
    if len(line) > _MOST_BYTES_A_ROW:
        message = f"Line {number} of {path} has more than {_MOST_BYTES_A_ROW // 1024 // 1024} MiB."
        raise InvalidInput(message)
    return line


def _row(line: bytes, path: Path, number: int, read: Callable[[object], T]) -> T:
    try:
        value = _value(line)
    except UnicodeEncodeError as error:
        message = f"Line {number} of {path} has {_HALF}."
        raise InvalidInput(message) from error
    except (ValueError, RecursionError) as error:
        message = f"Line {number} of {path} is no JSON: {_told(error)}.{_todo(line, path, error)}"
        raise InvalidInput(message) from error
    if number == 1 and isinstance(value, list):
        message = f"Line {number} of {path} is a list.{_AS_LINES.format(name=path.name)}"
        raise InvalidInput(message)
    try:
        return read(value)
    except InvalidInput as error:
        message = f"Line {number} of {path}: {error.message}"
        raise InvalidInput(message) from error


def _todo(line: bytes, path: Path, error: Exception) -> str:
    """What to do about forms that exports are often in."""
    if isinstance(error, UnicodeDecodeError):
        likely = "UTF-16" if b"\0" in line or line.startswith(_UTF_16) else "WINDOWS-1252"
        return f" Convert it (`iconv -f {likely} -t UTF-8 {path.name}`)."
    if line.strip().removeprefix(codecs.BOM_UTF8) == b"[":
        return _AS_LINES.format(name=path.name)
    return " One object a line is read, without commas between them." if line.rstrip().endswith(b"},") else ""


def _value(text: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """The JSON value of *text*, of which every string can be written again."""
    value = json.loads(text)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _told(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error).rstrip(".")
