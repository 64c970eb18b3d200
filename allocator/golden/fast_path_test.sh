#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The fast path's code as this compiler makes it, held against the reviewed one: a slower path shows as a diff.
#   fast_path_test.sh COMPILER LIBRARY [--refresh]
# COMPILER: name-majorversion-architecture, such as gcc-12-x86_64. LIBRARY: libslab-default.a of a release build; or the
# .so, or libslab-default_nonshared.a, which a program that links the .so has in itself: there the golden file shows that
# the hit reaches nothing by a table of the loader's (GOT, PLT).
# --refresh: writes the golden file instead. Skips (77) for a compiler without one.
set -euo pipefail

compiler=$1 library=$2 refresh=${3:-}
functions=(kmem_cache_alloc kmem_cache_free __kmalloc kfree)
case $library in
*_nonshared.a) kind=.nonshared ;;
*.so*) kind=.shared functions+=(kmem_cache_alloc_bulk kmem_cache_free_bulk) ;;
*) kind='' functions+=(kmem_cache_alloc_bulk kmem_cache_free_bulk) ;;
esac
golden=$(dirname "$0")/fast_path.$compiler$kind.asm

# One function of objdump's output, without what depends on where it lies: addresses are labels in order of
# appearance, an operand that is relocated, or was when the library was linked, names its symbol.
normalise() {
	awk '
    function label(address) {
        if (!(address in labels))
            labels[address] = "L" ++count
        return labels[address]
    }
    /^[0-9a-f]+ <.*>:$/ { name = $2; gsub(/[<>:]/, "", name); next }
    # "  c3f:\tmov    0x0(%rip),%rax        # c46 <…>"
    /^ *[0-9a-f]+:\t/ {
        address = $1; sub(/:$/, "", address)
        linked = ""
        if (match($0, /# [0-9a-f]+ <[^>]*>/)) {
            linked = substr($0, RSTART, RLENGTH)
            gsub(/^.*<|>$/, "", linked)
            sub(/^__TMC_END__/, "__rseq_cs", linked) # a section without a symbol of its own
            if (linked ~ /^_(DYNAMIC|GLOBAL_OFFSET_TABLE_)/)
                linked = "GOT"
            else if ($0 ~ /\tlea /)
                sub(/[-+]0x[0-9a-f]+$/, "", linked)
        }
        text = $0; sub(/^ *[0-9a-f]+:\t/, "", text); sub(/ *#.*$/, "", text); sub(/ *\/\/.*$/, "", text)
        order[++lines] = address; code[lines] = text; symbol_of[lines] = linked
        next
    }
    # "\t\t\tc42: R_X86_64_PC32\tcpu_sequences+0x1c": of the instruction before it
    /R_[A-Z0-9_]+\t/ {
        symbol = $NF
        if (symbol ~ /^(\.|__rseq_cs)/ || symbol !~ /\+/) # where in a section, and the distance of the next instruction
            sub(/[-+]0x[0-9a-f]+$/, "", symbol)
        relocated[lines] = symbol
    }
    END {
        for (i = 1; i <= lines; i++) {
            if (code[i] ~ /^(data16 )*(cs )?nop/ || code[i] ~ /^xchg +%ax,%ax/)
                continue
            if (match(code[i], /[0-9a-f]+ <[^>]*>/)) {
                target = substr(code[i], RSTART, RLENGTH)
                where = target; sub(/ .*/, "", where)
                inside = target ~ ("<" name "[+>]") && !(i in relocated)
                sub(/[0-9a-f]+ <[^>]*>/, inside ? label(where) : (i in relocated) ? relocated[i] : "out", code[i])
            } else if (i in relocated) {
                sub(/0x0\(%rip\)/, relocated[i] "(%rip)", code[i])
                sub(/\[0x0\]|#0x0/, relocated[i], code[i])
            } else if (symbol_of[i]) {
                sub(/-?0x[0-9a-f]+\(%rip\)/, symbol_of[i] "(%rip)", code[i])
            }
        }
        print name ":"
        for (i = 1; i <= lines; i++) {
            if (order[i] in labels)
                print labels[order[i]] ":"
            if (code[i] !~ /^(data16 )*(cs )?nop/ && code[i] !~ /^xchg +%ax,%ax/) {
                gsub(/[ \t]+/, " ", code[i])
                print "\t" code[i]
            }
        }
    }'
}

disassemble() {
	local function
	for function in "${functions[@]}"; do
		objdump -d -r --no-show-raw-insn --disassemble="$function" "$library" |
			awk -v head="<$function>:" '$2 == head { on = 1 } on && /^$/ { on = 0 } on' | normalise
	done
}

type -P objdump >/dev/null || {
	echo "skipped: no objdump (Debian: binutils)"
	exit 77
}
if [ "$refresh" = --refresh ]; then
	mkdir -p "$(dirname "$golden")"
	disassemble >"$golden"
	exit
fi
[ -e "$golden" ] || {
	echo "skipped: no reviewed fast path of $compiler (${golden##*/})"
	exit 77
}
if ! diff -u "$golden" <(disassemble); then
	echo "The fast path's code has changed. If that is meant, refresh the golden file and let the diff be reviewed:" >&2
	echo "    $0 $compiler $library --refresh" >&2
	exit 1
fi
