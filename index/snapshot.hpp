// The index_snapshot that channel_index makes: a list of groups and what a response needs besides.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "index/group_list.hpp"
#include "index/index_snapshot.hpp"
#include "index/lens.hpp"
#include "index/view_cache.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::index {

class snapshot final : public index_snapshot {
public:
    snapshot(group_list lines, storage::generation generation, instant generated)
        : lines_(std::move(lines)), generation_(generation), generated_(generated) {}

    // The snapshot after a put or a removed. Throws std::runtime_error when the change's fragment
    // is not that of its chart and version.
    [[nodiscard]] std::shared_ptr<snapshot const> after(storage::index_change const& change) const;

    // What the lens shows of this snapshot, with its generation and its `generated`. Made once and
    // kept with this snapshot, within the bounds of view_cache; a large one on the pool.
    // errc::unavailable: the pool is full. The caller keeps this object alive meanwhile.
    [[nodiscard]] task<result<std::shared_ptr<snapshot const>>> through(lens l,
                                                                        blocking_pool& pool) const;
    [[nodiscard]] view_cache::footprint views() const { return views_.measure(); }

    [[nodiscard]] storage::generation generation() const noexcept override { return generation_; }
    [[nodiscard]] instant generated() const noexcept override { return generated_; }
    [[nodiscard]] std::size_t versions() const noexcept override { return lines_.entries(); }
    [[nodiscard]] std::uint64_t identity_bytes() const noexcept override;
    [[nodiscard]] rendered_index render(std::string_view context_path, coding c) const override;
    [[nodiscard]] std::string etag(std::string_view context_path, coding c) const override;
    [[nodiscard]] bool compressed() const noexcept override { return compressed_.load(); }
    void compress() const override;
    [[nodiscard]] std::optional<sha256_digest> find_archive(
        std::string_view file_name) const override;

private:
    // The tags of one context path: of the identity coding and of gzip.
    struct known_tags {
        std::string context_path;
        std::array<std::string, 2> by_coding;
    };

    [[nodiscard]] std::string tag_of(std::string_view tail, coding c) const;

    group_list lines_;
    storage::generation generation_;
    instant generated_;

    // Made when first needed, on a reader's time: a burst of pushes makes many snapshots that
    // nobody reads.
    mutable std::once_flag summed_, checksummed_;
    mutable sha256_digest sum_;       // of the groups' digests
    mutable gzip_checksum checksum_;  // of the head and the groups' text
    mutable std::atomic<bool> compressed_ = false;
    mutable std::mutex tags_mutex_;
    mutable std::vector<known_tags>
        tags_;  // of the paths asked for first: clients use two or three
    mutable view_cache views_;
};

}  // namespace pilothouse::index
