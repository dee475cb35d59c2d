#include "server/cli/answer_reader.hpp"

#include "server/cli/control_message.hpp"

#include <utility>

namespace pilothouse::cli {

result<void> answer_reader::take(std::string_view bytes) {
    if (!result_) {
        auto const end = bytes.find('\n');
        auto const count = end == std::string_view::npos ? bytes.size() : end + 1;
        if (line_.size() + count > answer_bytes_max) return malformed();
        line_ += bytes.substr(0, count);
        bytes.remove_prefix(count);
        if (end == std::string_view::npos) return {};
        auto answer = decode_answer(line_);
        if (!answer) return malformed();
        result_ = std::move(answer->result);
        missing_ = answer->attached.value_or(0);
        line_ = {};
    }
    if (bytes.size() > missing_) return malformed();
    missing_ -= bytes.size();
    if (bytes.empty() || !sink_) return {};
    auto const taken = sink_(bytes);
    if (!taken) failed_ = taken.error();
    return taken;
}

failure answer_reader::malformed() {
    malformed_ = true;
    return {errc::unavailable, "what came is no answer"};
}

std::optional<cli_result> answer_reader::finish() && {
    return missing_ == 0 ? std::move(result_) : std::nullopt;
}

}  // namespace pilothouse::cli
