// Port: tokens, known by their SHA-256 alone.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage {

enum class token_kind : std::uint8_t { personal, deploy, job };
[[nodiscard]] constexpr std::string_view name_of(token_kind kind) noexcept {
    switch (kind) {
        case token_kind::personal: return "personal";
        case token_kind::deploy: return "deploy";
        case token_kind::job: return "job";
    }
    return "unknown";
}

struct token_record {
    token_id id;
    token_kind kind = token_kind::personal;
    sha256_digest hash;  // of the whole token text
    std::string name;
    std::string description;          // for people
    std::string username;             // deploy: shown to people, never compared; else empty
    user_id user;                     // personal, job
    project_id project;               // deploy, job
    group_id group;                   // deploy, instead of a project: good in all that lies in it
    std::vector<std::string> scopes;  // `api`, `read_api`, `read_package_registry` …
    instant created;
    std::optional<instant> expires;  // from this moment on it is no longer good
    bool revoked = false;
    std::optional<instant> last_used;
};

struct token_filter {
    std::optional<token_kind> kind;
    user_id user;        // 0: any
    project_id project;  // 0: any
    group_id group;      // 0: any
};

class token_store {
public:
    virtual ~token_store() = default;
    // errc::not_found: an owner is gone; errc::conflict: the hash is there already.
    [[nodiscard]] virtual task<result<token_record>> add(token_record token) = 0;
    [[nodiscard]] virtual task<result<token_record>> find(
        sha256_digest hash) = 0;  // revoked and expired ones too
    [[nodiscard]] virtual task<result<token_record>> find(token_id id) = 0;
    [[nodiscard]] virtual task<std::vector<token_record>> list(token_filter filter) = 0;  // by id
    [[nodiscard]] virtual task<result<token_record>> revoke(token_id id) = 0;  // idempotent
    // In one step: the old one is revoked, the new one there. errc::not_found; errc::conflict: the
    // old one is revoked already.
    [[nodiscard]] virtual task<result<token_record>> replace(token_id old, token_record fresh) = 0;
    [[nodiscard]] virtual task<void> touch(token_id id, instant used) = 0;  // last_used
};

}  // namespace pilothouse::storage
