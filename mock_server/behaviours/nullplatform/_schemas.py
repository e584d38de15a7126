"""What the schemas inside action specifications say about parameters and results."""

from typing import Any

from mock_server.refusals import BadRequest
from mock_server.validators import faults, validator


def checked(specification: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The parameters as the action gets them: defaults applied, unknown keys dropped.

    Raises BadRequest with a fault for each place that breaks the schema.
    """
    schema = specification["parameters"]["schema"]
    parameters: dict[str, Any] = _shaped(schema, given)
    if found := faults(validator(schema), parameters, "body", "/parameters"):
        raise BadRequest("The parameters do not fit the action specification.", faults=found)
    return parameters


def samples(specification: dict[str, Any]) -> dict[str, Any]:
    """Results that an action might bring: for each property its default, else its example."""
    return {
        name: schema["default"] if "default" in schema else schema["examples"][0]
        for name, schema in _results(specification).items()
        if "default" in schema or schema.get("examples")
    }


def exported(specification: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
    """The link's attributes that the results set: those whose schema names a `target`."""
    return {
        schema["target"]: results[name]
        for name, schema in _results(specification).items()
        if "target" in schema and name in results
    }


def _results(specification: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = specification["results"]["schema"].get("properties", {})
    return properties


def _shaped(schema: Any, value: Any) -> Any:
    if not isinstance(schema, dict):
        return value
    if isinstance(value, list):
        return [_shaped(schema.get("items"), item) for item in value]
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    shaped = {}
    for name, property_schema in schema["properties"].items():
        if name in value:
            shaped[name] = _shaped(property_schema, value[name])
        elif isinstance(property_schema, dict) and "default" in property_schema:
            shaped[name] = _shaped(property_schema, property_schema["default"])
    return shaped
