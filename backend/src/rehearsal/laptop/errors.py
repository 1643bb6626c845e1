"""What ends `make run` early, each with one line for the user.

LaptopError
├── AlreadyRunning   another run keeps its state in the same folder
├── NotRunning       no run keeps its state there
├── StateUnusable    the state's folder cannot be written to, or its disk is full
├── PortTaken        the port asked for by name is taken, or is none
└── PartFailed       a part did not start, or ended
"""


class LaptopError(Exception):
    """Something the user can act on; the message says what."""


class AlreadyRunning(LaptopError):
    """Two runs on one state would corrupt it."""


class NotRunning(LaptopError):
    """There is nothing to talk to."""


class StateUnusable(LaptopError):
    """Nothing can be kept where the state belongs."""


class PortTaken(LaptopError):
    """The port cannot be served on."""


class PartFailed(LaptopError):
    """A part did not start, or ended; the message has the end of its log."""
