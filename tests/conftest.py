pytest_plugins = ["tests.support.postgres", "tests.support.temporal", "tests.support.fixtures"]
