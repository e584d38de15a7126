"""What all tests have in common."""

from hypothesis import HealthCheck, settings

# A machine that is busy with other work makes tests slow, and nothing else: time is no assertion.
settings.register_profile(
    "patient",
    settings.get_profile(settings.get_current_profile_name()),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")
