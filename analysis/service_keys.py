"""How the keys of services look that mark them with a beginning of their own."""

import re

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_TEXT, _HEX = r"[\w-]", r"[0-9a-f]"

#: What services begin their keys with, in small letters; what follows is made of, and how much of it there is at least.
_SERVICES: tuple[tuple[tuple[str, ...], str, int], ...] = (
    (("gldt-", "glrt-", "glft-", "glsoat-", "glcbt-", "glptt-", "glagent-", "glimt-"), _TEXT, 20),  # GitLab
    (("dckr_pat_", "dckr_oat_", "rubygems_", "ccipat_", "bkua_", "squ_", "sqp_", "sqa_"), _TEXT, 20),  # builds
    (("hf_", "gsk_", "xai-", "r8_", "nvapi-", "dapi"), r"[A-Za-z0-9]", 30),  # models, Databricks
    (("shpat_", "shpca_", "shppa_", "shpss_"), _HEX, 32),  # Shopify
    (("sq0atp-", "sq0csp-", "sk_sbox_", "rzp_live_", "rzp_test_", "flwseck-", "flwseck_test-"), _TEXT, 14),  # payments
    (("sk_", "live_", "oa_prod_", "klarna_live_api_"), r"[A-Za-z0-9]", 26),  # Checkout.com, Mollie, Revolut, Klarna
    (("eaaa", "ezak", "eztk", "akcp"), r"[\w-]", 50),  # Square, EasyPost, Artifactory
    (("access_token$production$", "access_token$sandbox$"), r"[\w$]", 32),  # Braintree, PayPal
    (("aqe",), r"[A-Za-z0-9+/=_-]", 60),  # Adyen
    (("glsa_", "glc_", "nrak-", "sntrys_", "sntryu_", "xwfp-"), r"[\w+/=-]", 20),  # observability, Slack
    (("atatt3", "atctt3", "lin_api_", "ntn_", "figd_", "sbp_", "pul-"), r"[\w=-]", 30),  # tools
    (("pmak-", "xkeysib-"), r"[0-9a-f-]", 40),  # Postman, Brevo
    (("pscale_tkn_", "pscale_pw_", "pscale_oauth_", "hvb.", "hvr.", "doo_v1_", "dor_v1_"), _TEXT, 32),
    (("dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "tskey-auth-", "tskey-api-", "tskey-client-", "ops_eyj"), r"[\w.-]", 20),
    (("age-secret-key-1",), r"[A-Za-z0-9]", 50),
    (("access-production-", "access-sandbox-", "access-development-", "sdk-"), UUID, 1),  # Plaid, LaunchDarkly
)
#: A key of a service; whether it looks drawn is for whoever asks to see.
SERVICE_KEY = re.compile(
    "|".join(
        rf"(?<![A-Za-z0-9])(?i:{'|'.join(map(re.escape, names))})(?:{body}){{{least},}}"
        for names, body, least in _SERVICES
    )
)
#: Every match has one of these in it, in small letters.
SIGNS = "|".join(re.escape(name) for names, _, _ in _SERVICES for name in names)
