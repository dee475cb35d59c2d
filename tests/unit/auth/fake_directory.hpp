// The directory as a few containers that a test fills by hand, counting how often it is asked.
#pragma once

#include "storage/cluster_store.hpp"
#include "storage/directory.hpp"
#include "storage/token_store.hpp"

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

using namespace storage;  // the ports, whose words fill this file

inline failure absent() { return {errc::not_found, "absent"}; }

template <class Row, class Match>
result<Row> first_where(std::vector<Row> const& rows, Match matches) {
    for (Row const& row : rows)
        if (matches(row)) return row;
    return absent();
}

// The writing verbs are of no use to those who only read.
struct fake_projects final : project_store {
    std::vector<project_record> rows;
    int asked = 0;
    std::function<void()> while_reading = [] {};

    task<result<project_record>> find(project_id id) override {
        ++asked;
        auto found = first_where(rows, [id](auto const& p) { return p.id == id; });
        while_reading();
        co_return found;
    }
    task<result<project_record>> find(std::string path) override {
        ++asked;
        for (char& c : path)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        co_return first_where(rows, [&path](auto const& p) { return p.path == path; });
    }
    task<std::vector<project_record>> list() override { co_return rows; }
    task<result<project_record>> create(project_record, group_id) override { co_return absent(); }
    task<result<project_record>> edit(project_id, record_change<project_record>) override {
        co_return absent();
    }
    task<result<void>> remove(project_id) override { co_return absent(); }
};

struct fake_groups final : group_store {
    std::vector<group_record> rows;

    task<result<group_record>> find(group_id id) override {
        co_return first_where(rows, [id](auto const& g) { return g.id == id; });
    }
    task<result<group_record>> find(std::string path) override {
        co_return first_where(rows, [&path](auto const& g) { return g.path == path; });
    }
    task<std::vector<group_record>> list() override { co_return rows; }
    task<result<group_record>> create(group_record, user_id) override { co_return absent(); }
    task<result<group_record>> edit(group_id, record_change<group_record>) override {
        co_return absent();
    }
    task<result<void>> remove(group_id) override { co_return absent(); }
};

struct fake_members final : member_store {
    // What the store would find for a place, inherited or not: it is asked whole.
    std::map<std::pair<place_id, user_id>, effective_role> rows;
    int asked = 0;

    task<effective_role> role_of(place_id where, user_id user, instant now) override {
        ++asked;
        auto const at = rows.find({where, user});
        bool const good = at != rows.end() && (!at->second.until || *at->second.until > now);
        co_return good ? at->second : effective_role();
    }
    task<result<member_record>> find(place_id, user_id) override { co_return absent(); }
    task<result<member_record>> set(place_id, user_id, membership) override { co_return absent(); }
    task<result<void>> remove(place_id, user_id) override { co_return absent(); }
    task<std::vector<member_record>> list(place_id, bool) override {
        co_return std::vector<member_record>();
    }
    task<std::vector<member_record>> of_user(user_id) override {
        co_return std::vector<member_record>();
    }
};

struct fake_clusters final : cluster_store {
    std::vector<cluster_record> rows;
    int asked = 0;

    task<result<cluster_record>> find(cluster_id id) override {
        ++asked;
        co_return first_where(rows, [id](auto const& c) { return c.id == id; });
    }
    task<result<cluster_record>> find(std::string name) override {
        ++asked;
        co_return first_where(rows, [&name](auto const& c) { return c.name == name; });
    }
    task<std::vector<cluster_record>> list() override { co_return rows; }
    task<result<cluster_record>> create(cluster_record) override { co_return absent(); }
    task<result<cluster_record>> edit(cluster_id, record_change<cluster_record>) override {
        co_return absent();
    }
    task<result<void>> remove(cluster_id) override { co_return absent(); }
};

struct fake_cluster_members final : cluster_member_store {
    std::map<std::pair<cluster_id, user_id>, role> rows;

    task<role> role_of(cluster_id cluster, user_id user) override {
        auto const at = rows.find({cluster, user});
        co_return at == rows.end() ? role::none : at->second;
    }
    task<result<void>> set(cluster_id, user_id, role) override { co_return absent(); }
    task<result<void>> remove(cluster_id, user_id) override { co_return absent(); }
    task<std::vector<cluster_member>> list(cluster_id) override {
        co_return std::vector<cluster_member>();
    }
};

struct fake_users final : user_store {
    std::vector<user_record> rows;

    task<result<user_record>> find(user_id id) override {
        co_return first_where(rows, [id](auto const& u) { return u.id == id; });
    }
    task<result<user_record>> find(std::string name) override {
        co_return first_where(rows, [&name](auto const& u) { return u.username == name; });
    }
    task<std::vector<user_record>> list() override { co_return rows; }
    task<result<user_record>> create(user_record) override { co_return absent(); }
    task<result<user_record>> edit(user_id, record_change<user_record>) override {
        co_return absent();
    }
    task<result<void>> remove(user_id, bool) override { co_return absent(); }
};

struct fake_tokens final : token_store {
    std::vector<token_record> rows;
    std::vector<std::pair<token_id, instant>> touched;
    int asked = 0;
    bool broken = false;
    std::function<void()> while_reading = [] {};

    task<result<token_record>> find(sha256_digest hash) override {
        ++asked;
        if (broken) co_return failure(errc::unavailable, "busy");
        auto found = first_where(rows, [&hash](auto const& t) { return t.hash == hash; });
        while_reading();
        co_return found;
    }
    task<result<token_record>> find(token_id id) override {
        co_return first_where(rows, [id](auto const& t) { return t.id == id; });
    }
    task<void> touch(token_id id, instant used) override {
        if (broken) throw std::runtime_error("broken store");
        touched.emplace_back(id, used);
        co_return;
    }
    task<result<token_record>> add(token_record) override { co_return absent(); }
    task<std::vector<token_record>> list(token_filter) override { co_return rows; }
    task<result<token_record>> revoke(token_id) override { co_return absent(); }
    task<result<token_record>> replace(token_id, token_record) override { co_return absent(); }
};

}  // namespace pilothouse::tests
