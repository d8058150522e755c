"""Which strings a pattern needs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleantext.rules.literals import required


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        (r"read more", {"read more"}),
        (r"^(?:read|see) more\b", {"\nread more\b", "\nsee more\b"}),
        (r"^\W*share this", {"\nshare this"}),
        (r"(?:in|to) (?:our|the) newsletters?", {
            "in our newsletter", "in the newsletter", "to our newsletter", "to the newsletter",
            "in our newsletters", "in the newsletters", "to our newsletters", "to the newsletters",
        }),
        (r"\bads?\b.{0,60}\bunsubscribe\b", {"\bunsubscribe\b"}),
        (r"\d+ comments\W*$", {"comments\n"}),
        (r"(?:one|\d+)", set()),
        (r"\d{1,3}", set()),
        (r"colou?r it", {"color it", "colour it"}),
        (r"(?:a|b)*zebra", {"zebra"}),
        (r"[", set()),
    ],
)  # fmt: skip
def test_the_strings(pattern: str, strings: set[str]) -> None:
    assert set(required(pattern, whole_line=True)) == strings


def test_a_sentence_has_no_line_ends() -> None:
    assert required("^read more$", whole_line=False) == ("read more",)


def test_a_string_as_long_as_may_be_still_ends_its_line() -> None:
    words = "one two three four five six seven eight nine"
    for size in range(30, 44):
        pattern = rf"^\W*{words[:size].strip()}\W*$|^\W*ten eleven\W*$"
        found = required(pattern, True)
        assert found
        assert not any("\0" in string for string in found)


def test_common_strings_are_avoided() -> None:
    chance = {"our": 0.5, "journalism": 1e-6}
    found = required(r"\bour\b.*\bjournalism\b", True, lambda string: chance.get(string, 1e-3))
    assert found == ("\bjournalism\b",)


def test_anchors_are_a_choice_too() -> None:
    assert required(r"\d+ ?%", True, anchors=["\bpercent\b"]) == ("\bpercent\b",)


PARTS = st.sampled_from(
    ["a", "zebra", "(?:x|yy)", "q?", r"\d", "[bc]", "(?:hello|hi) there", r"\b", "z+", r".{0,3}"]
)


@given(st.lists(PARTS, min_size=1, max_size=6), st.text("abcxyz qhelotr0", max_size=30))
def test_no_match_without_one_of_them(parts: list[str], text: str) -> None:
    pattern = "".join(parts)
    strings = required(pattern, whole_line=False)
    if strings and re.search(pattern, text):
        assert any(string.replace("\b", "") in text for string in strings)
