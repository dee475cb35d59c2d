// The indexes of all channels: loaded when first asked for, then kept up with the catalogue change
// by change. Channels that nobody read for long make room for others.
//
// A reader sees the old index only until the catalogue has committed a newer one and told us; since
// the catalogue tells us before it answers the writer, whoever got a 2xx sees his change in the
// very next read.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "index/index_snapshot.hpp"
#include "index/lens.hpp"
#include "storage/catalogue.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::index {

// Thread-safe.
class channel_index final : public storage::catalogue_observer {
public:
    static constexpr auto no_bound = std::numeric_limits<std::uint64_t>::max();

    // `format`: of channels that set none of their own. `bytes_max`: of all channels in memory
    // together; the one that is being read is kept whatever its size. Looked at when a channel is
    // loaded, a view made, and now and then as channels grow.
    explicit channel_index(index_format format, std::uint64_t bytes_max = no_bound);
    ~channel_index() override;

    // Before the first use; the catalogue is made with this object as its observer, so it cannot be
    // a constructor's.
    void read_from(storage::catalogue& source);

    // The current snapshot if the channel is loaded, else null. Never blocks on I/O.
    [[nodiscard]] std::shared_ptr<index_snapshot const> loaded(storage::project_id project,
                                                               std::string_view channel) const;

    // The current snapshot; loads the channel when need be (one load at a time a channel, others
    // wait for it). A channel to which nobody ever pushed has an index without entries, whose
    // `generated` is `when_empty`; it is not kept in memory.
    [[nodiscard]] task<std::shared_ptr<index_snapshot const>> current(storage::project_id project,
                                                                      std::string channel,
                                                                      instant when_empty);

    // What the lens shows of current(). Made once for each of the channel's states, by the first
    // who asks; of a large channel on the pool. errc::unavailable: the pool is full.
    [[nodiscard]] task<result<std::shared_ptr<index_snapshot const>>> view(
        storage::project_id project, std::string channel, instant when_empty, lens l,
        blocking_pool& pool);

    void changed(storage::index_change const& change) noexcept override;

    // For metrics: channels in memory and their views, the bytes of the identity forms of both (of
    // views only what they do not share), and how many channels made room so far.
    struct footprint {
        std::size_t channels = 0;
        std::size_t views = 0;
        std::uint64_t bytes = 0;
        std::uint64_t dropped = 0;
    };
    [[nodiscard]] footprint measure() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::index
