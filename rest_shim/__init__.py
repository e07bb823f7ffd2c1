"""Old paths, spoken as stored GraphQL operations: a route is data, its answer is the operation's, its words are old."""

from rest_shim.application import RestEndpoints, rest_application
from rest_shim.describing import Description
from rest_shim.failures import refuse
from rest_shim.openapi import openapi_document
from rest_shim.operations import load_operations
from rest_shim.routes import RouteError, load_routes, route_table, routed_texts

__all__ = [
    "Description",
    "RestEndpoints",
    "RouteError",
    "load_operations",
    "load_routes",
    "openapi_document",
    "refuse",
    "rest_application",
    "route_table",
    "routed_texts",
]
