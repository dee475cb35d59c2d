#include "server/cli/command_link.hpp"

#include "server/cli/command.hpp"
#include "server/cli/control_client.hpp"

#include "base/runtime.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <thread>
#include <utility>

namespace pilothouse::cli {

namespace {

class link_to_server final : public command_link {
public:
    explicit link_to_server(std::string data) : data_(std::move(data)) {}
    result<cli_result> ask(std::vector<std::string> const& arguments,
                           std::vector<attachment> const& attached,
                           byte_sink const& sink) override {
        PILOTHOUSE_TRY(auto answer, ask_server(data_, arguments, true, attached, sink));
        if (!answer) return failure(errc::unavailable, "the server has ended; call again to go on");
        return std::move(*answer);
    }

private:
    std::string data_;
};

class link_in_place final : public command_link {
public:
    explicit link_in_place(std::unique_ptr<core> opened)
        : core_(std::move(opened)), services_(*core_) {}

    result<cli_result> ask(std::vector<std::string> const& arguments,
                           std::vector<attachment> const& attached,
                           byte_sink const& sink) override {
        auto answer = run_to_end(stage_and_run(arguments, attached));
        if (answer.file && sink) {
            auto const handed_out = hand_out(*answer.file, sink);
            if (!handed_out) return handed_out.error();
        }
        return answer;
    }
    [[nodiscard]] bool is_served() const noexcept override { return false; }

private:
    task<cli_result> stage_and_run(std::vector<std::string> arguments,
                                   std::vector<attachment> attached) {
        std::vector<storage::staged_file> staged;
        for (auto const& file : attached) staged.push_back(co_await stage(file));
        co_return co_await run(std::move(arguments), true, services_, std::move(staged));
    }
    // A file that became shorter is staged as it is: its digest says so.
    task<storage::staged_file> stage(attachment file) {
        auto const writer = co_await services_.staging.create();
        std::string piece(piece_bytes, '\0');
        while (writer->size_bytes() < file.size_bytes) {
            auto const missing = file.size_bytes - writer->size_bytes();
            auto const count =
                read_piece(file.descriptor, writer->size_bytes(),
                           std::span(piece).first(std::min<std::uint64_t>(missing, piece_bytes)));
            if (count == 0) break;
            co_await writer->write(std::string_view(piece).substr(0, count));
        }
        co_return co_await writer->finish();
    }
    static result<void> hand_out(storage::blob const& file, byte_sink const& sink) {
        std::string piece(piece_bytes, '\0');
        for (std::uint64_t offset = 0; offset < file.size_bytes;) {
            auto const count = read_blob(file, offset, piece);
            auto const taken = sink(std::string_view(piece).substr(0, count));
            if (!taken) return taken.error();
            offset += count;
        }
        return {};
    }

    std::unique_ptr<core> core_;
    services services_;
};

}  // namespace

task<result<void>> command::may_send_files(services&) { co_return result<void>(); }

task<result<output>> caller_command::run(services&, bool) {
    co_return failure(errc::invalid_argument, "this command runs where its files are");
}

result<std::unique_ptr<command_link>> open_command_link(std::string const& data) {
    static system_clock const time;
    auto const until = std::chrono::steady_clock::now() + folder_patience;
    for (;;) {
        PILOTHOUSE_TRY(auto const greeted, ask_server(data, {"version"}, false));
        if (greeted) return std::unique_ptr<command_link>(std::make_unique<link_to_server>(data));
        settings s;
        s.data = data;
        auto opened = core::open(s, storage::folder_backend{data}, time);
        if (opened)
            return std::unique_ptr<command_link>(
                std::make_unique<link_in_place>(std::move(*opened)));
        bool const locked = opened.error().code == errc::locked;
        if (!locked || std::chrono::steady_clock::now() > until) return std::move(opened).error();
        std::this_thread::sleep_for(between_attempts);
    }
}

}  // namespace pilothouse::cli
