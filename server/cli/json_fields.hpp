// Fields of what the house answers, which may be there or not.
#pragma once

#include <string>
#include <string_view>

namespace boost::json {
class object;
}

namespace pilothouse::cli {

// Empty where there is no such text.
[[nodiscard]] std::string text_at(boost::json::object const& o, std::string_view key);

}  // namespace pilothouse::cli
