#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The templates call commands of ci/ that there are, with options that these take, and are well-formed as far as this machine can tell.
set -euo pipefail
ci=$(cd "$(dirname "$0")" && pwd)
tree=$(dirname "$ci")
failed=0

complain() {
	printf '%s\n' "$*" >&2
	failed=1
}

# Each call of a command of ci/, its options held against the command's help.
calls=0
while IFS=: read -r file call; do
	calls=$((calls + 1))
	read -r -a words <<<"$call"
	command=$tree/ci/${words[0]##*ci/}
	[[ -x $command ]] || complain "$file: there is no $command"
	help=$("$command" --help)
	for word in "${words[@]:1}"; do
		[[ $word == --* ]] || continue
		grep -q -e "${word%%=*}" <<<"$help" || complain "$file: ${words[0]} takes no ${word%%=*}"
	done
done < <(cd "$tree" && grep -oE '(^|[ /])ci/(nightly|pull-request|test|bench)( +--[a-z-]+(=[^ ]*)?)*' ci/templates/* .github/workflows/* | sed 's/: *\/*/:/')
((calls >= 8)) || complain "only $calls calls were found"

plans=" $(cd "$ci/plans" && printf '%s ' *.plan) "
for plan in $(cd "$tree" && grep -ohE -e '--plan=[a-z]+' ci/templates/* .github/workflows/* | sed 's/.*=//' | sort -u); do
	[[ $plans == *" $plan.plan "* ]] || complain "no plan is called '$plan'"
done

if python3 -c 'import yaml' 2>/dev/null; then
	for file in "$ci"/templates/*.yml "$tree"/.github/workflows/*.yml; do
		python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$file" || complain "$file is no YAML"
	done
fi
if command -v systemd-analyze >/dev/null; then
	# The program and the user are the reader's to make: what is said of them is left out.
	said=$(systemd-analyze verify "$ci"/templates/slabmark-nightly.{service,timer} 2>&1 | grep slabmark-nightly |
		grep -v -e 'is not executable' -e 'Failed to resolve' -e 'user' || true)
	[[ -z $said ]] || complain "$said"
fi
exit "$failed"
