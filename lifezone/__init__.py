"""lifezone: who can reach the services of daily life within the national minimum standard, and what would change it."""

__version__ = "0.1.0"
