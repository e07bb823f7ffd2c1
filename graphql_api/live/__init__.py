"""Answers that come one after the other, for as long as somebody listens: subscriptions over WebSocket and SSE."""
