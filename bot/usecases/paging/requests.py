"""What the words after `page` ask for, once it is known who can be paged: built by the composition root."""

from collections.abc import Callable, Mapping

from analysis.paging import AnswerWords, TargetKind, page_words
from bot.ports.paging import PagingPlan
from bot.usecases.paging.news import AnswerPage, answer_page
from bot.usecases.paging.page import AskPage, Paging
from bot.usecases.verbs import Asker, Request


def page_requests(plan: PagingPlan, titles: Mapping[str, str]) -> Callable[[Asker, str], Request]:
    """The reader of the words after `page`; *titles* has what people call each pager."""
    paging = Paging(plan=plan, titles=dict(titles))

    def read(asker: Asker, words: str) -> Request:
        said = page_words(words)
        if isinstance(said, AnswerWords):
            command = AnswerPage(**asker.on_incident(), page=said.number, news=said.news)
            return Request(use_case=answer_page, command=command)
        whom = asker.resolve_person(said.name) if said.kind is TargetKind.PERSON else None
        asked = AskPage(**asker.on_incident(), words=said, whom=whom, is_confirmed=said.is_confirmed)
        call = plan.call_for(said.kind, said.name)
        otherwise = f"If you do not read within a minute that the page arrived, call {call}."
        return Request(use_case=paging, command=asked, otherwise=otherwise)

    return read
