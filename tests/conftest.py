"""Two ways to run the laws: few examples, always the same; or, slow, thousands of new ones."""

from hypothesis import HealthCheck, settings

# INVARIANT: nothing is stored between runs, so that the fast set says the same on every machine.
settings.register_profile(
    "fast",
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "slow", settings.get_profile("fast"), max_examples=5_000, derandomize=False, print_blob=True
)


def pytest_configure(config):
    settings.load_profile("slow" if config.getoption("markexpr") == "slow" else "fast")
