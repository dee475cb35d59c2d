#include "base/process_stat.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace pilothouse {

std::optional<process_stat> read_process_stat(std::int64_t number) {
    std::ifstream file("/proc/" + std::to_string(number) + "/stat");
    std::string const text(std::istreambuf_iterator<char>(file), {});
    // The second field is the program's name, in brackets, with whatever in it.
    auto const name_end = text.rfind(')');
    if (name_end == text.npos) return std::nullopt;
    std::istringstream fields(text.substr(name_end + 1));
    process_stat found;
    fields >> found.state;
    constexpr int fields_between = 18;  // the 4th to the 21st
    std::string passed_over;
    for (int i = 0; i < fields_between; ++i) fields >> passed_over;
    if (!(fields >> found.start_time)) return std::nullopt;
    return found;
}

}  // namespace pilothouse
