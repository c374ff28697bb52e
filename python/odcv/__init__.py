"""odcv for Python: publish a controller's actions to the monitor, hear its verdicts, and fail tests on violations.

    with odcv.Controller(config="monitor.yaml") as controller:
        controller.send(position=[0, -0.785, 0, -2.356, 0, 1.571, 0.785])

Controller, Robot and Perception publish; Listener hears; Control asks; Monitor runs the daemon; Lease is an arm driver's side.
The messages are in `odcv.v1`. The pytest fixture is `odcv_monitor`. All numbers are SI: m, rad, s, N, Nm.
"""
from .configuration import Configuration
from .control import Control
from .controller import Controller, Row
from .errors import ConfigurationError, Error, InvalidMessage, MonitorFailed, NotConnected
from .lease import Lease
from .listener import Listener, Message, words
from .monitor import Monitor
from .perception import BodyPart, Box, Perception, Sphere
from .robot import Robot

__all__ = [
    "BodyPart", "Box", "Configuration", "ConfigurationError", "Control", "Controller", "Error", "InvalidMessage", "Lease", "Listener",
    "Message", "Monitor", "MonitorFailed", "NotConnected", "Perception", "Robot", "Row", "Sphere", "words",
]
