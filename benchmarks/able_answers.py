"""How many sentences of an able writer stand, so that a question is not judged by what a small model makes of it.

The small model of the cassettes mostly fails by itself. What a question is worth shows in the answers of somebody who
can follow it: writers who were given the question to the letter, without a word about who asks or how answers are
judged, and who wrote what a good model would.

`python -m benchmarks.able_answers ask RECORD.json … --folder DIR` writes each question that has no answer in DIR as
`RECORD-ATTEMPT.question.txt`. A writer puts the answer, one JSON object, beside it as `RECORD-ATTEMPT.answer.json`.
Asked again, it writes the second question of records whose first one is answered and left something refused.

`python -m benchmarks.able_answers keep DIR --writer NAME` adds the answers of DIR to `benchmarks/drafts/able.jsonl`
with the version of the prompts that asked, which `ask` keeps there; what is kept already stays as it is.

`python -m benchmarks.able_answers score RECORD.json …` has the real flow redact, gate and judge the kept answers, all
versions in one run, and prints how many sentences stand at first and in the end, with exact 95 % intervals.

Example: `python -m benchmarks.able_answers score ../shared/data/incidents/dfds/*.json`
"""

import argparse
import http.server
import json
import logging
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.draft_reading import CASSETTES
from benchmarks.measuring import share_of
from benchmarks.model_drafts import account
from bot.render.prompts import PromptTemplates

KEPT = CASSETTES / "able.jsonl"
#: What a site has that sets nothing; as many sentences as may be asked for.
TOKENS = 800
#: Which prompts asked the questions of a folder.
_VERSION = "prompts.version"
#: The answer to an asked body and its attempt, or nothing.
Answering = Callable[[Mapping[str, Any], int], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Of how many sentences how many stand at the first attempt, and in the end."""

    record: str
    asked: int
    at_first: int
    in_the_end: int
    texts: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, keep or score."""
    options = _options(arguments)
    if options.verb == "ask":
        return ask(options.records, options.folder)
    if options.verb == "keep":
        return keep(options.folder, options.writer, options.out)
    return score(options.records, options.answers)


def ask(records: Sequence[Path], folder: Path) -> int:
    """Write the questions that nobody has answered yet; 1 while there are any."""
    folder.mkdir(parents=True, exist_ok=True)
    version = PromptTemplates().version
    if _version(folder) not in {"", version}:
        print(f"{folder} has questions of other prompts: use another folder.", file=sys.stderr)
        return 2
    (folder / _VERSION).write_text(version, encoding="utf-8")
    for record in records:
        stood(record, lambda body, attempt, name=record.stem: _given(folder / f"{name}-{attempt}", body))
    open_ones = [one for one in folder.glob("*.question.txt") if not _answer_of(one).exists()]
    print(f"{len(open_ones)} questions in {folder} have no answer.")
    return 1 if open_ones else 0


def keep(folder: Path, writer: str, out: Path) -> int:
    """Add the answers of *folder* to those that are kept."""
    version, count = _version(folder), 0
    given = kept(out) if out.exists() else {}
    with out.open("a", encoding="utf-8") as file:
        for path in sorted(folder.glob("*.answer.json")):
            record, _, attempt = path.name.removesuffix(".answer.json").rpartition("-")
            if int(attempt) in given.get(version, {}).get(record, {}):
                continue
            answer = json.loads(path.read_text(encoding="utf-8"))
            row = {"prompts": version, "writer": writer, "record": record, "attempt": int(attempt), "answer": answer}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} answers are kept in {out}.")
    return 0


def score(records: Sequence[Path], answers: Path) -> int:
    """Print how many sentences stand, for each version of the prompts; 1 where no record has an answer."""
    given = kept(answers)
    for version, mine in given.items():
        rows = [stood(path, _replaying(mine[path.stem])) for path in records if path.stem in mine]
        if not rows:
            continue
        of = sum(row.asked for row in rows)
        first, last = sum(row.at_first for row in rows), sum(row.in_the_end for row in rows)
        print(
            f"prompts {version}, {len(rows)} records: {share_of(first, of)} at first, {share_of(last, of)} in the end"
        )
    if any(path.stem in mine for mine in given.values() for path in records):
        return 0
    print("No record has a kept answer: `ask` for some and `keep` them first.", file=sys.stderr)
    return 1


def kept(answers: Path) -> dict[str, dict[str, dict[int, str]]]:
    """The kept answers as JSON, by version of the prompts, record and attempt."""
    found: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for line in answers.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["prompts"]][row["record"]][row["attempt"]] = json.dumps(row["answer"], ensure_ascii=False)
    return found


def stood(record: Path, answering: Answering) -> Stood:
    """What becomes of the sentences that *answering* gives for *record*."""
    # A question without an answer is refused by the endpoint, which the flow would log each time.
    log = logging.getLogger("bot.flows.writing")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with _endpoint(answering) as url:
            block = account(record, url, tokens=TOKENS).block
    finally:
        log.setLevel(level)
    verdicts = block.get("verdicts", [])
    standing = [one for one in verdicts if not one["failures"]]
    return Stood(
        record=record.stem,
        asked=block.get("asked", 0),
        at_first=sum(one["attempt"] == 1 for one in standing),
        in_the_end=block.get("kept", 0),
        texts=tuple(one["text"] for one in standing),
    )


@contextmanager
def _endpoint(answering: Answering) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            said = answering(body, 2 if "refused" in json.loads(body["messages"][1]["content"]) else 1)
            data = json.dumps(_completion(said) if said else {"error": {"message": "no answer is kept"}}).encode()
            self.send_response(200 if said else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing; the flow says what it asked."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def _completion(said: str) -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {
        "id": "able",
        "object": "chat.completion",
        "created": 0,
        "model": "able",
        "choices": [choice],
        "usage": usage,
    }


def _replaying(answers: Mapping[int, str]) -> Answering:
    """The kept answers; of a second one the sentences that are asked for today, when fewer may be refused."""

    def answered(body: Mapping[str, Any], attempt: int) -> str | None:
        kept_one = answers.get(attempt)
        if kept_one is None or attempt == 1:
            return kept_one
        asked = {one["number"] for one in json.loads(body["messages"][1]["content"])["refused"]}
        sentences = [one for one in json.loads(kept_one)["sentences"] if one["number"] in asked]
        return json.dumps({"sentences": sentences}, ensure_ascii=False) if sentences else None

    return answered


def _given(place: Path, body: Mapping[str, Any]) -> str | None:
    question = place.with_name(f"{place.name}.question.txt")
    if not _answer_of(question).exists():
        system, user = (message["content"] for message in body["messages"])
        shown = json.dumps(json.loads(user), indent=1, ensure_ascii=False)
        form = json.dumps(body["response_format"])
        question.write_text(
            f"{system}\n\n=== THE USER'S MESSAGE ===\n{shown}\n\n=== JSON SCHEMA OF THE ANSWER ===\n{form}\n", "utf-8"
        )
        return None
    return _answer_of(question).read_text(encoding="utf-8")


def _version(folder: Path) -> str:
    path = folder / _VERSION
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _answer_of(question: Path) -> Path:
    return question.with_name(question.name.replace(".question.txt", ".answer.json"))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    asking = verbs.add_parser("ask", help="write the questions that have no answer")
    asking.add_argument("records", nargs="+", type=Path)
    asking.add_argument("--folder", type=Path, required=True)
    keeping = verbs.add_parser("keep", help="keep the answers of a folder")
    keeping.add_argument("folder", type=Path)
    keeping.add_argument("--writer", required=True)
    keeping.add_argument("--out", type=Path, default=KEPT)
    scoring = verbs.add_parser("score", help="say how many sentences stand")
    scoring.add_argument("records", nargs="+", type=Path)
    scoring.add_argument("--answers", type=Path, default=KEPT)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
