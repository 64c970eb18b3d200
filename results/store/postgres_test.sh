#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the tests of the store again, with PostgreSQL behind it: a line in CMakeLists.txt starts a server by ci/postgres,
# which puts its URL into SLABMARK_TEST_POSTGRES. Arguments: the test programs.
[ -n "${SLABMARK_TEST_POSTGRES-}" ] || { echo 'skipped: SLABMARK_TEST_POSTGRES is not set' && exit 77; }
status=0
for program; do
	"$program" || status=1
done
exit "$status"
