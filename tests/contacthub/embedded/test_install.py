from contacthub.embedded import install, paths


def test_styles_are_not_built_from_what_the_build_itself_makes():
    hidden = {".build", ".venv", "node_modules"}

    assert not [path for path in install.sources_of_look() if hidden & set(path.relative_to(paths.ROOT).parts)]


def test_step_that_was_killed_half_way_is_done_again(tmp_path):
    stamp = install.Stamp(tmp_path / "folder" / ".stamp", "inputs")

    stamp.put()
    stamp.remove()

    assert not stamp.holds()


def test_step_is_left_out_only_while_its_inputs_are_the_same(tmp_path):
    install.Stamp(tmp_path / ".stamp", "inputs").put()

    assert install.Stamp(tmp_path / ".stamp", "inputs").holds()
    assert not install.Stamp(tmp_path / ".stamp", "other inputs").holds()
