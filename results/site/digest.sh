#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a file's SHA-256 as a Content-Security-Policy names it, in base 64 and without a newline, into
# FILE.digest: `digest.sh FILE`.
set -eu
sha256sum <"$1" | cut -c 1-64 | tr a-f A-F | basenc --base16 --decode | basenc --base64 | tr -d '\n' >"$1.digest"
