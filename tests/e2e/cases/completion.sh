#!/usr/bin/env bash
# `pilothouse completion` prints scripts that bash, zsh and fish complete by, with the whole tree.
# shellcheck disable=SC2016 # backticks are the program's own, and fish has its own variables
source "$(dirname "$0")/../lib.sh"
for shell in bash zsh fish; do
    command -v $shell >/dev/null || fail "$shell is missing: tools/install-packages test"
    "$PILOTHOUSE" completion $shell >"$work/script.$shell"
done
expect_refused "$PILOTHOUSE" completion tcsh
expect_contains "$output" "{bash,zsh,fish}"
# Files to be found, and a program to be named.
cd "$work"
mkdir house there bin
ln -s "$PILOTHOUSE" bin/pilothouse
PATH=$work/bin:$PATH
touch there/some.yaml

in_bash() {
    bash --norc --noprofile -c '
        source "$1"; shift
        complete -p pilothouse >/dev/null || exit 1
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _pilothouse && printf "%s\n" "${COMPREPLY[@]}"' bash script.bash "$@" | sort
}
in_zsh() { timeout 60 zsh "$e2e/zsh_completes.zsh" "$work/script.zsh" "$*"; }
in_fish() {
    HOME=$work/house fish --no-config -c 'source script.fish; complete -C $argv[1]' -- "$*" | cut -f1 | sort
}

# offers EXPECTED WORD…: what stands behind the last word, which may be empty, in each of the shells.
offers() {
    local wanted=$1 shell
    shift
    for shell in bash zsh fish; do
        expect_equal "$shell: $*" "$wanted" "$("in_$shell" "$@" | tr '\n' ' ' | sed 's/ $//')"
    done
}
offers "project protection" pilothouse pro
offers "list show" pilothouse audit ""
offers "create delete edit list show" pilothouse group ""
offers "list" pilothouse --data elsewhere --json user l
offers "--archived" pilothouse project edit team/charts --arch
offers "false true" pilothouse project edit team/charts --visibility public --archived ""
offers "developer" pilothouse member add team/charts alice --role d
offers "internal private public" pilothouse group create team --visibility ""
offers "bash fish zsh" pilothouse completion ""
offers "--limits-body-bytes-per-second --limits-body-stall" pilothouse serve --limits-bo
# zsh keeps what is before the last slash apart.
for shell in bash zsh fish; do
    expect_equal "$shell: a file" some.yaml "$(basename "$(in_$shell pilothouse serve --config there/s)")"
done
# `--option=value`, which bash takes apart.
expect_equal "bash" true "$(in_bash pilothouse project edit p --archived = t)"
expect_equal "zsh" true "$(in_zsh "pilothouse project edit p --archived=t")"
expect_equal "fish" --archived=true "$(in_fish "pilothouse project edit p --archived=t")"

# Nothing is left out: each command that help shows, and each option of each of them, in every shell.
commands=$("$PILOTHOUSE" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | sort | tr '\n' ' ' | sed 's/ $//')
offers "$commands" pilothouse ""
for family in $commands; do
    "$PILOTHOUSE" "$family" --help >help
    below=$(sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' help | sort | tr '\n' ' ' | sed 's/ $//')
    [ -z "$below" ] || expect_equal "bash: $family" "$below" "$(in_bash pilothouse "$family" "" | tr '\n' ' ' | sed 's/ $//')"
    for word in ${below:-""}; do
        line=(pilothouse "$family" ${word:+"$word"})
        "$PILOTHOUSE" "${line[@]:1}" --help >help
        expect_equal "${line[*]}" "$(sed -n 's/^ *\(-[a-z],\)\{0,1\}\(--[a-z-]*\).*/\2/p' help | sort -u)" \
            "$(in_bash "${line[@]}" --)"
    done
done
# People are told what is what.
expect_contains script.zsh "'create:Makes a user.'"
HOME=$work/house fish --no-config -c 'source script.fish; complete -C "pilothouse user cr"' >"$output"
expect_contains "$output" "Makes a user."
