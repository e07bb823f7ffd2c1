"""Compiled reads: who they answer, when they are made anew, when they leave the answer to graphql-core."""
