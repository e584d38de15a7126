"""Stock Connexion with a constant handler, as it is documented: `stock_connexion.py PORT`."""

import sys
from pathlib import Path
from typing import Any

import connexion
import uvicorn


def links(id: str, body: dict[str, Any]) -> dict[str, Any]:
    """The same links for every request."""
    assert id
    link = {"actor": body["onlyForActors"][0], "link": "https://onboarding.example/res/3949"}
    return {"links": [link | {"expiresAfter": "2024-10-22T12:19:12.269594Z"}]}


if __name__ == "__main__":
    app = connexion.FlaskApp(__name__, specification_dir=Path(__file__).parent)
    app.add_api("links-3.0.yaml", resolver=lambda _: links)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
