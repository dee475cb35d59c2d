#include "auth/access_cache.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace pilothouse::auth {

namespace {

using epoch_counter = std::atomic<access_cache::epoch_type>;

// ASCII only, as the rules for paths are; done character by character so that a look-up by path
// needs no copy.
using ascii::lower;

struct path_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view path) const noexcept {
        std::uint64_t h = 14695981039346656037u;  // FNV-1a
        for (char const c : path) h = (h ^ static_cast<unsigned char>(lower(c))) * 1099511628211u;
        return h;
    }
};

struct path_equal {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](char x, char y) { return lower(x) == lower(y); });
    }
};

struct membership {
    storage::project_id project;
    storage::user_id user;
    friend bool operator==(membership const&, membership const&) = default;
};

struct membership_hash {
    std::size_t operator()(membership const& m) const noexcept {
        auto const mixed = static_cast<std::uint64_t>(m.project.value) * 0x9E3779B97F4A7C15u;
        return mixed ^ static_cast<std::uint64_t>(m.user.value);
    }
};

// A map in shards, so that cores seldom meet at one lock.
template <class Key, class Value, class Hash = std::hash<Key>, class Equal = std::equal_to<>>
class sharded_map {
public:
    sharded_map(epoch_counter const& epoch, std::size_t entries_max)
        : epoch_(epoch), shard_max_(std::max<std::size_t>(1, entries_max / shard_count)) {}

    template <class K>
    [[nodiscard]] std::optional<Value> find(K const& key) const {
        shard& s = shard_of(key);
        std::lock_guard const lock(s.mutex);
        auto const at = s.entries.find(key);
        if (at == s.entries.end()) return std::nullopt;
        return at->second;
    }

    // The epoch is compared under the lock that clear() takes after the epoch moved: either we see
    // the new epoch and keep nothing, or clear() comes after us and removes what we kept.
    void keep(Key key, Value value, access_cache::epoch_type loaded_at) {
        shard& s = shard_of(key);
        std::lock_guard const lock(s.mutex);
        if (epoch_.load() != loaded_at) return;
        if (s.entries.size() >= shard_max_) s.entries.clear();
        s.entries.insert_or_assign(std::move(key), std::move(value));
    }

    void clear() noexcept {
        for (shard& s : shards_) {
            std::lock_guard const lock(s.mutex);
            s.entries.clear();
        }
    }

private:
    static constexpr std::size_t shard_count = 16;

    struct alignas(64) shard {
        std::mutex mutex;
        std::unordered_map<Key, Value, Hash, Equal> entries;
    };

    // The map inside uses the low bits of the same hash; the shard is chosen by mixed high ones.
    template <class K>
    [[nodiscard]] shard& shard_of(K const& key) const {
        std::uint64_t const mixed = Hash()(key) * 0x9E3779B97F4A7C15u;
        return shards_[mixed >> 60];
    }

    epoch_counter const& epoch_;
    std::size_t shard_max_;
    mutable std::array<shard, shard_count> shards_;
};

using project_pointer = std::shared_ptr<storage::project_record const>;

}  // namespace

struct access_cache::state {
    explicit state(limits const& l)
        : tokens(epoch, l.tokens),
          projects(epoch, l.projects),
          paths(epoch, l.projects),
          roles(epoch, l.roles) {}

    epoch_counter epoch{0};
    sharded_map<sha256_digest, std::shared_ptr<known_token const>> tokens;
    sharded_map<storage::project_id, project_pointer> projects;
    sharded_map<std::string, project_pointer, path_hash, path_equal> paths;
    sharded_map<membership, storage::effective_role, membership_hash> roles;
};

access_cache::access_cache() : access_cache(limits()) {}
access_cache::access_cache(limits const& l) : state_(std::make_unique<state>(l)) {}
access_cache::~access_cache() = default;

access_cache::epoch_type access_cache::epoch() const noexcept { return state_->epoch.load(); }

std::shared_ptr<known_token const> access_cache::token(sha256_digest const& hash) const {
    return state_->tokens.find(hash).value_or(nullptr);
}

project_pointer access_cache::project(storage::project_id id) const {
    return state_->projects.find(id).value_or(nullptr);
}

project_pointer access_cache::project(std::string_view path) const {
    return state_->paths.find(path).value_or(nullptr);
}

std::optional<storage::effective_role> access_cache::role(storage::project_id project,
                                                          storage::user_id user) const {
    return state_->roles.find(membership{project, user});
}

void access_cache::keep_token(sha256_digest const& hash, std::shared_ptr<known_token const> token,
                              epoch_type loaded_at) {
    state_->tokens.keep(hash, std::move(token), loaded_at);
}

void access_cache::keep_project(project_pointer project, epoch_type loaded_at) {
    state_->paths.keep(project->path, project, loaded_at);
    state_->projects.keep(project->id, project, loaded_at);
}

void access_cache::keep_role(storage::project_id project, storage::user_id user,
                             storage::effective_role r, epoch_type loaded_at) {
    state_->roles.keep(membership{project, user}, r, loaded_at);
}

void access_cache::directory_changed() noexcept {
    state_->epoch.fetch_add(1);
    state_->tokens.clear();
    state_->projects.clear();
    state_->paths.clear();
    state_->roles.clear();
}

}  // namespace pilothouse::auth
