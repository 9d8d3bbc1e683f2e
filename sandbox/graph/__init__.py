"""A stand-in for Microsoft Graph v1.0 over HTTP: it enforces what the real one enforces."""

from sandbox.graph.behaviour import Behaviour
from sandbox.graph.faults import throttled, unavailable
from sandbox.graph.service import Graph

__all__ = ["Behaviour", "Graph", "throttled", "unavailable"]
