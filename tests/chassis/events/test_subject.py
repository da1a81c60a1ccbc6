from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.events.subject import (
    EVERY_SUBJECT,
    common_filter,
    covers,
    filter_of_service,
    filter_under,
    parse,
    subject_of,
    tenant_of,
)

region_codes = st.sampled_from([4, 6, 9, 12, 15, 18, 20]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length)
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
patterns = st.lists(st.sampled_from(["linli", "3703", "*", "org", "a"]), min_size=1, max_size=5).flatmap(
    lambda tokens: st.sampled_from([".".join(tokens), ".".join([*tokens, ">"])])
)
subjects = st.lists(st.sampled_from(["linli", "3703", "org", "a", "b"]), min_size=1, max_size=6).map(".".join)


@pytest.mark.parametrize(
    ("region_code", "subject", "feed"),
    [
        ("3703", "linli.3703._._._.org.region.renamed", "3703"),
        ("370321", "linli.3703.21._._.org.region.renamed", "370321"),
        ("370321002", "linli.3703.21.002._.org.region.renamed", "370321"),
        ("370321002001", "linli.3703.21.002.001.org.region.renamed", "370321"),
        ("370321002001004", "linli.3703.21.002.001.org.region.renamed", "370321"),
        ("37032100200100401203", "linli.3703.21.002.001.org.region.renamed", "370321"),
    ],
)
def test_a_subject_says_where_and_what(region_code: str, subject: str, feed: str) -> None:
    assert subject_of(region_code, "org", "region", "renamed") == subject
    assert tenant_of(region_code) == feed


@given(region_codes, names, names, names)
def test_a_subject_is_read_back(region_code: str, service: str, entity: str, fact: str) -> None:
    subject = subject_of(region_code, service, entity, fact)
    assert parse(subject) == (region_code[:12], service, entity, fact)
    assert covers(EVERY_SUBJECT, subject)
    assert covers(filter_of_service(service), subject)


@given(region_codes, region_codes)
def test_a_regions_filter_matches_what_is_in_it_and_nothing_else(region_code: str, other: str) -> None:
    subject = subject_of(other, "org", "region", "renamed")
    assert covers(filter_under(region_code), subject) == other[:12].startswith(region_code[:12])


@pytest.mark.parametrize("region_code", ["", "37", "37032", "37032a", "3703210", "３７０３", "370321002001004012031"])
def test_what_is_no_region_code_has_no_subject(region_code: str) -> None:
    with pytest.raises(ValueError, match="no region code"):
        subject_of(region_code, "org", "region", "renamed")


@pytest.mark.parametrize("name", ["", "Region", "re.gion", "*", ">", "re gion", "1", "_"])
def test_a_name_is_one_token(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        subject_of("3703", "org", name, "renamed")


@pytest.mark.parametrize(
    "subject",
    [
        "linli.3703._._._.org.region",
        "linli.3703._.002._.org.region.renamed",
        "other.3703._._._.org.region.renamed",
        "linli.37.03._._.org.region.renamed",
        "linli._._._._.org.region.renamed",
        "linli.3703._._._.org.region.>",
    ],
)
def test_what_is_no_subject_of_an_event_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="is"):
        parse(subject)


@given(st.lists(patterns, min_size=1, max_size=3), subjects)
def test_the_common_filter_matches_whatever_one_of_the_filters_matches(filters: list[str], subject: str) -> None:
    if any(covers(pattern, subject) for pattern in filters):
        assert covers(common_filter(tuple(filters)), subject)


def test_the_common_filter_is_narrow() -> None:
    assert common_filter(("linli.*.*.*.*.org.>",)) == "linli.*.*.*.*.org.>"
    assert common_filter(("linli.*.*.*.*.org.region.>", "linli.*.*.*.*.org.duty.>")) == "linli.*.*.*.*.org.*.>"
    assert common_filter(("linli.3703.>", "linli.*.*.*.*.org.>")) == "linli.*.>"
