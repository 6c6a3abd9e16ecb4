"""What is not known to be neutral leaves no text, whatever it looks like."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.outgoing.directory import People
from analysis.outgoing.redacting import CUT, LONGEST, Redactor
from analysis.outgoing.restoring import UnknownPlaceholder, restore
from analysis.outgoing.vault import RESTORED, Kind, Register, Vault
from tests.effort import examples, thinned

SALT = b"0123456789abcdef"
PEOPLE = People(
    names={
        "slack:U0KIMDOE01": "Kim Doe",
        "slack:U0MARKS001": "Mark Stone",
        "slack:U0SOREN001": "Søren Iversen",
        "slack:U0KIMLEE01": "Anna O'Brien-Lee",
        "slack:U0POWERS01": "Xu (SRE)",
    }
)


def redactor(*known: str) -> Redactor:
    """Return a redactor with an empty vault."""
    return Redactor(Register(Vault(salt=SALT)), PEOPLE, known=frozenset(known))


@pytest.mark.parametrize(
    "text",
    [
        "Error rate rose from 0.4% to 12.5% at 14:05 UTC on 2026-03-01, 12,345 requests failed",
        "Rolled back payments-api to version 1.24.3; p99 latency is 850ms again",
        "Deploy of checkout-service, version v2.3.1: \u201cconnection pool raised to 200\u201d",
        "KubePodCrashLooping and KubeDeploymentReplicasMismatch on node-12 in eu-west-1, restarted 5 times",
        "Status changed from investigating to mitigating.",
        "We'll fail over; the primary isn't reachable, customers' logins time out",
        "may will mark the deployment as failed",
        "customer API, client SDK and vendor API are slow; 1200-1500 ms, 12 345 requests, 1 234 567 rows",
        "the job is back on at 14:00, no change in latency",
        "the check fails at 12:30, access code 403, password expired, oauth2 and http2 and e2e",
        "commit 4f2a9c1 was reverted; ORA-01555, SQLSTATE 40001, errno 10054, E11000 and 5xx in payments-api",
        "12345 ms for 48213 payments, 30000ms, ports 8080-8090, lines 1200-1340, status 500 1234 bytes, 3411/4000 rows",
        "€ 1.234.567 and 1.234.567,89 EUR in 2026-W48, 26.11.26 09:15:22.481, the epoch 1970-01-01, CVE-2024-3094",
        "customer 12 of order 10, one two three retries, echo and delta are up in eu-west-1a, DR test, 2FA, -Xmx4g",
    ],
)
def test_neutral_text_stays_as_it_is(text: str) -> None:
    """Words of incidents, times, ratios, versions and small numbers are what a draft is made of."""
    assert redactor().redact(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("Kim Doe restarted it", "[[PERSON_1]] restarted it", id="full name"),
        pytest.param("kim restarted it", "[[PERSON_1]] restarted it", id="first name in small letters"),
        pytest.param("<@U0KIMDOE01> restarted it", "[[PERSON_1]] restarted it", id="mention"),
        pytest.param("@kim.doe restarted it", "[[PERSON_1]] restarted it", id="handle"),
        pytest.param(
            "\uff2b\uff49\uff4d\u200b Doe restarted it", "[[PERSON_1]] restarted it", id="other widths, invisible"
        ),
        pytest.param("Mark restarted it", "[[PERSON_1]] restarted it", id="a name that is a word"),
        pytest.param("Jan Kowalski restarted it", "[[NAME_1]] restarted it", id="unknown name"),
        pytest.param("ask kowalski", "ask [[NAME_1]]", id="unknown name in small letters"),
        pytest.param("Anna Baker restarted it", "[[NAME_1]] restarted it", id="unknown name beside an ordinary word"),
        pytest.param("山田太郎 restarted it", "[[NAME_1]] restarted it", id="another script"),
        pytest.param("K\u043ewalski restarted it", "[[NAME_1]] restarted it", id="letters that look alike"),
        pytest.param("account 123456", "account [[NUMBER_1]]", id="six digits"),
        pytest.param("account 12 34 56 78", "account [[NUMBER_1]]", id="digits in groups"),
        pytest.param("call 0171 1234567", "call [[PHONE_1]]", id="telephone"),
        pytest.param("id 7f3a9c", "id [[CODE_1]]", id="mixed"),
        pytest.param("from 10.1.2.3", "from [[ADDRESS_1]]", id="IPv4"),
        pytest.param("from fe80::1ff:fe23:4567:890a", "from [[ADDRESS_1]]", id="IPv6"),
        pytest.param("wrote to jo@shop.example", "wrote to [[EMAIL_1]]", id="e-mail"),
        pytest.param("see https://jo:pw@shop.example/a", "see [[SECRET_1]]", id="address with a password"),
        pytest.param("see https://jo@shop.example/a", "see [[LINK_1]]", id="address with a name"),
        pytest.param("paid with 4111111111111111", "paid with [[CARD_1]]", id="card"),
        pytest.param("paid with [card ****1111]", "paid with [[CARD_1]]", id="what masking left of a card"),
        pytest.param("from GB82 WEST 1234 5698 7654 32", "from [[IBAN_1]]", id="account"),
        pytest.param("the key is sk-proj-Abc123Def456Ghi789Jkl", "the key is [[SECRET_1]]", id="key"),
        pytest.param("ask mark kowalski", "ask [[NAME_1]] [[NAME_2]]", id="an ordinary name beside an unknown one"),
        pytest.param("ask grace baker", "ask [[NAME_1]] [[NAME_2]]", id="two ordinary names"),
        pytest.param("ask kim stone", "ask [[PERSON_1]] [[NAME_1]]", id="a surname beside somebody known"),
        pytest.param("ask GRACE", "ask [[NAME_1]]", id="an ordinary name in capitals"),
        pytest.param("ask K o w a l s k i", "ask [[CODE_1]]", id="spelled out"),
        pytest.param("to D.E.8.9.3.7.0.4.0.0.4.4.0.5.3.2.0.1.3.0.0.0", "to [[IBAN_1]]", id="account with dots"),
        pytest.param("see %34%31%31%31%3a", "see [[CODE_1]]", id="escapes of a URL"),
        pytest.param("see &#52;&#49;&#49;", "see [[CODE_1]]", id="escapes of a page"),
        pytest.param("host ip-10-0-1-5 is down", "host ip-[[ADDRESS_1]] is down", id="a host named after its address"),
        pytest.param("call me on 600 123 456", "call me on [[PHONE_1]]", id="telephone in threes"),
        pytest.param("phone: 555-0123", "phone: [[PHONE_1]]", id="telephone like a range"),
        pytest.param("account 1234 5678", "account [[NUMBER_1]]", id="account in fours"),
        pytest.param("account 1234,5678,9012", "account [[NUMBER_1]]", id="account in fours with commas"),
        pytest.param("number 123 456 789", "number [[NUMBER_1]]", id="nine digits in threes"),
        pytest.param("card 4111:1111:1111:1111", "card [[CARD_1]]", id="card like times"),
        pytest.param("born on 1987-03-14", "born on [[NUMBER_1]]", id="birthday"),
        pytest.param("one-time code 4821", "one-time code [[SECRET_1]]", id="code that is said once"),
        pytest.param("password hunter2secret", "password [[SECRET_1]]", id="password without a sign"),
        pytest.param("password: summer", "password: [[SECRET_1]]", id="password that is a word"),
        pytest.param("recovery phrase: horse battery", "recovery phrase: [[SECRET_1]]", id="words that are a secret"),
        pytest.param("login root/hunter2secret", "login [[SECRET_1]]", id="name and password as one"),
        pytest.param("customer Orange, Orange's", "customer [[NAME_1]], [[NAME_1]]'s", id="company that is a word"),
        pytest.param("partner Capital One", "partner [[NAME_1]]", id="company of two words"),
        pytest.param("john restarted it", "[[NAME_1]] restarted it", id="a name first, in small letters"),
        pytest.param("sort code 12-11-20", "sort code [[NUMBER_1]]", id="number like a date beside its label"),
        pytest.param("sort 70 45 51", "sort [[NUMBER_1]]", id="three pairs of digits"),
        pytest.param("customer 4821 paid", "customer [[NUMBER_1]] paid", id="customer of four digits"),
        pytest.param("user_id in (4821, 4822)", "user_id in ([[NUMBER_1]])", id="list of numbers beside a label"),
        pytest.param("GET /accounts/4821/limits", "GET /accounts/[[NUMBER_1]]", id="number in a path"),
        pytest.param("Kundennummer 4821", "[[NAME_1]] [[NUMBER_1]]", id="label in German"),
        pytest.param("Zorbix: 4821", "[[NAME_1]]: [[CODE_1]]", id="number of an unknown word"),
        pytest.param("ZORB-482-771", "[[CODE_1]]", id="number joined with an unknown word"),
        pytest.param("merchant M-7890-X23", "merchant [[CODE_1]]", id="short groups"),
        pytest.param("session 6524-a910-08ad", "session [[CODE_1]]", id="groups of hexadecimal digits"),
        pytest.param("4304 then 1428 then 9469 then 3021", "[[NUMBER_1]]", id="fours with words between"),
        pytest.param("UXYOV\n5222A", "[[NAME_1]]\n[[CODE_1]]", id="number on the line after an unknown word"),
        pytest.param("ssn\n123\n45\n678", "[[NAME_1]]\n[[NUMBER_1]]", id="label and groups on lines"),
        pytest.param("find?q=07620+575+927", "[[CODE_1]]", id="telephone in a query"),
        pytest.param("find?q=passphrase%3A+blue+horse", "[[CODE_1]]", id="label in a link"),
        pytest.param("to https://ops:dragon202", "to https://ops:[[SECRET_1]]", id="password in half a link"),
        pytest.param("at 2001:db8:9051:aca2:\nhere", "at [[CODE_1]]\nhere", id="half an address"),
        pytest.param("see a1b2", "see [[CODE_1]]", id="letters and digits in turn"),
        pytest.param("see 2do0w", "see [[CODE_1]]", id="letters and digits in turn with a short word"),
        pytest.param("seen at 00a1.b2c3.d4e5", "seen at [[CODE_1]]", id="address of a card of a network"),
        pytest.param("dump 4b 6f 77 61 6c", "dump [[CODE_1]]", id="bytes that were dumped"),
        pytest.param("DNI 12.345.678-Z", "[[NAME_1]] [[NUMBER_1]]-Z", id="number of an identity card"),
        pytest.param("on 1985-03-12", "on [[NUMBER_1]]", id="a day long past"),
        pytest.param("on the 12th of March 1985", "on the [[NUMBER_1]]", id="a day long past in words"),
        pytest.param("12 de março de 1985", "[[NUMBER_1]]", id="a day long past in Portuguese"),
        pytest.param("at 50.1109, 8.6821", "at [[ADDRESS_1]]", id="a place"),
        pytest.param("four one one one, one two", "[[NUMBER_1]]", id="digits in words"),
        pytest.param("kilo oscar whiskey alpha", "[[NUMBER_1]]", id="letters in words"),
        pytest.param("to 12 High Street today", "to [[ADDRESS_1]] today", id="street of ordinary words"),
        pytest.param("to SW1A 1AA", "to [[ADDRESS_1]]", id="postcode"),
        pytest.param("paid Blue River Ltd", "paid [[NAME_1]]", id="company by its form"),
        pytest.param("Mrs Winter and mr banks", "[[NAME_1]] and [[NAME_2]]", id="name after a title"),
        pytest.param("J.Q. Kowalski", "[[NAME_1]]", id="initials"),
        pytest.param("user silver_tiger31", "user [[CODE_1]]", id="name that somebody logs in by"),
        pytest.param("mysql --password summer", "mysql --password [[SECRET_1]]", id="option of a command"),
        pytest.param(
            "zebra lumber velvet oyster tornado rhythm saddle turtle walnut orbit dolphin ostrich",
            "[[SECRET_1]]",
            id="words of a wallet",
        ),
        pytest.param("s\u043ert c\u043ede 12-11-20", "sort code [[NUMBER_1]]", id="label in letters that look alike"),
        pytest.param("[[PERSON_1]] did it", "[ [PERSON_1] ] did it", id="forged placeholder"),
    ],
)
def test_what_is_not_neutral_becomes_a_placeholder(text: str, left: str) -> None:
    """Each kind has its own, so that a model can still tell one thing from another."""
    assert redactor().redact(text) == left


def test_one_value_has_one_placeholder() -> None:
    """A person is the same by id, by handle and by name; a card is the same however it is grouped."""
    texts = ["<@U0SOREN001>", "Søren Iversen", "@iversen", "4111-1111-1111-1111", "4111 1111 1111 1111"]
    one = redactor()

    assert [one.redact(text) for text in texts] == ["[[PERSON_1]]"] * 3 + ["[[CARD_1]]"] * 2


@pytest.mark.parametrize(
    "name",
    [
        "Will Power (SRE)",
        "Dr. Bo-Anna O'Brien | Payments",
        "\N{ROCKET} Bo Miller",
        "Jo (on leave)",
        "Anna B",
        "on call (24/7)",
        "[Payments] Bo Miller",
    ],
)
@pytest.mark.parametrize("around", ["{} restarted it", "@{} restarted it", "incident commander ({})"])
def test_name_with_signs_is_one_placeholder_and_comes_back_once(name: str, around: str) -> None:
    """A display name may say a team or an absence as well; its parts are not three people."""
    one = Redactor(Register(Vault(salt=SALT)), People(names={"slack:U0WILLPOW1": name}))

    redacted = one.redact(around.format(name)).removeprefix("@")

    assert redacted == around.removeprefix("@").format("[[PERSON_1]]")
    assert restore(redacted, one.register.vault()).text == around.removeprefix("@").format(name)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("Will Power restarted it", "[[PERSON_1]] restarted it", id="without what is behind it"),
        pytest.param("Will restarted it", "[[PERSON_1]] restarted it", id="one part"),
        pytest.param("will power return", "will power return", id="ordinary words in small letters"),
        pytest.param("an alert! came", "an alert! came", id="an ordinary word with a sign"),
        pytest.param("Anna B and Anna C", "[[PERSON_1]] and [[PERSON_2]]", id="told apart by a letter"),
        pytest.param("Anna B, @Anna B", "[[PERSON_1]], [[PERSON_1]]", id="mention of one of two with the same part"),
        pytest.param("Anna Bell did", "[[NAME_1]] did", id="somebody else, whose name goes on"),
    ],
)
def test_parts_of_a_name_with_signs(text: str, left: str) -> None:
    """Parts of one name beside each other are one person, and what is part of a longer word is none."""
    names = {"slack:U1": "Will Power (SRE)", "slack:U2": "Alert!", "slack:U3": "Anna B", "slack:U4": "Anna C"}

    assert Redactor(Register(Vault(salt=SALT)), People(names=names)).redact(text) == left


def test_name_that_was_learned_is_taken_out_in_small_letters() -> None:
    """What stands somewhere in a capital is a name everywhere."""
    one = redactor("velmora")
    one.learn(["Ask Velmoro about it"])

    assert one.redact("velmoro and velmora") == "[[NAME_1]] and velmora"


def test_words_of_the_site_stay() -> None:
    """Names of services are not names of people, if the site says so."""
    assert redactor("traefik", "hellman-edge").redact("Traefik on hellman-edge-2") == "Traefik on hellman-edge-2"


def test_vault_keeps_no_card_and_no_secret() -> None:
    """What must never be put back is not there to be put back."""
    one = redactor()
    one.redact("4111111111111111 and GB82WEST12345698765432 and sk-proj-Abc123Def456Ghi789Jkl and [secret]")

    held = one.register.vault().held

    assert {each.kind for each in held} == {Kind.CARD, Kind.IBAN, Kind.SECRET}
    assert [each.value for each in held] == [""] * 4
    assert not any(part in each.key for each in held for part in ("4111", "west", "abc123"))


@pytest.mark.thorough
def test_very_long_text_is_cut_and_says_so() -> None:
    """What was not looked at does not leave."""
    left = redactor().redact("failed " * LONGEST)

    assert (len(left) < LONGEST + 100, left.endswith(CUT)) == (True, True)


def test_entities_stand_where_they_were_found() -> None:
    """Places are those of the text as it was given, whatever was invisible in it."""
    text = "\u200bKim \u200b asked  \uff4a\uff4f@shop.example"

    found = [(text[each.start : each.end], each.kind) for each in redactor().examine(text).entities]

    assert found == [("Kim", Kind.PERSON), ("\uff4a\uff4f@shop.example", Kind.EMAIL)]


PIECES = (
    *("Kim", "Doe", "kim", "Mark", "mark", "Kowalski", "failed", "[[", "]]", "[", "]", "[[PERSON_1]]", "4111", "1111"),
    *(" ", "  ", "-", ".", "@", "+49", "12:30", "password=", "sk-", "Zx9", "\u200b", "\uff11", "é", "山田"),
    *(" password=hunter2x9 ", " 4111 1111 1111 1111 ", " kim.doe@bank.example "),
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@given(TEXTS)
@settings(max_examples=examples(80), deadline=None)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    """Whatever could be found was found the first time."""
    one = redactor()
    once = one.redact(text)

    assert one.again(once) == once


@given(TEXTS)
@settings(max_examples=examples(80), deadline=None)
def test_restoring_gives_back_people_and_nothing_else(text: str) -> None:
    """Every placeholder of a person is a name again, every other one stays; none was in the text before."""
    one = redactor()
    redacted = one.examine(text)
    vault = one.register.vault()

    restored = restore(redacted.text, vault)

    held = vault.by_placeholder()
    expected = redacted.text
    for entity in redacted.entities:
        if entity.kind in RESTORED:
            expected = expected.replace(entity.placeholder, held[entity.placeholder].value)
    assert restored.text == expected
    assert set(restored.withheld) == {each.placeholder for each in redacted.entities if each.kind not in RESTORED}


@pytest.mark.parametrize("answer", ["[[PERSON_2]]", "[[PERSON_1", "PERSON_1]]", "[[person_1]]", "[[]]", "a [[ b"])
def test_unknown_placeholder_rejects_the_answer(answer: str) -> None:
    """A placeholder that nobody gave, or half of one, may be anything."""
    one = redactor()
    one.redact("Kim restarted it")

    with pytest.raises(UnknownPlaceholder):
        restore(f"{answer} restarted it", one.register.vault())


@pytest.mark.parametrize(
    "unit",
    thinned(
        [
            "1 ",
            "1a ",
            "a.",
            "Kim ",
            "Xu (SRE) ",
            "4111 1111 ",
            "[[",
            "pass=",
            "A1b2",
            "x@",
            "sk-",
            "pin ",
            "passphrase: a ",
            "password a1",
            "call 1 ",
            "born 1-",
            "1-1-",
            "1234,",
            "customer A ",
            "fe80:",
            "+1 ",
            "-----BEGIN A KEY-----",
            "é",
            "\u200b",
            "DE12 ",
            "one ",
            "alpha ",
            "horse ",
            "horses and ",
            "ab ",
            "12 High ",
            "Blue ",
            "a1-",
            "A-1_",
            "customer 12 ",
            "12 may ",
            "commit 4f ",
            "mr ",
            "A.",
            "1.234 ",
            "\u0430a",
            "user a_",
            "a%20",
            "12+",
            "1234 or ",
            "://a:b",
            "pw: ",
            "password for x ",
            "password\n",
            "user a pw ",
            "creds a/b ",
            "curl -u ",
            "a.b-1.",
            "a-b-c bucket ",
            "projects/abcd/zones/",
            "kind: Secret\n",
            "data:\n a: b\n",
            "PASSWORD_KEY_",
            "a:5432:b:c:d\n",
            "x@y-1:~",
        ],
        every=12,
    ),
)
def test_redacting_takes_linear_time(unit: str) -> None:
    """Four times the text takes about four times as long: nothing repeats itself over the whole of it."""
    short, long = unit * (10_000 // len(unit)), unit * (40_000 // len(unit))

    assert _seconds(long) < 10 * max(_seconds(short), 0.02)


def _seconds(text: str) -> float:
    one = redactor()
    before = time.thread_time()
    one.redact(text)
    return time.thread_time() - before
