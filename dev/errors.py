"""What can go wrong with the embedded stack, told to the person at the terminal."""


class StackError(Exception):
    """Base: its text is what is printed; the command then ends with exit code 1."""


class StackRunning(StackError):
    """Another process runs the stack of this state directory."""


class StackNotRunning(StackError):
    """Something was asked of a stack that is not up."""


class PortUnavailable(StackError):
    """A port that was asked for is not a port, or is in use."""


class ComponentFailed(StackError):
    """A component ended, or was not ready in time; the text ends with the tail of its log."""


class NoSigningKey(StackError):
    """A token was asked for before the identity service ever ran."""
