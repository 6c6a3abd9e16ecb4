"""Units of time and of other measures, and the zones of clocks, by how they are written."""

#: Seconds by the name of a unit of time.
SECONDS = {
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("week", "weeks"), 604800.0),
    **dict.fromkeys(("month", "months"), 2629800.0),
    **dict.fromkeys(("year", "years"), 31557600.0),
}
#: Units of other numbers, in one spelling.
UNITS_OF = {
    **dict.fromkeys(("%", "percent", "pct", "percentage"), "%"),
    **dict.fromkeys(("x", "times", "fold"), "times"),
    **dict.fromkeys(("$", "usd", "dollar", "dollars"), "usd"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "eur"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds"), "gbp"),
    **dict.fromkeys(("dkk", "kr"), "dkk"),
    **{f"{prefix}b": f"{prefix}b" for prefix in "kmgtp"},
    **{f"{prefix}ib": f"{prefix}ib" for prefix in "kmgt"},
    **dict.fromkeys(("gigabyte", "gigabytes"), "gb"),
    **dict.fromkeys(("megabyte", "megabytes"), "mb"),
    **dict.fromkeys(("terabyte", "terabytes"), "tb"),
    **{
        one: one for one in ("g", "k", "bps", "kbps", "mbps", "gbps", "rps", "qps", "tps", "hz", "ghz", "byte", "bytes")
    },
}
#: Minutes from UTC by the name of a zone.
OFFSETS = {
    **dict.fromkeys(("utc", "gmt", "z", "wet"), 0),
    **dict.fromkeys(("cet", "bst", "west", "mez"), 60),
    **dict.fromkeys(("cest", "eet", "sast", "mesz"), 120),
    **dict.fromkeys(("eest", "msk"), 180),
    "edt": -240,
    "est": -300,
    "cdt": -300,
    "cst": -360,
    "mdt": -360,
    "mst": -420,
    "pdt": -420,
    "pst": -480,
    "akst": -540,
    "hst": -600,
    "ist": 330,
    "sgt": 480,
    "hkt": 480,
    "jst": 540,
    "kst": 540,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
    "brt": -180,
    "pkt": 300,
}
