"""The differential test: random requests over random rows come to the same answer on both ways of execution."""
