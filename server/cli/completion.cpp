// One table, three shells: each script is a lookup of the table, and a function that finds the
// place by walking over the words before it.
#include "server/cli/completion.hpp"

#include "server/cli/completion_table.hpp"

#include <array>
#include <utility>

namespace pilothouse::cli {

namespace {

using rows = std::vector<completion_row>;

// As one word of a POSIX shell.
std::string quoted_for_posix(std::string_view text) {
    std::string word = "'";
    for (char const c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

// fish has two escapes between single quotes.
std::string quoted_for_fish(std::string_view text) {
    std::string word = "'";
    for (char const c : text) {
        if (c == '\'' || c == '\\') word += '\\';
        word += c;
    }
    return word + "'";
}

constexpr std::string_view bash_walk = R"(
_pilothouse() {
    local current=${COMP_WORDS[COMP_CWORD]} at='' option='' place=0 word i
    local -a found=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        # `--option=value` comes as three words.
        [[ $word != = ]] || continue
        if [[ -n $option ]]; then option=''; continue; fi
        if [[ $word == -* ]]; then
            _pilothouse_table "t $at"
            [[ " ${found[*]} " != *" $word "* ]] || option=$word
        else
            _pilothouse_table "c $at"
            if [[ " ${found[*]} " == *" $word "* ]]; then at="${at:+$at }$word"; else place=$((place + 1)); fi
        fi
    done
    [[ $current != = ]] || current=''
    if [[ -n $option ]]; then
        _pilothouse_table "v $at $option"
    elif [[ $current == -* ]]; then
        _pilothouse_table "o $at"
    else
        _pilothouse_table "c $at"
        [[ ${#found[@]} -gt 0 ]] || _pilothouse_table "p $at $place"
        [[ ${#found[@]} -gt 0 || -n $current ]] || _pilothouse_table "o $at"
    fi
    COMPREPLY=()
    case ${found[0]-} in
        @file) compopt -o filenames 2>/dev/null; found=(-f) ;;
        @folder) compopt -o filenames 2>/dev/null; found=(-d) ;;
        *) found=(-W "${found[*]}") ;;
    esac
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "${found[@]}" -- "$current")
}
complete -F _pilothouse pilothouse
)";

std::string for_bash(rows const& table) {
    std::string script =
        "# bash: source this, or put it into /etc/bash_completion.d/pilothouse.\n"
        "# Made by `pilothouse completion bash`.\n"
        "_pilothouse_table() {\n    found=()\n    case $1 in\n";
    for (auto const& row : table) {
        script += "        " + quoted_for_posix(row.key) + ") found=(";
        for (auto const& c : row.candidates) script += (script.back() == '(' ? "" : " ") + c.word;
        script += ") ;;\n";
    }
    return script + "    esac\n}\n" + std::string(bash_walk);
}

constexpr std::string_view zsh_walk = R"(
_pilothouse() {
    local current=$words[CURRENT] at='' option='' word i
    local -i place=0
    local -a found
    for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        if [[ -n $option ]]; then option=''; continue; fi
        if [[ $word == -* ]]; then
            _pilothouse_table "t $at"
            (( ! ${found[(Ie)$word]} )) || option=$word
        else
            _pilothouse_table "c $at"
            if (( ${found[(I)$word:*]} )); then at="${at:+$at }$word"; else place+=1; fi
        fi
    done
    if [[ -z $option && $current == --*=* ]]; then
        option=${current%%=*}
        compset -P 1 '*='
    fi
    if [[ -n $option ]]; then
        _pilothouse_table "v $at $option"
    elif [[ $current == -* ]]; then
        _pilothouse_table "o $at"
    else
        _pilothouse_table "c $at"
        (( $#found )) || _pilothouse_table "p $at $place"
        (( $#found )) || [[ -n $current ]] || _pilothouse_table "o $at"
    fi
    case $found[1] in
        @file) _files ;;
        @folder) _files -/ ;;
        '') return 1 ;;
        *) _describe -t words 'word' found ;;
    esac
}
if [[ $funcstack[1] == _pilothouse ]]; then _pilothouse "$@"; else compdef _pilothouse pilothouse; fi
)";

std::string for_zsh(rows const& table) {
    std::string script =
        "#compdef pilothouse\n"
        "# zsh: put this into a folder of $fpath as _pilothouse, or source it after compinit.\n"
        "# Made by `pilothouse completion zsh`.\n"
        "_pilothouse_table() {\n    found=()\n    case $1 in\n";
    for (auto const& row : table) {
        script += "        " + quoted_for_posix(row.key) + ") found=(";
        for (auto const& c : row.candidates)
            script += "\n            " +
                      quoted_for_posix(c.help.empty() ? c.word : c.word + ":" + c.help);
        script += ") ;;\n";
    }
    return script + "    esac\n}\n" + std::string(zsh_walk);
}

constexpr std::string_view fish_walk = R"(
function __pilothouse_complete
    set -l at ''
    set -l option ''
    set -l place 0
    for word in (commandline -opc)[2..-1]
        if test -n "$option"
            set option ''
        else if string match -q -- '-*' $word
            contains -- $word (__pilothouse_table "t $at"); and set option $word
        else if contains -- $word (__pilothouse_table "c $at" | string replace -r '\t.*' '')
            test -n "$at"; and set at "$at $word"; or set at $word
        else
            set place (math $place + 1)
        end
    end
    set -l current (commandline -ct)
    set -l before ''
    if test -z "$option"; and string match -q -- '--*=*' $current
        set option (string replace -r '=.*' '' -- $current)
        set before "$option="
        set current (string replace -r '^[^=]*=' '' -- $current)
    end
    set -l found
    if test -n "$option"
        set found (__pilothouse_table "v $at $option")
    else if string match -q -- '-*' $current
        set found (__pilothouse_table "o $at")
    else
        set found (__pilothouse_table "c $at")
        test (count $found) -gt 0; or set found (__pilothouse_table "p $at $place")
        test (count $found) -gt 0; or test -n "$current"; or set found (__pilothouse_table "o $at")
    end
    switch "$found[1]"
        case @file
            set found (__fish_complete_path $current)
        case @folder
            set found (__fish_complete_directories $current)
    end
    for word in $found
        printf '%s\n' $before$word
    end
end
complete -c pilothouse -f -a '(__pilothouse_complete)'
)";

std::string for_fish(rows const& table) {
    std::string script =
        "# fish: put this into ~/.config/fish/completions/pilothouse.fish.\n"
        "# Made by `pilothouse completion fish`.\n"
        "function __pilothouse_table\n    switch $argv[1]\n";
    for (auto const& row : table) {
        script += "        case " + quoted_for_fish(row.key) + "\n";
        for (auto const& c : row.candidates) {
            script += "            printf '%s\\n' ";
            script +=
                c.help.empty() ? quoted_for_fish(c.word) : c.word + "\\t" + quoted_for_fish(c.help);
            script += '\n';
        }
    }
    return script + "    end\nend\n" + std::string(fish_walk);
}

struct shell {
    std::string_view name;
    std::string (*script)(rows const&);
};

constexpr std::array<shell, 3> shells = {
    {{"bash", for_bash}, {"zsh", for_zsh}, {"fish", for_fish}}};

}  // namespace

std::vector<std::string> completed_shells() {
    std::vector<std::string> names;
    for (auto const& s : shells) names.emplace_back(s.name);
    return names;
}

std::string completion_script(CLI::App const& root, std::string_view shell) {
    for (auto const& s : shells)
        if (s.name == shell) return s.script(completion_table(root));
    return {};
}

}  // namespace pilothouse::cli
