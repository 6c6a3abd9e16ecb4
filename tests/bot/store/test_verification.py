"""A record that somebody changed behind Debrief's back is found, and so is where."""

from sqlalchemy import text

from bot.store.anchors import Anchors
from bot.store.verification import Report, verify_database
from tests.bot.store.parts import Store, note


def filled(store: Store) -> None:
    incident = store.declare()
    store.append(incident, *(note(number) for number in range(2, 9)))


def tamper(store: Store, statement: str) -> None:
    with store.database.write_engine.begin() as connection:
        connection.execute(text(statement))


def check(store: Store) -> Report:
    return verify_database(store.database, sealer=store.sealer, anchors=None)


def test_x(store, tmp_path):
    filled(store)
    assert check(store).findings == ()
    print(check(store))
    a = Anchors(store.database, store.writer, tmp_path / "a.jsonl")
    assert a.anchor() == 1
    assert a.anchor() == 0
    print((tmp_path / "a.jsonl").read_text())
    for col, val in dict(
        kind="'x'",
        occurred_at="'infinity'" if not store.database.is_sqlite else "'zz'",
        text_sealed="text_salt",
        text_salt="text_commitment",
        natural_key="'k'",
        seq="30",
        hash="text_salt",
        refers_to="id",
    ).items():
        with store.database.write_engine.connect() as c:
            t = c.begin()
            c.execute(text(f"update timeline_event set {col}={val} where seq=4"))
            from analysis.verification import verify
            from bot.store import verification as v

            print(col, verify(v._chains(c, store.sealer, {"incidents": 0, "entries": 0}), ()))
            t.rollback()
