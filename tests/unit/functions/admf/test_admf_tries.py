"""The memory of what was in vain."""

from __future__ import annotations

from datetime import timedelta

from admf_scene import NOW

from custodes.functions.admf.tries import Key, asked, count, failed

KEY = Key("mdf2", "ModifyTask", "x")
LATER = NOW + timedelta(seconds=7)


def test_failures_add_up_from_the_first_try() -> None:
    tries = failed({}, [KEY], NOW, "no", 2, refused=True)
    tries = failed(tries, [KEY], LATER, "silence", 4, refused=False)
    tried = tries[KEY]
    assert (tried.since, tried.refused, tried.lost, tried.why) == (NOW, 1, 1, "silence")
    assert not tried.due(LATER + timedelta(seconds=3))
    assert tried.due(LATER + timedelta(seconds=4))
    assert count(tries, [KEY]) == 2
    assert count(tries, []) == 0


def test_an_acknowledgement_is_no_failure_and_no_success() -> None:
    tries = asked({}, [KEY], NOW)
    assert count(tries, [KEY]) == 0
    assert tries[KEY].due(NOW)
    assert asked(tries, [KEY], LATER)[KEY].since == NOW
