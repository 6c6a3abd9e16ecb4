"""`python -m demo.run`: start the stand-in and the bot, live through the incident, end with a draft to approve.

With `--headless` a second user approves and publishes, and the whole path is asserted; nothing listens beyond loopback
where a network namespace can be made.
"""

import argparse
import fcntl
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.ending import approve_and_publish, check_alerts, check_record, draft, watch
from demo.network import NoOwnNetwork, own_network
from demo.play import Play, StepFailed, step
from demo.scenario import load
from demo.stage import ALERTS, HOME, Stage, stage
from demo.standin import ROOT, StandInMissing, find_binary

FOLDER = ROOT / ".debrief" / "demo"
HEADLESS_FOLDER = ROOT / ".debrief" / "demo-headless"
#: Lies in a folder that a demo has made, so that the next one may empty it; locked while that demo runs.
_MARK = ".made-by-the-demo"
_DEFAULT_PORT = 3200
_DEFAULT_SPEED = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """The play, and the stage that it is given on."""

    play: Play
    stage: Stage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; the exit status is 0 when it went as it must."""
    options = _options(arguments)
    # A plain `kill` or a closed terminal unwinds like Ctrl-C, so that neither the stand-in nor the bot is left behind.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        find_binary()
        return _headless(options) if options.headless else _visible(options)
    except (StandInMissing, StepFailed) as error:
        print(f"\nThe demo failed. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0 if not options.headless else 130


@contextmanager
def show(folder: Path, *, port: int | None, speed: float | None, is_quiet: bool) -> Iterator[Show]:
    """Everything started and connected, ready to be played, and stopped at the end."""
    scenario = load()
    with ExitStack() as running:
        with step("the stand-in and the bot start"):
            people = tuple(scenario.people.values())
            graph = scenario.service_graph
            here = running.enter_context(
                stage(folder, users=people, access=scenario.access, service_graph=graph, port=port)
            )
        play = Play(
            scenario=scenario,
            workspace=here.standin.workspace,
            monitoring=here.served.monitoring,
            home=HOME.id,
            alerts=ALERTS.id,
            speed=speed,
            tell=(lambda _: None) if is_quiet else (lambda line: print(line, flush=True)),
        )
        yield Show(play=play, stage=here)


def _headless(options: argparse.Namespace) -> int:
    started = time.monotonic()
    with ExitStack() as surroundings:
        try:
            surroundings.enter_context(own_network())
        except NoOwnNetwork as error:
            print(f"No network of its own: {error}.")
            if not _may_listen(options):
                return 1
        folder = surroundings.enter_context(fresh(options.folder or HEADLESS_FOLDER))
        here = surroundings.enter_context(
            show(
                folder,
                port=options.port,
                speed=options.speed,
                is_quiet=options.quiet,
            )
        )
        here.play.perform()
        facts, alerts = check_record(here.play), check_alerts(here.play)
        offer = draft(here.play)
        outcome = approve_and_publish(here.play, here.stage.served, offer)
    print(
        f"The demo went as it must: {alerts} alerts in one message, #{here.play.channel_name}, {facts} facts on record "
        f"and in the document, the author was refused, somebody else approved, {outcome.document.path} was published "
        f"once. {time.monotonic() - started:.0f} s."
    )
    return 0


def _visible(options: argparse.Namespace) -> int:
    scenario = load()
    print(f"{scenario.source['incident']}, from {scenario.source['address']}")
    print(f"{scenario.source['facts']} Invented: {'; '.join(scenario.source['invented'])}.")
    print("Its times are moved so that it ends as the play ends; the times below are the real ones, UTC.\n")
    if not _may_listen(options):
        return 1
    speed = options.speed or _DEFAULT_SPEED
    with (
        fresh(options.folder or FOLDER) as folder,
        show(folder, port=options.port or _DEFAULT_PORT, speed=speed, is_quiet=False) as here,
    ):
        url = here.stage.standin.url
        print(f"\nOpen {url} in a browser to watch. It begins in #{ALERTS.name}; new channels appear on the left.\n")
        here.play.perform()
        check_record(here.play)
        check_alerts(here.play)
        draft(here.play)
        approver = next(person for person in scenario.people.values() if person.id == scenario.approver)
        print(
            f"\nThe draft waits for you: open {url}, go to #{here.play.channel_name}, choose "
            f"“{approver.real_name}” under *Act as* at the top, read the draft and press *Approve*, then *Publish*.\n"
            "(As the author of the draft, “Iris, incident commander” is refused.) Ctrl-C ends the demo.\n"
        )
        with step("the viewer approves and publishes"):
            watch(here.play, here.stage.served, print)
        print("Ctrl-C ends the demo.")
        while True:
            time.sleep(1)


def _may_listen(options: argparse.Namespace) -> bool:
    """Say what is about to listen, and ask, unless the answer was given as `--yes`."""
    print(
        "The Slack stand-in has no login and listens on every network interface of this machine while the demo runs: "
        "who can reach this machine can read and act in the demo's workspace. Nothing else is exposed."
    )
    if options.yes:
        return True
    if not sys.stdin.isatty():
        print("There is nobody to ask: `.venv/bin/python -m demo.run --yes` starts it all the same.", file=sys.stderr)
        return False
    try:
        answer = input("Start it? [y/N] ").strip().lower()
    except EOFError:
        answer = ""
        print()
    if answer not in {"y", "yes"}:
        print("Nothing was started.")
    return answer in {"y", "yes"}


@contextmanager
def fresh(folder: Path) -> Iterator[Path]:
    """*folder*, made or emptied, and ours within the block; what no demo has made, or one works in, is left as it is.

    Raises
    ------
    demo.play.StepFailed
        If there is something in *folder* that may be somebody's, or it cannot be made.
    """
    with ExitStack() as claims:
        try:
            _empty(folder)
            folder.mkdir(parents=True, exist_ok=True)
            claims.enter_context(_claimed(folder))
        except OSError as error:
            message = f"{folder} cannot be made: {error.strerror}. Name another folder with --folder."
            raise StepFailed(message) from error
        yield folder


def _empty(folder: Path) -> None:
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if folder not in {FOLDER, HEADLESS_FOLDER} and not (folder / _MARK).is_file():
        message = f"{folder} is not empty, and no demo made it: name another folder, or empty it yourself."
        raise StepFailed(message)
    with _claimed(folder):
        shutil.rmtree(folder)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Keep other demos out of *folder*; the system lets go of it for a demo that is killed."""
    with (folder / _MARK).open("a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = (
                f"A demo runs in {folder}: end it with Ctrl-C where it runs, or start another beside it: "
                "`.venv/bin/python -m demo.run --folder DIR --port 3201`."
            )
            raise StepFailed(message) from error
        yield


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.run", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--headless", action="store_true", help="play everything, assert the whole path, and end")
    parser.add_argument("--speed", type=_positive, help=f"times faster than the incident was ({_DEFAULT_SPEED:g})")
    parser.add_argument("--port", type=int, help=f"of the stand-in ({_DEFAULT_PORT}; headless: any free one)")
    parser.add_argument(
        "--folder",
        type=Path,
        help="for everything of this run; an earlier demo's is emptied first (.debrief/demo)",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before listening on every interface")
    parser.add_argument("--quiet", action="store_true", help="headless: print the last line only")
    return parser.parse_args(arguments)


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


if __name__ == "__main__":
    sys.exit(main())
