// An answer as it arrives: its line, then the file behind it.
#pragma once

#include "base/result.hpp"
#include "server/cli/attachment.hpp"
#include "server/cli/command_line.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::cli {

class answer_reader {
public:
    // The file's bytes go to `sink`, which may be empty and outlives the reader.
    explicit answer_reader(byte_sink const& sink) : sink_(sink) {}

    // errc::unavailable: not an answer; what the sink answers.
    [[nodiscard]] result<void> take(std::string_view bytes);
    // The sink's failure, if it was one that ended it.
    [[nodiscard]] std::optional<failure> const& failed() const noexcept { return failed_; }
    [[nodiscard]] bool is_malformed() const noexcept { return malformed_; }
    // nullopt: that was not an answer, or not all of it.
    [[nodiscard]] std::optional<cli_result> finish() &&;

private:
    [[nodiscard]] failure malformed();

    byte_sink const& sink_;
    std::string line_;
    std::optional<cli_result> result_;
    std::uint64_t missing_ = 0;  // of the file
    std::optional<failure> failed_;
    bool malformed_ = false;
};

}  // namespace pilothouse::cli
