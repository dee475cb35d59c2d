// The memory of one request on its way, lent by the core: an idle connection has none.
#pragma once

#include "server/http/request_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::http {

// Bytes received and not yet used, in a buffer that never moves.
class inbox {
public:
    explicit inbox(std::size_t capacity)
        : bytes_(std::make_unique_for_overwrite<char[]>(capacity)), capacity_(capacity) {}

    [[nodiscard]] std::string_view contents() const noexcept {
        return {bytes_.get() + begin_, end_ - begin_};
    }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] char* free_space() noexcept { return bytes_.get() + end_; }
    [[nodiscard]] std::size_t room() const noexcept { return capacity_ - end_; }
    void received(std::size_t count) noexcept { end_ += count; }
    void drop(std::size_t count) noexcept { begin_ += count; }

    // Moves the contents to the front: all views into them end.
    void make_room() noexcept { replace(contents()); }
    // `bytes` may be its own.
    void replace(std::string_view bytes) noexcept {
        if (!bytes.empty() && bytes.data() != bytes_.get())
            std::copy_n(bytes.data(), bytes.size(), bytes_.get());
        begin_ = 0;
        end_ = bytes.size();
    }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

struct workspace {
    explicit workspace(request_parser::bounds const& b) : parser(b), head(b.header_bytes) {}

    request_parser parser;
    inbox head;                   // the request's header, and what came with it
    std::unique_ptr<inbox> body;  // made when the first body is read
    std::string request_id;
    std::string answer_head;
};

}  // namespace pilothouse::http
