# zsh_completes.zsh SCRIPT LINE: what an interactive zsh, with this completion script, offers when TAB
# is pressed behind the line; a word a line.
#
# The words are caught where all completions pass: in compadd.
emulate -R zsh
zmodload zsh/zpty
caught=$(mktemp)
zpty shell zsh -f -i
settings='
PROMPT=; unsetopt beep; autoload -Uz compinit; compinit -D -u
source '${(q)1}'
compadd() {
    local -a hits
    [[ ${@[1,(i)(-|--)]} == *-(O|A|D)* ]] || {
        builtin compadd -A hits "$@"
        print -l -- $hits >>'${(q)caught}'
    }
    builtin compadd "$@"
}
finish() { zle complete-word; print done. >>'${(q)caught}'; exit }
zle -N finish; bindkey "^I" finish
print ready >>'${(q)caught}'
'
zpty -w shell $settings
integer i
until [[ $(<$caught) == *ready* ]]; do zpty -r -t shell nothing; sleep 0.02; (( i++ < 500 )) || exit 1; done
zpty -w -n shell "$2"$'\t'
until [[ $(<$caught) == *done.* ]]; do zpty -r -t shell nothing; sleep 0.02; (( i++ < 1000 )) || exit 1; done
zpty -d shell
grep -vx -e ready -e done. $caught | sort -u
rm -f $caught
