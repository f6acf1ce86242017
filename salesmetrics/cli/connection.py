"""The way from the kernel to the browser, without a wait on it; JupyterLab is told of it by ``salesmetrics lab``."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection, which sends each message at once.

    A slider's step comes as a few small messages. Unless told otherwise the second waits until the browser has
    confirmed the first, which it is in no hurry to do: some 40 ms at every step, where the picture itself takes 4
    (tornado describes it at ``WebSocketHandler.set_nodelay``).
    """

    def connect(self) -> Any:
        """Connect browser and kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
