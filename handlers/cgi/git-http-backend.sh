#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A read-only clone server: `git clone https://FUNCTION-URL/NAME.git` for the repositories in GIT_PROJECT_ROOT
# (default: the folder `repositories` of the package). See shellstrap.json beside it.
# needs: git
set -eu

export GIT_PROJECT_ROOT="${GIT_PROJECT_ROOT:-$PWD/repositories}"
export GIT_HTTP_EXPORT_ALL=1

# In the environment, because the package is read-only and HOME may hold anything. No push, whoever signed in; and
# the files belong to whoever packed them, not to the user that runs this.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_CONFIG_COUNT=2
export GIT_CONFIG_KEY_0=http.receivepack GIT_CONFIG_VALUE_0=false
export GIT_CONFIG_KEY_1=safe.directory GIT_CONFIG_VALUE_1='*'

exec git http-backend
