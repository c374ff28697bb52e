"""The faults by name, in the order of the table."""
import cases_monitor
import cases_peers
import cases_inputs
from rows import FAULTS

__all__ = ["FAULTS", "cases_monitor", "cases_peers", "cases_inputs"]
