"""Settings are found, read, checked, and become a cleaner."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleantext import settings
from cleantext.settings import Settings, SettingsError

PAGE = "The ferry sank at dawn, the harbour master said.\nAdvertisement\nShare this article\n"
RULES = """
name = "ours"
lang = "en"
[[rule]]
id = "en.site_promo.tip-line"
category = "site_promo"
weight = 8
match = "whole"
phrases = ["Got a tip? Write to the night desk"]
reason = "asks for tips"
examples = ["Got a tip? Write to the night desk!"]
counter_examples = ["He got a tip from the night desk."]
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_reaches_the_cleaner(tmp_path: Path) -> None:
    write(tmp_path / "ours.toml", RULES)
    path = write(
        tmp_path / "cleantext.toml",
        'level = "balanced"\nrulesets = ["default", "ours.toml"]\n'
        'disable = ["en.ad_label.label"]\nkeep = ["social_share"]\n',
    )
    cleaner = settings.load(path).cleaner()
    assert cleaner.level == "balanced"
    text = PAGE + "Got a tip? Write to the night desk!\n"
    assert "tip" not in cleaner.clean(text)
    assert "Share this article" in cleaner.clean(text)
    assert not any(
        item.rule == "en.ad_label.label"
        for block in cleaner.analyze(text).blocks
        for item in block.evidence
    )


def test_the_nearest_file_is_found(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    write(tmp_path / "pyproject.toml", '[tool.cleantext]\nlevel = "thorough"\n')
    write(tmp_path / "a" / "pyproject.toml", "[project]\nname = 'x'\n")
    assert settings.find(deep) == tmp_path / "pyproject.toml"
    assert settings.load(tmp_path / "pyproject.toml").level == "thorough"
    near = write(tmp_path / "a" / "cleantext.toml", "")
    assert settings.find(deep) == near
    assert settings.load(near) == Settings(origin=str(near))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("level = ", "not TOML"),
        ('level = "brutal"', "key 'level' must be one of safe, balanced, thorough, not 'brutal'"),
        ('levl = "safe"', "unknown key 'levl'; did you mean 'level'?"),
        ('keep = "caption"', "key 'keep' must be a list of strings"),
        ("disable = [3]", "key 'disable' must be a list of strings"),
        ('keep = ["captoin"]', "unknown category to keep: 'captoin'"),
        ('disable = ["en.nothing.here"]', "unknown rule to disable: 'en.nothing.here'"),
        ('rulesets = ["nowhere.toml"]', "cannot be read"),
        ('rulesets = ["klingon"]', "no rule set 'klingon'"),
    ],
)
def test_faults_name_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    path = write(tmp_path / "cleantext.toml", text)
    with pytest.raises(SettingsError) as caught:
        settings.load(path).cleaner()
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)


def test_other_faults(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        settings.load(tmp_path / "no.toml")
    project = write(tmp_path / "pyproject.toml", "[tool]\ncleantext = 3\n")
    with pytest.raises(SettingsError, match=r"\[tool.cleantext\] must be a table"):
        settings.load(project)
    write(project, "[project]\n")
    with pytest.raises(SettingsError, match=r"has no table \[tool.cleantext\]"):
        settings.load(project)
    project.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="not UTF-8 at byte 0"):
        settings.load(project)
