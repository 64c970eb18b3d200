# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boots an emulated machine: a kernel of Debian's, and an initramfs of busybox, programs and their libraries. Sourced, by
# scripts that then say what the guest is.

# shellcheck source=ci/stages.bash
source "$(dirname "${BASH_SOURCE[0]}")/stages.bash"

guest_kernel=''       # a folder with boot/vmlinuz-* and bin/busybox
guest_console=''      # the guest's name of its serial line
guest_machine=()      # QEMU's program and options
guest_programs=()     # what goes into /bin, as paths
guest_libraries=()    # folders that have their libraries
guest_readelf=readelf # that reads them
guest_data=()         # folders that go into /data
guest_seconds_max=300

# needed_libraries FILE...: the names of the libraries that they ask for, and of their loader.
needed_libraries() {
	"$guest_readelf" --dynamic --program-headers --wide "$@" 2>/dev/null |
		sed -n -e 's/.*(NEEDED).*\[\(.*\)\]/\1/p' -e 's,.*interpreter: .*/\([^]]*\)\].*,\1,p' | sort --unique
}

# Copies the libraries of what lies in the folder until nothing is missing any more.
copy_libraries() {
	local folder=$1 name file is_complete=no
	mkdir -p "$folder/lib"
	ln -sfn lib "$folder/lib64"
	while [[ $is_complete == no ]]; do
		is_complete=yes
		for name in $(needed_libraries "$folder"/bin/* "$folder"/lib/*.so*); do
			[[ ! -e $folder/lib/$name ]] || continue
			file=$(find "${guest_libraries[@]}" -name "$name" -print -quit)
			[[ -n $file ]] || fail "$exit_not_measured" "no library $name for the guest"
			cp --dereference "$file" "$folder/lib/$name"
			is_complete=no
		done
	done
}

# The first process of the guest. Its last line on the console is the status.
write_init() {
	cat <<-'END'
		#!/bin/busybox sh
		/bin/busybox mkdir -p /proc /sys /dev /tmp
		/bin/busybox mount -t proc proc /proc
		/bin/busybox mount -t sysfs sys /sys
		/bin/busybox mount -t devtmpfs dev /dev
		export PATH=/bin LD_LIBRARY_PATH=/lib
		/bin/busybox sh /tests
		echo "guest: status $?"
		/bin/busybox poweroff -f
	END
}

# make_initramfs FILE [FOLDER...]: with the script on standard input as what is run, and the folders in /data.
make_initramfs() {
	local file=$1 folder
	shift
	folder=$(mktemp -d)
	mkdir -p "$folder/bin" "$folder/data"
	cp "$guest_kernel/bin/busybox" "${guest_programs[@]}" "$folder/bin"
	(($# == 0)) || cp --recursive "$@" "$folder/data"
	copy_libraries "$folder"
	write_init >"$folder/init"
	cat >"$folder/tests"
	chmod 755 "$folder/init"
	(cd "$folder" && find . | cpio --create --format=newc --owner=0:0 --quiet) >"$file"
	rm -r "$folder"
}

# An emulator of several processors stops for ever now and then, whatever runs in it. A test that fails, or hangs, ends the
# guest with a status; a guest without one is started once more.
boot() {
	local status=0
	boot_once "$@" || status=$?
	((status == exit_not_measured)) || return "$status"
	echo 'the guest did not come to its end: once more'
	boot_once "$@"
}

# boot_once INITRAMFS OPTION...: its console on standard output; its status is ours.
boot_once() {
	local initramfs=$1 console status
	shift
	console=$(mktemp)
	timeout --kill-after=5 "$guest_seconds_max" "${guest_machine[@]}" -nodefaults -no-reboot -display none \
		-serial "file:$console" -kernel "$guest_kernel"/boot/vmlinuz-* -initrd "$initramfs" \
		-append "console=$guest_console quiet loglevel=3 panic=-1 mitigations=off tsc=reliable" "$@" </dev/null ||
		echo "QEMU ended with status $?"
	tr --delete '\r' <"$console"
	status=$(sed -n 's/^guest: status \([0-9]*\).*/\1/p' "$console" | tail -n 1)
	rm "$console"
	return "${status:-$exit_not_measured}"
}

# run_guest WHAT SCRIPT OPTION...: a test: the guest runs what the function SCRIPT prints, on a machine with these options.
run_guest() {
	local initramfs=$guest_kernel/initramfs status=0
	watch_begin guest /dev/null
	"$2" | make_initramfs "$initramfs" "${guest_data[@]}"
	check "$1" boot "$initramfs" "${@:3}" || status=$?
	watch_end
	rm -f "$initramfs"
	return "$status"
}
