"""Whether a description tells that what one client creates is kept from another."""

from openapi.description import Operation


def keeps_apart(operation: Operation) -> bool:
    """Whether it asks who is there, and refuses some of them or needs to know whose items they are.

    What it needs to know is a required parameter beside the path's, as `organization_id`.
    """
    refuses = any(one.status == "403" for one in operation.responses)
    parameters = operation.parameters
    asks = any(one.required and one.place in {"query", "header"} for one in parameters)
    return bool(operation.security) and (refuses or asks)
