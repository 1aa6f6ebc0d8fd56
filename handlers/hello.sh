#!/bin/sh
# Greets the "name" of the event: {"name": "Ada"} -> {"message": "Hello, Ada!"}
# The event is standard input, the answer is standard output, and the log is standard error.
set -eu

# A JSON string's inside, escapes and all, so that it can stand in a JSON string again.
name=$(sed -nE 's/.*"name"[[:space:]]*:[[:space:]]*"(([^"\\]|\\.)*)".*/\1/p')

echo "greeting ${name:-nobody} for request ${AWS_LAMBDA_REQUEST_ID:-without id}" >&2
printf '{"message": "Hello, %s!"}\n' "${name:-world}"
