// What may stand where in a command line: the same for every shell.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

struct candidate {
    std::string word;
    std::string help;  // may be empty
};

// What may stand at one place. The key says which:
//     "c user"                  the commands below `user`; "c " those at the top
//     "o user create"           options of the command
//     "t user create"           those of them that take a value
//     "v member add --role"     the values of an option
//     "p completion 0"          the values of an argument, counted from 0
// Only places with something to offer have a row. A value that is a path is `@file` or `@folder`.
struct completion_row {
    std::string key;
    std::vector<candidate> candidates;
};

// Without what is not for people.
[[nodiscard]] std::vector<completion_row> completion_table(CLI::App const& root);

}  // namespace pilothouse::cli
