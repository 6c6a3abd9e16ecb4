"""What is said of a tracking store shows no password, whatever its address and its error look like."""

import pytest

from bot.tracking.told import refused, without_password

SECRET = "hunter2!"


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        pytest.param("sqlite:///a@b/debrief-mlflow.db", "sqlite:///a@b/debrief-mlflow.db", id="file"),
        pytest.param("http://mlflow.bank.example:5000", "http://mlflow.bank.example:5000", id="server"),
        pytest.param(f"https://ada:{SECRET}@mlflow.example/p", "https://***@mlflow.example/p", id="signed-in"),
        pytest.param(f"https://{SECRET}@mlflow.example", "https://***@mlflow.example", id="token"),
        pytest.param(f"postgresql://ada:x@{SECRET}@db/runs", "postgresql://***@db/runs", id="at-sign-unescaped"),
        pytest.param(f"postgresql://ada:x/{SECRET}@db/runs", "postgresql://***@db/runs", id="slash-unescaped"),
        pytest.param(f"postgresql://db/runs?user=ada&password={SECRET}", "postgresql://db/runs?***", id="parameter"),
        pytest.param("databricks", "databricks", id="a-name"),
    ],
)
def test_address_is_shown_without_its_password(uri: str, shown: str) -> None:
    """Where it is can still be read."""
    assert without_password(uri) == shown


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("cannot open {uri}.\nbackground on this error", id="whole-address"),
        pytest.param("no access for ada with p%2Fw", id="as-written"),
        pytest.param("no access for ada with p/w", id="as-meant"),
        pytest.param("", id="no-words"),
        pytest.param("\n \n", id="blank-words"),
    ],
)
def test_refusal_is_one_sentence_without_the_password(words: str) -> None:
    """Also where the driver quotes it, and where the error has no words."""
    uri = "postgresql://ada:p%2Fw@db.example/runs"

    message = refused(uri, ConnectionError(words.format(uri=uri))).message

    assert message.startswith("MLflow at postgresql://***@db.example/runs did not take the run: ")
    assert ("p%2Fw" in message, "p/w" in message, "\n" in message) == (False, False, False)
    assert message.endswith("." if words.strip() else "ConnectionError.")


def test_token_that_stands_alone_is_not_told() -> None:
    """It signs in without a name, so it stands where a name would."""
    message = refused(f"https://{SECRET}@mlflow.example", ConnectionError(f"{SECRET} is not known")).message

    assert message == "MLflow at https://***@mlflow.example did not take the run: *** is not known."
