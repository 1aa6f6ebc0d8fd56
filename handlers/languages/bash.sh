#!/bin/bash
# The bytes of the event: {"language": "bash", "bytes": 17}
printf '{"language": "bash", "bytes": %d}\n' "$(wc -c)"
