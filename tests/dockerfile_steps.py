"""Try the Dockerfile without Docker: run each of its RUN lines, in order, in an empty Debian root.

Docker takes no part and no image is built. A minimal Debian with its own Python 3.11 stands in for the base image, so a
step that needs anything the Dockerfile does not install fails here as it would there. At the end the image's command is
started as the image's user, and its health check must pass. Needs root and debootstrap:

    python tests/dockerfile_steps.py
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEBIAN = "bookworm"  # the Debian release whose Python is 3.11
# How this machine reaches package registries; nothing else of it is visible in the root.
NETWORK_FILES = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
HEALTHY_WITHIN_SECONDS = 30
NETWORK_VARIABLES = ("PIP_CERT", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction of a Dockerfile, its continued lines joined."""

    word: str
    text: str
    line: int


@dataclass(slots=True, kw_only=True)
class Stage:
    """A stage under trial: its root and what its instructions have set so far."""

    root: Path
    variables: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    health_check: list[str] = field(default_factory=list)

    def path(self, inside: str) -> Path:
        """Return where a path of the stage is on this machine."""
        return self.root / str(Path(self.folder, inside)).lstrip("/")


def main() -> int:
    """Run every RUN line and return 1 if one failed."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        print("The Dockerfile cannot be tried here: that needs root and the Debian package debootstrap.")
        return 2
    with tempfile.TemporaryDirectory(prefix="debrief-dockerfile-") as folder:
        base = make_base(Path(folder) / "base")
        count = try_stages(list(parse((ROOT / "Dockerfile").read_text())), base)
    print(f"Every RUN line of the Dockerfile ({count}) ran in an empty Debian root. Docker itself was not used.")
    return 0


def parse(text: str) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile in order."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#") or not line.strip():
            continue
        first = first if parts else number
        parts.append(line.strip().removesuffix("\\").strip())
        if not line.rstrip().endswith("\\"):
            word, _, rest = " ".join(parts).partition(" ")
            yield Instruction(word=word.upper(), text=rest, line=first)
            parts = []


def make_base(base: Path) -> Path:
    """Make a minimal Debian with Python, reached as `python` like in the base image."""
    print(f"Making an empty Debian root ({DEBIAN})", flush=True)
    packages = "--include=python3,python3-venv,ca-certificates"
    bootstrap = ["debootstrap", "--variant=minbase", packages, DEBIAN, str(base)]
    subprocess.run(bootstrap, check=True, stdout=subprocess.DEVNULL)
    (base / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    for name in filter(os.path.exists, NETWORK_FILES):
        shutil.copy(name, base / name.lstrip("/"))
    shutil.copytree("/etc/apt/apt.conf.d", base / "etc/apt/apt.conf.d", dirs_exist_ok=True)
    return base


def try_stages(instructions: list[Instruction], base: Path) -> int:
    """Carry out all stages and return how many RUN lines ran."""
    stages: dict[str, Stage] = {}
    stage = Stage(root=base)
    for one in instructions:
        if one.word == "FROM":
            image, *alias = one.text.split(" AS ")
            if not image.startswith("python:3.11"):
                sys.exit(f"line {one.line}: only python:3.11 images can be stood in for, not {image}")
            stage = Stage(root=base.with_name(f"stage-{len(stages)}"))
            subprocess.run(["cp", "--archive", str(base), str(stage.root)], check=True)
            stages[alias[0] if alias else ""] = stage
        else:
            carry_out(one, stage, stages)
    return sum(one.word == "RUN" for one in instructions)


def carry_out(one: Instruction, stage: Stage, stages: dict[str, Stage]) -> None:
    """Do in the stage what one instruction says."""
    match one.word:
        case "RUN":
            run(stage, one.text, one.line)
        case "COPY":
            copy(stage, shlex.split(one.text), stages)
        case "ENV":
            stage.variables |= dict(pair.split("=", 1) for pair in shlex.split(one.text))
        case "WORKDIR":
            stage.folder = one.text
            stage.path(".").mkdir(parents=True, exist_ok=True)
        case "USER":
            stage.user = one.text
        case "HEALTHCHECK":
            stage.health_check = json.loads(one.text.partition(" CMD ")[2])
        case "CMD":
            serve(stage, json.loads(one.text), one.line)
        case "VOLUME" | "EXPOSE":
            pass
        case word:
            sys.exit(f"line {one.line}: this trial does not know {word}")


def run(stage: Stage, command: str, line: int) -> None:
    """Run a shell command in the root of the stage as its user, or stop the trial."""
    started = time.monotonic()
    result = subprocess.run(inside(stage, ["/bin/sh", "-c", command]), capture_output=True, text=True, check=False)
    outcome = "ok" if result.returncode == 0 else f"failed with status {result.returncode}"
    print(f"line {line:>3}  {outcome}, {time.monotonic() - started:.0f} s  {command}", flush=True)
    if result.returncode != 0:
        sys.exit(f"{result.stdout}{result.stderr}")


def serve(stage: Stage, command: list[str], line: int) -> None:
    """Start the image's command on a fresh database and wait until its health check passes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    # Loopback only: a Slack that nobody answers for, which the bot must outlive.
    stage.variables |= {"DEBRIEF_HTTP_PORT": port, "DEBRIEF_HTTP_HOST": "127.0.0.1"}
    stage.variables |= {"DEBRIEF_SLACK_API_URL": "http://127.0.0.1:9/api/", "DEBRIEF_SLACK_BOT_TOKEN": "xoxb-trial"}
    log = stage.root / "serve.log"
    with log.open("w") as output, subprocess.Popen(inside(stage, command), stdout=output, stderr=output) as server:
        deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
        while subprocess.run(inside(stage, stage.health_check), capture_output=True, check=False).returncode != 0:
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                sys.exit(f"line {line}: {' '.join(command)} was not healthy in time\n{log.read_text()}")
            time.sleep(0.5)
        server.terminate()
    print(f"line {line:>3}  ok, healthy after {' '.join(command)}, ended with status {server.returncode}", flush=True)


def inside(stage: Stage, command: list[str]) -> list[str]:
    """Return the command that runs a command in the root of the stage, in its folder, as its user."""
    inherited = {name: os.environ[name] for name in NETWORK_VARIABLES if name in os.environ}
    defaults = {"PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    variables = defaults | inherited | {"DEBIAN_FRONTEND": "noninteractive"} | stage.variables
    settings = [f"{name}={value}" for name, value in variables.items()]
    environment = ["/usr/bin/env", "-i", f"--chdir={stage.folder}", *settings]
    return ["chroot", f"--userspec={stage.user}", str(stage.root), *environment, *command]


def copy(stage: Stage, words: list[str], stages: dict[str, Stage]) -> None:
    """Copy from another stage, or from what the build context may see."""
    options = [word for word in words if word.startswith("--")]
    *sources, target = [word for word in words if not word.startswith("--")]
    if options:
        origin = stages[options[0].removeprefix("--from=")]
        subprocess.run(["cp", "--archive", origin.path(sources[0]), stage.path(target)], check=True)
        return
    for name in context_files():
        if any(source in {".", name} or name.startswith(source.rstrip("/") + "/") for source in sources):
            destination = stage.path(target) / name
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, destination)


def context_files() -> list[str]:
    """List the files of the repository that .dockerignore lets into the build."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    return [name for name in names if (ROOT / name).is_file() and not is_ignored(name, rules)]


def is_ignored(name: str, rules: list[str]) -> bool:
    """Whether the last rule that matches the name keeps it out."""
    ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/").rstrip("/")
        parts = (name, *(str(parent) for parent in Path(name).parents), *Path(name).parts)
        if any(fnmatch(part, pattern) for part in parts):
            ignored = not rule.startswith("!")
    return ignored


if __name__ == "__main__":
    sys.exit(main())
