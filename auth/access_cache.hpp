// What was last read of tokens, projects and roles, kept until any of them changes.
#pragma once

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "storage/directory.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace pilothouse::auth {

// A good token: neither revoked nor of a blocked user when it was read. Its expiry has to be
// compared with the clock at each use.
struct known_token {
    principal who;
    std::optional<instant> expires;
    // When its use was last noted, in nanoseconds since 1970; 0: never. Not part of the value.
    mutable std::atomic<std::int64_t> last_noted{0};
};

// Thread-safe. A hit takes one short lock and allocates nothing. Nothing is kept of what does not
// exist.
//
// Every committed change of the directory empties it all, before the change's caller gets its
// answer: so a change counts at the next request. What was read before a change must not be kept
// after it: who loads reads epoch() first, and hands it in with what was loaded.
class access_cache final : public storage::directory_observer {
public:
    // A part that is full is emptied in pieces: what is in use comes back by itself.
    struct limits {
        std::size_t tokens = 100'000;
        std::size_t projects = 100'000;
        std::size_t roles = 500'000;
    };

    access_cache();
    explicit access_cache(limits const& l);
    ~access_cache() override;
    access_cache(access_cache const&) = delete;
    access_cache& operator=(access_cache const&) = delete;

    using epoch_type = std::uint64_t;
    [[nodiscard]] epoch_type epoch() const noexcept;

    // Null or empty: not kept.
    [[nodiscard]] std::shared_ptr<known_token const> token(sha256_digest const& hash) const;
    [[nodiscard]] std::shared_ptr<storage::project_record const> project(
        storage::project_id id) const;
    // The path in any letter case.
    [[nodiscard]] std::shared_ptr<storage::project_record const> project(
        std::string_view path) const;
    // Its end has to be compared with the clock at each use.
    [[nodiscard]] std::optional<storage::effective_role> role(storage::project_id project,
                                                              storage::user_id user) const;

    // Do nothing when the directory has changed since `loaded_at`.
    void keep_token(sha256_digest const& hash, std::shared_ptr<known_token const> token,
                    epoch_type loaded_at);
    void keep_project(std::shared_ptr<storage::project_record const> project, epoch_type loaded_at);
    void keep_role(storage::project_id project, storage::user_id user, storage::effective_role r,
                   epoch_type loaded_at);

    void directory_changed() noexcept override;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::auth
