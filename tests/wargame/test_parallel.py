"""The record of a class: which games belong together, and what is refused as none of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.folder import LOG_NAME, open_game
from papertiger.wargame.parallel import FILE, FOLDER, MAX_GROUPS, ParallelError, ParallelGames
from papertiger.wargame.server.serve import StartError, open_games
from tests.wargame.games import small


def opened(folder: Path, groups: int = 0) -> ParallelGames:
    return ParallelGames(folder, small, LocalEngine(), groups=groups)


def test_all_groups_share_world_and_luck_and_each_has_a_log_of_its_own(tmp_path: Path) -> None:
    games = opened(tmp_path, 3)
    assert len({group.session.store.path for group in games.groups}) == 3
    assert len({group.session.replay().digest for group in games.groups}) == 1
    assert len({group.session.game.created.seed for group in games.groups}) == 1
    games.form("Reds")
    games.close()
    again = opened(tmp_path)
    assert [(one.name, one.formed) for one in again.groups] == [("Reds", True), ("", False), ("", False)]
    again.close()


def test_what_a_kill_left_unmade_is_made_as_a_copy(tmp_path: Path) -> None:
    opened(tmp_path, 2).close()
    shutil.rmtree(tmp_path / FOLDER / "02")
    again = ParallelGames(tmp_path, lambda: small(3), LocalEngine())  # the scenario's file changed meanwhile
    assert len({group.session.replay().digest for group in again.groups}) == 1
    again.close()


def test_another_number_of_groups_than_the_class_has_is_refused(tmp_path: Path) -> None:
    opened(tmp_path, 2).close()
    with pytest.raises(ParallelError, match="begun with 2 groups"):
        opened(tmp_path, 3)
    opened(tmp_path, 2).close()


def test_a_game_of_other_luck_is_no_part_of_a_class(tmp_path: Path) -> None:
    opened(tmp_path, 2).close()
    shutil.rmtree(tmp_path / FOLDER / "02")
    open_game(tmp_path / FOLDER / "02", small, LocalEngine(), seed=1).close()
    with pytest.raises(ParallelError, match="02: this game is no copy"):
        opened(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2, "seed": 1, "groups": [{}]}', '{"format": 1, "seed": 1}'])
def test_a_record_that_is_none_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ParallelError, match=FILE):
        opened(tmp_path)


def test_a_single_game_is_not_made_a_class(tmp_path: Path) -> None:
    open_game(tmp_path, small, LocalEngine()).close()
    with pytest.raises(StartError, match=r"single game; .* --new"):
        open_games(tmp_path, small, LocalEngine(), groups=2)
    assert (tmp_path / LOG_NAME).is_file()
    assert not (tmp_path / FILE).exists()


def test_more_groups_come_and_go_before_play_and_none_after_a_turn(tmp_path: Path) -> None:
    games = opened(tmp_path, 1)
    assert [group.number for group in games.resize(3)] == [2, 3]
    games.resize(1)
    games.resize(2)
    for wrong in (0, MAX_GROUPS + 1):
        with pytest.raises(ValueError, match=str(wrong)):
            games.resize(wrong)
    games.groups[1].session.resolve(1)
    with pytest.raises(ValueError, match="3"):
        games.resize(3)
    games.close()
