"""Where a server's time goes: the stack sampled by a timer of CPU time, inside the server, under the bench's load."""
