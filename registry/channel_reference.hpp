// What a reader names: a channel, or a view of one: `stable`, `stable~latest-5`.
#pragma once

#include "base/result.hpp"
#include "chart/chart_name.hpp"
#include "index/lens.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse::registry {

struct channel_reference {
    // The name ends at the first `~`, which no channel's name holds. errc::invalid_channel: before
    // it stands no name of a channel; errc::invalid_argument: behind it no lens.
    [[nodiscard]] static result<channel_reference> parse(std::string_view text);

    // Not explicit: whoever names a channel names all of it.
    channel_reference(chart::channel_name c) : channel(std::move(c)) {}

    chart::channel_name channel;
    std::optional<index::lens> through;
};

// For whoever is to change the channel. errc::invalid_channel; errc::invalid_argument: a view.
[[nodiscard]] result<chart::channel_name> whole_channel(std::string_view text);

}  // namespace pilothouse::registry
