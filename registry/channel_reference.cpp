#include "registry/channel_reference.hpp"

namespace pilothouse::registry {

namespace {

constexpr char mark = '~';

}  // namespace

result<channel_reference> channel_reference::parse(std::string_view text) {
    auto const at = text.find(mark);
    PILOTHOUSE_TRY(auto channel, chart::channel_name::parse(text.substr(0, at)));
    channel_reference reference(std::move(channel));
    if (at != std::string_view::npos) {
        PILOTHOUSE_TRY(reference.through, index::lens::parse(text.substr(at + 1)));
    }
    return reference;
}

result<chart::channel_name> whole_channel(std::string_view text) {
    auto const at = text.find(mark);
    PILOTHOUSE_TRY(auto channel, chart::channel_name::parse(text.substr(0, at)));
    if (at == std::string_view::npos) return channel;
    return failure(errc::invalid_argument,
                   "A view of a channel is for reading only: push to the channel itself, " +
                       channel.text() + ".");
}

}  // namespace pilothouse::registry
