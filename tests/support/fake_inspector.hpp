// An inspector without Kubernetes: answers as the test says.
#pragma once

#include "release/inspector.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

// Single-threaded, as its tests are.
class fake_inspector final : public release::inspector {
public:
    using objects = std::vector<release::rendered_object>;
    using states = std::vector<release::object_state>;

    std::function<result<states>(objects const&)> unready_now, drifted_now, outside_now;
    std::vector<objects> asked;  // about what

    result<std::string> version_now = failure(errc::unavailable, "not reached");
    int versions_asked = 0;

    task<result<std::string>> version(release::cluster_access, std::chrono::milliseconds) override {
        ++versions_asked;
        co_return version_now;
    }
    task<release::inspection> inspect(release::cluster_access, std::string) override {
        co_return release::inspection();
    }
    task<result<states>> unready(release::cluster_access, objects all) override {
        co_return answer(unready_now, std::move(all));
    }
    task<result<states>> drifted(release::cluster_access, objects all) override {
        co_return answer(drifted_now, std::move(all));
    }
    task<result<states>> outside(release::cluster_access, std::string name_space,
                                 objects all) override {
        namespaces_asked.push_back(std::move(name_space));
        co_return answer(outside_now, std::move(all));
    }

    std::vector<std::string> namespaces_asked;  // of outside()

private:
    result<states> answer(std::function<result<states>(objects const&)> const& now, objects all) {
        asked.push_back(std::move(all));
        return now ? now(asked.back()) : states();
    }
};

}  // namespace pilothouse::tests
