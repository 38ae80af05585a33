from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

HERE = Path(__file__).parent


# Before pytest's own selection: with `-m slow` every drawn law runs again, over more examples.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if config.getoption("markexpr") == "slow":
        for item in items:
            if HERE in item.path.parents and is_hypothesis_test(item.obj):
                item.add_marker(pytest.mark.slow)
