"""What responders type and paste in a hurry: passwords by what they are called, machines and stores by their names."""

import json

import pytest

from analysis.events import EventKind
from analysis.outgoing.directory import People
from analysis.outgoing.gate import leaks
from analysis.outgoing.redacting import Redactor
from analysis.outgoing.typed import Sending, typed
from analysis.outgoing.vault import Kind, Register, Vault
from analysis.timeline import timeline
from benchmarks.redaction_pasted import pasted
from tests.ledgers import Ledger

SALT = b"0123456789abcdef"


def redactor(*known: str) -> Redactor:
    """Return a redactor with an empty vault."""
    return Redactor(
        Register(Vault(salt=SALT)),
        People(),
        known=frozenset({"pw", "reset", "otp", "df", "experiment", "connector", "sso", "saml", "mongo", "zip", *known}),
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("pw: hunter2", "pw: [[SECRET_1]]", id="short label"),
        pytest.param("password: summer works", "password: [[SECRET_1]] works", id="word in a sentence"),
        pytest.param("the password is summer", "the password is [[SECRET_1]]", id="told in a sentence"),
        pytest.param("password (root): summer", "password (root): [[SECRET_1]]", id="whose it is, in brackets"),
        pytest.param("password for the db is summer", "password for the db is [[SECRET_1]]", id="what it is for"),
        pytest.param("pw -> summer", "pw -> [[SECRET_1]]", id="arrow"),
        pytest.param('password "summer rain"', 'password "[[SECRET_1]]"', id="quotes"),
        pytest.param("password:\nsummer\ndone", "password:\n[[SECRET_1]]\ndone", id="next line"),
        pytest.param("password:\n```\nsummer rain\n```", "password:\n```\n[[SECRET_1]]\n```", id="block of code"),
        pytest.param("password    summer", "password    [[SECRET_1]]", id="column"),
        pytest.param("<password>summer</password>", "<password>[[SECRET_1]]</password>", id="element"),
        pytest.param("use garden55 as the password", "use [[SECRET_1]] as the password", id="backwards"),
        pytest.param("token for billing is tiger-Lake-9", "token for billing is [[SECRET_1]]", id="token"),
        pytest.param("creds: admin/rainbow", "creds: [[SECRET_1]]", id="pair"),
        pytest.param("user admin, pw castle", "user admin, pw [[SECRET_1]]", id="user and password"),
        pytest.param("the otp is 0042", "the otp is [[SECRET_1]]", id="one time code"),
        pytest.param("Passwort: sommer", "[[NAME_1]]: [[SECRET_1]]", id="German"),
        pytest.param("contraseña: river", "[[NAME_1]]: [[SECRET_1]]", id="Spanish"),
        pytest.param("GET /x?pw=lake failed", "GET /x?pw=[[SECRET_1]] failed", id="query"),
        pytest.param("curl -u admin:summer http://x", "curl -u [[SECRET_1]] http://x", id="curl"),
        pytest.param("export DB_PASS=river", "export DB_PASS=[[SECRET_1]]", id="variable"),
        pytest.param("jdbc:oracle:thin:scott/tiger", "jdbc:oracle:thin:[[SECRET_1]]", id="Oracle"),
        pytest.param(
            "data:\n  user: c3VtbWVy\nkind: Secret", "data:\n  user: [[SECRET_1]]\nkind: Secret", id="manifest"
        ),
        pytest.param("db:5432:core:app:garden", "db:5432:core:app:[[SECRET_1]]", id="line of a file of passwords"),
        pytest.param("second password: summer", "second password: [[SECRET_1]]", id="the second of two"),
        pytest.param("the first password: orange.", "the first password: [[SECRET_1]].", id="the first of two"),
        pytest.param("tests password: castle", "tests password: [[SECRET_1]]", id="password of tests"),
        pytest.param("password: summer\\night is set", "password: [[SECRET_1]] is set", id="backslash and n"),
        pytest.param('password: "summer\\night" is set', 'password: "[[SECRET_1]]" is set', id="in quotes, too"),
        pytest.param("secret = ninety9\\tigers is set", "secret = [[SECRET_1]] is set", id="backslash and t"),
        pytest.param("the secret is \\native9", "the secret is [[SECRET_1]]", id="backslash first"),
        pytest.param("secret is C:\\new\\t1", "secret is [[SECRET_1]]", id="as a path of Windows"),
        pytest.param("pass: letmein is still valid", "pass: [[SECRET_1]] is still valid", id="pass begins"),
        pytest.param("check failed, pass is orange", "check failed, pass is [[SECRET_1]]", id="pass in a clause"),
        pytest.param("the pass is `lemon`", "the pass is `[[SECRET_1]]`", id="pass and quotes"),
        pytest.param("canary pass: hunter2", "canary pass: [[SECRET_1]]", id="pass and a mixed value"),
        pytest.param("db.pass: summer", "db.pass: [[SECRET_1]]", id="pass of a setting"),
        pytest.param("log in with app/flower1", "log in with [[SECRET_1]]", id="mixed pair"),
        pytest.param("connect scott/tiger@core", "connect [[SECRET_1]][[PERSON_1]]", id="Oracle's connect"),
        pytest.param("run http GET /x -a app:summer", "run http GET /x -a [[SECRET_1]]", id="option after a method"),
        pytest.param("then zip -P summer a.zip x", "then zip -P [[SECRET_1]] a.zip x", id="option after a short word"),
        pytest.param("on db-primary.payments.internal", "on [[ADDRESS_1]]", id="private end"),
        pytest.param("pay-db-03.prod.acme:5432 is full", "[[ADDRESS_1]] is full", id="made-up end"),
        pytest.param("web-1.acme.io is down", "[[ADDRESS_1]] is down", id="one of several machines"),
        pytest.param("ledger.core.svc.cluster.local", "[[ADDRESS_1]]", id="service of a cluster"),
        pytest.param("s3://customer-exports/a is open", "s3://[[ADDRESS_1]] is open", id="link of a store"),
        pytest.param("bucket acme-prod-exports is open", "bucket [[ADDRESS_1]] is open", id="bucket"),
        pytest.param("the acme-prod-exports bucket", "the [[ADDRESS_1]] bucket", id="name before bucket"),
        pytest.param("arn:aws:s3:::customer-exports", "arn:aws:s3:[[ADDRESS_1]]", id="resource"),
        pytest.param("root@ledger-db-2:~# top", "root@[[ADDRESS_1]]:~# top", id="prompt"),
        pytest.param("ledgers.blob.core.windows.net", "[[ADDRESS_1]]", id="host of a cloud"),
    ],
)
def test_what_is_pasted_goes(text: str, left: str) -> None:
    """The value goes and what it is called stays, as far as that is a word that may leave."""
    assert redactor().redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "the password is wrong, password: expired, password reset fails",
        "Login: customers see an empty page; login success/failure ratio is down",
        "token: refresh loop; the token service is down, tokens are valid for 24h",
        "Pass 2 of the migration, 48 of 50 checks pass on node-12, pass rate 98%",
        "set password to never expire; password must be changed every 90 days",
        "API key: rate limit reached, signing key id 4, secret rotation: done",
        "config.yaml, v2.3.1, java.lang.NullPointerException, node.js, application.prod.yaml",
        "topic payments.events.v1, http.server.requests.count, public.payments, api.stripe.com",
        "the bucket is full, bucket size is 12 GB, token bucket rate-limit, /etc/rc.local",
        "payments-api and checkout-service on db-primary, postgres:14, actions/checkout@v4",
        "import/export connected/disconnected impact/duration",
        "import/export",
        "connected/disconnected",
        "impact/duration",
        "experiment/control",
        "connector/sink",
        "health check pass → degraded",
        "canary pass -> deploy",
        "Final pass: restarted the pods",
        "pass: pod 3",
        "the canary pass is green",
        "PASS=120 FAIL=3",
        "gate code 502",
        "verification codes: 5000 not delivered",
        "Login: SSO/SAML down",
        "bucket: 0.5",
        "https checks fail -a lot",
        "mongo primary at -p 2701",
        "net traffic is -U shaped, zip codes fail -P now",
    ],
)
def test_words_about_secrets_and_names_with_dots_stay(text: str) -> None:
    """A label without a value beside it hides nothing, and a file is no machine."""
    assert redactor("postgres").redact(text) == text


@pytest.mark.parametrize("part", ["seen", "unseen"])
def test_pasted_lines_pass_the_gate_once_they_are_redacted(part: str) -> None:
    """What redaction leaves of them, together in one record, does not stop the request."""
    ledger = Ledger()
    ledger.declare()
    for one in pasted(part):
        ledger.add(EventKind.UPDATE_SENT, 1, one.text)

    outgoing = typed(Sending(entries=timeline(ledger.events), vault=Vault(salt=SALT)), People())

    body = json.dumps([{"id": event.id, "who": event.who, "text": event.text} for event in outgoing.events])
    assert leaks(body.encode(), outgoing.vault) == ()


@pytest.mark.parametrize(
    "text",
    [
        "the secret is \\native9",
        "secret is C:\\new\\t1",
        'unseal key 1 -> tulip"',
        "password: expired\nrestart the job",
        "password: expired\\nrestart the job",
        "secret: tulip\t“now”",
    ],
)
@pytest.mark.parametrize("is_ascii", [True, False])
def test_what_redaction_leaves_passes_the_gate_as_json_writes_it(text: str, is_ascii: bool) -> None:  # noqa: FBT001
    """Neither an escape of JSON nor what reads as one makes a value of what is none, once or twice written so."""
    one = redactor("tulip")
    once = json.dumps({"text": one.redact(text)}, ensure_ascii=is_ascii)

    for body in (once, json.dumps({"content": once}, ensure_ascii=is_ascii)):
        assert leaks(body.encode(), one.register.vault()) == ()


def test_the_gate_knows_them_by_itself() -> None:
    """What redaction had overlooked would stop the request."""
    for text in ("pw: hunter2", "creds: admin/rainbow", "on db-primary.payments.internal", "s3://customer-exports/a"):
        assert {leak.kind for leak in leaks(json.dumps({"text": text}).encode(), Vault(salt=SALT))} <= {
            Kind.SECRET,
            Kind.ADDRESS,
        }
        assert leaks(json.dumps({"text": text}).encode(), Vault(salt=SALT))


def test_a_store_that_is_called_by_an_ordinary_word_takes_it_from_no_other_sentence() -> None:
    """`logs` after `s3://` is a name, and elsewhere it is a word."""
    ledger = Ledger()
    ledger.declare(title="s3://logs is full")
    ledger.add(EventKind.UPDATE_SENT, 1, "the logs are late")

    outgoing = typed(Sending(entries=timeline(ledger.events), vault=Vault(salt=SALT)), People())

    assert [event.text.partition("“")[2] for event in outgoing.events] == [
        "s3://[[ADDRESS_1]] is full”",
        "the logs are late”",
    ]
    assert leaks(b"logs", outgoing.vault) == ()
