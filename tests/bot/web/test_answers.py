"""Answers of the writer's thread on an event loop."""

import asyncio
import threading
from concurrent.futures import Future, InvalidStateError
from typing import Any

import pytest

from analysis.errors import Conflict
from bot.web.answers import Answers


def test_every_waiting_task_gets_its_own_answer() -> None:
    """Thousands of answers given by several threads while the loop works all arrive, each where it belongs."""
    futures: list[Future[int]] = [Future() for _ in range(3000)]

    def answer(part: int) -> None:
        for number in range(part, len(futures), 3):
            futures[number].set_result(number)

    async def wait_for_all() -> list[int]:
        answers = Answers()
        tasks = [asyncio.ensure_future(answers.of(future)) for future in futures]
        await asyncio.sleep(0)
        threads = [threading.Thread(target=answer, args=(part,)) for part in range(3)]
        for thread in threads:
            thread.start()
        return await asyncio.wait_for(asyncio.gather(*tasks), 20)

    assert asyncio.run(wait_for_all()) == list(range(3000))


def test_answers_given_together_wake_the_loop_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit in bulk costs one system call, not one an answer."""
    woken: list[Any] = []

    async def wait_for_all() -> None:
        loop, answers = asyncio.get_running_loop(), Answers()
        futures: list[Future[int]] = [Future() for _ in range(500)]
        tasks = [asyncio.ensure_future(answers.of(future)) for future in futures]
        await asyncio.sleep(0)
        wake = loop.call_soon_threadsafe

        def counted(*arguments: Any, **more: Any) -> Any:
            woken.append(arguments)
            return wake(*arguments, **more)

        monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
        for future in futures:
            future.set_result(1)
        await asyncio.wait_for(asyncio.gather(*tasks), 20)

    asyncio.run(wait_for_all())

    assert len(woken) == 1


def test_refusal_is_raised_where_it_is_awaited() -> None:
    """What the writer raises is what the waiting task meets."""
    future: Future[int] = Future()
    future.set_exception(Conflict("This key was used before."))

    with pytest.raises(Conflict, match="used before"):
        asyncio.run(Answers().of(future))


def test_each_gives_up_in_its_own_time() -> None:
    """One timer does for all, and yet nobody gives up early: neither who began to wait later nor who comes after."""
    futures: list[Future[int]] = [Future() for _ in range(3)]
    within = 0.1

    async def waited(answers: Answers, future: Future[int]) -> float:
        began = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            await answers.of(future)
        return asyncio.get_running_loop().time() - began

    async def wait_for_all() -> list[float]:
        answers = Answers(within=within)
        tasks = []
        for future in futures[:2]:
            tasks.append(asyncio.ensure_future(waited(answers, future)))
            await asyncio.sleep(within / 2)
        return [*await asyncio.gather(*tasks), await waited(answers, futures[2])]

    seconds = asyncio.run(wait_for_all())

    assert min(seconds) > within * 0.99
    assert all(future.cancelled() for future in futures)


def test_loop_that_ended_leaves_nothing_to_the_next() -> None:
    """A timer of a loop that is gone keeps nobody waiting for ever on another one."""
    answers = Answers(within=0.05)

    async def leave() -> None:
        task = asyncio.ensure_future(answers.of(Future[int]()))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(answers.of(Future[int]()), 20))


def test_task_that_stops_waiting_cancels_what_has_not_begun() -> None:
    """A webhook that hears "not in time" was not recorded a moment later, unless its transaction had begun."""
    waiting: Future[int] = Future()
    begun: Future[int] = Future()
    begun.set_running_or_notify_cancel()

    async def give_up() -> None:
        answers = Answers()
        for future in (waiting, begun):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(answers.of(future), 0.01)

    asyncio.run(give_up())

    assert waiting.cancelled()
    assert not begun.cancelled()
    begun.set_result(1)  # after the loop is gone: the writer must not fall over it
    with pytest.raises(InvalidStateError):
        waiting.set_result(1)
