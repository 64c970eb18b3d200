# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Says how far a long command has come, so that no script here is silent for more than half a minute. `follow` runs one
# with its messages in a log; a watcher reads from the end of that log how far it is. On a terminal it rewrites one
# line, in a log it adds lines. Sourced by tree.bash.

# A log gets a line after so many seconds at the latest; a terminal is drawn anew more often.
progress_pause=25 progress_redraw=2

# follow WHAT LOG COMMAND...: runs it in a shell of its own, its messages go into LOG. LOG.seconds keeps how long it took,
# for the next time.
follow() {
	local what=$1 log=$2 status=0 began
	shift 2
	mkdir -p "$(dirname "$log")"
	: >"$log"
	began=$(progress_now)
	watch_begin "$what" "$log"
	(
		# Only the script itself holds the watcher's pipe: when it dies, the watcher ends.
		exec {watch_end_of}>&-
		"$@"
	) >>"$log" 2>&1 || status=$?
	watch_end
	((status != 0)) || echo $(($(progress_now) - began)) >"$log.seconds"
	return "$status"
}

# watch_begin WHAT LOG: from now on until watch_end someone says how far the log is.
watch_begin() {
	exec {watch_end_of}> >(watch_log "$1" "$2")
	watcher=$!
}

watch_end() {
	exec {watch_end_of}>&-
	wait "$watcher" 2>/dev/null || true
}

# count_on WHAT DONE TOTAL WORDS: the line by which a script's own loop tells a watcher how far it is.
count_on() {
	printf '%s: %d of %d %s;\n' "$@"
}

# ---- the watcher

progress_now() {
	printf '%(%s)T\n' -1
}

# Waits for so many seconds; true when the watched command has ended meanwhile.
progress_wait() {
	local status=0
	read -r -t "$1" || status=$?
	((status <= 128))
}

is_terminal() {
	[[ -t 1 && ${TERM:-dumb} != dumb ]]
}

# watch_log WHAT LOG: until the standard input ends.
watch_log() {
	local what=$1 log=$2 pause=$progress_pause
	local began count=0 total=0 words=''                              # of how_far
	local phase='' phase_began phase_count now seconds seconds_before # a phase is known from when it was first seen
	began=$(progress_now)
	if is_terminal; then pause=$progress_redraw; fi
	until progress_wait "$pause"; do
		look_at "$log"
		progress_show "$what: $(progress_text)"
	done
	progress_clear
}

# Where the log is now. Another word, a smaller count or more to do is another phase. How fast it goes is known from the
# second look at it on.
look_at() {
	local before=$count total_before=$total
	now=$(progress_now)
	read -r count total words < <(how_far "$1") || count=0 total=0 words=''
	if [[ $words != "$phase" ]] || ((count < before || total > total_before)); then
		phase=$words phase_began=$now phase_count=$count
	fi
	seconds=$((now - began)) seconds_before=''
	if [[ -f $1.seconds ]]; then seconds_before=$(<"$1.seconds"); fi
}

# DONE TOTAL WORDS, by what ninja, ctest, apt or count_on wrote last; nothing where none of them has.
how_far() {
	tail -c 200000 "$1" | awk '
		function is(done_, total_, words_) { done = done_; total = total_; words = words_ }
		match($0, /^\[[0-9]+\/[0-9]+\]/) {
			split(substr($0, 2, RLENGTH - 2), part, "/"); is(part[1], part[2], "targets")
		}
		/^ *[0-9]+\/[0-9]+ Test +#/ { split($1, part, "/"); is(part[1], part[2], "tests") }
		/^[0-9]+ upgraded, [0-9]+ newly installed/ { packages = $1 + $3 }
		packages && /^Get:[0-9]+ / { is(++fetched, packages, "packages fetched") }
		packages && /^Unpacking / { is(++unpacked, packages, "packages unpacked") }
		packages && /^Setting up / { is(++ready, packages, "packages set up") }
		match($0, /: [0-9]+ of [0-9]+ [a-z ]+[,;]/) {
			text = substr($0, RSTART + 2, RLENGTH - 3); split(text, part, " ")
			sub(/^[0-9]+ of [0-9]+ /, "", text); is(part[1], part[3], text)
		}
		END { if (words != "") print done, total, words }'
}

# "120 of 900 targets, about 7 min 10 s to the last; 1 min 06 s so far, 12 min 00 s last time"
progress_text() {
	local text='' left
	if [[ -n $words ]]; then
		text="$count of $total $words"
		if ((count > phase_count && count < total)); then
			left=$(((now - phase_began) * (total - count) / (count - phase_count)))
			text+=", about $(duration "$left") to the last"
		fi
		text+='; '
	fi
	text+="$(duration "$seconds") so far"
	[[ -z $seconds_before ]] || text+=", $(duration "$seconds_before") last time"
	echo "$text"
}

# duration SECONDS: "42 s", "3 min 20 s", "2 h 05 min", as slabmark says it.
duration() {
	if (($1 < 60)); then
		printf '%d s\n' "$1"
	elif (($1 < 3600)); then
		printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60))
	else
		printf '%d h %02d min\n' $(($1 / 3600)) $(($1 / 60 % 60))
	fi
}

# progress_show TEXT: the whole line in a log; on a terminal as much as fits.
progress_show() {
	local columns
	if is_terminal; then
		read -r _ columns < <(stty size <&1 2>/dev/null) || columns=80
		printf '\r%s\033[K' "${1:0:columns-1}"
	else
		printf '    %s\n' "$1"
	fi
}

# Takes the rewritten line away, where there is one.
progress_clear() {
	if is_terminal; then printf '\r\033[K'; fi
}
