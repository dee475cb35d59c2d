// Multipart: however a body is cut, it comes apart the same way.
// Input: a line whose length is the size of the pieces, a line with the boundary, and the body.
#include "server/http/multipart_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string>

using namespace pilothouse;

namespace {

struct reading {
    std::string told;  // all events, written one after the other
    bool whole = false;
    std::string failure;
};

std::string told_of(http::multipart_reader::event const& event) {
    using reader = http::multipart_reader;
    if (auto const* begin = std::get_if<reader::part_begin>(&event)) {
        fuzz::require(!begin->part.name.empty(), "a part has a name");
        return "<" + begin->part.name + "|" + begin->part.file_name.value_or("?") + "|" +
               begin->part.content_type + ">";
    }
    if (auto const* data = std::get_if<reader::part_data>(&event)) {
        fuzz::require(!data->bytes.empty(), "data are some");
        return std::string(data->bytes);
    }
    return std::holds_alternative<reader::part_end>(event) ? "</>" : "<finished>";
}

reading read(std::string_view boundary, std::string_view body, std::size_t piece) {
    http::multipart_reader reader(boundary);
    reading r;
    while (!body.empty()) {
        // A piece of its own, which is gone when the next one comes.
        std::string const bytes(body.substr(0, piece));
        body.remove_prefix(bytes.size());
        auto const events = reader.feed(bytes);
        if (!events) {
            fuzz::require(events.error().code == errc::invalid_request, "the documented failure");
            return {{}, false, events.error().detail};
        }
        for (auto const& event : *events) r.told += told_of(event);
    }
    r.whole = reader.end().has_value();
    return r;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    auto const piece = fuzz::take_line(rest).size() + 1;
    auto const type = "multipart/form-data; boundary=" + std::string(fuzz::take_line(rest));
    auto const boundary = http::boundary_of(type);
    if (!boundary) {
        fuzz::require(boundary.error().code == errc::invalid_request, "the documented failure");
        return 0;
    }
    fuzz::require(!boundary->empty() && boundary->size() <= 70,
                  "a boundary has 1 to 70 characters");
    auto const whole = read(*boundary, rest, std::max<std::size_t>(rest.size(), 1));
    auto const pieces = read(*boundary, rest, piece);
    fuzz::require(whole.told == pieces.told, "the same events");
    fuzz::require(whole.whole == pieces.whole, "the same end");
    fuzz::require(whole.failure == pieces.failure, "the same failure");
    if (whole.whole)
        fuzz::require(whole.told.find("<finished>") != std::string::npos, "an end was told");
    return 0;
}
