"""What goes wrong, in words that say where and what to do."""


class Error(Exception):
    """Anything that this package raises by itself."""


class ConfigurationError(Error, ValueError):
    """A file or an argument that says what can't be."""


class InvalidMessage(Error, ValueError):
    """Numbers or names that the monitor would refuse. Nothing was sent, and no sequence number was used."""


class NotConnected(Error, ConnectionError):
    """The monitor is not there, or takes nothing. Nothing was sent."""


class MonitorFailed(Error, RuntimeError):
    """The monitor did not start, died, did not answer or refused a request."""
