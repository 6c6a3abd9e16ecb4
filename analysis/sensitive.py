"""What masking looks for: the kinds of value that must not reach the record, and where one was seen."""

from dataclasses import dataclass
from enum import StrEnum


class MaskKind(StrEnum):
    """What a masked value was. Of two findings that overlap, the kind that stands earlier here wins."""

    #: A private key block, such as PEM, OpenSSH or PGP.
    PRIVATE_KEY = "private_key"
    #: An AWS access key id.
    AWS_ACCESS_KEY = "aws_access_key"
    #: A Slack token or the secret path of a Slack webhook.
    SLACK_TOKEN = "slack_token"
    #: A GitHub token.
    GITHUB_TOKEN = "github_token"
    #: A Stripe secret or restricted key, or a webhook signing secret.
    STRIPE_KEY = "stripe_key"
    #: A key of another service that is recognised by its prefix.
    API_KEY = "api_key"
    #: A JSON web token.
    JWT = "jwt"
    #: The value of an Authorization header.
    AUTHORIZATION = "authorization"
    #: The password in a URL.
    URL_PASSWORD = "url_password"
    #: A value assigned to a name such as password, token or api_key.
    ASSIGNED_SECRET = "assigned_secret"
    #: An international bank account number.
    IBAN = "iban"
    #: A card verification value that stands beside its label.
    CVV = "cvv"
    #: A payment card number.
    CARD = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sensitive value at `start:end` of a text, and the token that takes its place."""

    start: int
    end: int
    kind: MaskKind
    token: str
