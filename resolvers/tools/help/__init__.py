"""Help with a tool: who may ask how often, what the assistant is told, what is answered when it is not there."""
