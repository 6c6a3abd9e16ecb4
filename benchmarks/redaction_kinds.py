"""Values of many more kinds, as customers of a bank in seven countries, their devices and our systems have them.

What stands between `<` and `>` must not leave. `#` is drawn as a digit, `%` as one of sixteen, `~` as a letter or
digit, `^` as a capital, `&` as a small letter and `!` as a capital or digit; `{a|b}` is one of these, and `{card}` and
its like have check digits that hold. Everything is made up. `seen` and `unseen` are halves of the kinds and of the ways
in which they stand in a record, told by a hash of their names, so that nobody chose them.
"""

import hashlib
import random
import re
import string
from collections.abc import Callable

_LETTERS = {
    "#": string.digits,
    "%": "0123456789abcdef",
    "~": string.ascii_letters + string.digits,
    "^": string.ascii_uppercase,
    "&": string.ascii_lowercase,
    "!": string.ascii_uppercase + string.digits,
}
_GIVEN = (
    "Annegret Detlef Ines Heike Jérôme Amélie Nicolas Íñigo Begoña Pilar Arjun Meenakshi Rohan Haruto Sakura Ayumi "
    "Thiago Luiza João Alastair Imogen Gwyneth Rhys Nkechi"
)
_SURNAMES = (
    "Hüttenrauch Meierhofer Schlüter Delacroix Bouvier Lemoine Etxeberria Zapatero Mascarell Krishnamurthy Deshpande "
    "Chatterjee Takahashi Shimizu Watanabe Albuquerque Guimarães Figueiredo Cholmondeley Featherstonehaugh Llewellyn "
    "Okonjo Weatherby Pemberton"
)
_DIGITS = "zero one two three four five six seven eight nine".split()  # noqa: SIM905 - reads as it is said
_VALUE = re.compile(r"<([^<>]+)>")
_SLOT = re.compile(r"\{(?P<choice>[^{}]+)\}|(?P<letter>[#%~^&!])(?:\{(?P<times>[0-9]+)\})?")

#: By name: how a value is written.
KINDS: dict[str, str] = {
    "card plain": "<{card}>",
    "card dashes": "<{card-}>",
    "card 19 digits in fours": "<{card19}>",
    "card middle masked, head and tail": "<5412##>******####",
    "card with expiry and name": "<{card }> exp 0#/28 {given} <{surname}>",
    "card spoken": "<{spoken card}>",
    "card digits with words between": "starts 4### then <####> then <####> then ####",
    "IBAN DE blanks": "<{iban DE18}>",
    "IBAN FR lower": "<{iban fr23}>",
    "IBAN wrong check digits": "<ES00 #### #### #### #### ####>",
    "UK sort code and account": "sort code <##-##-##> account <#{8}>",
    "UK sort code alone with blanks": "sort code <## ## ##>",
    "UK account in fours": "account <#### ####>",
    "US routing and account": "routing <0#{8}>, account <#{10}>",
    "BIC with account": "BIC <{DEUTDEFF500|BNPAFRPP|CAIXESBBXXX|ICICINBB|ITAUBRSP|BARCGB22}> acct <#{10}>",
    "IFSC and account India": "IFSC {HDFC|ICIC|UTIB}<0#{6}> A/c <#{12}>",
    "Brazil agência e conta": "agência #### conta <#{5}>-#",
    "Brazil PIX key": "chave pix <%{8}-%%%%-%%%%-%%%%-%{12}>",
    "Japan bank account": "支店 ### 普通 <#{7}>",
    "account short with dots": "acct <##.##.##>",
    "Australian BSB and account": "BSB <###-###> account <### ### ###>",
    "French RIB": "<#{5} #{5} #{11} ##>",
    "SSN": "<###-##-####>",
    "SSN last four": "SSN ending <####>",
    "NINO with blanks": "{QQ|AB|JG|PX|CE} <## ## ##> {A|B|C|D}",
    "NINO plain": "<{AB|JG|PX|CE}#{6}{A|B|C|D}>",
    "Steuer-ID in groups": "Steuer-ID <## ### ### ###>",
    "German Steuernummer": "St.-Nr. <##/###/#####>",
    "CPF": "<###.###.###-##>",
    "CNPJ": "<##.###.###/####-##>",
    "RG Brazil": "RG <##.###.###>",
    "PAN of India": "<^{5}####^>",
    "Aadhaar": "<{2|3|4|5|6|7|8|9}### #### ####>",
    "My Number": "<#### #### ####>",
    "DNI with dots": "DNI <##.###.###>-{T|R|W|A|G|M}",
    "NIE Spain": "{X|Y|Z}-<#{7}>-{T|R|W|A|G}",
    "NIR France": "<{1|2} ## 0# ## ### ### ##>",
    "passport UK": "<#{9}>",
    "passport DE": "Reisepass <{C|F|G|H|J|K}#!!#!!#!>",
    "passport India": "passport no. <{K|L|M|N|P|R|S|T}#{7}>",
    "driving licence UK": "<^{5}#{6}^^#^^>",
    "VAT id": "<{DE|FR|ESB|GB}#{9}>",
    "national health number": "NHS <### ### ####>",
    "phone DE national": "<01{5|6|7}# ### ## ##>",
    "phone DE slash": "<0##/#{7}>",
    "phone FR pairs": "<06 ## ## ## ##>",
    "phone FR pairs with dots": "<06.##.##.##.##>",
    "phone ES threes": "<{6|7|9}## ### ###>",
    "phone ES mixed groups": "<{6|7}## ## ## ##>",
    "phone IN fives": "<{6|7|8|9}#### #####>",
    "phone JP hyphens": "<090-####-####>",
    "phone JP landline": "<(03)####-####>",
    "phone BR": "<(11) 9####-####>",
    "phone BR landline": "<{2|3|4}###-####>",
    "phone UK": "<07### ### ###>",
    "phone US dots": "<{2|3|4|5|6|7|8|9}##.###.####>",
    "phone with +": "<+{49|33|34|91|81|55|44} ### #### ###>",
    "phone extension": "ext. <####>",
    "phone seven digits": "<{2|3|4|5|6|7|8|9}##-####>",
    "phone spoken": "<{spoken phone}>",
    "street UK with number": "## <{Pemberley Road|Abercromby Avenue|Wexcombe Lane|Cholsey Close}>",
    "street of ordinary words": "<## {Orchard|Station|High|Garden|Bridge|Victory} {Road|Street|Avenue}>",
    "postcode UK": "<{SW|EC|N|LS|M|CB|W}{1|2|7|9} {1|4|8}{AB|DE|GH|JA}>",
    "postcode DE with town": "##### <{Bielefeld|Wuppertal|Heilbronn}>",
    "postcode BR": "CEP <#####-###>",
    "postcode JP": "〒<###-####>",
    "postcode NL": "<{1|2|8}### {BC|DG|FH|JB|GC}>",
    "street DE": "<{Lindenstraße|Goethestr|Kirchberg|Rosenweg}> ##",
    "street FR": "## rue <{Voltaire|Lafayette|Mouffetard}>",
    "address US": "<{1|7}### {Oak|Maple|Main|Park|Lake} {St|Ave|Drive|Blvd|Street}>",
    "geo coordinates": "4#.<#####>, 1#.<#####>",
    "geo coordinates short": "lat <5#.####> lon <1#.####>",
    "birth date labelled": "born <{11|27}.{03|12}.{19|20}0#>",
    "birth date ISO unlabelled": "<19{4|5|6|7|8|9}#-{01|11}-{02|28}>",
    "birth date in words": "<{4|19} {March|July|October} 19{4|5|6|7|8|9}#>",
    "birth date label German": "geb. <{4|19}.{7|11}.19{4|5|6|7|8|9}#>",
    "birth date American short": "DOB <{02|11}/{03|27}/{4|5|6|7|8|9}#>",
    "age and town": "aged ## from <{Wolfsburg|Saragossa|Nagpur|Sapporo|Curitiba}>",
    "e-mail plus": "<{login}+&{5}>@mail.example",
    "e-mail IDN": "{login}.<{login}>@bücher-handel.example",
    "e-mail ordinary words": "<{sunny|happy|blue|fast}.{garden|river|cloud|market}>@{post|mail|box}.example",
    "e-mail obfuscated": "<{given}> (at) <{surname}> (dot) com",
    "user name of words and digits": "user <{silver|green|lucky}_{tiger|river|wolf}##>",
    "initial and surname": "^. <{surname}>",
    "login of initial and surname": "<&{login}>",
    "JWT": "<eyJhbGciOiJIUzI1NiJ9.eyJzdWIi~{14}.~{43}>",
    "private key EC": "-----BEGIN EC PRIVATE KEY-----\n<~{64}>\n<~{40}>==\n-----END EC PRIVATE KEY-----",
    "private key body only": "<~{40}+~{23}>\n<~{50}/~{13}>",
    "AWS pair": "<AKIA!{16}> / <~{20}/~{10}+~{8}>",
    "Slack token": "<xoxb-#{12}-#{12}-~{24}>",
    "Slack webhook": "https://hooks.slack.com/services/T!{8}/B!{8}/<~{24}>",
    "GitHub token": "<ghp_~{36}>",
    "Stripe key": "<sk_live_~{24}>",
    "Stripe customer and charge": "cus_<~{14}> ch_<~{24}>",
    "Google key": "<AIza~{35}>",
    "Azure storage key": "AccountKey=<~{40}+~{45}>==",
    "connection string": "postgres://svc_app:<~{10}>@<{kundenportal|hdfcprod|itaucards}>-db.internal:5432/core",
    "JDBC with password": "jdbc:mysql://db.internal:3306/core?user=app&password=<~{9}>",
    "ODBC pwd": "Server=db;Database=core;Uid=app;Pwd=<&{7}>!##;",
    "basic auth URL": "https://ops:<{summer|tiger|winter|dragon}###>@grafana.internal/d/1",
    "password after label": "password <{Summer|Tiger|Winter}####>!",
    "password of letters after label": "pw: <&{8}>",
    "passphrase": "passphrase: <{phrase 4}>",
    "seed phrase": "seed phrase: <{phrase 12}>",
    "seed phrase without label": "<{phrase 12}>",
    "cookie": "Cookie: SESSIONID=<%{16}>; theme=dark",
    "session id short": "sid=<%{12}>",
    "session id in groups": "session <%%%%-%%%%-%%%%>",
    "one-time code": "OTP <### ###>",
    "one-time code German": "TAN <#{6}>",
    "recovery code": "<&#&&#-#&&#&>",
    "licence key": "<!{5}-!{5}-!{5}-!{5}>",
    "bitcoin legacy": "<1~{33}>",
    "bitcoin bech32": "<bc1q%{38}>",
    "ethereum": "<0x%{40}>",
    "bearer header": "Authorization: Bearer <~{32}>",
    "hex key 32": "<%{32}>",
    "password hash": "<$2b$12$~{53}>",
    "TOTP secret": "otpauth://totp/core?secret=<^{8}2^{7}>",
    "TOTP secret in fours": "<&&&2 &3&& &&&& 7&&&>",
    "MAC colons": "<%%:%%:%%:%%:%%:%%>",
    "MAC Cisco": "<%%%%.%%%%.%%%%>",
    "IPv4": "<1##.1##.1##.1##>",
    "IPv4 with port": "<1##.1#.2#.1##>:8###",
    "IPv6": "<2001:db8:%%%1:%%%2:%%%3:%%%4:%%%5:%%%6>",
    "IPv6 short": "<fe80::%%%1:%%%2>",
    "IMEI": "<35#{13}>",
    "IMEI in groups": "<35-######-######-#>",
    "device UUID": "<!%{7}-%%%%-%%%%-%%%%-%{12}>",
    "host with customer": "<{sparkassenverbund|banamexico|mizuhofg|bradescard|santanderuk}>-prod-01.internal",
    "bucket with customer": "s3://<{volkskasse|crediagricole|kotakmah|nubankbr}>-exports/2026/11/26/",
    "licence plate": "{B|M|HH|KA}-<^^ ####>",
    "customer id short": "customer <####>",
    "customer id mixed": "CUST-<####-###>",
    "merchant id long": "<#{15}>",
    "merchant id letter digit groups": "merchant M-<####-^##>",
    "order id": "order <###-#{7}-#{7}>",
    "order number short": "order {#}<####>",
    "ticket of customer": "case <#{6}>",
    "policy number with slashes": "policy <###/####/##>",
    "name full": "<{given}> <{surname}>",
    "name lower": "<{login}>",
    "name possessive": "<{surname}>'s card",
    "name inverted with title": "<{surname}>, Dr. <{given}>",
    "name two surnames": "<{given}> <{surname}> de la <{surname}>",
    "name transliterated": "Frau <{Huettenrauch|Schlueter|Guimaraes|Joao|Begona|Watanabe}>",
    "name hyphenated": "<{given}>-{given} <{surname}>-<{surname}>",
    "name Japanese": "<{高橋陽子|渡辺健一|清水さくら}>",
    "name Devanagari": "<{अर्जुन देशपांडे|मीनाक्षी चटर्जी}>",
    "name of ordinary words after title": "{Mr|Mrs|Ms|Dr|Herr|Frau|Mme|Mr.} <{Banks|Price|Power|Church|Silver|Winter}>",
    "name of ordinary words lower after title": "{mr|mrs|ms|dr} <{banks|price|church|silver|winter}>",
    "name given ordinary with surname ordinary": "<{Mark|Grace|Will|Rose|Hope} {Price|Banks|Power|Case|Fields}>",
    "name with initials": "^.^. <{surname}>",
    "company customer": "customer <{Brightwater Holdings|Schulze & Söhne|Empresas Ferreira|Kumar Textiles Pvt}>",
    "company of ordinary words with legal form": "<{Blue River|Green Valley|Golden Bridge}> {Ltd|GmbH|Inc|LLC}",
    "amount beside name": "<{surname}> paid €4##.##",
    "relation": "wife <{given}>, son <{given}>",
}
_WORDS = """
zebra lumber crouch velvet oyster glimpse tornado pelican rhythm saddle turtle walnut quantum orbit ostrich dolphin
"""


def half(what: str, name: str) -> str:
    """The part to which a kind (`k`) or a way of standing (`c`) belongs."""
    return ("seen", "unseen")[hashlib.sha256(f"{what}:{name}".encode()).digest()[-1] % 2]


def draw(template: str, drawn: random.Random) -> tuple[str, tuple[str, ...]]:
    """A value as it is written, and what of it must not be seen."""
    cores: list[str] = []

    def value(match: re.Match[str]) -> str:
        cores.append(_filled(match[1], drawn))
        return cores[-1]

    text, position = "", 0
    for match in _VALUE.finditer(template):
        text += _filled(template[position : match.start()], drawn) + value(match)
        position = match.end()
    return text + _filled(template[position:], drawn), tuple(cores)


def _filled(template: str, drawn: random.Random) -> str:
    return _SLOT.sub(lambda slot: _slot(slot, drawn), template)


def _slot(slot: re.Match[str], drawn: random.Random) -> str:
    if slot["letter"]:
        return "".join(drawn.choices(_LETTERS[slot["letter"]], k=int(slot["times"] or 1)))
    name = slot["choice"]
    made = next((make for start, make in _MAKERS.items() if name.startswith(start)), None)
    return made(name, drawn) if made else drawn.choice(name.split("|"))


def _card(name: str, drawn: random.Random) -> str:
    digits = "62" + _drawn(16, drawn) if name == "card19" else "4" + _drawn(14, drawn)
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    number = digits + str(-total % 10)
    gap = {"card": "", "card19": " "}.get(name, name.removeprefix("card"))
    return gap.join(number[at : at + 4] for at in range(0, len(number), 4))


def _iban(name: str, drawn: random.Random) -> str:
    country, body = name[5:7], _drawn(int(name[7:]), drawn)
    check = 98 - int("".join(str(int(one, 36)) for one in body + country.upper() + "00")) % 97
    number = f"{country}{check:02}{body}"
    return number if country.islower() else " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _spoken(name: str, drawn: random.Random) -> str:
    digits = _card("card", drawn) if name == "spoken card" else f"07{_drawn(9, drawn)}"
    return " ".join(_DIGITS[int(digit)] for digit in digits)


def _phrase(name: str, drawn: random.Random) -> str:
    return " ".join(drawn.sample(_WORDS.split(), int(name.removeprefix("phrase "))))


def _drawn(count: int, drawn: random.Random) -> str:
    return "".join(drawn.choices(string.digits, k=count))


#: What is made by more than a choice, by how its name begins.
_MAKERS: dict[str, Callable[[str, random.Random], str]] = {
    "card": _card,
    "iban": _iban,
    "spoken": _spoken,
    "phrase": _phrase,
    "given": lambda _, drawn: drawn.choice(_GIVEN.split()),
    "surname": lambda _, drawn: drawn.choice(_SURNAMES.split()),
    "login": lambda _, drawn: drawn.choice(_SURNAMES.split()).lower(),
}
