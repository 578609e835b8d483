"""Serve the gateway's API: `python -m services.gateway`."""

from services.gateway.app import Gateway
from shared.runtime.serving import serve
from shared.runtime.settings import GatewaySettings, settings_or_exit


def main() -> None:
    """Serve until told to stop."""
    settings = settings_or_exit(GatewaySettings)
    serve("gateway", settings, Gateway(settings).app())


if __name__ == "__main__":
    main()
