"""One spelling for each mail address, and no look-alikes."""

import pytest

from resolvers.mail_addresses import domain_of, normalised
from resolvers.refusals import InvalidInput


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ana@School.example", "ana@school.example"),
        ("  ana+tools@a.b-c.example ", "ana+tools@a.b-c.example"),
        ("o'neill.x@xn--bcher-kva.example", "o'neill.x@xn--bcher-kva.example"),
        ("a" * 64 + "@b.example", "a" * 64 + "@b.example"),
    ],
)
def test_an_address_has_one_spelling(given: str, kept: str) -> None:
    """Lower case, no spaces around it; written again it stays as it is."""
    assert normalised(given) == kept
    assert normalised(kept) == kept
    assert domain_of(kept) == kept.split("@")[1]


@pytest.mark.parametrize(
    "given",
    [
        "\N{KELVIN SIGN}ate@school.example",  # lower() makes a k of it
        "\N{CYRILLIC SMALL LETTER A}na@school.example",
        "ana@sch\N{FULLWIDTH LATIN SMALL LETTER O}ol.example",
        "ana@school\N{IDEOGRAPHIC FULL STOP}example",
        "ana\N{ZERO WIDTH SPACE}@school.example",
        "ana@school.example\N{NO-BREAK SPACE}",
        "\udcff@school.example",
    ],
)
def test_a_look_alike_is_refused(given: str) -> None:
    """Whatever Unicode would make of it; the sentence says what to send instead."""
    with pytest.raises(InvalidInput, match="Send the address as ASCII") as refused:
        normalised(given)
    assert refused.value.problems[0].path == "email"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ana",
        "@school.example",
        "ana@",
        "ana@school",
        "a b@school.example",
        "ana@@school.example",
        "ana@.example",
        "ana@school.example\n",
        "ana\x00@school.example",
        "ana@school..example",
        ".ana@school.example",
        "ana@-school.example",
        "a" * 65 + "@b.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "b.c" * 90 + ".example",
        "ana@evil.example,ana@school.example",
        "<ana@school.example>",
        "ana@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    """Nothing that a mail server could read as two addresses, or as none."""
    with pytest.raises(InvalidInput, match="is no mail address"):
        normalised(given)
