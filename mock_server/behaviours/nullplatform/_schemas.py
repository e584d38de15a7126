"""What the schemas inside action specifications say about parameters and results."""

from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from mock_server.refusals import BadRequest, Fault


def checked(specification: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The parameters as the action gets them: defaults applied, unknown keys dropped.

    Raises BadRequest with a fault for each place that breaks the schema.
    """
    schema = specification["parameters"]["schema"]
    parameters: dict[str, Any] = _shaped(schema, given)
    validator = Draft202012Validator(schema, validate_formats=True, offline=True, mask="The value")
    if faults := [_fault(error) for error in validator.iter_errors(parameters)]:
        raise BadRequest("The parameters do not fit the action specification.", faults=faults)
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


def _fault(error: ValidationError) -> Fault:
    kind, value = error.kind, error.instance
    path = ["parameters", *map(str, error.instance_path)]
    if isinstance(kind, ValidationErrorKind.Required):
        path.append(kind.property)
        value = None
    elif isinstance(kind, ValidationErrorKind.AdditionalProperties):
        path.append(kind.unexpected[0])
    pointer = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)
    return Fault("body", pointer, kind.name, error.message, value, kind.value)
