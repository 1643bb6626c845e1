"""Chat models and embedders behind ports: OpenAI, and an offline stand-in that needs no key."""

from coachwork.chassis.models.port import (
    Answer,
    ChatModel,
    ChatRequest,
    Embedder,
    Heard,
    Message,
    Passage,
    ToolCall,
    ToolChoice,
    ToolSpec,
    Usage,
)

__all__ = [
    "Answer",
    "ChatModel",
    "ChatRequest",
    "Embedder",
    "Heard",
    "Message",
    "Passage",
    "ToolCall",
    "ToolChoice",
    "ToolSpec",
    "Usage",
]
