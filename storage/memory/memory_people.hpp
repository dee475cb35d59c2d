// Users, members and settings without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_members final : public member_store {
public:
    explicit memory_members(memory_state& state) : state_(state) {}
    [[nodiscard]] task<effective_role> role_of(place_id where, user_id user, instant now) override;
    [[nodiscard]] task<result<member_record>> find(place_id where, user_id user) override;
    [[nodiscard]] task<result<member_record>> set(place_id where, user_id user,
                                                  membership as) override;
    [[nodiscard]] task<result<void>> remove(place_id where, user_id user) override;
    [[nodiscard]] task<std::vector<member_record>> list(place_id where, bool inherited) override;
    [[nodiscard]] task<std::vector<member_record>> of_user(user_id user) override;

private:
    memory_state& state_;
};

class memory_users final : public user_store {
public:
    explicit memory_users(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<user_record>> create(user_record user) override;
    [[nodiscard]] task<result<user_record>> find(user_id id) override;
    [[nodiscard]] task<result<user_record>> find(std::string username) override;
    [[nodiscard]] task<std::vector<user_record>> list() override;
    [[nodiscard]] task<result<user_record>> edit(user_id id,
                                                 record_change<user_record> change) override;
    [[nodiscard]] task<result<void>> remove(user_id id, bool forced) override;

private:
    memory_state& state_;
};

class memory_settings final : public setting_store {
public:
    explicit memory_settings(memory_state& state) : state_(state) {}
    [[nodiscard]] task<std::optional<std::string>> get(std::string key) override;
    [[nodiscard]] task<void> set(std::string key, std::string value) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
