// An archive, or its provenance, as it was pushed.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "registry/channel_reference.hpp"
#include "registry/read_index.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"

#include <memory>
#include <optional>
#include <string>

namespace pilothouse::registry {

struct pulled {
    std::shared_ptr<storage::blob const> content;
    sha256_digest digest;
    std::optional<std::string> yanked_reason;  // why it is in no index, where it was yanked
};

// Thread-safe.
class pull_chart {
public:
    pull_chart(read_index& index, storage::catalogue& catalogue, storage::blob_store& blobs)
        : index_(index), catalogue_(catalogue), blobs_(blobs) {}

    // Need permission::read_chart; errc::not_found, and read_index's. The archive is found through
    // the index, so what a client reads in one it finds in the other, and a hot pull asks no
    // database. Only what the index has not is looked for in the catalogue: yanked versions. A view
    // holds what its index names, and no more.
    [[nodiscard]] task<result<pulled>> archive(auth::grant const& g, channel_reference const& from,
                                               std::string const& file_name);
    [[nodiscard]] task<result<pulled>> provenance(auth::grant const& g,
                                                  channel_reference const& from,
                                                  std::string const& file_name);

private:
    [[nodiscard]] task<result<sha256_digest>> find(auth::grant const& g,
                                                   channel_reference const& from,
                                                   std::string const& file_name);
    [[nodiscard]] task<result<pulled>> open(sha256_digest digest, std::string const& file_name);
    [[nodiscard]] task<result<pulled>> outside_index(auth::grant const& g,
                                                     chart::channel_name const& channel,
                                                     std::string const& file_name);

    read_index& index_;
    storage::catalogue& catalogue_;
    storage::blob_store& blobs_;
};

}  // namespace pilothouse::registry
