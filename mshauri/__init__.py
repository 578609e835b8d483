"""The command line of Mshauri, and the stack it starts on one machine."""

__version__ = "0.1.0"
